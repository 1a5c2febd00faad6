"""Tying an account to somebody on Telegram: whose word counts, once, and until when."""

import pytest

from bot.accounts.telegram import TIES, TelegramTies
from bot.store.schema import staff_code, staff_telegram
from bot.store.staff import Account
from bot.store.store import Store
from tests.fakes import Clock

LAN, MINH = "5200000001", "5200000002"


@pytest.fixture
def ties(store: Store, clock: Clock) -> TelegramTies:
    return TelegramTies(store.staff, store.staff_telegram, now=clock)


def trainer(store: Store, login: str = "lan@phuong.example", role: str = "trainer") -> Account:
    account = store.staff.add(login, role, ("26740",), by="cli")
    assert account is not None
    return account


def test_a_code_ties_once_however_it_is_typed(store: Store, ties: TelegramTies) -> None:
    account = trainer(store)
    code = ties.issue(account, by=account.actor)
    assert ties.tie(LAN, f" {code.lower().replace('-', ' ')} ")
    assert ties.account(LAN) == account
    assert not ties.tie(MINH, code)
    assert ties.account(MINH) is None
    assert [row.entry.action for row in store.audit.latest(2)] == ["telegram_tied", "telegram_code_issued"]


def test_a_code_holds_for_minutes_and_until_the_next_one(store: Store, ties: TelegramTies, clock: Clock) -> None:
    account = trainer(store)
    first, second = (ties.issue(account, by="cli") for _ in range(2))
    assert not ties.tie(LAN, first)
    clock.move(seconds=TIES.total_seconds() + 1)
    assert not ties.tie(LAN, second)


def test_an_invitation_to_the_console_ties_nobody(store: Store, ties: TelegramTies) -> None:
    account = trainer(store)
    store.staff.reset(account, "d" * 64, store.now() + TIES, by="cli")
    assert not store.staff_telegram.tie("d" * 64, LAN)
    code = ties.issue(account, by="cli")
    with store.engine.connect() as connection:
        [digest] = connection.execute(staff_code.select().where(staff_code.c.kind == "telegram")).scalars()
    assert store.staff.redeem(digest) is None
    assert ties.tie(LAN, code)


def test_another_phone_takes_the_place_of_a_dead_one(store: Store, ties: TelegramTies) -> None:
    account = trainer(store)
    for user in (LAN, MINH):
        assert ties.tie(user, ties.issue(account, by="cli"))
    assert (ties.account(LAN), ties.account(MINH)) == (None, account)


def test_somebody_with_two_accounts_leads_as_the_one_tied_last(store: Store, ties: TelegramTies) -> None:
    first, second = trainer(store), trainer(store, "minh@phuong.example")
    for account in (first, second):
        assert ties.tie(LAN, ties.issue(account, by="cli"))
    assert ties.account(LAN) == second
    assert [each.account_id for each in store.staff_telegram.tied()] == [second.id]


@pytest.mark.parametrize("ended", ["disabled", "reset", "untied", "another role"])
def test_who_is_out_is_out_at_once(store: Store, ties: TelegramTies, ended: str) -> None:
    account = trainer(store)
    assert ties.tie(LAN, ties.issue(account, by="cli"))
    match ended:
        case "disabled":
            store.staff.disable(account, by="cli")
        case "reset":
            store.staff.reset(account, "d" * 64, store.now(), by="cli")
        case "untied":
            assert store.staff_telegram.untie(account, by="cli")
        case "another role":
            store.staff.change(account, "editor", (), by="cli")
    assert ties.account(LAN) is None
    if ended == "disabled":
        # opened again, the phone of before is still out
        store.staff.enable(account, by="cli")
        assert ties.account(LAN) is None


def test_a_closed_account_is_tied_to_nobody(store: Store, ties: TelegramTies) -> None:
    account = trainer(store)
    code = ties.issue(account, by="cli")
    store.staff.disable(account, by="cli")
    assert not ties.tie(LAN, code)


def test_who_tries_many_codes_waits(store: Store, ties: TelegramTies, clock: Clock) -> None:
    account = trainer(store)
    code = ties.issue(account, by="cli")
    for _ in range(5):
        assert not ties.tie(LAN, "AAAAA-AAAAA-AAAAA")
    assert not ties.tie(LAN, code)
    assert ties.tie(MINH, code)
    clock.move(minutes=11)
    assert ties.tie(LAN, ties.issue(account, by="cli"))


def test_the_number_telegram_gave_somebody_is_nowhere_in_the_clear(store: Store, ties: TelegramTies) -> None:
    account = trainer(store)
    ties.tie(LAN, ties.issue(account, by="cli"))
    with store.engine.connect() as connection:
        row = connection.execute(staff_telegram.select()).one()
    assert LAN not in str(row)
    assert [each.user for each in store.staff_telegram.tied()] == [LAN]
