"""Passkeys and identities of staff, on both databases: one person's each, and each answer once."""

import pytest

from bot.store.passkeys import MOST
from bot.store.staff import Account
from bot.store.store import Store
from tests.fakes import Clock


def somebody(store: Store, login: str, identity: str | None = None) -> Account:
    account = store.staff.add(login, "auditor", (), by="cli", identity=identity)
    assert account is not None
    return account


def test_a_passkey_is_one_persons_and_an_answer_counts_once(store: Store, clock: Clock) -> None:
    one, other = somebody(store, "mot"), somebody(store, "hai")
    assert store.passkeys.add(one, "a", "key", 0, clock())
    assert not store.passkeys.add(other, "a", "key", 0, clock())
    [kept] = store.passkeys.of(one)
    assert not store.passkeys.use(kept, 0, clock())
    clock.move(seconds=0.001)
    assert store.passkeys.use(kept, 7, clock())
    assert not store.passkeys.use(kept, 8, clock())
    assert [each.counter for each in store.passkeys.of(one)] == [7]
    assert not store.passkeys.remove(other, kept.id)
    assert store.passkeys.remove(one, kept.id)
    added = [store.passkeys.add(one, f"k{number}", "key", 0, clock()) for number in range(MOST + 1)]
    assert added == [True] * MOST + [False]


@pytest.mark.parametrize("identity", ["https://a.example an", None])
def test_an_identity_is_one_persons_and_none_is_nobodys(store: Store, identity: str | None) -> None:
    one = somebody(store, "mot", identity)
    assert (store.staff.add("hai", "auditor", (), by="cli", identity=identity) is None) == bool(identity)
    found = store.staff.by_identity(identity or "")
    assert (found.id if found else None) == (one.id if identity else None)
    three = somebody(store, "ba")
    assert store.staff.tie(three, "https://a.example an", by="cli") == (identity is None)
    store.staff.untie(one, by="cli")
    assert store.staff.tie(three, "https://a.example ba", by="cli")
    assert [row.entry.action for row in store.audit.latest(1)] == ["staff_tied"]
