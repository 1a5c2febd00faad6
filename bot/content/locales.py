"""The languages the content was translated into: each is read when somebody first wants it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from bot.content.catalogue import NAME, Catalogue, CatalogueError, read_catalogue
from bot.content.translation import Translate, translated_book
from bot.core.dialogs import Book

log = logging.getLogger(__name__)

T = TypeVar("T")


class Lazily(Mapping[str, T]):
    """A value for each name, made when it is first asked for."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names = tuple(names)
        self._made = cache(make)

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        return self._made(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Locales:
    """The catalogues below ``locales/``. One that cannot be used is said so once, and Vietnamese takes its place."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files = {path.parts[-3]: path for path in sorted((root / "locales").glob(f"*/LC_MESSAGES/{NAME}"))}
        self._catalogues = Lazily(self._files, self._read)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._files)

    def read(self, language: str) -> Catalogue:
        """The catalogue itself. Raises ``CatalogueError``."""
        return read_catalogue(self._files[language], self._root)

    def with_translations(self, book: Book) -> Book:
        """The book, which knows itself in every language there is."""

        def made(translate: Translate | None) -> Book:
            return known if translate is None else translated_book(known, translate)

        known = replace(book, translations=self.each(made))
        return known

    def each(self, make: Callable[[Translate | None], T]) -> Mapping[str, T]:
        """What is made of every language's translations; of None where those cannot be used."""
        return Lazily(self._files, lambda language: make(self._translate(language)))

    def _translate(self, language: str) -> Translate | None:
        catalogue = self._catalogues[language]
        return None if catalogue is None else lambda context, text, kind: catalogue.translate(context, text)

    def _read(self, language: str) -> Catalogue | None:
        try:
            return self.read(language)
        except CatalogueError as error:
            log.error("%s Bot nói tiếng Việt thay cho tiếng này.", error)
            return None
