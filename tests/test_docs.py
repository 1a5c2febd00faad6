"""What the pages say is compared with what the code has."""

import re
from dataclasses import fields

import pytest

from bot.cli import app
from bot.content.dialogs import ATTEMPT_WORDS, CHOICE_WORDS, DIALOG_WORDS, STEP_WORDS, SYMPTOM_WORDS
from bot.core.conditions import CONDITIONS
from bot.core.effects import EFFECTS
from bot.settings import PROJECT, Settings, variable_of

PAGES = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in PROJECT.glob("*.md")}
AUTHORS = (PROJECT / "dialogs" / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_readme() -> None:
    named = set(re.findall(r"`((?:GOCUA|NLU)_[A-Z_]+)`", PAGES["README.md"]))
    assert named == {variable_of(each) for each in fields(Settings)}


def test_every_setting_says_what_it_is_for() -> None:
    assert [each.name for each in fields(Settings) if not each.metadata.get("help")] == []


@pytest.mark.parametrize(
    "words",
    [DIALOG_WORDS, STEP_WORDS, CHOICE_WORDS, SYMPTOM_WORDS, ATTEMPT_WORDS, tuple(CONDITIONS), tuple(EFFECTS)],
    ids=["dialog", "step", "choice", "symptom", "attempt", "condition", "effect"],
)
def test_every_word_of_the_format_stands_in_the_authors_page(words: tuple[str, ...]) -> None:
    assert [word for word in words if word not in AUTHORS and word != "phrases"] == []


def test_pages_link_to_files_that_exist() -> None:
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("dialogs/*.md"), *PROJECT.glob("knowledge/**/*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_the_commands_the_pages_name_exist() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    commands |= {group.name for group in app.registered_groups if group.name}
    named = {word for page in PAGES.values() for word in re.findall(r"gocua ([a-z][a-z-]+)", page)}
    assert named - commands == set()


def test_every_target_of_the_makefile_that_pages_name_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    pages = "\n".join([*PAGES.values(), AUTHORS])
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", pages, re.MULTILINE))
    assert named - set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) == set()
