"""Small, shallow objects are read; what is sent to make us suffer is refused quickly and in silence."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bodies import BODY, DEPTH, id_of, part_of, read_object, text_of
from bot.channels.channel import RefusedError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def depth_of(found: object) -> int:
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.booleans())
def test_every_shallow_object_is_read_as_it_is(body: dict[str, Any], plain: bool) -> None:
    raw = json.dumps(body, ensure_ascii=plain).encode(errors="surrogatepass")
    if depth_of(body) <= DEPTH:
        assert read_object(raw) == body


@pytest.mark.parametrize("depth", [DEPTH, DEPTH + 1])
def test_depth_is_counted_outside_of_strings(depth: int) -> None:
    raw = b'{"a]}\\"[{":' * (depth - 1) + b"{}" + b"}" * (depth - 1)
    if depth <= DEPTH:
        assert read_object(raw)
    else:
        with pytest.raises(RefusedError):
            read_object(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"[" * BODY, "too_deep"),
        (b'{"a":' * (BODY // 5), "too_deep"),
        (b'"' * BODY, "not_json"),
        (b'"\\' * (BODY // 2), "not_json"),
        (b" " * (BODY + 1), "too_large"),
        (b'{"a":1e999999', "not_json"),
        (b'{"a":' + b"9" * 4301 + b"}", "not_json"),
        (b"\x00", "not_json"),
        (b"null", "not_an_object"),
    ],
)
def test_what_is_sent_to_hurt_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_object(raw)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("given_id", "text"),
    [
        ("7450000000000000001", "7450000000000000001"),
        (2**64 + 1, str(2**64 + 1)),
        (0, "0"),
        (True, ""),
        (1.5, ""),
        (None, ""),
        ({}, ""),
        ("", ""),
        ("a b", ""),
        ("a\nb", ""),
        ("ế", ""),
        ("x" * 129, ""),
    ],
)
def test_ids_are_texts_without_surprises(given_id: object, text: str) -> None:
    assert id_of({"id": given_id}, "id") == text


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("xin cha\u0300o", "xin chào"),
        ("\ud83d\ude4f", "🙏"),
        ("a\ud83d", "a\ufffd"),
        ("\ude4fa", "\ufffda"),
        (7, ""),
        (None, ""),
    ],
)
def test_texts_are_whole_and_in_one_form(given_text: object, text: str) -> None:
    assert text_of({"text": given_text}, "text") == text


@given(st.text(alphabet=st.characters(codec=None)))
def test_every_text_can_be_stored(given_text: str) -> None:
    kept = text_of({"text": given_text}, "text")
    assert kept.encode().decode() == kept


def test_a_part_that_is_none_is_empty() -> None:
    assert (part_of({"a": {"b": 1}}, "a"), part_of({"a": 7}, "a"), part_of({}, "a")) == ({"b": 1}, {}, {})
