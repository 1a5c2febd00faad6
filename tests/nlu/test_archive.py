"""The archive: what is written is read again; whatever else is in such a file is refused with one clear line (T85)."""

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.nlu import archive
from bot.nlu.archive import ArchiveError, model_files, read_archive, read_model, write_archive
from tests.nlu.small import small_model


def packed(path: Path, files: dict[str, bytes], *, folder: str = "components/x") -> Path:
    with tarfile.open(path, "w:gz") as opened:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))
    return path


def npy(array: "np.ndarray[Any, Any]") -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.fixture
def files() -> dict[str, bytes]:
    return {each.name: each.content for each in model_files(small_model())}


def with_array(files: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """The files with another array and, as whoever tampers would, its digest."""
    head = json.loads(files["model.json"])
    head["sha256"][name] = hashlib.sha256(content).hexdigest()
    return {**files, "model.json": json.dumps(head).encode(), name: content}


def test_an_archive_gives_back_the_model(tmp_path: Path) -> None:
    path = tmp_path / "models" / "m.tar.gz"
    write_archive(path, small_model())
    first = path.read_bytes()
    write_archive(path, small_model())
    assert path.read_bytes() == first
    again = read_archive(path)
    for text in ("otp đâu", "mk", ""):
        assert again.rank(text) == small_model().rank(text)


def test_a_rasa_archive_with_other_components_is_read(files: dict[str, bytes], tmp_path: Path) -> None:
    path = packed(tmp_path / "m.tar.gz", {**files, "other.bin": b"x" * 1000}, folder="components/train_gocua0")
    assert read_archive(path).intents == small_model().intents


@pytest.mark.parametrize("name", ["weights.npy", "idf.npy", "bias.npy"])
def test_a_flipped_byte_is_seen(files: dict[str, bytes], tmp_path: Path, name: str) -> None:
    content = bytearray(files[name])
    content[-1] ^= 1
    with pytest.raises(ArchiveError, match="dấu kiểm không khớp"):
        read_archive(packed(tmp_path / "m.tar.gz", {**files, name: bytes(content)}))


def test_any_flipped_byte_of_the_file_is_told_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "m.tar.gz"
    write_archive(path, small_model())
    whole = path.read_bytes()
    for at in range(0, len(whole), len(whole) // 200):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with suppress(ArchiveError):
            assert read_archive(path).rank("otp đâu") == small_model().rank("otp đâu")


@pytest.mark.parametrize(
    "content",
    [
        npy(np.array([{"a": 1}], dtype=object)),
        npy(np.array(["a", "b", "c"])),
        npy(np.array([1, 2, 3])),
        npy(np.array([1, 2], dtype=np.float32)),
        npy(np.ones((3, 1), dtype=np.float32)),
        npy(np.array([np.nan, 0, 0], dtype=np.float32)),
        npy(np.array([np.inf, 0, 0], dtype=np.float32)),
        npy(np.zeros(3, dtype=np.float32))[:-1],
        npy(np.zeros(3, dtype=np.float32)).replace(b"(3,)", b"(3000000000000,)"),
        b"",
        b"\x93NUMPY\x03\x00" + bytes(100),
    ],
    ids=[
        "objects", "words", "whole numbers", "too few", "another shape", "nan", "inf", "cut", "asks for room", "empty",
        "another version",
    ],
)  # fmt: skip
def test_an_array_that_is_not_plain_numbers_of_its_shape_is_refused(files: dict[str, bytes], content: bytes) -> None:
    with pytest.raises(ArchiveError, match="bên trong"):
        read_model(with_array(files, "bias.npy", content))


def test_a_zip_in_the_place_of_an_array_is_refused(files: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("a.npy", npy(np.zeros(3)))
    with pytest.raises(ArchiveError, match="bên trong"):
        read_model(with_array(files, "bias.npy", buffer.getvalue()))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"what": "something else"},
        {"intents": []},
        {"intents": 7},
        {"intents": ["a", "b"]},
        {"vocabulary": ["a", "a"]},
        {"teencode": ["a"]},
        {"sharpness": 0},
        {"sharpness": "nan"},
        {"sharpness": None},
        {"sha256": {}},
    ],
    ids=str,
)
def test_a_head_that_does_not_fit_is_refused(files: dict[str, bytes], change: dict[str, object]) -> None:
    head = {**json.loads(files["model.json"]), **change}
    with pytest.raises(ArchiveError):
        read_model({**files, "model.json": json.dumps(head).encode()})


@pytest.mark.parametrize("head", [b"", b"[]", b"{", b"7", b"\xff", b"[" * 100_000], ids=len)
def test_a_head_that_is_no_head_is_refused(files: dict[str, bytes], head: bytes) -> None:
    with pytest.raises(ArchiveError, match="sai phần bên trong"):
        read_model({**files, "model.json": head})


@pytest.mark.parametrize("missing", ["model.json", "weights.npy", "idf.npy", "bias.npy"])
def test_a_missing_part_is_told(files: dict[str, bytes], tmp_path: Path, missing: str) -> None:
    rest = {name: content for name, content in files.items() if name != missing}
    with pytest.raises(ArchiveError):
        read_archive(packed(tmp_path / "m.tar.gz", rest))


@pytest.mark.parametrize("folder", ["/etc", "../x", "a/../../b"])
def test_a_path_that_escapes_is_refused(files: dict[str, bytes], tmp_path: Path, folder: str) -> None:
    with pytest.raises(ArchiveError, match="đường dẫn hoặc liên kết lạ"):
        read_archive(packed(tmp_path / "m.tar.gz", files, folder=folder))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_device_is_refused(files: dict[str, bytes], tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "m.tar.gz"
    with tarfile.open(path, "w:gz") as opened:
        member = tarfile.TarInfo("components/x/model.json")
        member.type, member.linkname = kind, "/etc/passwd"
        opened.addfile(member)
    with pytest.raises(ArchiveError, match="đường dẫn hoặc liên kết lạ"):
        read_archive(path)


def test_two_models_in_one_archive_are_refused(files: dict[str, bytes], tmp_path: Path) -> None:
    twice = {f"{folder}/{name}": content for folder in "ab" for name, content in files.items()}
    with pytest.raises(ArchiveError, match="đúng một"):
        read_archive(packed(tmp_path / "m.tar.gz", twice))


@pytest.mark.parametrize("size", [0, 10, 1000, 2000])
def test_a_truncated_archive_is_refused(files: dict[str, bytes], tmp_path: Path, size: int) -> None:
    whole = packed(tmp_path / "m.tar.gz", files)
    whole.write_bytes(whole.read_bytes()[:size])
    with pytest.raises(ArchiveError, match="không mở được"):
        read_archive(whole)


@pytest.mark.parametrize("content", [b"not a gzip", gzip.compress(b"not a tar" * 100), gzip.compress(b"")], ids=len)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"không mở được|không có"):
        read_archive(path)


def test_a_bomb_is_refused_before_it_is_unpacked_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.tar.gz"
    with gzip.open(path, "wb", compresslevel=1) as bomb:
        for _ in range(archive.MOST_BYTES // 10_000_000 + 1):
            bomb.write(bytes(10_000_000))
    with pytest.raises(ArchiveError, match="quá lớn"):
        read_archive(path)


def test_thousands_of_files_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "m.tar.gz", {str(index): b"" for index in range(archive.MOST_MEMBERS + 1)})
    with pytest.raises(ArchiveError, match="quá nhiều tệp"):
        read_archive(path)


def test_no_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="chưa có mô hình"):
        read_archive(tmp_path / "none.tar.gz")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="không mở được"):
        read_archive(tmp_path)
