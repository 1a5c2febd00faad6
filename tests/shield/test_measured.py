"""The shield measured on every even row of each set; the odd rows are for tuning the rules."""

from collections.abc import Sequence

import pytest

from bot.shield.hiding import hide
from bot.shield.scams import find_scam
from tests.shield.sets import (
    ScamLine,
    SecretLine,
    measured,
    scam_lines,
    scam_lines_apart,
    secret_lines,
    secret_lines_apart,
)


def is_found(line: SecretLine) -> bool:
    found = hide(line.text).spans
    return all(any(span.start < each.end and each.start < span.end for each in found) for span in line.spans)


@pytest.mark.parametrize(
    ("lines", "least"), [(secret_lines(), 0.98), (secret_lines_apart(), 0.97)], ids=["own", "apart"]
)
def test_secrets_are_hidden_and_honest_lines_are_left_alone(lines: Sequence[SecretLine], least: float) -> None:
    rows = measured(lines)
    secret = [row for row in rows if row.spans]
    honest = [row for row in rows if not row.spans]
    recall = sum(is_found(row) for row in secret) / len(secret)
    false = sum(bool(hide(row.text).spans) for row in honest) / len(honest)
    print(f"secrets: recall {recall:.3f} of {len(secret)} lines, false alarms {false:.3f} of {len(honest)}")
    assert recall >= least
    assert false <= 0.02


@pytest.mark.parametrize(("lines", "least"), [(scam_lines(), 0.97), (scam_lines_apart(), 0.93)], ids=["own", "apart"])
def test_scams_are_known_and_honest_questions_are_not_taken_for_them(lines: Sequence[ScamLine], least: float) -> None:
    rows = measured(lines)
    scams = [row for row in rows if row.label != "none"]
    honest = [row for row in rows if row.label == "none"]
    recall = sum(find_scam(row.text) is not None for row in scams) / len(scams)
    false = sum(find_scam(row.text) is not None for row in honest) / len(honest)
    print(f"scams: recall {recall:.3f} of {len(scams)} lines, false alarms {false:.3f} of {len(honest)}")
    assert recall >= least
    assert false <= 0.02


def test_what_is_hidden_stands_in_no_part_of_what_goes_on() -> None:
    assert hide("Mã OTP của tôi là 48 29 13 nha").text == "Mã OTP của tôi là «mã OTP» nha"
    assert hide("Gọi 1900 0368 hỏi giùm, năm 1952, 200.000đ").spans == ()
