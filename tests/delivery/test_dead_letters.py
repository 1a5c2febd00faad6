"""Dead letters as an operator handles them, on the real outbox and by the command line."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.channels.messages import Text
from bot.cli import app
from bot.delivery.dead_letters import drop, listed, retry, rows
from tests.delivery.stored_outbox import StoredOutbox
from tests.virtual_time import START, run


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[StoredOutbox]:
    """Three replies, two of them dead."""
    with closing(StoredOutbox(f"sqlite:///{tmp_path / 'outbox.db'}")) as outbox:
        for address in ("a", "b", "c"):
            outbox.put(address, [Text(f"bí mật của {address}")])

        async def bury() -> None:
            await outbox.bury(1, "timeout")
            await outbox.bury(3, "502")

        run(bury)
        yield outbox


def test_the_list_says_why_and_since_when_and_nothing_else(outbox: StoredOutbox) -> None:
    letters = outbox.dead()
    assert rows(letters) == [
        ("1", "fake", "trả lời", "timeout", "0", "21/11/2026 10:00"),
        ("3", "fake", "trả lời", "502", "0", "21/11/2026 10:00"),
    ]
    assert [letter["id"] for letter in listed(letters)] == [1, 3]
    assert "bí mật" not in json.dumps([listed(letters), rows(letters)], ensure_ascii=False)


def test_retry_sends_on_the_way_again(outbox: StoredOutbox) -> None:
    assert retry(outbox, [3, 3, 2, 99], START) == ([3], [2, 99])
    assert outbox.statuses() == [("dead", "timeout"), ("waiting", ""), ("waiting", "")]


def test_retry_and_drop_of_all(outbox: StoredOutbox) -> None:
    assert retry(outbox, [], START) == ([1, 3], [])
    assert drop(outbox, []) == ([], [])


def test_what_is_dropped_never_leaves(outbox: StoredOutbox) -> None:
    assert drop(outbox, [1, 2]) == ([1], [2])
    assert outbox.statuses() == [("dropped", "timeout"), ("waiting", ""), ("dead", "502")]


def gocua(folder: Path, *words: str) -> Result:
    """The command line, in this process: what it costs to start is measured elsewhere."""
    address, keys = f"sqlite:///{folder / 'outbox.db'}", str(folder / "keys.json")
    environment = {"GOCUA_DATABASE_URL": address, "GOCUA_KEYS": keys}
    return CliRunner().invoke(app, ["deliveries", *words], env=environment)


def test_the_command_line(outbox: StoredOutbox, tmp_path: Path) -> None:
    assert [letter["reason"] for letter in json.loads(gocua(tmp_path, "list", "--json").stdout)] == ["timeout", "502"]
    assert "2 tin không tới được" in gocua(tmp_path, "list").stdout
    dropped = gocua(tmp_path, "drop", "1", "2")
    assert (dropped.exit_code, dropped.stdout) == (1, "Bỏ: 1 tin.\n")
    assert dropped.stderr == "Không có trong danh sách: 2.\n"
    assert gocua(tmp_path, "retry", "--all").stdout == "Gửi lại: 1 tin.\n"
    assert outbox.statuses() == [("dropped", "timeout"), ("waiting", ""), ("waiting", "")]


@pytest.mark.parametrize("words", [("retry",), ("drop", "1", "--all")])
def test_which_ones_has_to_be_said(outbox: StoredOutbox, tmp_path: Path, words: tuple[str, ...]) -> None:
    refused = gocua(tmp_path, *words)
    assert refused.exit_code == 2
    assert "gocua deliveries list" in refused.stderr
    assert len(outbox.dead()) == 2
