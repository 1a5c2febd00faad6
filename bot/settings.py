"""Everything an operator can set, in one frozen place. Names of variables are ``GOCUA_`` and the field in capitals.

A name other bots know, too, goes without ``GOCUA_``: ``NLU_URL``, and ``DATABASE_URL`` where no other is given.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent

# the channels that can be switched on; the web chat always is
CHANNELS = ("zalo_oa", "zalo_bot", "telegram")

# those whose platform stands abroad: nothing personal is said there, and people are told (T28)
ABROAD = frozenset({"telegram"})

# a secret shorter, or of fewer different letters, is a sample or a guess
_SHORTEST_SECRET = 16
_FEWEST_LETTERS = 6

# what hears recorded messages, where it is switched on
VIET_ASR = "viet-asr"

TELEGRAM_API = "https://api.telegram.org"

# a name on Telegram
_BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SettingsError(Exception):
    """A setting that cannot be used; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One field, one line of help, no secret with a default."""

    database_url: str = field(
        default="",
        metadata={
            "also": "DATABASE_URL",
            "help": "address of the database, SQLite's or PostgreSQL's; without it, data/gocua.db beside the code",
        },
    )
    campaign_database_url: str = field(
        default="",
        metadata={
            "also": "CAMPAIGN_DATABASE_URL",
            "help": "a database of the campaign's own that completions flow into; any that SQLAlchemy speaks",
        },
    )
    campaign_mapping: Path = field(
        default=PROJECT / "knowledge" / "campaign_database.yml",
        metadata={"help": "file that names the tables and columns of that database"},
    )
    campaign_webhook: str = field(
        default="",
        metadata={"help": "https address that is posted each new completion, signed with campaign_webhook_secret"},
    )
    keys: Path = field(
        default=PROJECT / "data" / "keys.json",
        metadata={"help": "file with the keys that seal what the database holds of people; drawn where there is none"},
    )
    spool: Path = field(
        default=PROJECT / "data" / "spool",
        metadata={"help": "folder where messages wait while the database is away"},
    )
    production: bool = field(
        default=False, metadata={"help": "1: real people write here; keys are then never drawn by the bot itself"}
    )
    content: Path = field(default=PROJECT, metadata={"help": "folder that holds dialogs/, knowledge/ and locales/"})
    host: str = field(default="127.0.0.1", metadata={"help": "address the web chat listens on"})
    port: int = field(default=8080, metadata={"help": "port the web chat listens on"})
    public_url: str = field(default="", metadata={"help": "https address people open; cookies are then for https only"})
    model: Path = field(
        default=PROJECT / "models" / "gocua.tar.gz",
        metadata={"help": "archive of the language model, where there is one"},
    )
    operator: str = field(default="nhóm chạy thử", metadata={"help": "who runs this bot, as residents are told"})
    nlu_url: str = field(
        default="",
        metadata={
            "variable": "NLU_URL",
            "help": "a Rasa server to ask instead of the model, on this machine or over https to a private address",
        },
    )
    channels: tuple[str, ...] = field(
        default=(), metadata={"help": "channels besides the web chat, parted by commas: zalo_oa, zalo_bot, telegram"}
    )
    secrets: Path | None = field(
        default=None, metadata={"help": "folder with one file for each secret: telegram_token, zalo_oa_secret, ..."}
    )
    telegram_approval: str = field(
        default="",
        metadata={"help": "who approved Telegram, a platform abroad, and when; without it Telegram stays off"},
    )
    telegram_staff_bot: str = field(
        default="",
        metadata={"help": "name of the trainers' bot on Telegram, as in t.me/NAME; without it there is none"},
    )
    zalo_app_id: str = field(default="", metadata={"help": "the app on Zalo's developer console"})
    zalo_oa_id: str = field(default="", metadata={"help": "the Official Account that gave this app its grant"})
    zalo_requests_a_minute: int = field(
        default=100, metadata={"help": "what the plan of the Official Account allows: Growth 100, Comprehensive 2000"}
    )
    telegram_api: str = field(default=TELEGRAM_API, metadata={"help": "where Telegram's Bot API answers"})
    zalo_api: str = field(default="https://openapi.zalo.me", metadata={"help": "where Zalo's Open API answers"})
    zalo_oauth: str = field(default="https://oauth.zaloapp.com", metadata={"help": "where Zalo gives out tokens"})
    zalo_bot_api: str = field(
        default="https://bot-api.zaloplatforms.com", metadata={"help": "where Zalo's Bot platform answers"}
    )
    oidc_issuer: str = field(
        default="",
        metadata={"help": "the city's provider of sign-ins (OpenID Connect), where staff sign in with its accounts"},
    )
    oidc_client_id: str = field(
        default="", metadata={"help": "what that provider knows us by; the secret is the file oidc_client_secret"}
    )
    oidc_second_factor: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "what that provider says in acr or amr where it looked at a second factor, parted by commas; "
            "without it ours is asked for after it"
        },
    )
    voice: str = field(
        default="",
        metadata={
            "help": "viet-asr: hear recordings on Telegram, on this machine, with the extra of requirements/voice.txt; "
            "nobody says on what its weights were trained"
        },
    )
    metrics_port: int = field(
        default=0, metadata={"help": "port for Prometheus, reached from this machine alone; 0: closed"}
    )
    proxies: int = field(
        default=0, metadata={"help": "how many proxies of ours stand in front; they tell the callers' addresses"}
    )

    @property
    def erased(self) -> Path:
        """The file that remembers who had all erased, outside of what a restore replaces."""
        return self.spool.with_name("erased")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{PROJECT / 'data' / 'gocua.db'}"


def variable_of(setting: "Field[Any]") -> str:
    """The environment variable that sets it."""
    variable: str = setting.metadata.get("variable", f"GOCUA_{setting.name.upper()}")
    return variable


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment. Raises ``SettingsError``."""
    given = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for each in fields(Settings):
        variable = variable_of(each)
        text = given.get(variable, "").strip() or given.get(each.metadata.get("also", variable), "").strip()
        if text:
            values[each.name] = _converted(variable, text, _kind_of(each))
    settings = Settings(**values)  # type: ignore[arg-type]
    if not (settings.content / "dialogs").is_dir():
        raise SettingsError(f"GOCUA_CONTENT: no folder dialogs/ in {settings.content}")
    if settings.public_url and not settings.public_url.startswith("https://"):
        raise SettingsError("GOCUA_PUBLIC_URL must begin with https://")
    if settings.nlu_url and not _stays_near(settings.nlu_url):
        raise SettingsError(
            "NLU_URL must be http:// on this machine (127.0.0.1) or https:// to a private address or a name, "
            "with neither a password nor a query in it"
        )
    if settings.campaign_webhook and not _can_be_posted_to(settings.campaign_webhook):
        raise SettingsError(
            "GOCUA_CAMPAIGN_WEBHOOK must begin with https:// (or http:// on this machine), "
            "with neither a password nor a query in it"
        )
    if settings.voice not in ("", VIET_ASR):
        raise SettingsError(f"GOCUA_VOICE must be {VIET_ASR} or empty, not {settings.voice!r}")
    _are_channels(settings)
    _is_provider(settings)
    return settings


def read_secret(settings: Settings, name: str) -> str:
    """A secret from its file. Raises ``SettingsError`` where there is none, or one that anybody could guess."""
    if settings.secrets is None:
        raise SettingsError(f"GOCUA_SECRETS must name the folder that holds the file {name}")
    try:
        secret = (settings.secrets / name).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"GOCUA_SECRETS: the folder has no file {name} that can be read") from error
    if len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_LETTERS or len(secret.split()) != 1:
        raise SettingsError(f"GOCUA_SECRETS: the file {name} must hold one secret that cannot be guessed")
    return secret


def find_secret(settings: Settings, name: str) -> str:
    """A secret one can do without, or nothing where it has no file. Raises ``SettingsError``."""
    if settings.secrets is None or not (settings.secrets / name).exists():
        return ""
    return read_secret(settings, name)


def _are_channels(settings: Settings) -> None:
    strange = [name for name in settings.channels if name not in CHANNELS]
    if strange:
        raise SettingsError(f"GOCUA_CHANNELS knows {', '.join(CHANNELS)}; not {strange[0]!r}")
    if "telegram" in settings.channels and not settings.telegram_approval:
        raise SettingsError("GOCUA_TELEGRAM_APPROVAL must say who approved Telegram and when, or Telegram stays off")
    if settings.telegram_staff_bot:
        _is_staff_bot(settings)
    if "zalo_oa" in settings.channels and not (settings.zalo_app_id and settings.zalo_oa_id):
        raise SettingsError("GOCUA_ZALO_APP_ID and GOCUA_ZALO_OA_ID must be set for the channel zalo_oa")
    for variable, url in (
        ("GOCUA_TELEGRAM_API", settings.telegram_api),
        ("GOCUA_ZALO_API", settings.zalo_api),
        ("GOCUA_ZALO_OAUTH", settings.zalo_oauth),
        ("GOCUA_ZALO_BOT_API", settings.zalo_bot_api),
    ):
        if not is_private(url):
            raise SettingsError(f"{variable} must begin with https:// (or http:// on this machine)")


def _is_provider(settings: Settings) -> None:
    issuer = settings.oidc_issuer
    if issuer and (not is_private(issuer) or re.search(r"[?#\s]", issuer)):
        raise SettingsError(
            "GOCUA_OIDC_ISSUER must be an https:// address without ? or #, written as the provider does"
        )
    if bool(issuer) != bool(settings.oidc_client_id):
        raise SettingsError("GOCUA_OIDC_ISSUER and GOCUA_OIDC_CLIENT_ID go together: set both or neither")


def _is_staff_bot(settings: Settings) -> None:
    if not _BOT_NAME.fullmatch(settings.telegram_staff_bot):
        raise SettingsError("GOCUA_TELEGRAM_STAFF_BOT must be the bot's name as in t.me/NAME, without @")
    if not settings.telegram_approval:
        raise SettingsError(
            "GOCUA_TELEGRAM_APPROVAL must say who approved Telegram and when, for the trainers' bot, too"
        )


def is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


def _can_be_posted_to(url: str) -> bool:
    """Whether it is one plain address: nothing in it is a secret, for logs name its host."""
    try:
        urlsplit(url).port  # noqa: B018 - raises where it is none
    except ValueError:
        return False
    return is_private(url) and not re.search(r"[@?#\s\x00-\x1f]", url)


def _stays_near(url: str) -> bool:
    """Whether what is sent there can be read by nobody on the way and by no stranger at the end."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or re.search(r"[@?#\s\x00-\x1f]", url):
        return False
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return parts.scheme == "https"
    return address.is_loopback if parts.scheme == "http" else parts.scheme == "https" and not address.is_global


def _kind_of(setting: "Field[Any]") -> Any:
    """Its type; of "a path or none", the path."""
    return setting.type if get_origin(setting.type) is tuple else (get_args(setting.type) or (setting.type,))[0]


def _switch(variable: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise SettingsError(f"{variable} must be 1 or 0, not {text!r}")
    return text == "1"


def _count(variable: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise SettingsError(f"{variable} must be a number above 0, not {text!r}")
    return int(text)


def _port(variable: str, text: str) -> int:
    # figures need not be served, pages must
    least = 0 if variable == "GOCUA_METRICS_PORT" else 1
    if not text.isdecimal() or not least <= int(text) < 65536:
        raise SettingsError(f"{variable} must be a port between {least} and 65535, not {text!r}")
    return int(text)


def _few(variable: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 1:
        raise SettingsError(f"{variable} must be a number from 0 to 9, not {text!r}")
    return int(text)


def _converted(variable: str, text: str, kind: Any) -> object:
    if get_origin(kind) is tuple:
        return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if issubclass(kind, Path):
        return Path(text).resolve()
    if kind is bool:
        return _switch(variable, text)
    if kind is not int:
        return text
    if variable.endswith("_A_MINUTE"):
        return _count(variable, text)
    return _port(variable, text) if variable.endswith("PORT") else _few(variable, text)
