"""Reads ``dialogs/nlu/{lookups,synonyms,regexes}.yml``, in Rasa's format, and ``knowledge/banks.yml``."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, Text, read_yaml, suggestion
from bot.core.text import fold

LOOKUPS = (
    "bank", "bank_after_word", "bank_word", "phone_kind", "phone_kind_after_word", "phone_word", "relation",
    "relation_sure",
)  # fmt: skip
REGEXES = ("step_number", "class_code")
FILES = {
    "lookup": "dialogs/nlu/lookups.yml",
    "synonym": "dialogs/nlu/synonyms.yml",
    "regex": "dialogs/nlu/regexes.yml",
}
BANKS = "knowledge/banks.yml"

# lookups of names; the others only say where a name counts
_NAMES = ("bank", "phone_kind", "relation")


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank: its short name, its full one, and the day on which VNeID's list named it, or nothing."""

    name: str
    full_name: str
    linked: dt.date | None


@dataclass(frozen=True, slots=True)
class LookupLists:
    """Words by the lookup's name, other ways to write a name by that name, patterns by the entity they find."""

    lookups: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    regexes: Mapping[str, tuple[str, ...]]

    def forms(self, lookup: str) -> dict[str, str]:
        """Every way to write the names of a lookup -> the name."""
        names = self.lookups.get(lookup, ())
        return {form: name for name in names for form in (name, *self.synonyms.get(name, ()))}


@dataclass(frozen=True, slots=True)
class _Block:
    """One block of a file: its name, and its examples with their lines."""

    section: Section
    name: str
    examples: tuple[Text, ...]


def load_lookups(root: Path, problems: Problems) -> LookupLists:
    """Every list; what is wrong with one is noted and left out."""
    sections = [block for kind, file in FILES.items() for block in _blocks(root, file, kind, problems)]
    lists = LookupLists(
        _read(sections, "lookup", LOOKUPS, problems),
        _read(sections, "synonym", (), problems),
        _read(sections, "regex", REGEXES, problems),
    )
    _check_synonyms(sections, lists, problems)
    _check_regexes(sections, problems)
    return lists


def load_banks(root: Path, problems: Problems) -> tuple[Bank, ...]:
    """The banks, in the order of the file."""
    section = read_yaml(root / BANKS, root, problems)
    if section is None:
        return ()
    section.allow(("note", "source", "banks"))
    return tuple(bank for each in section.sections("banks") if (bank := _bank(each)))


def check_banks(lists: LookupLists, banks: tuple[Bank, ...], problems: Problems) -> None:
    """The lookup "bank" and the list of banks name the same ones."""
    looked_up, named = set(lists.lookups.get("bank", ())), {bank.name for bank in banks}
    for name in sorted(looked_up ^ named):
        where = f'có trong {BANKS} mà chưa có trong lookup "bank"' if name in named else f"chưa có trong {BANKS}"
        problems.add(BANKS, 1, f'ngân hàng "{name}" {where}.')


def _blocks(root: Path, file: str, kind: str, problems: Problems) -> Iterator[Section]:
    section = read_yaml(root / file, root, problems)
    if section is None:
        return
    section.allow(("version", "nlu"))
    for block in section.sections("nlu"):
        block.allow((kind, "examples"))
        yield block


def _read(sections: list[Section], kind: str, known: tuple[str, ...], problems: Problems) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for block in _of_kind(sections, kind):
        if known and block.name not in known:
            _note(problems, block, f'không có {kind} "{block.name}".{suggestion(block.name, known)}')
        elif block.name in found:
            _note(problems, block, f'{kind} "{block.name}" bị lặp lại.')
        elif not block.examples:
            _note(problems, block, f'{kind} "{block.name}" chưa có chữ nào.')
        else:
            found[block.name] = tuple(example.value for example in block.examples)
    return found


def _of_kind(sections: list[Section], kind: str) -> Iterator[_Block]:
    for section in sections:
        if kind in section:
            first = section.value_line_of("examples") + 1
            lines = enumerate(section.text("examples").splitlines(), first)
            marked = (Text(line.strip()[2:].strip(), number) for number, line in lines if line.strip().startswith("- "))
            yield _Block(section, section.text(kind), tuple(each for each in marked if each.value))


def _check_synonyms(sections: list[Section], lists: LookupLists, problems: Problems) -> None:
    """A synonym stands for a name of a lookup, and each way to write one stands for one name only."""
    names = {name for lookup in _NAMES for name in lists.lookups.get(lookup, ())}
    owners: dict[str, str] = {fold(name): name for name in sorted(names)}
    for block in _of_kind(sections, "synonym"):
        if block.name not in names:
            _note(problems, block, f'"{block.name}" không có trong lookup nào.{suggestion(block.name, names)}')
        for example in block.examples:
            # "bố" and "bỏ" differ, "me" and "mẹ" may stand side by side
            owner = owners.setdefault(example.value.lower(), block.name)
            if owner != block.name:
                problems.add(block.section.file, example.line, f'"{example.value}" đã là cách viết của "{owner}".')


def _check_regexes(sections: list[Section], problems: Problems) -> None:
    for block in _of_kind(sections, "regex"):
        for example in block.examples:
            try:
                groups = re.compile(example.value).groups
            except re.error as error:
                problems.add(block.section.file, example.line, f"mẫu không đọc được: {error.msg}.")
                continue
            if not groups:
                problems.add(block.section.file, example.line, "mẫu cần một nhóm trong ngoặc tròn cho giá trị.")


def _note(problems: Problems, block: _Block, text: str) -> None:
    problems.add(block.section.file, block.section.line, text)


def _bank(section: Section) -> Bank | None:
    section.allow(("name", "full_name", "linked"))
    name, full_name, linked = (section.text(word) for word in ("name", "full_name", "linked"))
    if not name or not full_name:
        section.complain("mỗi ngân hàng cần name và full_name.")
        return None
    try:
        return Bank(name, full_name, dt.date.fromisoformat(linked) if linked else None)
    except ValueError:
        section.complain(f'ngày "{linked}" phải viết dạng 2026-11-01.', section.line_of("linked"))
        return None
