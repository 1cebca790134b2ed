"""The keys of providers: one TOML file each, whose path is a setting.

The settings hold no secret, and the files belong to the bot's account alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.core.settings import Refused, Settings
from bot.payments.cashier import Cashier
from states.exam import PaymentWay
from states.texts import Text

_WECHAT: Final = (
    *("mchid", "appid", "serial", "private_key", "api_key", "public_key_id", "public_key"),
)
_ALIPAY: Final = ("app_id", "seller", "private_key", "public_key")
_SECRET: Final = "private_key"
_FILES: Final = frozenset({_SECRET, "public_key"})
"""The entries that name a PEM file, relative to the file of the keys."""


def load_cashiers(settings: Settings, now: Callable[[], datetime]) -> dict[PaymentWay, Cashier]:
    """Return the cashiers for which the settings have keys.

    Raises:
        Refused: a file cannot be read or lacks an entry, a key is none, or the extra is missing.
    """
    cashiers: dict[PaymentWay, Cashier] = {}
    if settings.wechat_pay:
        cashiers[PaymentWay.WECHAT] = _wechat(settings, Path(settings.wechat_pay))
    if settings.alipay:
        cashiers[PaymentWay.ALIPAY] = _alipay(settings, Path(settings.alipay), now)
    if cashiers and not settings.payments_url:
        raise Refused(Text("cli-payments-url-missing"), code=2)
    return cashiers


def key_files(settings: Settings) -> list[Path]:
    """Return the files that hold secrets: those of the settings, and the PEM files they name."""
    found = [Path(name) for name in (settings.wechat_pay, settings.alipay) if name]
    for file in tuple(found):
        try:
            kept: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # the start and the doctor name it (``load_cashiers``)
        if isinstance(kept.get(_SECRET), str):
            found.append(file.parent / kept[_SECRET])
    return found


def notify_url(settings: Settings, way: PaymentWay) -> str:
    """Return the address at which a provider reports money."""
    return f"{settings.payments_url.rstrip('/')}/payments/{way}"


def _wechat(settings: Settings, file: Path) -> Cashier:
    keys = _read(file, _WECHAT)
    try:
        from bot.payments.wechat import WeChatCashier, WeChatKeys

        return WeChatCashier(WeChatKeys(**keys), notify_url(settings, PaymentWay.WECHAT))
    except ImportError:
        raise _missing(PaymentWay.WECHAT) from None
    except Exception as error:  # the library's parsers of keys
        raise _bad(file, type(error).__name__) from None


def _alipay(settings: Settings, file: Path, now: Callable[[], datetime]) -> Cashier:
    keys = _read(file, _ALIPAY)
    try:
        from bot.payments.alipay import AlipayCashier, AlipayKeys

        return AlipayCashier(AlipayKeys(**keys), notify_url(settings, PaymentWay.ALIPAY), now)
    except ImportError:
        raise _missing(PaymentWay.ALIPAY) from None
    except Exception as error:  # the library's parsers of keys
        raise _bad(file, type(error).__name__) from None


def _read(file: Path, names: tuple[str, ...]) -> dict[str, str]:
    try:
        kept: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        lacking = [name for name in names if not isinstance(kept.get(name), str)]
        if lacking:
            raise _bad(file, ", ".join(lacking))
        return {
            name: (file.parent / kept[name]).read_text() if name in _FILES else kept[name]
            for name in names
        }
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(file, type(error).__name__) from None


def _bad(file: Path, reason: str) -> Refused:
    return Refused(Text("cli-payments-keys", {"file": file.name, "reason": reason}), code=2)


def _missing(way: PaymentWay) -> Refused:
    return Refused(Text("cli-payments-extra", {"way": way}), code=2)
