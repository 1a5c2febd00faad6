"""Brings ``locales/`` up to date with the content, in a process of its own: only authors need Babel.

Texts that are new are added (translated where the same words were translated elsewhere), those that changed keep the
old translation and are marked "fuzzy" until somebody has looked, those that are gone are set aside at the end.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot import bootstrap
from bot.content.catalogue import NAME
from bot.content.translatable import TranslatableText
from bot.settings import load_settings

# where a translation of the whole content says so
COMPLETE = "X-Complete"

_COMMENT = "# Gõ Cửa, bản dịch. Ngữ cảnh (msgctxt) là tệp.bước; chạy `make locales` sau khi sửa lời tiếng Việt."


class _Catalog(Catalog):
    """Babel's, with a header that says whether nothing is missing, and without dates that change with every run."""

    complete = False

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", f"text/plain; charset={self.charset}"),
            ("Content-Transfer-Encoding", "8bit"),
            (COMPLETE, "yes\n" if self.complete else "no\n"),
        ]


def main() -> None:
    settings = load_settings()
    library = bootstrap.read_content(settings)
    found = bootstrap.translatable(library)
    for language in library.locales.languages:
        path = settings.content / "locales" / language / "LC_MESSAGES" / NAME
        complete = library.locales.read(language).complete
        missing = update(path, language, found, complete=complete)
        sys.stdout.write(f"{language}: {len(found)} lời, còn {missing} lời chưa dịch.\n")


def update(path: Path, language: str, messages: list[TranslatableText], *, complete: bool) -> int:
    """Rewrites one catalogue; how many of its texts are still to be translated."""
    with path.open("rb") as stored:
        old = read_po(stored, locale=language)
    catalog = _Catalog(locale=language, header_comment=_COMMENT, fuzzy=False)
    catalog.complete = complete
    for each in old:
        if each.id:
            catalog.add(each.id, each.string, flags=each.flags, user_comments=each.user_comments, context=each.context)
    catalog.obsolete = old.obsolete
    catalog.update(_template(messages), update_creation_date=False)
    _copy_same_words(catalog)
    for each in catalog:
        # Babel's guess; a translation may do without some of the placeholders
        each.flags.discard("python-brace-format")
    with path.open("wb") as written:
        write_po(written, catalog, width=120, include_lineno=False)
    return sum(1 for each in catalog if each.id and (not each.string or each.fuzzy))


def _template(messages: list[TranslatableText]) -> Catalog:
    template = Catalog()
    for each in messages:
        comments = [each.note] if each.note else []
        template.add(each.text, context=each.context, locations=[(each.file, 1)], auto_comments=comments)
    return template


def _copy_same_words(catalog: Catalog) -> None:
    """The same words mean the same in most places; where they do not, a translator says so at that place."""
    known = _translations(catalog)
    for each in catalog:
        same = known.get(str(each.id), set())
        if each.id and len(same) == 1 and (not each.string or each.fuzzy):
            each.string = next(iter(same))
            each.flags.discard("fuzzy")


def _translations(catalog: Catalog) -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {}
    for each in catalog:
        if each.id and each.string and not each.fuzzy:
            known.setdefault(str(each.id), set()).add(str(each.string))
    return known


if __name__ == "__main__":
    main()
