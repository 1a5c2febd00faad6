"""The examples of the docstrings are true."""

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import bot

# the migrations' environment belongs to Alembic and runs only inside of it; printing has a process of its own, because
# WeasyPrint lets all of a process read broken images
NOT_HERE = ("bot.store.migrations", "bot.paper.printing")


def modules() -> list[str]:
    return [
        each.name
        for each in pkgutil.walk_packages(bot.__path__, "bot.", onerror=lambda name: None)
        if not each.name.startswith(NOT_HERE)
    ]


def examples(module: ModuleType) -> int:
    return sum(len(test.examples) for test in doctest.DocTestFinder(exclude_empty=True).find(module))


@pytest.mark.parametrize("name", modules())
def test_the_examples_are_true(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module)
    assert (result.failed, result.attempted) == (0, examples(module))


def test_there_are_examples() -> None:
    assert {"bot.core.text", "bot.core.conditions", "bot.content.asks"} <= {
        name for name in modules() if examples(importlib.import_module(name))
    }
