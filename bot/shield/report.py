"""What the shield saw, as lines of JSON: for ``gocua shield``, and the one look a channel needs."""

import json
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.shield.hiding import MENU, Hidden, hidden
from bot.shield.kinds import HOTLINES, PIECES, Span
from bot.shield.links import OFFICIAL, Link, links_in
from bot.shield.recent import NOTHING_RECENT, Recent
from bot.shield.scams import Scam, scam_in
from bot.shield.view import view_of


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the shield says of one message."""

    hidden: Hidden
    scam: Scam | None
    links: tuple[Link, ...]


def look(
    text: str,
    recent: Recent = NOTHING_RECENT,
    *,
    at: float = 0.0,
    official: Collection[str] = OFFICIAL,
    hotlines: Collection[str] = HOTLINES,
    class_code: bool = False,
    choices: int = MENU,
) -> Seen:
    """One look at a message: its secrets hidden, a scam told of, its links judged.

    >>> seen = look("họ gửi link vneid-gov.com kêu đọc mã 482913")
    >>> seen.hidden.text, seen.scam, seen.links[0].verdict
    ('họ gửi link vneid-gov.com kêu đọc mã «mã OTP»', 'report', 'not_listed')
    """
    view = view_of(text)
    links = links_in(view, official)
    scam = scam_in(view)
    if scam is None and any(link.imitates for link in links):
        scam = "report"
    found = hidden(view, recent, at=at, hotlines=hotlines, class_code=class_code, choices=choices)
    return Seen(found, scam, links)


def shield_lines(
    lines: Iterable[str],
    *,
    conversation: bool,
    official: Collection[str] = OFFICIAL,
    hotlines: Collection[str] = HOTLINES,
) -> Iterator[str]:
    """One JSON object for each line, offsets in its characters without the line's end.

    In a ``conversation`` the lines are messages of one person, one after another; a blank line ends it and has no
    object. A line is held back while a later one could still show that it holds part of a secret.
    """
    recent = NOTHING_RECENT
    held: deque[_Line] = deque()
    for line in lines:
        text = line.rstrip("\r\n")
        if conversation and not text.strip():
            yield from (each.to_json() for each in held)
            held.clear()
            recent = NOTHING_RECENT
            continue
        seen = look(text, recent, official=official, hotlines=hotlines)
        if conversation:
            recent = seen.hidden.recent
            for part in seen.hidden.earlier:
                held[-part.back].add(part.span)
        held.append(_Line(seen, list(seen.hidden.spans)))
        while held and (not conversation or len(held) >= PIECES):
            yield held.popleft().to_json()
    yield from (each.to_json() for each in held)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may still learn of a span."""

    seen: Seen
    spans: list[Span]

    def add(self, span: Span) -> None:
        self.spans[:] = sorted(
            [each for each in self.spans if each.end <= span.start or span.end <= each.start] + [span]
        )

    def to_json(self) -> str:
        spans = [{"start": span.start, "end": span.end, "type": span.kind} for span in self.spans]
        links = [
            {"host": link.host, "verdict": link.verdict, "start": link.start, "end": link.end}
            for link in self.seen.links
        ]
        return json.dumps({"spans": spans, "scam": self.seen.scam, "links": links}, ensure_ascii=False)
