"""Hides small numbers of a table so that no subtraction brings them back (T9). A function of numbers, nothing else.

A table and its totals are a net of streams: from the whole into the rows, through the cells into the columns, and back.
Whoever knows the totals and every shown cell knows a hidden stream exactly unless the hidden streams form a ring
through it, round which one person more or less could have flowed.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# fewer people than this are somebody
LEAST = 5

# a number, or None where it is hidden
Shown = int | None

# places where streams meet and the streams between two of them, by number: tables of the whole city take a while
_Knot = int
_Stream = int


@dataclass(frozen=True, slots=True)
class HiddenTable:
    """A table as it may be shown."""

    cells: tuple[tuple[Shown, ...], ...]
    rows: tuple[Shown, ...]
    columns: tuple[Shown, ...]
    total: Shown


def hide_small(
    cells: Sequence[Sequence[int]], *, show_rows: bool = True, told: HiddenTable | None = None
) -> HiddenTable:
    """A table of people with its totals, numbers under five hidden, and others where subtraction would tell.

    ``show_rows``: whether the rows' totals are told to anybody at all. ``told``: the same people in other columns, as
    they were told already; the rows' totals and that of all are then shown or hidden as they are there.
    """
    net = _Net(cells, show_rows=show_rows)
    if told is not None:
        net.follow(told)
    net.hide()
    return net.table()


class _Net:
    def __init__(self, cells: Sequence[Sequence[int]], *, show_rows: bool) -> None:
        height, width = len(cells), len(cells[0]) if cells else 0
        whole_in, whole_out, first_row = width, width + 1, width + 2
        self._people: list[int] = []
        self._ends: list[tuple[_Knot, _Knot]] = []
        self._columns = [self._add(j, whole_out, sum(row[j] for row in cells)) for j in range(width)]
        self._rows = [self._add(whole_in, first_row + i, sum(row)) for i, row in enumerate(cells)]
        self._total = self._add(whole_out, whole_in, sum(map(sum, cells)))
        self._cells = [[self._add(first_row + i, j, row[j]) for j in range(width)] for i, row in enumerate(cells)]
        self._is_hidden = [people < LEAST for people in self._people]
        for row in () if show_rows else self._rows:
            self._is_hidden[row] = True
        self._known: frozenset[_Stream] = frozenset()
        # what nobody is in cannot give way to a ring
        self._beside: list[list[tuple[_Knot, _Stream]]] = [[] for _ in range(first_row + height)]
        for stream, (start, end) in enumerate(self._ends):
            if self._people[stream]:
                self._beside[start].append((end, stream))
                self._beside[end].append((start, stream))

    def follow(self, told: HiddenTable) -> None:
        """What another table told can be hidden no more, and what it hid stays hidden."""
        totals = [*zip(self._rows, told.rows, strict=True), (self._total, told.total)]
        for stream, shown in totals:
            self._is_hidden[stream] = shown is None
        self._known = frozenset(stream for stream, shown in totals if shown is not None)

    def _add(self, start: _Knot, end: _Knot, people: int) -> _Stream:
        self._people.append(people)
        self._ends.append((start, end))
        return len(self._ends) - 1

    def table(self) -> HiddenTable:
        return HiddenTable(
            tuple(tuple(map(self._shown, row)) for row in self._cells),
            tuple(map(self._shown, self._rows)),
            tuple(map(self._shown, self._columns)),
            self._shown(self._total),
        )

    def _shown(self, stream: _Stream) -> Shown:
        return None if self._is_hidden[stream] else self._people[stream]

    def hide(self) -> None:
        """Until every small number lies on a ring of hidden ones; the whole net hidden is one, so this ends."""
        while told := self._told():
            for stream in told:
                # rings hidden for one make those of the next cheaper
                for other in self._cheapest_ring(stream):
                    self._is_hidden[other] = True

    def _told(self) -> list[_Stream]:
        """Small numbers that subtraction would tell."""
        hidden = [[each for each in beside if self._is_hidden[each[1]]] for beside in self._beside]
        return [stream for stream in sorted(_bridges(hidden)) if self._people[stream] < LEAST]

    def _cheapest_ring(self, stream: _Stream) -> Iterable[_Stream]:
        """The streams to hide so that the fewest people go unseen."""
        start, goal = self._ends[stream]
        best: dict[_Knot, int] = {start: 0}
        came: dict[_Knot, tuple[_Knot, _Stream]] = {}
        waiting = [(0, start)]
        while waiting:
            cost, knot = heapq.heappop(waiting)
            if knot == goal:
                break
            if cost > best[knot]:
                continue
            for other, each in self._beside[knot]:
                dearer = cost if self._is_hidden[each] else cost + self._people[each]
                if dearer < best.get(other, dearer + 1) and each != stream and each not in self._known:
                    best[other] = dearer
                    came[other] = knot, each
                    heapq.heappush(waiting, (dearer, other))
        while goal != start:
            goal, each = came[goal]
            yield each


def _bridges(net: Sequence[Sequence[tuple[_Knot, _Stream]]]) -> set[_Stream]:
    """The streams that lie on no ring (Tarjan), without recursion: a net may be as long as the list of wards."""
    order: dict[_Knot, int] = {}
    low: dict[_Knot, int] = {}
    found: set[_Stream] = set()
    for root in range(len(net)):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        way: list[tuple[_Knot, _Stream | None, Iterator[tuple[_Knot, _Stream]]]] = [(root, None, iter(net[root]))]
        while way:
            knot, came, rest = way[-1]
            other, stream = next(rest, (-1, None))
            if stream is None:
                way.pop()
                if came is not None:
                    before = way[-1][0]
                    low[before] = min(low[before], low[knot])
                    if low[knot] > order[before]:
                        found.add(came)
            elif stream != came:
                if other in order:
                    low[knot] = min(low[knot], order[other])
                else:
                    order[other] = low[other] = len(order)
                    way.append((other, stream, iter(net[other])))
    return found
