"""Everything an operator can set, in one frozen place. Names of variables are ``GOCUA_`` and the field in capitals."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting that cannot be used; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One field, one line of help, no secret with a default."""

    database_url: str = field(
        default="", metadata={"help": "address of the database; without it, data/gocua.db beside the code"}
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

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{PROJECT / 'data' / 'gocua.db'}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment. Raises ``SettingsError``."""
    given = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for each in fields(Settings):
        variable = f"GOCUA_{each.name.upper()}"
        text = given.get(variable, "").strip()
        if text:
            values[each.name] = _converted(variable, text, type(each.default))
    settings = Settings(**values)  # type: ignore[arg-type]
    if not (settings.content / "dialogs").is_dir():
        raise SettingsError(f"GOCUA_CONTENT: no folder dialogs/ in {settings.content}")
    if settings.public_url and not settings.public_url.startswith("https://"):
        raise SettingsError("GOCUA_PUBLIC_URL must begin with https://")
    return settings


def _converted(variable: str, text: str, kind: type) -> object:
    if issubclass(kind, Path):
        return Path(text).resolve()
    if kind is not int:
        return text
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(f"{variable} must be a port between 1 and 65535, not {text!r}")
    return int(text)
