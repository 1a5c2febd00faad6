"""The office on the command line: the first admins, tokens of programs, the audit log."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.accounts.codes import digest
from bot.accounts.signing_in import SigningIn
from bot.bootstrap import open_database, telegram_ties
from bot.cli import app
from bot.cli.options import settings_with
from bot.store.store import Store


class Operator:
    """Somebody at the machine, with one database."""

    def __init__(self, folder: Path) -> None:
        self.db = f"sqlite:///{folder / 'staff.db'}"

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--db", self.db])

    @property
    def store(self) -> Store:
        return open_database(settings_with(self.db))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def test_the_first_admin_gets_a_code_that_opens_the_account(operator: Operator) -> None:
    done = operator.types("staff", "add", "An@TpHCM.example", "--role", "city_admin")
    [code] = re.findall(r"[A-Z0-9]{5}(?:-[A-Z0-9]{5}){5}", done.output)
    store = operator.store
    assert SigningIn(store.staff, store.audit, now=store.now).redeem(code)
    assert "an@tphcm.example" in operator.types("staff", "list").output


def test_two_admins_are_made_here_and_not_a_third(operator: Operator) -> None:
    for name in ("mot", "hai"):
        assert operator.types("staff", "add", name, "--role", "city_admin").exit_code == 0
    assert "/desk/staff" in str(operator.types("staff", "add", "ba", "--role", "city_admin").exception)
    assert operator.types("staff", "disable", "hai").exit_code == 0
    assert operator.types("staff", "add", "ba", "--role", "city_admin").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ai", "--role", "vua"), "vai trò phải là"),
        (("ai", "--role", "ward_officer"), "ít nhất một --ward"),
        (("ai", "--role", "editor", "--ward", "26740"), "không kèm --ward"),
        (("ai", "--role", "trainer", "--ward", "99999"), "99999"),
    ],
)
def test_what_makes_no_sense_is_said(operator: Operator, words: tuple[str, ...], told: str) -> None:
    assert told in str(operator.types("staff", "add", *words).exception)
    assert operator.store.staff.accounts() == []


def test_a_reset_ends_what_was_and_gives_a_new_code(operator: Operator) -> None:
    operator.types("staff", "add", "lan", "--role", "auditor")
    assert "Mã dùng một lần" in operator.types("staff", "reset", "lan").output
    assert "gocua staff list" in str(operator.types("staff", "reset", "khong.co").exception)


def test_a_trainer_gets_a_code_for_telegram_where_there_is_a_bot(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.types("staff", "add", "lan", "--role", "trainer", "--ward", "26740")
    assert "GOCUA_TELEGRAM_STAFF_BOT" in str(operator.types("staff", "telegram", "lan").exception)
    monkeypatch.setenv("GOCUA_TELEGRAM_STAFF_BOT", "lop_bot")
    monkeypatch.setenv("GOCUA_TELEGRAM_APPROVAL", "UBND, 2026-11-01")
    told = operator.types("staff", "telegram", "lan").output
    [code] = re.findall(r"https://t.me/lop_bot\?start=([A-Z0-9-]{17})$", told, re.MULTILINE)
    assert telegram_ties(operator.store).tie("5200000001", code)
    assert "Đã bỏ nối" in operator.types("staff", "telegram", "lan", "--end").output
    assert "chưa nối" in operator.types("staff", "telegram", "lan", "--end").output
    operator.types("staff", "add", "soan", "--role", "editor")
    assert "không dẫn lớp" in str(operator.types("staff", "telegram", "soan").exception)


def test_a_token_is_told_once_kept_as_a_digest_and_can_be_revoked(operator: Operator) -> None:
    made = operator.types("staff", "token", "add", "kho-du-lieu", "--scope", "reports:read", "--ward", "26740")
    token = made.output.split()[-1]
    found = operator.store.api_tokens.find(digest(token))
    assert found is not None
    assert (found.scopes, found.wards) == (frozenset({"reports:read"}), frozenset({"26740"}))
    assert token not in operator.types("staff", "token", "list").output
    assert operator.types("staff", "token", "revoke", str(found.id)).exit_code == 0
    assert operator.store.api_tokens.find(digest(token)) is None
    assert operator.types("staff", "token", "add", "la", "--scope", "everything").exit_code == 1


def test_the_audit_log_is_verified_and_an_edited_row_is_named(operator: Operator) -> None:
    operator.types("staff", "add", "lan", "--role", "auditor")
    whole = operator.types("audit", "verify")
    assert "Nguyên vẹn: 2 dòng" in whole.output
    known = whole.output.split()[-1]
    assert operator.types("audit", "verify", "--known", known).exit_code == 0
    with operator.store.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET subject = 'staff:9' WHERE number = 2"))
    broken = operator.types("audit", "verify")
    assert broken.exit_code == 1
    assert "dòng 2" in broken.output
