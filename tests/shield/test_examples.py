"""The lines the rules were written with: every one comes out as its author marked it."""

import pytest

from bot.shield.hiding import hide
from bot.shield.kinds import Span
from bot.shield.report import look
from bot.shield.scam_words import STORY
from bot.shield.scams import DONE, REPORT, pattern_of
from tests.shield.sets import ScamLine, scam_examples, secret_examples


@pytest.mark.parametrize(("text", "spans"), secret_examples())
def test_a_secret(text: str, spans: tuple[Span, ...]) -> None:
    assert hide(text).spans == spans


@pytest.mark.parametrize("line", scam_examples(), ids=lambda line: line.text)
def test_a_scam(line: ScamLine) -> None:
    assert (look(line.text).scam or "none") == line.label


@pytest.mark.parametrize("family", sorted({line.family for line in scam_examples()} - {"-"}))
def test_every_family_has_its_examples(family: str) -> None:
    assert sum(line.family == family for line in scam_examples()) >= 10


def test_every_pattern_speaks_of_known_parts_and_every_part_is_used() -> None:
    patterns = [pattern_of(text) for texts in (DONE, *REPORT.values()) for text in texts]
    spoken = {part for pattern in patterns for parts in pattern.needed for part in parts}
    assert spoken | {part for pattern in patterns for part in pattern.without} == set(STORY)
