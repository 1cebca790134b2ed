"""Keys of providers: files that work, files that do not, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

from bot.core.settings import Refused, Settings
from bot.ops import doctor
from bot.payments.keys import load_cashiers, notify_url
from states.exam import PaymentWay
from tests.bot.people import TRANSLATIONS
from tests.e2e.merchants import write_keys
from tests.fakes.providers import new_key, private_pem
from tests.states.payment.test_ledger import IN_TIME as AT

pytestmark = pytest.mark.row("S23")

OURS, PLATFORM = new_key(), new_key()
URL = {"payments_url": "https://bot.example.org/fee/"}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of the computer can enter."""
    with TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, str]:
    """The settings that name sound files."""
    return write_keys(tmp_path, OURS, PLATFORM)


def settings(folder: Path, **known: Any) -> Settings:
    """Settings that no environment changes."""
    more = {"data_dir": folder, "bot_token": "4242:a-token", **known}
    return Settings(_env_file=None, **more)  # type: ignore[call-arg]


def refusal(known: Settings) -> str:
    """The operator's words instead of a start, in each language."""
    with pytest.raises(Refused) as refused:
        load_cashiers(known, lambda: AT)
    said = [TRANSLATIONS.label(refused.value.text, locale) for locale in TRANSLATIONS.locales]
    return " ".join(said)


def test_each_way_has_its_cashier_and_its_address(tmp_path: Path, paths: dict[str, str]) -> None:
    known = settings(tmp_path, **paths, **URL)
    assert load_cashiers(known, lambda: AT).keys() == {PaymentWay.WECHAT, PaymentWay.ALIPAY}
    assert known.connected_ways == {PaymentWay.WECHAT, PaymentWay.ALIPAY}
    assert known.listens_at
    for way in known.connected_ways:
        assert notify_url(known, way) == f"https://bot.example.org/fee/payments/{way}"


def test_without_an_address_for_notifications_nothing_starts(
    tmp_path: Path, paths: dict[str, str]
) -> None:
    assert "PAYMENTS_URL" in refusal(settings(tmp_path, **paths))


@pytest.mark.parametrize("way", ["wechat_pay", "alipay"])
@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("public_key = ", "public = ", "public_key"),
        ('"ours.pem"', '"missing.pem"', "FileNotFoundError"),
        ('"ours.pem"', '"wechat.toml"', ""),
        ("private_key = ", "private_key ", "TOMLDecodeError"),
    ],
    ids=["entry", "file", "no key", "no TOML"],
)
def test_a_bad_file_is_named_with_the_reason_and_without_a_key(
    before: str, after: str, named: str, way: str, tmp_path: Path, paths: dict[str, str]
) -> None:
    file = Path(paths[way])
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))
    said = refusal(settings(tmp_path, **{way: paths[way]}, **URL))
    assert file.name in said
    assert named in said
    for secret in ("k" * 32, *private_pem(OURS).splitlines()[1:-1]):
        assert secret not in said


async def test_the_doctor_checks_the_keys_and_who_can_read_them(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_keys(open_folder, OURS, PLATFORM)
    known = settings(open_folder / "data", **paths, **URL)
    private = open_folder / "ours.pem"
    for file in (private, open_folder / "theirs.pem", *map(Path, paths.values())):
        file.chmod(0o600)

    async def nothing(_settings: Settings) -> list[doctor.Finding]:
        return []

    monkeypatch.setattr(doctor, "_telegram", nothing)

    async def found() -> dict[str, str]:
        seen = await doctor.examine(known)
        return {one.text.key: TRANSLATIONS.label(one.text, "zh-CN") for one in seen}

    sound = await found()
    assert sound["doctor-ways"] == "支付方式：alipay, wechat"
    assert "doctor-exposed" not in sound
    private.chmod(0o644)
    assert str(private) in (await found())["doctor-exposed"]
    private.write_text("no key")
    assert "wechat.toml" in (await found())["cli-payments-keys"]
