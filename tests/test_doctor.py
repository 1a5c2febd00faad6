"""The doctor on an empty machine, on a good one, and on broken ones: one line and a remedy each."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import open_database
from bot.doctor import Finding, examine, is_well
from bot.settings import PROJECT, Settings
from bot.store.sealing import read_keyring

_DRAWN = "Kx81-vZq0-77Lm-ppRw-Ab12-Cd34-Ef56"


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """A machine on which nothing was started yet."""
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'gocua.db'}",
        keys=tmp_path / "keys.json",
        spool=tmp_path / "spool",
        model=tmp_path / "model.tar.gz",
    )


@pytest.fixture
def good(empty: Settings, tmp_path: Path) -> Settings:
    """A machine that has served: keys drawn, database made, secrets of a channel in their files."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name in ("zalo_bot_token", "zalo_bot_webhook_secret"):
        (secrets / name).write_text(_DRAWN)
    read_keyring(empty.keys, production=False)
    open_database(empty).engine.dispose()
    return replace(
        empty, production=True, public_url="https://gocua.example.vn", channels=("zalo_bot",), secrets=secrets
    )


def seen(settings: Settings) -> list[Finding]:
    return examine(settings, network=False)


def bad(settings: Settings) -> list[Finding]:
    return [finding for finding in seen(settings) if finding.level == "bad"]


def test_an_empty_machine_may_start_and_nothing_is_made_by_looking(empty: Settings, tmp_path: Path) -> None:
    findings = seen(empty)
    assert is_well(findings)
    assert {finding.about for finding in findings if finding.level == "note"} >= {"mô hình", "khoá", "cơ sở dữ liệu"}
    assert not (tmp_path / "gocua.db").exists()
    assert not empty.keys.exists()


def test_a_good_machine_is_well(good: Settings) -> None:
    assert bad(good) == []
    assert {finding.about for finding in seen(good) if finding.level == "good"} >= {
        "nội dung", "khoá", "cơ sở dữ liệu", "chỗ giữ tạm", "đĩa", "zalo_bot", "địa chỉ",
    }  # fmt: skip


def _other_keys(settings: Settings) -> Settings:
    settings.keys.unlink()
    read_keyring(settings.keys, production=False)
    return settings


def _no_database(settings: Settings) -> Settings:
    database = Path(settings.database.removeprefix("sqlite:///"))
    for each in database.parent.glob(database.name + "-*"):
        each.unlink()
    database.write_text("đây không phải cơ sở dữ liệu" * 50)
    return settings


def _newer_database(settings: Settings) -> Settings:
    with sqlite3.connect(settings.database.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    return settings


def _open_keys(settings: Settings) -> Settings:
    settings.keys.chmod(0o644)
    return settings


def _guessed_secret(settings: Settings) -> Settings:
    assert settings.secrets is not None
    (settings.secrets / "zalo_bot_token").write_text("matkhau")
    return settings


def _broken_model(settings: Settings) -> Settings:
    settings.model.write_bytes(b"\x1f\x8b not an archive")
    return settings


def _broken_content(settings: Settings) -> Settings:
    content = settings.model.parent / "content"
    for folder in ("dialogs", "knowledge"):
        shutil.copytree(PROJECT / folder, content / folder)
    (content / "dialogs" / "menu.yml").write_text("title: [")
    return replace(settings, content=content)


def _spool_is_a_file(settings: Settings) -> Settings:
    spool = settings.model.parent / "tep"
    spool.write_text("")
    return replace(settings, spool=spool)


BROKEN: dict[str, tuple[Callable[[Settings], Settings], str]] = {
    "keys of somebody else": (_other_keys, "khoá"),
    "keys everybody can read": (_open_keys, "khoá"),
    "no keys in production": (lambda settings: replace(settings, keys=settings.keys.with_name("none")), "khoá"),
    "no database at all": (_no_database, "cơ sở dữ liệu"),
    "a database of a later version": (_newer_database, "cơ sở dữ liệu"),
    "an address nobody understands": (lambda settings: replace(settings, database_url="là gì"), "cơ sở dữ liệu"),
    "a secret anybody could guess": (_guessed_secret, "zalo_bot"),
    "a channel without secrets": (lambda settings: replace(settings, channels=("telegram",)), "telegram"),
    "a model that is none": (_broken_model, "mô hình"),
    "content with a mistake": (_broken_content, "nội dung"),
    "a spool that is a file": (_spool_is_a_file, "chỗ giữ tạm"),
    "no public address": (lambda settings: replace(settings, public_url=""), "địa chỉ"),
}


@pytest.mark.parametrize(("broken", "about"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_with_a_remedy(
    good: Settings, broken: Callable[[Settings], Settings], about: str
) -> None:
    found = bad(broken(good))
    assert about in {finding.about for finding in found}
    assert all(finding.text and finding.remedy for finding in found)


def test_no_secret_is_said(good: Settings) -> None:
    said = json.dumps([finding.to_dict() for finding in seen(good)], ensure_ascii=False)
    assert _DRAWN not in said
    assert good.keys.read_text() not in said


def test_a_network_that_swallows_everything_is_said(good: Settings) -> None:
    away = replace(good, zalo_bot_api="http://127.0.0.1:9")
    assert "mạng" in {finding.about for finding in examine(away) if finding.level == "bad"}
