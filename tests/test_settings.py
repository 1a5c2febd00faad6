"""Settings: what an operator writes is used or answered with what to write instead."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings, SettingsError, load_settings


def test_without_a_word_everything_has_a_value() -> None:
    settings = load_settings({})
    assert (settings.content, settings.host, settings.port) == (PROJECT, "127.0.0.1", 8080)
    assert settings.database == f"sqlite:///{PROJECT / 'data' / 'gocua.db'}"


def test_what_is_set_is_used(tmp_path: Path) -> None:
    (tmp_path / "dialogs").mkdir()
    settings = load_settings(
        {
            "GOCUA_DATABASE_URL": "sqlite:////tmp/thu.db",
            "GOCUA_CONTENT": str(tmp_path),
            "GOCUA_HOST": "0.0.0.0",  # noqa: S104 - a value, not a socket
            "GOCUA_PORT": " 9000 ",
            "GOCUA_PUBLIC_URL": "https://gocua.example",
            "GOCUA_OPERATOR": "Phường Bến Thành",
            "PORT": "1",
        }
    )
    assert settings.database == settings.database_url == "sqlite:////tmp/thu.db"
    assert (settings.content, settings.port) == (tmp_path.resolve(), 9000)
    assert (settings.public_url, settings.operator) == ("https://gocua.example", "Phường Bến Thành")


@pytest.mark.parametrize("variable", [f"GOCUA_{field.name.upper()}" for field in fields(Settings)])
@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_variable_counts_as_none(variable: str, text: str) -> None:
    assert load_settings({variable: text}) == load_settings({})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8080.0", "²", "cổng"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(SettingsError, match="GOCUA_PORT must be a port between 1 and 65535"):
        load_settings({"GOCUA_PORT": port})


@pytest.mark.parametrize("url", ["http://gocua.example", "gocua.example", "ftp://gocua.example"])
def test_an_address_people_open_has_a_lock(url: str) -> None:
    with pytest.raises(SettingsError, match="GOCUA_PUBLIC_URL must begin with https://"):
        load_settings({"GOCUA_PUBLIC_URL": url})


def test_a_folder_without_dialogs_is_no_content(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no folder dialogs/"):
        load_settings({"GOCUA_CONTENT": str(tmp_path)})


def test_the_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        load_settings({}).port = 1  # type: ignore[misc]


def test_every_setting_has_a_line_of_help() -> None:
    assert [field.name for field in fields(Settings) if not field.metadata.get("help")] == []
