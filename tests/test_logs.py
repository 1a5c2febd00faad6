"""One line a record, and nothing in it of what people say."""

import asyncio
import io
import logging
import re
from collections.abc import Iterator

import pytest

from bot import logs

CANARY = "mã otp 482913"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log of a served bot holds."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)


def failed() -> None:
    raise ValueError(CANARY)


def test_a_record_is_one_line_of_names_and_values(written: io.StringIO) -> None:
    logging.getLogger("bot.worker").info("%d messages\nfrom=bot.other", 12)
    (line,) = written.getvalue().splitlines()
    at = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00"
    assert re.fullmatch(
        rf'at={at} level=info from=bot.worker says="12 messages\\nfrom=bot.other"',
        line,
    )


def test_of_other_libraries_only_warnings_and_what_they_wrote_beforehand(written: io.StringIO) -> None:
    other = logging.getLogger("httpx")
    other.info("GET https://example.vn/bot%s", "token")
    other.warning("call of %s failed", CANARY)
    other.warning(ValueError(CANARY))
    assert [line.partition(" says=")[2] for line in written.getvalue().splitlines()] == [
        '"call of %s failed"', '"ValueError"',
    ]  # fmt: skip


def test_an_error_is_told_by_its_kind_and_place(written: io.StringIO) -> None:
    try:
        failed()
    except ValueError:
        logging.getLogger("bot.worker").exception("it failed")
    assert CANARY not in written.getvalue()
    assert 'says="it failed" error="ValueError < failed:' in written.getvalue()


def test_a_task_nobody_waited_for_tells_nothing_of_its_error(written: io.StringIO) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(asyncio.to_thread(failed))
        await asyncio.wait([task])
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
        )

    asyncio.run(main())
    assert "Task exception was never retrieved" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert CANARY not in written.getvalue()
