"""Hears when a person tells of a scam: somebody asks, calls or sends ("report"), or it has happened ("done").

Fixed patterns over the parts of a story, so that they work with every model down and come before every task (T39).
Ordinary questions about codes, fees and officers hold many of the same words: a pattern wants a stranger, a way he
came and something he wants near to one another, or one part that has no innocent use.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Final, Literal, NamedTuple

from bot.shield.scam_words import NOTHING, STORY
from bot.shield.view import View, bare, tone_last, view_of, written_out

Scam = Literal["report", "done"]

# "a|b 4 c": a or b, and at most four words on, c. "a & b": both, in any order, within _NEAR words. "-a": and nowhere a.
DONE: Final = (
    "losses",
    "slips 2 tells_codes 5 secrets|photos|them",
    "slips 3 press|installs 4 link|links|trojans|them|gifts|qr",
    "slips 2 installs",
    "slips 1 them",
    "reads 3 secrets 5 then_ -types -app -family",
    "slips 2 remits|shoots|qr",
    "slips 3 sends 5 photos|them",
    "slips 3 deeds 6 them|zalo",
    "lost 3 then_",
    "already 3 lost",
    "installs|link|calls|orders|press|trojans 10 lost",
    "already 2 sends 3 strong_codes",
    "orders 8 reads|moves|installs 1 then_",
    "them 2 then_ -returns -types -it",
    "slips 1 press 2 link",
    "tells_codes 1 slip_marked",
    "slips 4 types 8 odd_pages",
    "tells_codes 3 strong_codes|codes 4 then_ -app -family -types",
    "already 3 tells_codes 3 codes -app -family -types",
    "deeds 5 them 4 then_ -returns",
    "already 4 deeds 4 them",
    "deeds 1 them & already",
    "deeds 3 link|trojans|qr 6 then_ -own_qr -orders",
    "qr 3 then_ -own_qr",
    "already 3 installs|press 3 trojans|link",
    "trojans 3 then_",
    "remits 6 then_ -gifts -merged",
    "already 2 remits",
    "moves 3 sum 5 then_ -gifts -official",
    "sum 3 them 4 then_",
    "fee 4 then_ & it|stranger|them",
    "installs 6 then_ 8 lost",
    "trojans 8 already",
    "press 3 gifts 6 then_",
    "press|types 8 odd_pages -orders -doubts",
    "orders 4 installs 4 then_ & stranger|official",
    "sends 4 photos 4 them|zalo -orders -doubts -may",
    "shoots 6 them & already|then_",
    "qr 10 press|types & then_",
    "gone 2 big_sum",
    "remits|fee 4 then_ 2 it",
    "moves 2 them 4 then_|sum -orders -doubts -returns -offers",
    "calls|claims|them 6 installs 4 then_",
    "already 3 press 4 link",
    "qr|gifts 6 lost",
    "someone 6 threats 6 moves|remits 6 then_",
    "terrors|threats 6 moves|remits 6 then_",
    "installs 6 them 2 then_",
    "someone|official|calls|it 12 all_told 3 then_",
    "all_told 3 them",
    "obeys 3 official|bank|insurer|someone|stranger|it",
    "types 4 strong_codes 4 that_page",
    "press|installs 3 file 3 then_",
    "installs 4 stranger|it 2 sends 3 then_",
    "moves|pays 8 then_ 8 more",
    "family|them 6 deeds 4 stranger 6 then_ -orders",
)

REPORT: Final[Mapping[str, tuple[str, ...]]] = {
    "asks outright": ("lies -bot", "claims -bot", "odd_pages"),
    "fake police, bank, officer on the phone": (
        "official|bank|insurer|school|someone 4 calls 8 tells|inquires|demands",
        "official|insurer|someone 2 calls",
        "calls 1 tells 6 official",
        "official 4 inquires",
        "someone 6 calls 4 inquires",
        "someone 5 official 4 orders",
        "official 6 calls 6 doubts",
        "official 4 writes 4 zalo|orders|link",
        "official & authentic",
        "calls 0 tells 6 secrets|pays|faults|link|level_3|installs|pressures",
        "calls & level_3",
        "ranks & it|someone|calls|zalo|orders",
        "hush & someone|official|calls|ranks",
    ),
    "asks for codes": (
        "orders 4 reads_code -app",
        "orders 4 reads 4 codes -app",
        "orders|someone 5 reads_code",
        "codes 4 someone 2 demands",
        "reads_code 3 stranger|someone",
        "begs -where",
        "orders 4 tells_codes 4 secrets 4 them",
        "they_demand 4 secrets",
        "someone|official|bank|insurer|calls 4 demands 4 secrets -app",
        "someone|bank|insurer 4 inquires",
        "tells_codes 2 codes 2 them",
        "someone|calls 6 reads 3 secrets",
        "it 2 orders 3 reads 3 secrets",
    ),
    "harvests faces and papers": (
        "shoots|sends 4 photos 6 zalo",
        "shoots 8 them",
        "shoots|sends 4 photos 4 them",
        "someone|stranger 4 orders 4 shoots -app",
        "someone|visits 6 orders 6 photos",
        "orders 3 shoots 6 zalo|them|calls",
        "calls 6 shoots",
        "orders 2 sends|shoots 3 photos -app",
        "they_demand 3 photos|shoots",
        "zalo 6 shoots 4 photos",
        "shoots 6 gifts",
        "gifts 6 orders 4 photos",
        "gifts 8 shoots -app",
        "someone|stranger 6 borrows 2 photos|secrets",
        "collects & visits|someone|stranger",
    ),
    "links and pages": (
        "link & someone|orders|writes|gifts|school",
        "link & it -own_qr",
        "link & doubts",
        "tells 12 link",
        "links 8 authentic",
        "links & lies",
        "writes 4 authentic",
        "orders 2 press 3 links",
        "someone|it 2 sends 3 zalo|link",
    ),
    "messages": (
        "writes 8 fee|prizes|level_3|pressures|borrows|merged|loans|photos -app",
        "zalo 3 borrows",
        "writes 6 gifts 8 orders|press|qr -app",
        "writes 4 orders 6 faults|secrets",
    ),
    "remote control": (
        "trojans",
        "someone|calls|claims 6 orders 4 installs -family",
        "it 1 orders 2 installs",
        "orders 2 installs 6 links|zalo",
        "doubts 2 installs 4 stranger",
        "stranger|someone 1 sends 2 app",
        "stranger|someone|it|zalo 3 sends 3 file|installs",
    ),
    "gifts": (
        "prizes",
        "gifts 8 link|qr|fee",
        "link|qr|visits 8 gifts",
        "fee 4 gifts",
        "writes 6 press 4 gifts",
        "someone|zalo|writes|calls 6 gifts 6 orders",
        "orders 4 installs 3 gifts",
        "gifts 4 press 4 secrets -app",
        "it 2 tells 4 gifts 8 press",
        "installs 4 gifts & doubts",
    ),
    "fees": (
        "orders|it 6 fee",
        "someone 12 fee",
        "orders 2 pays 3 sum",
        "raises 10 fee|pays",
        "fee 8 authentic",
        "orders 3 remits",
        "it|someone 1 orders 8 withdraw",
        "someone 6 orders 6 remits|withdraw",
        "calls 8 fee",
        "they_demand 4 pays|sum",
        "someone 4 demands 4 pays",
        "demands 3 sum 3 pays",
    ),
    "residence after the merger": (
        "merged 8 fee|link",
        "fee|link 8 merged",
        "someone|calls|it 8 merged 8 orders|pays",
        "someone|calls 6 orders 6 merged",
        "merged 6 someone 4 orders|calls",
        "merged 6 pays 3 sum",
        "someone 3 tells 6 merged 10 sum",
        "pays 4 merged 8 authentic",
    ),
    "data error, last day": (
        "someone|calls|claims 8 faults 8 pressures|orders",
        "someone 3 calls 4 faults",
        "someone|calls 6 orders 8 faults|pressures",
        "orders 4 faults 8 pressures",
        "tells 4 pressures 8 faults",
        "orders 2 pressures 4 pressures",
        "it 1 calls 8 faults -app",
        "it 1 tells 10 faults 8 cuts -app",
        "someone 2 tells 6 cuts",
    ),
    "level 3, blurred fingerprints": (
        "tells 8 level_3",
        "level_3 & it|orders|someone|calls|fee|online|secrets|writes|lies|prints|authentic",
        "prints 4 blurred & someone|calls|orders|zalo",
        "orders 3 prints 4 online",
        "someone 12 prints 8 online",
        "it 1 tells 4 prints 10 online -app",
    ),
    "threats": (
        "terrors",
        "someone|calls|claims|it|official 6 threats",
        "threats 6 remits|fee|link|qr",
    ),
    "borrowed faces and voices": (
        "fakes",
        "calls|writes|zalo 6 borrows",
        "family|school 4 calls|writes|zalo 6 borrows",
        "family 6 calls 8 remits",
    ),
    "loans and quick money": (
        "lures",
        "loans 8 fee|secrets|threats",
        "someone|calls|writes|zalo 5 loans",
        "loans 4 zalo|orders",
        "they_demand|someone 4 loans",
        "someone 4 fronts",
    ),
    "parents and children": (
        "school 6 calls|writes|link|zalo 8 fee|link|photos|secrets|borrows",
        "school 4 demands 4 pays|secrets",
        "calls 8 family 6 secrets|fee",
        "someone 6 orders 6 secrets|photos & family",
        "orders 4 family 8 link|zalo|fee",
        "someone|stranger|writes|calls|zalo 8 exams & orders|link|installs|photos|fee",
        "link|links 4 orders 8 exams",
    ),
    "QR cards": (
        "paper 10 qr",
        "qr 6 paper",
        "someone|orders|zalo|it 5 qr -own_qr",
        "qr 4 someone|stranger|gifts",
        "qr 6 fee",
    ),
    "paid helpers": (
        "offers 10 sum",
        "offers 8 authentic",
        "helps 8 fee",
        "helps|tasks 6 takes 3 sum",
        "offers 10 takes|fee",
        "visits 8 takes 4 sum",
        "visits 8 fee",
        "takes 6 merged",
        "helps|tasks 4 adverts 6 doubts|sum|authentic",
        "adverts 6 helps",
        "someone 6 helps 6 sum|takes|authentic|secrets|fee",
        "someone 2 tells 4 helps",
        "offers 4 tasks & adverts|sum",
        "someone|it 4 helps 6 pays|sum",
        "helps 6 orders 3 secrets|pays",
        "visits 8 helps|tasks 8 pays",
        "helps 8 they_demand",
        "gives 4 sum 6 helps",
        "tasks 8 pays 3 sum & someone|offers|visits|official",
        "someone|it|stranger 12 shortcuts",
        "shortcuts 8 sum|pays|takes|photos|secrets",
    ),
    "told in few words": (
        "it|stranger 1 tells 2 card_codes",
        "stranger 1 orders 3 press|calls|moves|deeds",
        "they_demand 4 calls",
        "links 3 it 2 sends",
        "moves 3 sum & raises",
        "links 4 orders 3 types|press & bank",
        "someone 6 shoots",
        "demands 4 photos 6 zalo",
        "zalo 12 demands 3 strong_codes",
        "stranger 2 tells 3 strong_codes -app -types",
        "links 4 authentic",
        "zalo 4 link",
        "writes 8 gifts 6 secrets",
        "alarms & calls|official|link|writes",
        "alarms 8 tasks",
        "off_store & installs",
        "orders 3 press 6 rights",
        "someone 12 reads_code -types",
        "someone 8 shoots|sends 4 photos",
        "someone 12 sum & moves|pays|raises|gifts",
        "someone 8 installs 8 links",
        "someone 10 photos & orders -app",
        "it|stranger 2 tells 3 reads 4 secrets -app",
        "gifts 6 secrets -app",
        "someone 6 tells 6 tasks & adverts|calls|sum|secrets",
        "raises 8 moves",
        "someone|it 4 tells 6 raises",
        "raises 8 types|press 4 secrets",
        "orders 2 shoots|sends 4 photos -app",
        "orders 6 remits|borrows|zalo|sum|link -app",
        "tells 6 remits|fee|reads_code",
        "gives|sends|press 6 link|fee",
        "demands 6 pays",
        "calls 6 faults|photos|moves|reads|demands",
        "zalo 6 tells",
        "pays 6 sum",
    ),
    "insurance": (
        "insurer 4 calls",
        "someone 4 insurer 6 orders|tells",
        "insurer 3 orders 6 fee|photos",
        "insurer 4 inquires|demands 4 secrets|fee",
        "orders 3 insurer 6 fee|link",
        "insurer 8 fee",
    ),
}  # fmt: skip

# words of one story: longer messages are heard in overlapping stretches, so that far-off words do not meet
_STRETCH: Final = 40

# words that are listened to; half a page of dictation has about 300
_MOST_WORDS: Final = 400

# words between two parts that may stand in any order
_NEAR: Final = 10

_MYSELF: Final = frozenset({"toi", "minh", "em", "con", "chau", "tao", "bac", "co", "chu", "hay", "muon", "de", "cu"})
_KIN: Final = frozenset({"em", "con", "chau", "ban", "ba", "ma", "anh", "chi", "chong", "vo"})
_DENIED: Final = frozenset({"so", "tranh", "khoi", "sap", "chua", "ngua", "dung", "cu", "khong", "keo"})
_ENDS: Final = frozenset(".!?;,")

# "ngân" is no "ngàn" and "hỗ" no "họ" where the next word says so: of phrases beginning so only the longest counts
_LONGEST_ONLY: Final = frozenset({"ngan", "ho"})
_GAP: Final = "_"

# before a word of the lists: without its mark it is too often another word
_MARKED: Final = "="


class Word(NamedTuple):
    """``plain``: without marks, shorthand written out. ``typed``: as typed, its tone moved to the end."""

    plain: str
    typed: str


class Part(NamedTuple):
    """Words ``first`` to ``last`` play a part."""

    first: int
    last: int


class _Step(NamedTuple):
    """One of these parts, at most ``within`` words after the part before."""

    parts: tuple[str, ...]
    within: int


class _Pattern(NamedTuple):
    """Steps one after another, other parts near by in any order, parts that must be missing."""

    steps: tuple[_Step, ...]
    beside: tuple[tuple[str, ...], ...]
    needed: tuple[frozenset[str], ...]
    without: frozenset[str]


class _Phrase(NamedTuple):
    """``tail``: its words after the first, without marks; ``words``: all of them as listed."""

    tail: tuple[str, ...]
    words: tuple[Word, ...]
    parts: tuple[str, ...]


class _Phrases:
    """Phrases of several words by their first one; every phrase is found, also inside another."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        parts: dict[tuple[Word, ...], list[str]] = {}
        for part, text in phrases:
            words = tuple(_listed(word) for word in text.split())
            parts.setdefault(words, []).append(part)
        self._by_head: dict[str, list[_Phrase]] = {}
        for words, named in sorted(parts.items(), key=lambda item: -len(item[0])):
            phrase = _Phrase(tuple(word.plain for word in words[1:]), words, tuple(named))
            self._by_head.setdefault(words[0].plain, []).append(phrase)

    def heads(self, plain: list[str]) -> list[int]:
        """The places where a phrase may begin."""
        by_head = self._by_head
        return [at for at, word in enumerate(plain) if word in by_head]

    def at(self, words: list[Word], plain: list[str], at: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The lengths and parts of the phrases that begin with this word, the longest first."""
        for tail, listed, parts in self._by_head[plain[at]]:
            after = at + 1 + len(tail)
            if (not tail or tuple(plain[at + 1 : after]) == tail) and all(map(_is_word, listed, words[at:after])):
                yield after - at, parts


def find_scam(text: str) -> Scam | None:
    """
    >>> find_scam("có người xưng công an gọi kêu đọc mã OTP"), find_scam("lỡ đọc mã cho nó rồi")
    ('report', 'done')
    >>> find_scam("nhập mã OTP ở đâu")
    """
    return scam_in(view_of(text))


def scam_in(view: View) -> Scam | None:
    words = without_nothings(words_of(view)[:_MOST_WORDS])
    found: Scam | None = None
    for start in range(0, max(1, len(words) - _STRETCH // 2), _STRETCH // 2):
        story = parts_of(words[start : start + _STRETCH])
        if _tells(story, _DONE):
            return "done"
        if found is None and _tells(story, _REPORT):
            found = "report"
    return found


def _tells(story: dict[str, list[Part]], patterns: Mapping[str, tuple[_Pattern, ...]]) -> bool:
    told = story.keys()
    for part in story:
        for pattern in patterns.get(part, ()):
            if may_fit(pattern, told) and fits(pattern, story):
                return True
    return False


def words_of(view: View) -> list[Word]:
    return [
        Word(norm, tone_last(view.as_typed(at, at)) if norm == view.words[at] else norm)
        for at, norm in enumerate(view.norms)
        if norm.isalnum() or norm in _ENDS or norm == "%"
    ]


def parts_of(words: list[Word]) -> dict[str, list[Part]]:
    story: dict[str, list[Part]] = {}
    plain = [word.plain for word in words]
    for at in _PHRASES.heads(plain):
        for size, parts in _PHRASES.at(words, plain, at):
            for part in parts:
                if part in _DENIABLE and _DENIABLE[part](plain, at, size):
                    continue
                story.setdefault(part, []).append(Part(at, at + size - 1))
            if plain[at] in _LONGEST_ONLY:
                break
    return story


def _is_own_call(words: list[str], at: int, size: int) -> bool:
    """ "tôi gọi": the person calls, nobody calls the person. "em tôi gọi" is a brother's call."""
    before = words[at - 1] if at else ""
    return before in _MYSELF and not (at > 1 and before == "toi" and words[at - 2] in _KIN)


def _is_only_feared(words: list[str], at: int, size: int) -> bool:
    """ "sợ mất tiền", "có bị mất tiền không": asked, not told."""
    after = words[at + size : at + size + 8]
    if "." in after:
        after = after[: after.index(".")]
    asked = "khong" in after[-2:] or after[:2] == ["duoc", "khong"]
    return asked or after[:1] == ["thi"] or not _DENIED.isdisjoint(words[max(0, at - 3) : at])


def without_nothings(words: list[Word]) -> list[Word]:
    kept = list(words)
    plain = [word.plain for word in words]
    free = 0
    for at in _NOTHINGS.heads(plain):
        if at < free:
            continue
        for size, _ in _NOTHINGS.at(words, plain, at):
            kept[at : at + size] = [Word(_GAP, _GAP)] * size
            free = at + size
            break
    return kept


def _listed(word: str) -> Word:
    marked = word.removeprefix(_MARKED)
    plain = bare(marked)
    return Word(plain if plain in ("k", "tn", "nt") else written_out(plain), tone_last(marked) + word[: -len(marked)])


def _is_word(listed: Word, word: Word) -> bool:
    if listed.plain != word.plain:
        return False
    # what is typed without marks may be any word that looks so
    return word.typed == word.plain if listed.typed == listed.plain else _is_marked(listed.typed, word)


def _is_marked(listed: str, word: Word) -> bool:
    if listed.endswith(_MARKED):
        return listed == word.typed + _MARKED
    return word.typed in (word.plain, listed)


def may_fit(pattern: _Pattern, told: Set[str]) -> bool:
    """Every step has a part in the story, and no part that must be missing: most patterns end here."""
    for needed in pattern.needed:
        if needed.isdisjoint(told):
            return False
    return pattern.without.isdisjoint(told)


def fits(pattern: _Pattern, story: dict[str, list[Part]]) -> bool:
    reached = [each for part in pattern.steps[0].parts for each in story.get(part, ())]
    for step in pattern.steps[1:]:
        if not reached:
            return False
        candidates = [each for part in step.parts for each in story.get(part, ())]
        reached = [
            each for each in candidates if any(0 < each.first - before.last <= step.within + 1 for before in reached)
        ]
    return bool(reached) and all(_is_beside(reached, parts, story) for parts in pattern.beside)


def _is_beside(reached: list[Part], parts: tuple[str, ...], story: dict[str, list[Part]]) -> bool:
    near = [each for part in parts for each in story.get(part, ())]
    return any(
        each.last < one.first <= each.last + _NEAR or one.last < each.first <= one.last + _NEAR
        for each in near
        for one in reached
    )


def pattern_of(text: str) -> _Pattern:
    """Reads one line of the tables above.

    >>> read = pattern_of("a|b 4 c & d -e")
    >>> read.steps, read.beside, sorted(read.without)
    ((_Step(parts=('a', 'b'), within=0), _Step(parts=('c',), within=4)), (('d',),), ['e'])
    """
    without = frozenset(word[1:] for word in text.split() if word.startswith("-"))
    ordered, *others = (" ".join(word for word in part.split() if not word.startswith("-")) for part in text.split("&"))
    steps: list[_Step] = []
    within = 0
    for word in ordered.split():
        if word.isdecimal():
            within = int(word)
        else:
            steps.append(_Step(tuple(word.split("|")), within))
    beside = tuple(tuple(other.split("|")) for other in others)
    needed = tuple(frozenset(parts) for parts in (*(step.parts for step in steps), *beside))
    return _Pattern(tuple(steps), beside, needed, without)


def _by_first_part(texts: Iterable[str]) -> dict[str, tuple[_Pattern, ...]]:
    found: dict[str, list[_Pattern]] = {}
    for text in texts:
        pattern = pattern_of(text)
        for part in pattern.steps[0].parts:
            found.setdefault(part, []).append(pattern)
    return {part: tuple(patterns) for part, patterns in found.items()}


_PHRASES: Final = _Phrases((part, phrase.strip()) for part, texts in STORY.items() for phrase in texts.split(","))
_NOTHINGS: Final = _Phrases(("", phrase.strip()) for phrase in NOTHING.split(","))
_DENIABLE: Final[Mapping[str, Callable[[list[str], int, int], bool]]] = {
    "calls": _is_own_call,
    "losses": _is_only_feared,
    "lost": _is_only_feared,
}
_DONE: Final = _by_first_part(DONE)
_REPORT: Final = _by_first_part(text for texts in REPORT.values() for text in texts)
