"""Hides small numbers of a table so that no subtraction brings them back (T9). A function of numbers, nothing else.

A table and its totals are a net of streams: from the whole into the rows, through the cells into the columns, and back.
Whoever knows the totals and every shown cell knows a hidden stream exactly unless the hidden streams form a ring
through it, round which one person more or less could have flowed.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# fewer people than this are somebody
LEAST = 5

# a number, or None where it is hidden
Shown = int | None

# a stream of people between two knots of the net: ("row", 3) into ("column", 1)
_Knot = tuple[str, int]
_Edge = tuple[_Knot, _Knot]

_IN: _Knot = ("in", 0)
_OUT: _Knot = ("out", 0)


@dataclass(frozen=True, slots=True)
class HiddenTable:
    """A table as it may be shown."""

    cells: tuple[tuple[Shown, ...], ...]
    rows: tuple[Shown, ...]
    columns: tuple[Shown, ...]
    total: Shown


def hide_small(cells: Sequence[Sequence[int]], *, show_rows: bool = True) -> HiddenTable:
    """A table of people with its totals, numbers under five hidden, and others where subtraction would tell.

    ``show_rows``: whether the rows' totals are told to anybody at all.
    """
    net = _Net(cells, show_rows=show_rows)
    net.hide()
    height, width = len(cells), len(cells[0]) if cells else 0
    return HiddenTable(
        tuple(tuple(net.shown((("row", i), ("column", j))) for j in range(width)) for i in range(height)),
        tuple(net.shown((_IN, ("row", i))) for i in range(height)),
        tuple(net.shown((("column", j), _OUT)) for j in range(width)),
        net.shown((_OUT, _IN)),
    )


class _Net:
    def __init__(self, cells: Sequence[Sequence[int]], *, show_rows: bool) -> None:
        self._people: dict[_Edge, int] = {}
        for i, row in enumerate(cells):
            self._people[_IN, ("row", i)] = sum(row)
            for j, people in enumerate(row):
                self._people[("row", i), ("column", j)] = people
        for j, column in enumerate(zip(*cells, strict=True)):
            self._people[("column", j), _OUT] = sum(column)
        self._people[_OUT, _IN] = sum(sum(row) for row in cells)
        self._hidden = {edge for edge, people in self._people.items() if people < LEAST}
        if not show_rows:
            self._hidden |= {edge for edge in self._people if edge[0] == _IN}
        # what nobody is in cannot give way to a ring
        self._beside: dict[_Knot, list[_Edge]] = {}
        for edge, people in self._people.items():
            for knot in edge if people else ():
                self._beside.setdefault(knot, []).append(edge)

    def shown(self, edge: _Edge) -> Shown:
        return None if edge in self._hidden else self._people[edge]

    def hide(self) -> None:
        """Until every small number lies on a ring of hidden ones; the whole net hidden is one, so this ends."""
        while told := self._told():
            for edge in told:
                # rings hidden for one make those of the next cheaper
                self._hidden.update(self._cheapest_ring(edge))

    def _told(self) -> list[_Edge]:
        """Small numbers that subtraction would tell."""
        bridges = _bridges(
            {knot: [edge for edge in edges if edge in self._hidden] for knot, edges in self._beside.items()}
        )
        return [edge for edge in sorted(bridges) if self._people[edge] < LEAST]

    def _cheapest_ring(self, edge: _Edge) -> Iterable[_Edge]:
        """The streams to hide so that the fewest people go unseen."""
        start, goal = edge
        best: dict[_Knot, int] = {start: 0}
        way: Mapping[_Knot, _Edge] = (came := {})
        waiting = [(0, start)]
        while waiting:
            cost, knot = heapq.heappop(waiting)
            if knot == goal:
                break
            if cost > best[knot]:
                continue
            for each in self._beside[knot]:
                other = each[1] if each[0] == knot else each[0]
                dearer = cost + (0 if each in self._hidden else self._people[each])
                if each != edge and dearer < best.get(other, dearer + 1):
                    best[other] = dearer
                    came[other] = each
                    heapq.heappush(waiting, (dearer, other))
        knot = goal
        while knot != start:
            each = way[knot]
            yield each
            knot = each[0] if each[1] == knot else each[1]


def _bridges(net: Mapping[_Knot, Sequence[_Edge]]) -> set[_Edge]:
    """The edges that lie on no ring (Tarjan), without recursion: a net may be as long as the list of wards."""
    order: dict[_Knot, int] = {}
    low: dict[_Knot, int] = {}
    found: set[_Edge] = set()
    for root in net:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        way: list[tuple[_Knot, _Edge | None, Iterator[_Edge]]] = [(root, None, iter(net[root]))]
        while way:
            knot, came, rest = way[-1]
            edge = next(rest, None)
            if edge is None:
                way.pop()
                if came is not None:
                    before = way[-1][0]
                    low[before] = min(low[before], low[knot])
                    if low[knot] > order[before]:
                        found.add(came)
            elif edge != came:
                other = edge[1] if edge[0] == knot else edge[0]
                if other in order:
                    low[knot] = min(low[knot], order[other])
                else:
                    order[other] = low[other] = len(order)
                    way.append((other, edge, iter(net[other])))
    return found
