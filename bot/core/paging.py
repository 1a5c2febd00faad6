"""Long texts told page by page: each so short that it is taken in before the next one comes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from bot.core import limits
from bot.core.replies import Page, Reply, Say, Show

# where a text may be parted, the best place first
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n\s*")
_CLAUSE = re.compile(r"(?<=[,;:])\s+")
_WORD = re.compile(r"\s+")


def paged(replies: Sequence[Reply], most: int) -> tuple[Page, ...]:
    """What is said in pages of at most ``most`` characters, parted behind sentences; offers are left out.

    Short texts share a page, and a few words in between take no room of one. A picture stands on the last page of the
    text before it, beside the answers. Beyond ``limits.PAGES`` nothing is parted any more, and nothing is lost.
    """
    pages: list[Page] = []
    room = 0
    for reply in replies:
        for piece, length in _pieces(reply, most):
            if pages and (length <= room or len(pages) == limits.PAGES):
                pages[-1] = (*pages[-1], piece)
            else:
                pages.append((piece,))
                room = most
            room -= length
    return tuple(pages)


def parted(text: str, most: int) -> list[str]:
    """The text in pieces of at most ``most`` characters; only white space is lost.

    >>> parted("Dạ cô mở máy. Rồi bấm nút xanh.", 20)
    ['Dạ cô mở máy.', 'Rồi bấm nút xanh.']
    """
    return [_joined(group) for group in _grouped(list(_sentences(text, most)), most)]


def _pieces(reply: Reply, most: int) -> Iterator[tuple[Say | Show, int]]:
    """What a reply is parted into, and how much of a page each piece takes."""
    if isinstance(reply, Show):
        yield reply, 0
    elif isinstance(reply, Say):
        parts = list(_parts_of(reply, most))
        is_aside = len(parts) == 1 and len(parts[0].text) <= limits.ASIDE
        yield from ((part, 0 if is_aside else len(part.text)) for part in parts)


def _parts_of(say: Say, most: int) -> Iterator[Say]:
    text = _filled(say.text, say.values)
    speech, discreet = _filled(say.speech, say.values), _filled(say.discreet, say.values)
    if len(text) <= most:
        yield Say(text, step=say.step, speech=speech, discreet=discreet)
        return
    groups = _grouped(list(_sentences(text, most)), most)
    spoken = _in_step(speech, [len(group) for group in groups])
    for number, (group, words) in enumerate(zip(groups, spoken, strict=True)):
        # the heading says once which step it is
        yield Say(_joined(group), step=None if number else say.step, speech=words, discreet=discreet)


def _in_step(speech: str, sizes: Sequence[int]) -> list[str]:
    """An author's spoken words parted as the text is, where they have its sentences; else none."""
    sentences = _split(_SENTENCE, speech)
    if len(sentences) != sum(sizes):
        return [""] * len(sizes)
    ends = list(accumulate(sizes))
    return [_joined(sentences[end - size : end]) for size, end in zip(sizes, ends, strict=True)]


def _sentences(text: str, most: int) -> Iterator[str]:
    """The sentences of a text, those that are too long in clauses, and those in words."""
    for sentence in _split(_SENTENCE, text):
        for clause in [sentence] if len(sentence) <= most else _split(_CLAUSE, sentence):
            yield from [clause] if len(clause) <= most else _chopped(clause, most)


def _chopped(clause: str, most: int) -> Iterator[str]:
    """The words of a clause; one that nobody could take in is cut."""
    for word in _split(_WORD, clause):
        yield from (word[at : at + most] for at in range(0, len(word), most))


def _split(place: re.Pattern[str], text: str) -> list[str]:
    pieces, begin = [], 0
    for found in place.finditer(text):
        # closing signs stay with what they close, and so does the end of a line
        piece = text[begin : found.end()].strip()
        pieces.append(f"{piece}\n" if piece and "\n" in found[0] else piece)
        begin = found.end()
    return [piece for piece in (*pieces, text[begin:].strip()) if piece]


def _joined(pieces: Sequence[str]) -> str:
    return " ".join(pieces).replace("\n ", "\n").rstrip()


def _grouped(pieces: Sequence[str], most: int) -> list[list[str]]:
    """As many neighbours together as fit."""
    groups: list[list[str]] = []
    room = -1
    for piece in pieces:
        if len(piece) + 1 <= room:
            groups[-1].append(piece)
            room -= len(piece) + 1
        else:
            groups.append([piece])
            room = most - len(piece)
    return groups


class _Values(dict[str, str]):
    """Leaves a placeholder standing whose value only the renderer knows."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _filled(text: str, values: Mapping[str, str]) -> str:
    return text.format_map(_Values(values)) if "{" in text else text
