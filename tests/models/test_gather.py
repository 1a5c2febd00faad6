"""What Rasa is given to read is what authors wrote, under names Rasa takes for one intent each."""

import re
from pathlib import Path

import pytest
import yaml

from bot.content.articles import load_articles
from bot.content.reading import Problems
from bot.content.training import load_training
from bot.nlu.evaluation import read_lines
from bot.nlu.fit import Example, fit
from bot.nlu.rasa_names import from_rasa
from bot.settings import PROJECT, load_settings
from models.gather import BESIDE_INTENTS, EVALUATION, gather_test, gather_training, main


def lines_of(path: Path) -> list[tuple[str, str]]:
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return [(text[2:], from_rasa(each["intent"])) for each in blocks for text in each["examples"].splitlines()]


def test_training_lines_arrive_whole_and_in_order(tmp_path: Path) -> None:
    settings, problems = load_settings(), Problems()
    gather_training(settings, tmp_path)
    wanted = load_training(settings.content, load_articles(settings.content, problems), problems)
    assert lines_of(tmp_path / "train" / "nlu.yml") == list(dict.fromkeys((each.text, each.intent) for each in wanted))
    domain = yaml.safe_load((tmp_path / "domain.yml").read_text(encoding="utf-8"))
    assert {from_rasa(name) for name in domain["intents"]} == {each.intent for each in wanted}


def test_rasa_is_given_everything_it_checks(tmp_path: Path) -> None:
    gather_training(load_settings(), tmp_path)
    beside, written = tmp_path / "beside", PROJECT / "dialogs" / "nlu"
    story = yaml.safe_load((beside / "stories.yml").read_text(encoding="utf-8"))["stories"][0]["steps"][0]["or"]
    domain = yaml.safe_load((tmp_path / "domain.yml").read_text(encoding="utf-8"))["intents"]
    assert [each["intent"] for each in story] == domain
    copied = {path.name: path.read_bytes() for path in beside.iterdir() if path.name != "stories.yml"}
    assert copied == {name: (written / name).read_bytes() for name in BESIDE_INTENTS}


def test_rasa_would_take_no_line_for_markup_of_an_entity(tmp_path: Path) -> None:
    gather_training(load_settings(), tmp_path)
    text = (tmp_path / "train" / "nlu.yml").read_text(encoding="utf-8")
    assert not re.search(r"\[[^\]]+\][({\[]", text)
    assert "/" not in "".join(re.findall(r'^- intent: "(.*)"$', text, re.MULTILINE))


def test_of_several_right_intents_the_one_the_model_gives(tmp_path: Path) -> None:
    model = fit([Example("cảm ơn nha", "thanks"), Example("chào con", "greet")] * 3, {})
    gather_test(model, tmp_path)
    judged = read_lines(EVALUATION)
    written = lines_of(tmp_path / "test" / "nlu.yml")
    assert [text for text, _ in written] == [line.text for line in judged]
    assert all(intent in line.right for (_, intent), line in zip(written, judged, strict=True))


def test_what_is_wrong_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["test"]) == 1  # there is no model where tests look for one
    assert "gather: " in capsys.readouterr().err
