"""Nobody who knows the totals and the shown cells finds a hidden number of one to four people."""

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bot.campaign.hiding import HiddenTable, Shown, hide_small

# ---- somebody who subtracts ----


def found_out(cells: list[list[int]], table: HiddenTable) -> list[str]:
    """The small numbers somebody would know for sure: of all tables that fit what is shown, the least and the most."""
    names = [name for name, _ in _named(cells)]
    shown = dict(_named_shown(table))
    sums, bounds = _sums(len(cells), len(cells[0]), names), [(shown[name], shown[name]) for name in names]
    bounds = [(0, None) if low is None else (low, high) for low, high in bounds]
    told = []
    for number, (name, people) in enumerate(_named(cells)):
        if 0 < people < 5 and shown[name] is None:
            wish = np.zeros(len(names))
            wish[number] = 1
            least, most = (linprog(sign * wish, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=bounds) for sign in (1, -1))
            # a most without end has no solution
            assert least.x is not None
            told += [name] if most.x is not None and round(least.x[number]) == round(most.x[number]) else []
    return told


def _sums(height: int, width: int, names: list[str]) -> Any:
    """What adds up to what, a line each: zero is the total less its parts."""
    of_rows = [(f"row {i}", [f"cell {i} {j}" for j in range(width)]) for i in range(height)]
    of_columns = [(f"column {j}", [f"cell {i} {j}" for i in range(height)]) for j in range(width)]
    whole = [("total", [f"row {i}" for i in range(height)])]
    lines = []
    for total, parts in of_rows + of_columns + whole:
        line = np.zeros(len(names))
        line[names.index(total)] = 1
        line[[names.index(part) for part in parts]] = -1
        lines.append(line)
    return np.array(lines)


def _named(cells: list[list[int]]) -> Iterator[tuple[str, int]]:
    for i, row in enumerate(cells):
        yield f"row {i}", sum(row)
        for j, each in enumerate(row):
            yield f"cell {i} {j}", each
    for j, column in enumerate(zip(*cells, strict=True)):
        yield f"column {j}", sum(column)
    yield "total", sum(map(sum, cells))


def _named_shown(table: HiddenTable) -> Iterator[tuple[str, Shown]]:
    for i, row in enumerate(table.cells):
        yield f"row {i}", table.rows[i]
        for j, each in enumerate(row):
            yield f"cell {i} {j}", each
    for j, each in enumerate(table.columns):
        yield f"column {j}", each
    yield "total", table.total


# ---- the tests ----

tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(tables)
@settings(max_examples=60, deadline=None)
def test_nobody_finds_out_a_small_number(cells: list[list[int]]) -> None:
    table = hide_small(cells)
    assert found_out(cells, table) == []
    assert all(number is None or number >= 5 for _, number in _named_shown(table))


@given(tables)
@settings(max_examples=20, deadline=None)
def test_nor_where_the_rows_have_no_totals(cells: list[list[int]]) -> None:
    table = hide_small(cells, show_rows=False)
    assert found_out(cells, table) == []
    assert set(table.rows) == {None}


@given(tables, tables, st.randoms())
@settings(max_examples=20, deadline=None)
def test_nor_from_two_tables_of_the_same_people(cells: list[list[int]], split: list[list[int]], chance: Random) -> None:
    told = hide_small(cells)
    other = [_dealt(sum(row), len(split[0]) + 1, chance) for row in cells]
    table = hide_small(other, told=told)
    assert (table.rows, table.total) == (told.rows, told.total)
    assert found_out(other, table) == []


def test_a_total_that_was_told_is_not_hidden_in_vain() -> None:
    cells, told = [[3, 5, 0], [9, 0, 9], [100, 100, 0]], hide_small([[8], [18], [200]])
    # without those totals the two small rows would give theirs
    assert hide_small(cells).rows == (None, None, 200)
    table = hide_small(cells, told=told)
    assert table.rows == (8, 18, 200)
    assert found_out(cells, table) == []


def _dealt(people: int, parts: int, chance: Random) -> list[int]:
    """The same people in other columns."""
    cuts = sorted(chance.randint(0, people) for _ in range(parts - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, people], strict=True)]


@given(tables)
@settings(deadline=None)
def test_what_is_shown_is_true(cells: list[list[int]]) -> None:
    true = dict(_named(cells))
    assert all(number in (None, true[name]) for name, number in _named_shown(hide_small(cells)))


def test_one_small_number_takes_a_ring_along_and_no_more() -> None:
    table = hide_small([[3, 20, 30], [40, 10, 50], [60, 70, 80]])
    assert table.cells == ((None, None, 30), (None, None, 50), (60, 70, 80))
    assert (table.rows, table.columns, table.total) == ((53, 100, 210), (103, 100, 160), 363)


def test_a_table_of_large_numbers_is_shown_whole() -> None:
    assert hide_small([[5, 6], [7, 8]]) == HiddenTable(((5, 6), (7, 8)), (11, 15), (12, 14), 26)


def test_a_table_without_rows_has_nothing_to_show() -> None:
    assert hide_small([]) == HiddenTable((), (), (), None)
