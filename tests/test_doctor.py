"""The doctor on an empty machine, on a good one, and on broken ones: one line and a remedy each."""

import asyncio
import datetime as dt
import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from bot.bootstrap import open_database, utc_now
from bot.channels.zalo_oa_tokens import TokenPair
from bot.doctor import Finding, examine, is_well
from bot.settings import PROJECT, Settings
from bot.store.moments import stamp
from bot.store.sealing import read_keyring
from tests.content.small_content import SMALL
from tests.stand_ins.control import Control
from tests.stand_ins.provider.app import CLIENT, SECRET, provider_served
from tests.stand_ins.telegram.app import TOKEN as TELEGRAM_TOKEN
from tests.stand_ins.telegram.app import telegram_served
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served

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
        "nội dung", "bản dịch en", "khoá", "cơ sở dữ liệu", "chỗ giữ tạm", "đĩa", "zalo_bot", "địa chỉ",
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


def _broken_translation(settings: Settings) -> Settings:
    content = settings.model.parent / "content"
    for folder in ("dialogs", "knowledge", "locales"):
        shutil.copytree(PROJECT / folder, content / folder)
    catalogue = content / "locales" / "en" / "LC_MESSAGES" / "gocua.po"
    catalogue.write_text(catalogue.read_text().replace('msgstr "I am done"', 'msgstr ""').replace("{em}", "{bot}"))
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
    "telegram that nobody approved": (lambda settings: replace(settings, channels=("telegram",)), "telegram"),
    "a translation with a mistake": (_broken_translation, "bản dịch en"),
    "a webhook without a secret": (
        lambda settings: replace(settings, campaign_webhook="https://there.example.vn/hook"),
        "webhook",
    ),
    "no public address": (lambda settings: replace(settings, public_url=""), "địa chỉ"),
}


@pytest.mark.parametrize(("broken", "about"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_with_a_remedy(
    good: Settings, broken: Callable[[Settings], Settings], about: str
) -> None:
    found = bad(broken(good))
    assert about in {finding.about for finding in found}
    assert all(finding.text and finding.remedy for finding in found)


@dataclass(frozen=True)
class Case:
    """Something that piled up: what was planted, and how the finding about it begins."""

    about: str
    begins: str
    sql: str


PILED = {
    "changes for the campaign's database": Case(
        "cơ sở dữ liệu của chiến dịch",
        "đứng yên: 1 thay đổi chờ gửi, cái cũ nhất đã 2 giờ",
        "INSERT INTO outflow (key, version, changed_at) VALUES ('completion|p|t', 1, :ago)",
    ),
    "events for the webhook": Case(
        "webhook",
        "đứng yên: 1 thay đổi chờ gửi, cái cũ nhất đã 2 giờ (http_500)",
        "INSERT INTO webhook_event (event_id, person, task, changed_at, due_at, tries, reason) "
        "VALUES ('1', 'p', 't', :ago, :ago, 3, 'http_500')",
    ),
    "events given up": Case(
        "webhook",
        "đã thôi gửi 1 thay đổi",
        "INSERT INTO webhook_event (event_id, person, task, changed_at, due_at, tries, reason, dead_at) "
        "VALUES ('1', 'p', 't', :ago, :ago, 3, 'http_500', :ago)",
    ),
    "a token past its time": Case(
        "zalo_oa",
        "mã truy cập đổi cách đây",
        "INSERT INTO token (name, version, sealed, saved_at) "
        "VALUES ('zalo_oa', 1, 'x', '2026-01-01T00:00:00.000000+00:00')",
    ),
}


@pytest.mark.parametrize("case", PILED.values(), ids=PILED)
def test_what_piled_up_is_a_fault_and_yet_a_bot_may_start(good: Settings, case: Case) -> None:
    assert good.secrets is not None
    (good.secrets / "campaign_webhook_secret").write_text(_DRAWN)
    small = replace(good, content=SMALL, campaign_database_url="postgresql://there/x")
    settings = replace(small, campaign_webhook="https://there.example.vn/hook")
    usual = {finding.text for finding in bad(settings)}
    with sqlite3.connect(settings.database.removeprefix("sqlite:///")) as connection:
        connection.execute(case.sql, {"ago": stamp(utc_now() - dt.timedelta(hours=2))})
    [found] = [finding for finding in bad(settings) if finding.text not in usual]
    assert (found.about, found.text[: len(case.begins)], bool(found.remedy)) == (case.about, case.begins, True)
    before_start = examine(settings, network=False, going=False)
    assert {finding.text for finding in before_start if finding.level == "bad"} == usual


def test_no_secret_is_said(good: Settings) -> None:
    said = json.dumps([finding.to_dict() for finding in seen(good)], ensure_ascii=False)
    assert _DRAWN not in said
    assert good.keys.read_text() not in said


def test_a_network_that_swallows_everything_is_said(good: Settings) -> None:
    away = replace(good, zalo_bot_api="http://127.0.0.1:9")
    assert "mạng" in {finding.about for finding in examine(away) if finding.level == "bad"}


# ---- what platforms say ----


@pytest.fixture
def on_telegram(good: Settings) -> Iterator[tuple[Settings, str]]:
    """A machine whose bot is on Telegram, and the platform's address."""
    assert good.secrets is not None
    (good.secrets / "telegram_token").write_text(TELEGRAM_TOKEN)
    (good.secrets / "telegram_webhook_secret").write_text(_DRAWN)
    with telegram_served() as platform:
        small = replace(good, content=SMALL)
        settings = replace(small, channels=("telegram",), telegram_api=platform, telegram_approval="Sở A, 2026-11-01")
        yield settings, platform


def about(settings: Settings, subject: str) -> list[tuple[str, str]]:
    """How each finding about something begins, and its level."""
    found = [finding for finding in examine(settings) if finding.about == subject]
    assert all(finding.remedy or finding.level == "good" for finding in found)
    return [(finding.level, finding.text) for finding in found]


def _set_webhook(platform: str, url: str) -> None:
    httpx.post(f"{platform}/bot{TELEGRAM_TOKEN}/setWebhook", json={"url": url}, trust_env=False).raise_for_status()


def test_the_trainers_bot(on_telegram: tuple[Settings, str]) -> None:
    residents, _ = on_telegram
    settings = replace(residents, channels=(), telegram_staff_bot="go_cua_bot")
    assert [level for level, _ in about(settings, "bot người dạy")] == ["bad"]
    assert settings.secrets is not None
    (settings.secrets / "telegram_staff_token").write_text(TELEGRAM_TOKEN)
    assert about(settings, "bot người dạy") == [("good", "được duyệt: Sở A, 2026-11-01"), ("good", "t.me/go_cua_bot")]
    another = replace(settings, telegram_staff_bot="bot_khac")
    assert about(another, "bot người dạy")[-1] == ("bad", "mã này là của bot go_cua_bot")
    away = replace(settings, telegram_api="http://127.0.0.1:9")
    assert about(away, "bot người dạy")[-1] == ("bad", "không trả lời")


def test_telegram_s_webhook(on_telegram: tuple[Settings, str]) -> None:
    settings, platform = on_telegram
    assert about(settings, "telegram")[-1][0] == "bad"
    _set_webhook(platform, "https://gocua.example.vn/webhooks/telegram")
    assert about(settings, "telegram") == [
        ("good", "đủ 2 bí mật"),
        ("good", "được duyệt: Sở A, 2026-11-01"),
        ("good", "webhook https://gocua.example.vn/webhooks/telegram, 0 tin chờ"),
    ]
    _set_webhook(platform, "https://other.example.vn/webhooks/telegram")
    assert about(settings, "telegram")[-1][0] == "bad"
    assert settings.secrets is not None
    (settings.secrets / "telegram_token").write_text("123456789:AA" + _DRAWN)
    assert about(settings, "telegram")[-1] == ("bad", "không nhận mã của bot (401)")


def test_a_webhook_that_fails_is_told_with_the_platform_s_words(on_telegram: tuple[Settings, str]) -> None:
    settings, platform = on_telegram
    control = Control(platform)
    _set_webhook(platform, "http://127.0.0.1:9/webhooks/telegram")
    control.person().writes("xin chào")
    here = replace(settings, public_url="http://127.0.0.1:9")
    pause = threading.Event()
    while (told := about(here, "telegram")[-1])[0] == "good":
        pause.wait(0.05)
    assert told[1].startswith("1 tin chờ; lần gửi cuối hỏng: ")
    control.close()


def test_a_token_of_zalo_is_tried(good: Settings) -> None:
    assert good.secrets is not None
    for name, secret in (("zalo_app_secret", ACCOUNT.app_secret), ("zalo_oa_secret", ACCOUNT.oa_secret)):
        (good.secrets / name).write_text(secret)
    with zalo_oa_served() as platform:
        settings = replace(good, content=SMALL, channels=("zalo_oa",), zalo_api=platform, zalo_oauth=platform)
        assert ("bad", "chưa có mã truy cập") in about(settings, "zalo_oa")
        control, store = Control(platform), open_database(settings)
        given = control.post("tokens")
        pair = TokenPair(given["access"], given["refresh"], store.now(), store.now() + dt.timedelta(hours=25))
        asyncio.run(store.tokens.save(pair))
        store.engine.dispose()
        assert about(settings, "zalo_oa")[-1] == ("good", f"mã truy cập dùng được, tài khoản {ACCOUNT.name}")
        control.post("revoke")
        assert about(settings, "zalo_oa")[-1][0] == "bad"
        control.close()


def test_the_citys_provider_is_asked_whether_it_answers(good: Settings) -> None:
    assert good.secrets is not None
    with provider_served() as stand_in:
        settings = replace(good, content=SMALL, channels=(), oidc_issuer=stand_in.address, oidc_client_id=CLIENT)
        found = about(settings, "đăng nhập của thành phố")
        assert [level for level, _ in found] == ["bad"]
        assert "oidc_client_secret" in found[0][1]
        (good.secrets / "oidc_client_secret").write_text(SECRET)
        assert about(settings, "đăng nhập của thành phố") == [("good", f"{stand_in.address} trả lời")]
        stand_in.described = {"issuer": "https://khac.example"}
        assert about(settings, "đăng nhập của thành phố")[0][0] == "bad"


def test_an_office_with_one_admin_is_told_to_make_another(good: Settings) -> None:
    settings = replace(good, content=SMALL)
    store = open_database(settings)
    for name, told in (("mot", "có 0 quản trị viên"), ("hai", "có 1 quản trị viên")):
        [(level, text)] = about(settings, "bàn làm việc")
        assert (level, text[: len(told)]) == ("note", told)
        store.staff.add(name, "city_admin", (), by="cli")
    assert about(settings, "bàn làm việc") == []
    store.engine.dispose()
