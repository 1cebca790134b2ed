"""The settings from the environment or ``.env``, and the refusal that wrong ones end in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from states.exam import PaymentWay
from states.staff.timings import StaffTimings
from states.texts import Explained, Text

SANDBOX_TOKEN = "4242:sandbox"
SANDBOX_ADMINISTRATOR = 1000
SANDBOX_PROVIDER_TOKEN = "4242:TEST:sandbox"
SANDBOX_PORT = 8017
TELEGRAM = "https://api.telegram.org"
LISTEN = "127.0.0.1:8080"
"""The default address of the HTTP server for a webhook."""
OWN_PATHS = ("/healthz", "/metrics")
"""The other paths of that server."""


class Refused(Explained):
    """A command or a start is refused; ``text`` tells the operator why, ``more`` adds lines to it.

    ``code`` is the exit code: 1 if the command found a reason not to act, 2 if the settings, the
    exam or the data cannot be used.
    """

    def __init__(self, text: Text, *more: Text, code: int = 1) -> None:
        super().__init__(text)
        self.more = more
        self.code = code


class Settings(BaseSettings):
    """All settings; a test compares them with the table of docs/operating.md."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    bot_token: str = Field(default="", pattern=r"^$|^\d+:[A-Za-z0-9_-]+$")
    bot_api_url: str = Field(default=TELEGRAM, pattern=r"^https?://")
    telegram_proxy: str = Field(
        default="", pattern=r"^$|^https?://\S+$|^socks(4a?|5h?)://\S+:\d{1,5}/?$"
    )
    http_client: Literal["pool", "aiohttp"] = "pool"
    telegram_provider_token: str = Field(
        default="", pattern=r"^$|^\d+:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$", repr=False
    )
    payments_url: str = Field(default="", pattern=r"^$|^https://[^/?#@\s]+(/[\w.~-]+)*/?$")
    wechat_pay: str = ""
    alipay: str = ""
    webhook_url: str = Field(default="", pattern=r"^$|^https?://[^/?#@\s]+(/[\w.~-]+)*/?$")
    listen: str = Field(default="", pattern=r"^$|^([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$")
    health_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    data_dir: Path = Path("data")
    database_url: str = Field(
        default="", pattern=r"^$|^(sqlite\+aiosqlite|postgres(ql(\+asyncpg)?)?)://", repr=False
    )
    blob_store: str = ""
    secret_keys: str = ""
    exam: str = "health-2026"
    administrators: Annotated[frozenset[int], NoDecode] = frozenset()
    undo_seconds: int = Field(default=60, ge=0, le=3600)
    claim_minutes: int = Field(default=30, ge=1, le=24 * 60)
    news_minutes: int = Field(default=10, ge=1, le=24 * 60)
    sandbox_port: int = Field(default=SANDBOX_PORT, ge=1, le=65535)
    sandbox_staff: bool = True
    invite_hours: int = Field(default=48, ge=1, le=720)
    paid_broadcasts: bool = False
    log_level: str = Field(default="", pattern=r"^(DEBUG|INFO|WARNING|ERROR)?$")

    @field_validator("administrators", "health_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part for part in value.replace(",", " ").split() if part]
        return value

    @field_validator("webhook_url")
    @classmethod
    def _is_free(cls, value: str) -> str:
        if urlsplit(value).path in OWN_PATHS:
            raise ValueError("the path is taken")
        return value

    @field_validator("listen")
    @classmethod
    def _is_a_port(cls, value: str) -> str:
        if value and not 0 < int(value.rpartition(":")[2]) <= 65535:
            raise ValueError("no port")
        return value

    @property
    def timings(self) -> StaffTimings:
        """The time limits of the staff's work."""
        return StaffTimings(
            idle=timedelta(minutes=self.claim_minutes),
            undo=timedelta(seconds=self.undo_seconds),
            news=timedelta(minutes=self.news_minutes),
        )

    @property
    def token(self) -> str:
        """The bot's token, or the sandbox's."""
        return self.bot_token or SANDBOX_TOKEN

    @property
    def bot_id(self) -> int:
        """The bot's account, which its token begins with."""
        return int(self.token.partition(":")[0])

    @property
    def listens_at(self) -> str:
        """``host:port`` for webhook, health check and metrics; empty for no HTTP server."""
        return self.listen or (LISTEN if self.webhook_url or self.payments_url else "")

    @property
    def provider_token(self) -> str:
        """The provider token of Telegram invoices; the sandbox has its own."""
        return SANDBOX_PROVIDER_TOKEN if self.in_sandbox else self.telegram_provider_token

    @property
    def connected_ways(self) -> frozenset[PaymentWay]:
        """The ways of paying for which the settings have keys."""
        keys = {
            PaymentWay.TELEGRAM: self.provider_token,
            PaymentWay.WECHAT: self.wechat_pay,
            PaymentWay.ALIPAY: self.alipay,
        }
        return frozenset(way for way, known in keys.items() if known)

    @property
    def least_logged(self) -> str:
        """The least level of the log: in the sandbox only what somebody has to look at."""
        return self.log_level or ("WARNING" if self.in_sandbox else "INFO")

    @property
    def in_sandbox(self) -> bool:
        """Whether the bot talks to the sandbox, as it does without a token."""
        return not self.bot_token

    @property
    def folder(self) -> Path:
        """The data folder of this mode; the sandbox and Telegram have one each."""
        return self.data_dir / ("sandbox" if self.in_sandbox else "telegram")

    @property
    def database(self) -> str:
        """The database's URL; the sandbox always has its own file."""
        if self.database_url and not self.in_sandbox:
            return self.database_url
        return f"sqlite+aiosqlite:///{self.folder / 'bot.sqlite3'}"

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None for any other database."""
        scheme, _, path = self.database.partition(":///")
        return Path(path) if scheme.startswith("sqlite") and path else None

    @property
    def blobs(self) -> str | Path:
        """The folder or the URL of the blobs."""
        if self.blob_store and not self.in_sandbox:
            return self.blob_store
        return self.folder / "blobs"

    @property
    def keys_file(self) -> Path:
        """The file of the keys, for use without ``SECRET_KEYS``."""
        return self.folder / "keys"


def load_settings() -> Settings:
    """Read the settings of this process.

    Raises:
        Refused: it names each wrong setting, and omits the values, as some are secrets.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = dict.fromkeys(str(mistake["loc"][0]).lower() for mistake in error.errors())
        texts = (Text(f"setting-{name.replace('_', '-')}") for name in wrong)
        raise Refused(Text("cli-bad-settings"), *texts, code=2) from None
