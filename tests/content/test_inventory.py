"""The inventory tells of every column there is, and of no other (T1)."""

import csv
import io
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from bot.content.inventory import load_inventory
from bot.content.reading import Problems
from bot.retention import TERMS
from bot.settings import PROJECT
from bot.store.schema import metadata


def test_the_inventory_and_the_tables_tell_of_the_same_columns() -> None:
    problems = Problems()
    told = {(each.table, column) for each in load_inventory(PROJECT, problems) for column in each.columns}
    stored = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns}
    assert problems.found == []
    assert (sorted(stored - told), sorted(told - stored)) == ([], [])


def test_every_term_stands_at_a_table() -> None:
    kept = {term for each in load_inventory(PROJECT, Problems()) for term in each.kept.split(", ")}
    assert set(TERMS) - kept == set()


def test_a_class_that_does_not_exist_and_a_missing_word_are_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "privacy").mkdir()
    (tmp_path / "privacy" / "inventory.yml").write_text('tables:\n  thu:\n    what: "x"\n    columns: {a: "secret"}\n')
    problems = Problems()
    load_inventory(tmp_path, problems)
    said = "\n".join(map(str, problems.found))
    assert 'cột "a" phải thuộc một loại' in said
    assert 'thiếu "ground"' in said


def test_the_officer_gets_a_row_for_each_column_with_its_term_in_days() -> None:
    printed = CliRunner().invoke(app, ["inventory", "--csv"])
    rows = list(csv.DictReader(io.StringIO(printed.output)))
    assert len(rows) == sum(len(table.columns) for table in metadata.sorted_tables)
    assert {row["giữ"] for row in rows if row["bảng"] == "outgoing"} == {"7 ngày"}
    assert {row["giữ"] for row in rows if row["bảng"] == "conversation"} == {"1 ngày; 180 ngày"}
