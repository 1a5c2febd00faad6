"""YAML of authors, read with line numbers: every scalar is text, a repeated key is a problem, nothing is guessed.

The usual loader turns ``no`` into false, ``8:30`` into 510 and lets a repeated step silently win; this one walks
PyYAML's node graph instead.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # libyaml is a speed-up, not a need
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something an author should mend, in Vietnamese, with the place to look."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(slots=True)
class Problems:
    """What was found so far; readers add to it and go on, so that an author sees everything at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, text: str) -> None:
        self.found.append(Problem(file, line, text))


def suggestion(word: str, known: Collection[str]) -> str:
    """The sentence that names the nearest right word, or nothing where none is near."""
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=65)
    return f' Ý bạn là "{best[0]}"?' if best else ""


@dataclass(frozen=True, slots=True)
class Text:
    """One scalar and its line."""

    value: str
    line: int


class Section:
    """A mapping of a content file, with its line and a name for messages ("bước ...")."""

    def __init__(self, file: str, node: yaml.MappingNode, where: str, problems: Problems) -> None:
        self.file, self.line, self.where, self.problems = file, _line(node), where, problems
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        for key, each in node.value:
            self._take(key, each)

    def _take(self, key: yaml.Node, value: yaml.Node) -> None:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            self.complain("có một tên không phải chữ.", _line(key))
        elif name in self._nodes:
            self.complain(f'"{name}" bị lặp lại; chỗ đầu ở dòng {self._lines[name]}.', _line(key))
        else:
            self._nodes[name], self._lines[name] = value, _line(key)

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    @property
    def keys(self) -> list[str]:
        return list(self._nodes)

    def line_of(self, key: str) -> int:
        return self._lines.get(key, self.line)

    def value_line_of(self, key: str) -> int:
        """Where the value begins; of a block text, the line of its "|"."""
        return _line(self._nodes[key]) if key in self._nodes else self.line

    def complain(self, text: str, line: int | None = None) -> None:
        prefix = f"{self.where} " if self.where else ""
        self.problems.add(self.file, self.line if line is None else line, prefix + text)

    def allow(self, words: tuple[str, ...]) -> None:
        """Complain about every key that is not one of ``words``."""
        for key in self._nodes:
            if key not in words:
                self.complain(f'có chữ "{key}" không dùng được ở đây.{suggestion(key, words)}', self.line_of(key))

    def text(self, key: str, default: str = "") -> str:
        found = self.text_at(key)
        return found.value if found else default

    def text_at(self, key: str) -> Text | None:
        node = self._nodes.get(key)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.complain(f'"{key}" phải là một câu chữ.', _line(node))
            return None
        return Text(node.value, _line(node))

    def texts(self, key: str) -> list[Text]:
        """A list of scalars; a single scalar counts as a list of one."""
        node = self._nodes.get(key)
        if node is None:
            return []
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        texts = [Text(item.value, _line(item)) for item in items if isinstance(item, yaml.ScalarNode)]
        if len(texts) != len(items):
            self.complain(f'"{key}" phải là một danh sách các chữ.', _line(node))
        return texts

    def is_text(self, key: str) -> bool:
        return isinstance(self._nodes.get(key), yaml.ScalarNode)

    def section(self, key: str, where: str = "") -> "Section | None":
        node = self._nodes.get(key)
        if node is None:
            return None
        return self._section(node, f'"{key}"', where)

    def sections(self, key: str, where: str = "") -> "list[Section]":
        """A list of mappings."""
        node = self._nodes.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.complain(f'"{key}" phải là một danh sách, mỗi mục bắt đầu bằng dấu "-".', _line(node))
            return []
        return [section for item in node.value if (section := self._section(item, f'"{key}"', where))]

    def _section(self, node: yaml.Node, what: str, where: str) -> "Section | None":
        if not isinstance(node, yaml.MappingNode):
            self.complain(f"{what} phải gồm các dòng dạng chữ: giá trị.", _line(node))
            return None
        return Section(self.file, node, where or self.where, self.problems)


def read_yaml(path: Path, root: Path, problems: Problems) -> Section | None:
    """The mapping a file holds, or None (with a problem noted) where it cannot be read."""
    file = path.relative_to(root).as_posix()
    text = read_text(path, file, problems)
    return None if text is None else parse_yaml(text, file, problems)


def read_text(path: Path, file: str, problems: Problems) -> str | None:
    """The text of a file, or None (with a problem noted)."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        problems.add(file, 1, "tệp không phải UTF-8. Lưu lại bằng UTF-8 giúp nhé.")
        return None
    except OSError as error:
        problems.add(file, 1, f"không đọc được tệp: {error.strerror}.")
        return None
    return text


def note_loose_marks(text: str, file: str, problems: Problems) -> None:
    """Letters and marks that are not one character (NFC) look right and match nothing."""
    for number, line in enumerate(text.splitlines(), 1):
        if not unicodedata.is_normalized("NFC", line):
            problems.add(file, number, "có chữ tổ hợp dấu rời (chưa NFC). Gõ lại dòng này, hoặc lưu tệp dạng NFC.")


def parse_yaml(text: str, file: str, problems: Problems) -> Section | None:
    """As ``read_yaml``, for text already in hand."""
    note_loose_marks(text, file, problems)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + 1
        problems.add(
            file, line, f"YAML không đọc được gần chỗ này ({error.problem}). Câu chữ cần đặt trong dấu ngoặc kép."
        )
        return None
    except yaml.YAMLError:
        problems.add(file, 1, "tệp có ký tự điều khiển lạ, YAML không đọc được.")
        return None
    if node is None:
        problems.add(file, 1, "tệp trống.")
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.add(file, _line(node), "tệp phải gồm các dòng dạng chữ: giá trị.")
        return None
    return Section(file, node, "", problems)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
