"""Secrets that are words: passwords, answers to security questions, e-mail addresses."""

import re
from dataclasses import dataclass
from typing import Final

from bot.shield.kinds import Kind, Span
from bot.shield.lexicon import Hit, word_set
from bot.shield.view import MarkedWords, View

# between "mật khẩu" and "là": whose, of what, which
_OWNERS: Final = word_set(
    """vneid zalo facebook wifi gmail email mail app cua toi con ba ma me bac co chu em e minh ong noi ngoai cu moi
    dang nhap nha ne nek no be cho nhe do roi nay hien tai vo may dien thoai nguoi ban anh chi chau ngan hang vietcombank vcb bidv agribank
    acb mb cong dan so dat la_ minh cai nay ca hai do nhap hoi truoc ay tao duong bo tia vssid dvc dich vu quoc
    gia tai khoan tk fb insta youtube may tinh hom qua bay gio gio thi luc dau sau"""
)
_MOST_OWNERS: Final = 8
_EQUALS: Final = frozenset({"la", ":", "=", ">", "-"})

# what follows "mật khẩu là" without being one
_NO_PASSWORD: Final = MarkedWords(
    """gì sao bao mấy nào cái chữ số phải có không đó để thứ loại một như ngày tên đúng sai thế đâu ai mật gồm từ ký kí
    được chưa cần tuỳ tùy mình người mà tôi tui việc cách đây này bắt khác cùng cả khi lúc rất quan và hay hoặc ta nhập
    xong vậy nữa giống ít nhất passcode otp vneid yếu mạnh mới cũ ko k hk j dk dc mk pass password s 6 8 12 20 do bị quên
    đổi hết hạn đang vẫn đã bấm gõ em nhớ"""
)
_NO_ANSWER: Final = MarkedWords(
    """gì nào bao mấy phải được o ở đúng đại rồi không cần để thế đâu ai như tuỳ tùy giống sai quên chưa cho sao làm ra
    vậy và hay ko k j dc"""
)
# after "tôi ghi": no answer, but how the writing went
_NOT_WRITTEN: Final = MarkedWords(
    """hoài trống câu lại lộn trong vô vào dễ khó trật bậy nhầm nhằm mãi lung tung giấy nhớ chữ có xuống hết thử đủ"""
)
_WRITES: Final = word_set("ghi dien go nhap")
_WRITERS: Final = word_set("toi minh em e con bac ma ba me chau")
_ASKING: Final = word_set("""chua gi h ha hon hong khong nao nhi phai sao ta vay""")
_PARTICLES: Final = word_set(
    """nha nhe nghe a ah do ne nek con em anh chi ad oi roi ma nhung thi giup gium dum duoc chua dung phai khong sao
    hong gio luon day nua di hen nghen ha"""
)
_NOT_MADE_UP: Final = re.compile(
    r"(?:muc|buoc|lan|lop|quan|iphone|ios|p|q|vneid|nam|thang|ngay|cap|bai|covid|galaxy|android|win)\d{1,4}"
    r"|\d{1,2}(?:-|/)\d{1,2}|\d{1,4}(?:k|tr|h|p|g|gb|mb|so|s|x|d|vnd|ky|kytu)\d{0,2}|[\d.,:/-]+"
)
_TRIM: Final = " ,.;:?)]}\"'»”"
_SPECIAL: Final = frozenset("@#$%^&*_!~+=")

_MOST_WORDS: Final = 6
_MADE_UP_WITHIN: Final = 5

# words of a clause that are looked at
_LONGEST_CLAUSE: Final = 60
_STOPS: Final = frozenset(".,!?;\n")

# a syllable as Vietnamese writes them, without marks
SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?(?:uye|uya|uyu|ieu|yeu|oai|oay|oeo|uay|uoi|uou|uoe|ua|ue|"
    r"ui|uo|uu|uy|ia|ie|io|iu|ye|oa|oe|oi|oo|ai|ao|au|ay|eo|eu|[aeiouy])(?:ch|ng|nh|[cmnpt])?"
)

# with the slips of the thumb that still show an address
_DOMAIN_ENDS: Final = word_set("""co com de edu gov info io me net org uk us vn con cm cmo vm""")
_AT_WORDS: Final = (("a", "cong"), ("a", "con"), ("a", "moc"), ("a", "vong"), ("at",))
_OPEN: Final = frozenset("([{")
_CLOSE: Final = ([")"], ["]"], ["}"])
_SAID_GMAIL: Final = (word_set("go gi g ji gio"), word_set("meo mail mai men miu"))
_LOCAL: Final = frozenset("._+-%")
_MOST_PARTS: Final = 12


@dataclass(frozen=True, slots=True)
class Worded:
    """Secrets found, and the kind a message ends by announcing: "mật khẩu là" and nothing more."""

    spans: tuple[Span, ...]
    announced: Kind | None = None


def worded_secrets(view: View, names: list[Hit]) -> Worded:
    emails = _emails(view)
    spans = list(emails)
    announced: Kind | None = None
    for hit in names:
        if hit.meaning == "password!":
            found, waits = _password(view, hit, emails)
            spans.extend(found)
            announced = "password" if waits else announced
        elif hit.meaning == "answer!":
            found, waits = _answer(view, hit)
            spans.extend(found)
            announced = "security_answer" if waits else announced
    return Worded(tuple(spans), announced)


# ---- passwords ----


def _password(view: View, hit: Hit, emails: list[Span]) -> tuple[list[Span], bool]:
    words, norms = view.words, view.norms
    at = hit.last + 1
    equal = False
    skipped = 0
    while at < len(words) and skipped <= _MOST_OWNERS:
        if norms[at] in _EQUALS:
            equal = True
        elif equal or not (norms[at] in _OWNERS or norms[at] == "," or _inside(view, at, emails)):
            break
        elif not _inside(view, at, emails):
            if _looks_made_up(_chunk(view, at)):
                break
            skipped += 1
        at += 1
    if at >= len(words):
        return [], equal
    if not equal and (made_up := _made_up_after(view, at)) is not None:
        at = made_up
    return _password_at(view, at, equal=equal, surely=norms[hit.first] != "mk"), False


def _made_up_after(view: View, at: int) -> int | None:
    """The word where something made up begins, a few words on: "mật khẩu viết liền hoamai9"."""
    for word in range(at, _clause_end(view, at, _MADE_UP_WITHIN)):
        if len(chunk := _chunk(view, word)) >= 6 and _looks_made_up(chunk) and not view.glued(word):
            return word
    return None


def _password_at(view: View, at: int, *, equal: bool, surely: bool) -> list[Span]:
    chunk = _chunk(view, at)
    if _looks_made_up(chunk):
        return [_value(view, at, len(chunk))]
    if not equal:
        return []
    if _is_spelled_out(view, at):
        return [_words_span(view, at, _clause_end(view, at), "password")]
    norm = view.norms[at]
    if _NO_PASSWORD.has(view, at) or norm in _STOPS or not norm.isalnum() or chunk.isdecimal() or len(chunk) < 3:
        return []
    if not SYLLABLE.fullmatch(view.words[at]):
        return [_value(view, at, len(chunk))]
    if not surely:
        return []
    end = at
    stop = _clause_end(view, at)
    while end < stop and end - at < _MOST_WORDS and view.norms[end] not in _PARTICLES:
        end += 1
    asks = any(norm in _ASKING for norm in view.norms[end:stop])
    return [] if asks or end == at else [_words_span(view, at, end, "password")]


def looks_like_password(text: str) -> bool:
    """A message of one piece, digits and letters or signs: what a person sends after "mật khẩu là".

    >>> looks_like_password("Hoamai@1953"), looks_like_password("xong rồi"), looks_like_password("ok")
    (True, False, False)
    """
    piece = text.strip()
    return " " not in piece and len(piece) >= 4 and _looks_made_up(piece.rstrip(".,"))


def _chunk(view: View, at: int) -> str:
    """The typed characters from a word to the next blank."""
    begin = view.begins[at]
    stop = begin
    plain = view.plain
    while stop < len(plain) and not plain[stop].isspace() and stop - begin < 64:
        stop += 1
    start, end = view.raw(begin, stop)
    return view.text[start:end].rstrip(_TRIM)


def _looks_made_up(chunk: str) -> bool:
    """Letters with digits, or with signs inside: nobody writes a word like that."""
    lowered = chunk.lower()
    if len(chunk) < 4 or _NOT_MADE_UP.fullmatch(lowered) or "://" in chunk or not chunk[0].isprintable():
        return False
    letters = any(char.isalpha() for char in chunk)
    digits = any(char.isdecimal() for char in chunk)
    signs = any(char in _SPECIAL for char in chunk[1:])
    return (letters and digits and len(chunk) >= 5) or (signs and (letters or digits))


def _value(view: View, at: int, length: int) -> Span:
    start = view.starts[view.begins[at]]
    return Span(start, start + length, "password")


def _is_spelled_out(view: View, at: int) -> bool:
    """ "chữ hoa T thường u a n một hai": letters one by one."""
    if view.norms[at] not in ("chu", "viet", "in", "hoa"):
        return False
    rest = view.words[at : _clause_end(view, at)]
    return sum(1 for word in rest if len(word) == 1 and word.isalpha()) >= 2


# ---- answers ----


def _answer(view: View, hit: Hit) -> tuple[list[Span], bool]:
    """What follows "trả lời là", "đáp án:" or ":" after a security question is spoken of."""
    norms = view.norms
    end = len(norms)
    told = (
        "tra" in norms[hit.first : hit.last + 1]
        or "dap" in norms[hit.first : hit.last + 1]
        or "tl" in norms[hit.first : hit.last + 1]
    )
    told = told or "tra loi" in " ".join(norms[max(0, hit.first - 4) : hit.first])
    told = told or (hit.first >= 1 and norms[hit.first - 1] in ("trong", "cua", "an"))
    at = hit.last + 1
    begin = None
    while at < end and at - hit.last <= 16:
        norm = norms[at]
        if (norm == "tra" and at + 1 < end and norms[at + 1] == "loi") or (
            norm == "dap" and at + 1 < end and norms[at + 1] == "an"
        ):
            begin, told = at + 2, True
            at += 1
        elif begin is None and (norm == ":" or (told and norm == "la") or _is_own_writing(view, at)):
            begin, told = at + 1, True
        at += 1
    if begin is None or not told:
        return [], False
    while begin < end and norms[begin] in ("la", ":", "=", "-"):
        begin += 1
    if begin >= end:
        return [], True
    if _NO_ANSWER.has(view, begin) or not norms[begin].isalnum():
        return [], False
    stop = _clause_end(view, begin)
    while stop > begin + 1 and norms[stop - 1] in ("a", "nha", "nhe", "do", "ne", "roi"):
        stop -= 1
    if norms[stop - 1] in ("gi", "nao", "khong", "chua", "ha") or norms[begin:stop] == ["sao"]:
        return [], False
    return [_words_span(view, begin, stop, "security_answer")], False


def _is_own_writing(view: View, at: int) -> bool:
    """ "câu hỏi bảo mật hỏi thú nuôi, tôi ghi con Vàng": what the person wrote is the answer."""
    norms = view.norms
    return (
        norms[at] in _WRITES
        and norms[at - 1] in _WRITERS
        and at + 1 < len(norms)
        and not _NOT_WRITTEN.has(view, at + 1)
    )


# ---- e-mail ----


def _emails(view: View) -> list[Span]:
    words = view.words
    spans = []
    for at, word in enumerate(words):
        if word == "@":
            found = _email(view, at, at + 1)
        elif word in _OPEN and (size := _said_at(view, at + 1)) and words[at + 1 + size : at + 2 + size] in _CLOSE:
            # "ten(at)mail.vn"
            found = _email(view, at, at + size + 2)
        elif word in ("a", "at") and (size := _said_at(view, at)):
            found = _email(view, at, at + size)
        else:
            continue
        if found:
            spans.append(found)
    return spans


def _said_at(view: View, at: int) -> int:
    return next((len(each) for each in _AT_WORDS if tuple(view.words[at : at + len(each)]) == each), 0)


def _email(view: View, at: int, after: int) -> Span | None:
    words = view.words
    last = _domain_end(view, after)
    if last is None:
        return None
    said = words[at] in ("a", "at")
    first = at
    while first > 0 and at - first < _MOST_PARTS:
        before = words[first - 1]
        loose = not view.glued(first) and first != at
        if not (before.isalnum() or before in _LOCAL) or (loose and not said and "." not in (before, words[first])):
            break
        if said and before in ("la", "email", "mail", "gmail", "meo", "con", "qua", "vo", "cua"):
            break
        first -= 1
    return None if first == at else _words_span(view, first, last + 1, "email")


def _domain_end(view: View, after: int) -> int | None:
    """The last word of a host name: words and dots ("chấm") in turn, ending in a known end."""
    words = view.words
    at = after
    last = None
    while at < len(words) and at - after < _MOST_PARTS:
        if not words[at].isalnum():
            break
        while at + 1 < len(words) and view.glued(at + 1) and (words[at + 1].isalnum() or words[at + 1] == "-"):
            at += 1
        # "gờ meo chấm com"
        if words[at] in _SAID_GMAIL[0] and words[at + 1 : at + 2] and words[at + 1] in _SAID_GMAIL[1]:
            at += 1
        if at > after and words[at] in _DOMAIN_ENDS:
            last = at
        if at + 1 >= len(words) or words[at + 1] not in (".", "cham"):
            break
        at += 2
    return last


# ---- pieces of text ----


def _inside(view: View, at: int, spans: list[Span]) -> bool:
    start = view.starts[view.begins[at]]
    return any(span.start <= start < span.end for span in spans)


def _clause_end(view: View, at: int, most: int = _LONGEST_CLAUSE) -> int:
    """The word after the last one before a sentence or clause ends, at most so many words on."""
    last = min(len(view.words), at + most)
    while at < last and view.words[at] not in _STOPS:
        if at and "\n" in view.gap(at):
            return at
        at += 1
    return at


def _words_span(view: View, first: int, after: int, kind: Kind) -> Span:
    start, end = view.raw(view.begins[first], view.stops[after - 1])
    return Span(start, end, kind)
