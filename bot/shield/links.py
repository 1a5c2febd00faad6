"""Finds what could be opened as a link and says whether its host stands on the official list (T42).

There are two verdicts only. Nothing is ever "safe", nothing is fetched, and a host is never written so that it can be
pressed.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from bot.shield.lexicon import word_set
from bot.shield.view import View, view_of
from bot.shield.worded import SYLLABLE

Verdict = Literal["official", "not_listed"]

# where nobody handed in a list: the one host the reviewed list has (journeys 6, T44)
OFFICIAL: Final[frozenset[str]] = frozenset({"vneid.gov.vn"})

# ends of hosts that people meet, the abused ones first; a word before a dot counts as a link only with one of these
_ENDS: Final = word_set(
    """com net org vn info biz xyz top online site store shop club vip cc tk ml ga cf gq app dev link click live pro asia
    icu io ly gl ru cn us uk tv ws page space website tech fun host press cloud one life world today work win bid loan
    men date review party trade stream download mobi name gov edu eu de jp kr sg th kh ph au ca fr nl hk tw su pw buzz
    monster cyou rest bond sbs cfd lol mom zip mov help support center services finance bank credit cash fund money
    digital network systems zone group company social chat me co im is at be la to in my id ai gd sh so st sx vc ws"""
)

# ends that are Vietnamese words too: "dạ.co ai không" has no link
_WORDY: Final = word_set("me co im la to in my be so at is ai id men date mom sh")

_SCHEME: Final = re.compile(r"(?:h(?:tt|xx)ps?|ftp)\s?:\s?[/\\]{1,4}\s?", re.IGNORECASE)
_HOST_SIGNS: Final = frozenset("-_")
_LONGEST_HOST: Final = 253
_MOST_WORDS: Final = 64
_AFTER_HOST: Final = frozenset("/\\?#")

# words of names that a copy of an official page uses
_IMITATED: Final = (
    "vneid", "gov", "dichvucong", "dvc", "congan", "bocongan", "dancu", "cccd", "cancuoc", "dinhdanh", "bhxh", "vssid",
    "baohiem", "congdanso", "ansinh", "chinhphu", "thue", "tphcm",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """``host``: written with [.] so that nobody can press it. ``start`` and ``end`` count the text as given."""

    host: str
    verdict: Verdict
    start: int
    end: int

    @property
    def imitates(self) -> bool:
        """A host off the list whose name borrows the words of official pages."""
        return self.verdict == "not_listed" and any(word in self.host for word in _IMITATED)


def find_links(text: str, official: Collection[str] = OFFICIAL) -> tuple[Link, ...]:
    """
    >>> find_links("vào https://vneid.gov.vn@nhan-qua.top/a nha")
    (Link(host='nhan-qua[.]top', verdict='not_listed', start=4, end=39),)
    >>> [link.verdict for link in find_links("vneid.gov.vn hay vneid.gov.vn.com")]
    ['official', 'not_listed']
    """
    return links_in(view_of(text), official)


def links_in(view: View, official: Collection[str]) -> tuple[Link, ...]:
    if (
        "." not in view.plain
        and "://" not in view.plain
        and not {"cham", "dot"} & set(view.words)
        and ":" not in view.plain
    ):
        return ()
    found = [*_with_scheme(view, official)]
    taken = [(link.start, link.end) for link in found]
    found += [link for link in _bare(view, official) if not any(a < link.end and link.start < b for a, b in taken)]
    return tuple(sorted(found, key=lambda link: link.start))


def verdict_of(host: str, official: Collection[str]) -> Verdict:
    """Whether a host, as written, is one of the list or belongs to one.

    >>> [verdict_of(each, OFFICIAL) for each in ("VNeID.gov.vn", "a.vneid.gov.vn.", "xvneid.gov.vn", "vnеid.gov.vn")]
    ['official', 'official', 'not_listed', 'not_listed']
    """
    name = decoded(host)
    # letters of other alphabets, full-width or invisible signs: an official name has none, however it would resolve
    if not host.isascii() or not name.isascii() or not all(label for label in name.split(".")):
        return "not_listed"
    listed = any(name == each or name.endswith("." + each) for each in official)
    return "official" if listed else "not_listed"


def decoded(host: str) -> str:
    """A host in lower case, its coded labels (RFC 3492) as the letters they stand for; labels that lie stay coded.

    >>> decoded("xn--vnid-cpa.gov.vn.")
    'vnéid.gov.vn'
    """
    labels = re.split("[.。．｡]", host.lower().rstrip("."))
    return ".".join(_decoded_label(label) for label in labels)


def _decoded_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        plain = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
    # a coded label that stands for plain letters is not a real one
    return label if plain.isascii() else plain


# ---- finding ----


def _with_scheme(view: View, official: Collection[str]) -> list[Link]:
    """Links that say so: everything up to the next blank belongs to them."""
    found = []
    end = 0
    for scheme in _SCHEME.finditer(view.plain):
        if scheme.start() < end:
            continue
        end = _until_blank(view.plain, scheme.end())
        if end == scheme.end():
            continue
        start, stop = view.raw(scheme.start(), end)
        place_start = view.starts[scheme.end()]
        authority = re.split(r"[/?#]", view.text[place_start:stop], maxsplit=1)[0]
        host = _host_of(authority)
        if host:
            found.append(_link(host, official, start, stop))
    return found


def _host_of(authority: str) -> str:
    """The host between user-info and port. A backslash ends it for some programs and not for others: never official."""
    host = authority.rsplit("@", 1)[-1]
    name, colon, port = host.rpartition(":")
    if colon and (port == "" or port.isdecimal()) and "]" not in port:
        host = name
    return host.strip("[]()<>\"'").rstrip(".,;!")


def _bare(view: View, official: Collection[str]) -> list[Link]:
    """Hosts without a scheme: words joined by dots, however the dots are written, the last of them a known end."""
    words = view.words
    found = []
    at = 0
    while at < len(words):
        last = _host_end(view, at) if words[at].isalnum() else None
        if last is None:
            at = _label_end(view, at) + 1 if words[at].isalnum() else at + 1
            continue
        link = None if at and words[at - 1] == "@" else _bare_link(view, at, last, official)
        if link:
            found.append(link)
        at = last + 1
        while link and at < len(words) and view.starts[view.begins[at]] < link.end:
            at += 1
    return found


def _host_end(view: View, first: int) -> int | None:
    """The last word of a row of labels with dots between, or None where there is no dot."""
    words = view.words
    at = _label_end(view, first)
    last = None
    while at - first < _MOST_WORDS:
        dot = _dot_after(view, at)
        if dot is None or dot + 1 >= len(words) or not words[dot + 1].isalnum():
            break
        at = last = _label_end(view, dot + 1)
    return last


def _label_end(view: View, at: int) -> int:
    words = view.words
    while at + 1 < len(words) and view.glued(at + 1) and (words[at + 1].isalnum() or words[at + 1] in _HOST_SIGNS):
        at += 1
    return at


def _dot_after(view: View, at: int) -> int | None:
    """Where a dot ends after this word: ".", " . ", "[.]", "(.)", "chấm"."""
    words = view.words
    following = words[at + 1 : at + 4]
    if following[:1] == ["."] or (following[:1] == ["cham"]):
        return at + 1
    if following in (["[", ".", "]"], ["(", ".", ")"], ["{", ".", "}"]):
        return at + 3
    if following[1:2] in (["dot"], ["cham"]) and following[0] in "[(" and following[2:3] in (["]"], [")"]):
        return at + 3
    return None


def _bare_link(view: View, first: int, last: int, official: Collection[str]) -> Link | None:
    words = view.words
    labels = _labels(view, first, last)
    while labels and labels[-1] not in _ENDS and not labels[-1].startswith("xn--"):
        labels.pop()
    if len(labels) < 2:
        return _address(view, first, last, official)
    last = _word_of_label(view, first, len(labels))
    follows = words[last + 1] if last + 1 < len(words) and view.glued(last + 1) else ""
    spaced = any(not view.glued(word) for word in range(first + 1, last + 1))
    if follows not in _AFTER_HOST and _is_sentence(labels, spaced=spaced):
        return None
    start, host_end = view.raw(view.begins[first], view.stops[last])
    stop = view.stops[last]
    if follows in _AFTER_HOST or follows in (":", "@", "%", "&"):
        stop = _until_blank(view.plain, stop)
    _, end = view.raw(view.begins[first], stop)
    authority = re.split(r"[/?#]", view.text[start:end], maxsplit=1)[0]
    if not spaced and ("@" in authority or "\\" in authority):
        return _link(_host_of(authority), official, start, end)
    typed = view.text[start:host_end]
    plain = spaced or any(sign in typed for sign in "[({")
    return _link(".".join(labels) if plain and typed.isascii() else _dotted(view, first, last), official, start, end)


def _dotted(view: View, first: int, last: int) -> str:
    """A host as typed, only its dots made plain: a host with foreign or invisible signs must keep them."""
    start, end = view.raw(view.begins[first], view.stops[last])
    typed = re.sub(r"\s?\b(?:chấm|cham)\b\s?", ".", view.text[start:end])
    return "".join(char for char in typed if not char.isspace() and char not in "[](){}")


def _labels(view: View, first: int, last: int) -> list[str]:
    """The labels of a spelled host, "." and "chấm" alike between them."""
    joined = "".join(
        "." if word in ("cham", "dot") and at > first else "" if word in "[](){}" else word
        for at, word in enumerate(view.words[first : last + 1], first)
    )
    return joined.split(".")


def _word_of_label(view: View, first: int, count: int) -> int:
    """The last word of the label with this number, counted from one."""
    at = _label_end(view, first)
    for _ in range(count - 1):
        dot = _dot_after(view, at)
        at = _label_end(view, at if dot is None else dot + 1)
    return at


def _is_sentence(labels: list[str], *, spaced: bool) -> bool:
    """Two sentences without a blank between ("xong rồi.co gì nữa"), or a dot set apart: no link."""
    if labels[-1] in _WORDY or spaced:
        common = SYLLABLE.fullmatch(labels[-2]) is not None and len(labels) == 2
        return common or (spaced and labels[-1] in _WORDY)
    return False


def _address(view: View, first: int, last: int, official: Collection[str]) -> Link | None:
    """A host of four numbers, only where a path or port follows: "1.2.3.4/vneid"."""
    words = view.words[first : last + 1]
    numbers = [word for word in words if word != "."]
    follows = view.words[last + 1 : last + 2]
    if len(words) != 7 or len(numbers) != 4 or not all(each.isdecimal() and int(each) < 256 for each in numbers):
        return None
    if follows not in (["/"], [":"]):
        return None
    start, _ = view.raw(view.begins[first], view.stops[first])
    _, stop = view.raw(view.begins[first], _until_blank(view.plain, view.stops[last]))
    return _link(".".join(numbers), official, start, stop)


def _until_blank(plain: str, at: int) -> int:
    while at < len(plain) and not plain[at].isspace():
        at += 1
    while at and plain[at - 1] in ".,;!?)\"'>”»]":
        at -= 1
    return at


def _link(host: str, official: Collection[str], start: int, end: int) -> Link:
    shown = "".join(char for char in decoded(host[:_LONGEST_HOST]) if char.isprintable())
    return Link(shown.replace(".", "[.]"), verdict_of(host, official), start, end)
