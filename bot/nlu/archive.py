"""The model archive: written by training, read without Rasa and without pickle, within limits (T85).

A Rasa archive holds a folder for each component; ours puts four files into its own: ``model.json`` and three arrays.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.lib import format as numpy_format

from bot.nlu.model import Floats, Model

MARK = "gocua intent classifier"
FORMAT = 3

# bounds of what is read, unpacked; today's archive has a tenth of the bytes
MOST_BYTES = 200_000_000
MOST_MEMBERS = 1_000

ARRAYS = ("idf", "weights", "bias")


class ArchiveError(Exception):
    """An archive that cannot be used; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of the archive: its name and what is in it."""

    name: str
    content: bytes


def model_files(model: Model) -> tuple[ModelFile, ...]:
    """The files a model is stored as."""
    stored: dict[str, np.ndarray[Any, Any]] = {
        "idf": model.idf,
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
    }
    arrays = tuple(ModelFile(f"{name}.npy", _array_bytes(array)) for name, array in stored.items())
    head = {
        "what": MARK,
        "format": FORMAT,
        "intents": list(model.intents),
        "vocabulary": list(model.vocabulary),
        "sharpness": model.sharpness,
        "teencode": dict(model.teencode),
        "sha256": {each.name: hashlib.sha256(each.content).hexdigest() for each in arrays},
    }
    return (ModelFile("model.json", json.dumps(head, ensure_ascii=False).encode()), *arrays)


def write_archive(path: Path, model: Model) -> None:
    """An archive with this model alone; the same model gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with (
        part.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for each in model_files(model):
            member = tarfile.TarInfo(f"components/gocua/{each.name}")
            member.size = len(each.content)
            archive.addfile(member, io.BytesIO(each.content))
    part.replace(path)


def read_archive(path: Path) -> Model:
    """The model of an archive, whoever trained it. Raises ``ArchiveError``."""
    try:
        # unpacked here, within its bound: tarfile would follow any header, however much it asks for
        with gzip.open(path) as packed:
            content = packed.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ArchiveError("mô hình quá lớn.")
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            return read_model(_members(archive))
    except FileNotFoundError as error:
        raise ArchiveError(f"chưa có mô hình {path.name}.") from error
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        raise ArchiveError(f"mô hình {path.name} hỏng hoặc thiếu: không mở được.") from error


def read_model(files: Mapping[str, bytes]) -> Model:
    """The model of its files, by name. Raises ``ArchiveError``."""
    try:
        head: dict[str, Any] = json.loads(files["model.json"])
        if head["what"] != MARK or head["format"] != FORMAT:
            raise ArchiveError("mô hình thuộc định dạng khác.")
        arrays = {name: _array(files[f"{name}.npy"], head["sha256"][f"{name}.npy"]) for name in ARRAYS}
        intents = tuple(str(intent) for intent in head["intents"])
        vocabulary = {str(gram): row for row, gram in enumerate(head["vocabulary"])}
        teencode = {str(short): str(long) for short, long in head["teencode"].items()}
        sharpness = float(head["sharpness"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"mô hình thiếu hoặc sai phần bên trong: {type(error).__name__}.") from error
    shapes = {name: array.shape for name, array in arrays.items()}
    wanted = {"idf": (len(vocabulary),), "weights": (len(vocabulary), len(intents)), "bias": (len(intents),)}
    if shapes != wanted or not intents or not 0 < sharpness < 1e6:
        raise ArchiveError("mô hình có kích thước bên trong không khớp.")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ArchiveError("mô hình có số không dùng được bên trong.")
    return Model(intents, vocabulary, arrays["idf"], arrays["weights"], arrays["bias"], sharpness, teencode)


def _members(archive: tarfile.TarFile) -> dict[str, bytes]:
    """The files of our component, by name; anything odd in the archive refuses it whole."""
    found: dict[str, dict[str, bytes]] = {}
    for count, member in enumerate(archive, 1):
        if count > MOST_MEMBERS:
            raise ArchiveError("mô hình có quá nhiều tệp bên trong.")
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
            raise ArchiveError(f"mô hình có đường dẫn hoặc liên kết lạ: {member.name[:80]!r}.")
        content = archive.extractfile(member) if member.isfile() and name.name in _NAMES else None
        if content is not None:
            found.setdefault(str(name.parent), {})[name.name] = content.read()
    ours = [files for files in found.values() if MARK.encode() in files.get("model.json", b"")[:200]]
    if len(ours) != 1:
        raise ArchiveError("trong tệp này không có (đúng một) mô hình của Gõ Cửa.")
    return ours[0]


def _array_bytes(array: "np.ndarray[Any, Any]") -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _array(content: bytes, digest: str) -> Floats:
    """Numbers in NumPy's own file format, and nothing else of what it may hold. Raises ``ValueError``."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ArchiveError("mô hình đã bị sửa: dấu kiểm không khớp.")
    buffer = io.BytesIO(content)
    if numpy_format.read_magic(buffer) != (1, 0):
        raise ValueError
    shape, by_column, kind = numpy_format.read_array_header_1_0(buffer)
    if by_column or kind.kind != "f":
        raise ValueError
    # the shape must be that of the bytes there are: nothing is made room for before
    return np.frombuffer(content, kind, offset=buffer.tell()).reshape(shape).astype(np.float32)


_NAMES = frozenset({"model.json", *(f"{name}.npy" for name in ARRAYS)})
