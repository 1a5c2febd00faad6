"""The office on the command line: the first admins, tokens of programs, the audit log."""

import re
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from typer.testing import CliRunner, Result

from bot.accounts.codes import digest
from bot.accounts.signing_in import SigningIn
from bot.bootstrap import open_database, telegram_ties
from bot.campaign.figures import Figures
from bot.campaign.publishing import publish
from bot.campaign.scope import CITY
from bot.cli import app
from bot.cli.options import settings_with
from bot.store.schema import tally
from bot.store.store import Store
from bot.store.tallies import Deed, key_of
from tests.fakes import TASK


class Operator:
    """Somebody at the machine, with one database and settings of their own."""

    def __init__(self, folder: Path) -> None:
        self.db = f"sqlite:///{folder / 'staff.db'}"
        self.environment: dict[str, str] = {}

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--db", self.db], env=self.environment)

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
    assert SigningIn(store.staff, store.passkeys, store.audit, now=store.now).redeem(code)
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


def test_counts_put_right_are_told_at_once(operator: Operator) -> None:
    engine = operator.store.engine
    publish(engine, now=operator.store.now())
    with engine.begin() as connection:
        deed = Deed(0, "2026-01-05", TASK, "completed", "self")
        connection.execute(insert(tally), {**key_of(deed, "")._asdict(), "people": 9})
    publish(engine, now=operator.store.now(), again=True)
    assert Figures(engine).city(CITY).tasks[0].completed == 9
    assert "gocua campaign verify --repair" in operator.types("campaign", "verify").output
    assert "Đã sửa 1 số." in operator.types("campaign", "verify", "--repair").output
    assert operator.types("campaign", "verify").output == "Khớp.\n"
    assert Figures(engine).city(CITY).tasks[0].completed is None


@pytest.fixture
def of_the_city(operator: Operator) -> Operator:
    """With the city's provider of sign-ins among the settings."""
    operator.environment |= {"GOCUA_OIDC_ISSUER": "https://dang-nhap.tphcm.example", "GOCUA_OIDC_CLIENT_ID": "go-cua"}
    return operator


def test_without_the_citys_provider_nobody_is_tied_to_it(operator: Operator) -> None:
    refused = operator.types("staff", "add", "lan", "--role", "editor", "--oidc", "f3a1")
    assert "GOCUA_OIDC_ISSUER" in str(refused.exception)


def test_somebody_of_the_city_sets_up_a_second_factor_and_no_password(of_the_city: Operator) -> None:
    made = of_the_city.types("staff", "add", "lan", "--role", "editor", "--oidc", "f3a1")
    assert "Mã dùng một lần" in made.output
    found = of_the_city.store.staff.by_identity("https://dang-nhap.tphcm.example f3a1")
    assert found is not None
    assert found.login == "lan"
    assert "qua tài khoản" in of_the_city.types("staff", "list").output
    for words in (
        ("add", "hai", "--role", "editor", "--oidc", "f3a1"),
        ("add", "hai", "--role", "editor", "--oidc", "a b"),
    ):
        assert of_the_city.types("staff", *words).exit_code == 1


def test_who_shows_both_factors_to_the_city_needs_no_code(of_the_city: Operator) -> None:
    of_the_city.environment["GOCUA_OIDC_SECOND_FACTOR"] = "mfa"
    made = of_the_city.types("staff", "add", "lan", "--role", "editor", "--oidc", "f3a1")
    assert "/desk/sign-in" in made.output
    assert "Mã dùng một lần" not in made.output


def test_an_account_is_tied_to_the_citys_and_freed_again(of_the_city: Operator) -> None:
    for name in ("lan", "an"):
        of_the_city.types("staff", "add", name, "--role", "auditor")
    assert "Mã dùng một lần" in of_the_city.types("staff", "tie", "lan", "f3a1").output
    assert "đã nối với tài khoản khác" in str(of_the_city.types("staff", "tie", "an", "f3a1").exception)
    assert "Mã dùng một lần" in of_the_city.types("staff", "untie", "lan").output
    assert of_the_city.store.staff.by_identity("https://dang-nhap.tphcm.example f3a1") is None
    assert of_the_city.types("audit", "verify").exit_code == 0
