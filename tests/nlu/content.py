"""The project's own names and places, ready to be looked for."""

from functools import lru_cache

from bot.bootstrap import entities, wards
from bot.content.library import Library, load_library
from bot.nlu.entities import Entities
from bot.nlu.wards import Wards
from bot.settings import PROJECT


@lru_cache(maxsize=1)
def library() -> Library:
    return load_library(PROJECT)


@lru_cache(maxsize=1)
def project_wards() -> Wards:
    return wards(library())


@lru_cache(maxsize=1)
def project_entities() -> Entities:
    return entities(library())
