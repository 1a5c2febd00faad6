"""Reads the measured sets: made-up lines as people type them, each saying what is right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.shield.kinds import Span

Row = TypeVar("Row")

HERE = Path(__file__).parent

_MARKED = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class SecretLine:
    """A text and the secrets in it. ``register``: how it is typed."""

    register: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ScamLine:
    """A text, and "report", "done" or "none"."""

    label: str
    family: str
    text: str


def secret_lines() -> list[SecretLine]:
    return [SecretLine(register, *unmarked(text)) for register, text in _rows("secrets.tsv")]


def scam_lines() -> list[ScamLine]:
    return [ScamLine(*row) for row in _rows("scams.tsv")]


def secret_lines_apart() -> list[SecretLine]:
    """Written by someone who had not seen the rules."""
    return [SecretLine(register, *unmarked(text)) for register, text in _rows("secrets_apart.tsv")]


def scam_lines_apart() -> list[ScamLine]:
    """Written by someone who had not seen the rules."""
    return [ScamLine(*row) for row in _rows("scams_apart.tsv")]


def secret_examples() -> list[tuple[str, tuple[Span, ...]]]:
    return [unmarked(row[0]) for row in _rows("secret_examples.tsv")]


def scam_examples() -> list[ScamLine]:
    return [ScamLine(*row) for row in _rows("scam_examples.tsv")]


def unmarked(marked: str) -> tuple[str, tuple[Span, ...]]:
    """
    >>> unmarked("mã ⟦otp|12\\\\u200b34⟧ nè")
    ('mã 12\\u200b34 nè', (Span(start=3, end=8, kind='otp'),))
    """
    marked = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), marked)
    text, spans, at = "", [], 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        spans.append(Span(len(text), len(text) + len(found[2]), found[1]))  # type: ignore[arg-type]
        text += found[2]
        at = found.end()
    return text + marked[at:], tuple(spans)


def measured(rows: Sequence[Row]) -> Sequence[Row]:
    """The half that only measures: second, fourth, …; the other half may be looked at while the rules are written."""
    return rows[1::2]


def _rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
