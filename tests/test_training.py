"""``python -m bot.training`` with two files, as ``gocua eval --train A --test B`` runs it."""

import json
from pathlib import Path

import pytest

from bot.training import main
from tests.nlu.small import EXAMPLES


def write(path: Path, rows: list[tuple[str, str]]) -> str:
    path.write_text("".join(f"{text}\t{label}\n" for text, label in rows), encoding="utf-8")
    return str(path)


def test_it_learns_one_file_and_is_judged_on_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = write(tmp_path / "a.tsv", [(each.text, each.intent) for each in EXAMPLES])
    test = write(tmp_path / "b.tsv", [("quen mk roi", "faq/forgot_password|faq/cost"), ("chờ mã otp", "greet")])
    assert main([train, test]) == 0
    score = json.loads(capsys.readouterr().out)
    assert score["accuracy"] == 0.5
    assert score["by_intent"] == {"faq/forgot_password": 1.0, "greet": 0.0}
    assert set(score["by_view"]) == {"bare", "telex", "mobile", "teencode"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("xong", "done"), ("rồi", "done")], "ít nhất hai ý định"),
        ([("xong", "")], "a.tsv:1: cần dạng câu<TAB>nhãn."),
        ([], "không có dòng nào"),
    ],
)
def test_what_cannot_be_learnt_is_told(
    rows: list[tuple[str, str]], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, test = write(tmp_path / "a.tsv", rows), write(tmp_path / "b.tsv", [("xong", "done")])
    assert main([train, test]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "a.tsv"), str(tmp_path / "b.tsv")]) == 1
    assert "không đọc được tệp" in capsys.readouterr().err
