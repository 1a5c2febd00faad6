"""What is sealed opens in its own place with its own key only; keys are drawn, kept and refused."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.key_prints import OtherKeys, agree_on_keys
from bot.store.sealing import Keyring, KeysError, SealError, new_key, read_keyring
from bot.store.store import Store

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
RING = Keyring({1: KEY})
PLACE = {"table": "link", "record": "7", "field": "address"}

texts = st.text(st.characters(codec="utf-8"), max_size=200)


@given(text=texts)
def test_what_is_sealed_can_be_opened_and_shows_nothing(text: str) -> None:
    sealed = RING.seal(text, **PLACE)
    assert RING.unseal(sealed, **PLACE) == text
    assert sealed.startswith("1.")
    assert len(text) < 8 or text not in sealed
    assert sealed != RING.seal(text, **PLACE)


@pytest.mark.parametrize("changed", [{"table": "inbox"}, {"record": "8"}, {"field": "payload"}])
def test_swapped_rows_fail(changed: dict[str, str]) -> None:
    sealed = RING.seal("số của cô Ba", **PLACE)
    with pytest.raises(SealError):
        RING.unseal(sealed, **(PLACE | changed))


@given(position=st.integers(2, 60), letter=st.sampled_from("AZaz09-_ế."))
def test_a_changed_letter_is_noticed(position: int, letter: str) -> None:
    sealed = RING.seal("số của cô Ba ở nhà", **PLACE)
    broken = sealed[:position] + letter + sealed[position + 1 :]
    if broken == sealed or position >= len(sealed):
        return
    with pytest.raises(SealError):
        RING.unseal(broken, **PLACE)


@given(text=st.text(max_size=80))
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        RING.unseal(text, **PLACE)


def test_another_key_opens_nothing_and_finds_nobody() -> None:
    other = Keyring({1: OTHER})
    with pytest.raises(SealError):
        other.unseal(RING.seal("a", **PLACE), **PLACE)
    assert other.lookup("contact", "zalo_oa", "1") != RING.lookup("contact", "zalo_oa", "1")


def test_a_later_key_seals_and_an_earlier_one_still_opens() -> None:
    both = Keyring({1: KEY, 2: OTHER})
    assert both.unseal(RING.seal("cũ", **PLACE), **PLACE) == "cũ"
    assert both.seal("mới", **PLACE).startswith("2.")
    assert both.fingerprints()[1] == RING.fingerprints()[1]


def test_a_lookup_is_the_same_for_the_same_person_only() -> None:
    lookups = {RING.lookup(*parts) for parts in (("a", "b", "c"), ("a", "bc"), ("ab", "c"), ("a", "b", "d"))}
    assert len(lookups) == 4
    assert RING.lookup("a", "b") == Keyring({1: KEY}).lookup("a", "b")
    assert all(len(each) < 64 for each in lookups)


def test_purposes_have_keys_of_their_own() -> None:
    assert len({RING.subkey("payloads"), RING.subkey("seal"), RING.subkey("lookup"), KEY}) == 4


# ---- the file ----


def test_the_first_start_draws_a_key_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    first, again = (read_keyring(path, production=False) for _ in range(2))
    assert first.fingerprints() == again.fingerprints()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


def test_with_real_people_a_key_is_never_drawn(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="GOCUA_KEYS"):
        read_keyring(tmp_path / "keys.json", production=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o666])
def test_with_real_people_a_key_file_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    read_keyring(path, production=False)
    path.chmod(mode)
    with pytest.raises(KeysError, match="chmod 600"):
        read_keyring(path, production=True)
    path.chmod(0o640)
    assert read_keyring(path, production=True)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "{}",
        '{"1": 5}',
        '{"một": "AAAA"}',
        '{"1": "không phải base64"}',
        json.dumps({"1": base64.b64encode(b"a" * 32).decode()}),
        json.dumps({"1": base64.b64encode(KEY[:31]).decode()}),
        json.dumps({"0": base64.b64encode(KEY).decode()}),
    ],
    ids=["empty", "list", "none", "number", "name", "no base64", "weak", "short", "zero"],
)
def test_a_file_that_holds_no_keys_is_refused_and_never_quoted(tmp_path: Path, stored: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(stored, encoding="utf-8")
    with pytest.raises(KeysError) as refused:
        read_keyring(path, production=False)
    assert "tệp khoá" in str(refused.value)
    assert len(stored) < 10 or stored not in str(refused.value)


# ---- a database and its keys ----


def test_two_processes_with_different_keys_cannot_share_a_database(store: Store) -> None:
    with pytest.raises(OtherKeys, match="hai tệp khoá khác nhau"):
        agree_on_keys(store.engine, Keyring({1: new_key()}))
    agree_on_keys(store.engine, store.keyring)


def test_a_later_key_joins_and_an_earlier_one_must_not_be_missing(store: Store) -> None:
    agree_on_keys(store.engine, Keyring({1: KEY, 2: OTHER}))
    with pytest.raises(OtherKeys):
        agree_on_keys(store.engine, Keyring({1: KEY}))
    with pytest.raises(OtherKeys):
        agree_on_keys(store.engine, Keyring({2: OTHER}))
