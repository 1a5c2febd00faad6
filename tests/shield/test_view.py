"""The view of a text: what is seen, and that every place leads back to the text as given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shield.kinds import LONGEST, MARKS
from bot.shield.report import look
from bot.shield.view import view_of

TEXTS = st.text(max_size=80) | st.text(
    alphabet="0123456789 .,-/:@đĐăâêôơưạảấầẩẫậ\u0301\u0323\u200b\u200d０１２٣٤①②𝟏𝟐abcmãotpsốlàkhôngmộthai\n",
    max_size=120,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Mã OTP", "ma otp"),
        ("Đường", "duong"),
        ("Ma\u0303", "ma"),
        ("１２３", "123"),
        ("٤٨", "48"),
        ("४८", "48"),
        ("①②", "12"),
        ("𝟒𝟖", "48"),
        ("4️⃣8️⃣", "48"),
        ("4\u200b8\u200d2", "482"),
        ("а\u00a0b", "a b"),
        ("–—", "--"),
        ("ОТР", "otp"),
    ],
)
def test_what_is_seen(text: str, plain: str) -> None:
    assert view_of(text).plain == plain


@given(TEXTS)
def test_every_place_leads_back(text: str) -> None:
    view = view_of(text)
    assert len(view.plain) == len(view.starts) == len(view.ends)
    assert view.starts == sorted(view.starts)
    for begin, stop in zip(view.begins, view.stops, strict=True):
        start, end = view.raw(begin, stop)
        assert 0 <= start < end <= len(text)


@given(TEXTS)
def test_spans_are_in_order_apart_and_hidden(text: str) -> None:
    seen = look(text)
    at = 0
    for span in seen.hidden.spans:
        assert at <= span.start < span.end <= len(text)
        at = span.end
    kept = "".join(MARKS[span.kind] for span in seen.hidden.spans)
    assert len(seen.hidden.text) == len(text) - sum(s.end - s.start for s in seen.hidden.spans) + len(kept)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.sampled_from(["", " ", ".", "-", "\u200b", "\u2060"]))
def test_a_bare_code_is_hidden_however_it_is_spaced(code: str, between: str) -> None:
    text = between.join(code)
    assert [(span.start, span.end) for span in look(f"otp {text}").hidden.spans] == [(4, 4 + len(text))]


def test_what_is_too_long_to_read_counts_as_hidden() -> None:
    text = "a " * 1999 + "mã 482913 " + "b" * 100_000
    hidden = look(text).hidden
    assert hidden.cut
    assert hidden.spans[-1].end == len(text)
    assert "482913" not in hidden.text
    assert len(hidden.text) <= LONGEST + 100


def test_a_long_text_is_cut_between_words() -> None:
    text = "a" * (LONGEST - 3) + " 482913"
    assert "482" not in look(text).hidden.text
