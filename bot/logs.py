"""How this program writes its log: one line a record, names and values, nothing of what people say or who they are."""

import datetime as dt
import json
import logging
import traceback
from typing import TextIO


def set_up(stream: TextIO | None = None) -> logging.Handler:
    """Have all records written there, or to the error output: ours from "info" up, others' from "warning" up."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    handler.addFilter(_is_told)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    return handler


class Lines(logging.Formatter):
    """``at=2026-11-22T04:00:00.000+00:00 level=info from=bot.worker says="12 messages came in from the spool"``.

    Of other people's libraries only the words they wrote beforehand are told, the first line of them: what they fill
    in may be a token in an address, or what somebody typed. An error is told by its kind and place, not its words.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        told = f"at={at} level={record.levelname.lower()} from={record.name} says={_quoted(_said(record))}"
        error = record.exc_info[1] if record.exc_info else None
        return f"{told} error={_quoted(place_of(error))}" if error else told


def place_of(error: BaseException) -> str:
    """What kind of error and where, without its words: they may quote what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return type(error).__name__ + "".join(f" < {frame.name}:{frame.lineno}" for frame in reversed(frames[-3:]))


def _said(record: logging.LogRecord) -> str:
    if _is_ours(record):
        return record.getMessage()
    return str(record.msg).partition("\n")[0] if isinstance(record.msg, str) else type(record.msg).__name__


def _is_told(record: logging.LogRecord) -> bool:
    return _is_ours(record) or record.levelno >= logging.WARNING


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "bot"


def _quoted(text: str) -> str:
    # a line break inside would look like another record
    return json.dumps(text, ensure_ascii=False)
