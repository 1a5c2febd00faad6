"""The classifier on a few lines of its own: fitted, stored, read again, refused where it should be."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.archive import ArchiveError, model_files, read_archive, read_model, write_archive
from bot.nlu.fit import Example, copies, fit
from bot.nlu.model import Model, Ranked, softmax
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding, lean
from bot.nlu.views import make_views

TEENCODE = {"k": "khong", "ko": "khong", "dc": "duoc", "mk": "mat khau"}
LINES = {
    "faq/otp_missing": [
        "không nhận được mã otp",
        "chờ hoài không thấy mã otp",
        "otp không về máy",
        "mã otp đâu không thấy",
    ],
    "faq/forgot_password": [
        "quên mật khẩu rồi",
        "tôi quên mật khẩu vneid",
        "mật khẩu không nhớ nữa",
        "làm sao lấy lại mật khẩu",
    ],
    "faq/cost": [
        "làm cái này có mất tiền không",
        "có tốn phí gì không",
        "bao nhiêu tiền một lần làm",
        "miễn phí hay tốn tiền",
    ],
}
EXAMPLES = [Example(text, intent) for intent, texts in LINES.items() for text in texts]


@pytest.fixture(scope="module")
def model() -> Model:
    return fit(EXAMPLES, TEENCODE)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("không nhận được mã OTP", "faq/otp_missing"),
        ("k nhan dc ma otp", "faq/otp_missing"),
        ("quen mk r", "faq/forgot_password"),
        ("Quên mật khảu rồi con ơi", "faq/forgot_password"),
        ("co mat phi khong vay", "faq/cost"),
    ],
)
def test_a_few_lines_are_understood_in_any_writing(model: Model, text: str, intent: str) -> None:
    assert model.rank(text)[0].intent == intent


def test_a_ranking_adds_up_to_one_and_is_sorted(model: Model) -> None:
    ranking = model.rank("mã otp tốn tiền không")
    assert sum(each.confidence for each in ranking) == pytest.approx(1, abs=1e-5)
    assert [each.confidence for each in ranking] == sorted((each.confidence for each in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", "   ", "😀", "\u200b" * 50, "aaaaaaaaaa" * 10_000, "Привет"])
def test_strange_text_gets_a_ranking_and_no_error(model: Model, text: str) -> None:
    assert len(model.rank(text)) == 3


def test_the_same_lines_give_the_same_model(model: Model) -> None:
    assert model_files(fit(EXAMPLES, TEENCODE)) == model_files(model)


def test_each_line_is_learnt_without_marks_and_with_slips_too() -> None:
    texts = {line.text for line in copies([Example("được rồi nha", "done")], TEENCODE)}
    assert {"được rồi nha", "duoc roi nha"} <= texts


def test_views_meet() -> None:
    assert make_views("Hoà khoá", {}) == make_views("hòa khóa", {})
    assert make_views("k dc", TEENCODE).folded == make_views("không được", TEENCODE).folded
    assert make_views("điiiiii thôiii", {}).folded == "di thoi"


def test_an_archive_gives_back_the_model(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "m.tar.gz"
    write_archive(path, model)
    first = path.read_bytes()
    write_archive(path, model)
    assert path.read_bytes() == first
    again = read_archive(path)
    for text in ("otp đâu", "mk", ""):
        assert again.rank(text) == model.rank(text)


def packed(path: Path, files: dict[str, bytes], *, folder: str = "components/x", link: str = "") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        if link:
            member = tarfile.TarInfo(link)
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(member)
    return path


@pytest.fixture
def files(model: Model) -> dict[str, bytes]:
    return {each.name: each.content for each in model_files(model)}


def test_a_rasa_archive_with_other_components_is_read(files: dict[str, bytes], tmp_path: Path, model: Model) -> None:
    path = packed(tmp_path / "m.tar.gz", {**files, "other.bin": b"x" * 1000}, folder="components/train_gocua0")
    assert read_archive(path).intents == model.intents


def test_a_flipped_byte_is_seen(files: dict[str, bytes], tmp_path: Path) -> None:
    weights = bytearray(files["weights.npy"])
    weights[-1] ^= 1
    with pytest.raises(ArchiveError, match="dấu kiểm không khớp"):
        read_archive(packed(tmp_path / "m.tar.gz", {**files, "weights.npy": bytes(weights)}))


def test_a_pickle_is_not_read(files: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    head = json.loads(files["model.json"])
    head["sha256"]["bias.npy"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    with pytest.raises(ArchiveError, match="sai phần bên trong"):
        read_model({**files, "model.json": json.dumps(head).encode(), "bias.npy": buffer.getvalue()})


@pytest.mark.parametrize("missing", ["model.json", "weights.npy", "idf.npy", "bias.npy"])
def test_a_missing_part_is_told(files: dict[str, bytes], tmp_path: Path, missing: str) -> None:
    rest = {name: content for name, content in files.items() if name != missing}
    with pytest.raises(ArchiveError):
        read_archive(packed(tmp_path / "m.tar.gz", rest))


@pytest.mark.parametrize("folder", ["/etc", "../x", "a/../../b"])
def test_a_path_that_escapes_is_refused(files: dict[str, bytes], tmp_path: Path, folder: str) -> None:
    with pytest.raises(ArchiveError, match="đường dẫn hoặc liên kết lạ"):
        read_archive(packed(tmp_path / "m.tar.gz", files, folder=folder))


def test_a_link_is_refused(files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="đường dẫn hoặc liên kết lạ"):
        read_archive(packed(tmp_path / "m.tar.gz", files, link="components/x/extra"))


@pytest.mark.parametrize("size", [0, 10, 1000])
def test_a_truncated_archive_is_refused(files: dict[str, bytes], tmp_path: Path, size: int) -> None:
    whole = packed(tmp_path / "m.tar.gz", files)
    whole.write_bytes(whole.read_bytes()[:size])
    with pytest.raises(ArchiveError, match=r"không mở được|không có"):
        read_archive(whole)


def test_a_bomb_is_refused(files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.nlu.archive.MOST_BYTES", 100_000)
    with pytest.raises(ArchiveError, match="quá lớn"):
        read_archive(packed(tmp_path / "m.tar.gz", {**files, "bomb.bin": bytes(1_000_000)}))


def test_no_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="chưa có mô hình"):
        read_archive(tmp_path / "none.tar.gz")


# ---- plain words and the model together ----

PLAIN = PlainWords(
    {
        "scam_report": Words(within=("đọc mã otp",)),
        "done": Words(whole=("xong",)),
        "stuck": Words(within=("không được",)),
    }
)


def test_plain_words_answer_where_there_is_no_model() -> None:
    assert Understanding(PLAIN).understand("làm không được").intent == "stuck"
    assert Understanding(PLAIN).understand("quên mật khẩu").intent == ""


def test_the_model_overrules_a_phrase_but_not_a_whole_word_nor_safety(model: Model) -> None:
    both = Understanding(PLAIN, model)
    assert both.understand("không nhận được mã otp").intent == "faq/otp_missing"
    assert both.understand("xong").intent == "done"
    assert both.understand("có người kêu đọc mã otp").intent == "scam_report"


def test_two_likely_guesses_are_asked_about(model: Model) -> None:
    flat = Model(model.intents, model.vocabulary, model.idf, model.weights, model.bias, 0.01, model.teencode)
    meaning = Understanding(PLAIN, flat).understand("mã otp")
    assert (meaning.intent, len(meaning.guesses)) == ("", 2)


def test_the_place_decides_between_answers() -> None:
    ranking = [Ranked("yes", 0.4), Ranked("done", 0.35), Ranked("faq/cost", 0.25)]
    assert lean(ranking, "step")[0].intent == "done"
    assert lean(ranking, "question")[0].intent == "yes"
    assert lean(ranking, "") == ranking
    assert sum(each.confidence for each in lean(ranking, "step")) == pytest.approx(1)


def test_shares_are_shares() -> None:
    assert softmax(np.array([1000.0, 1000.0], dtype=np.float32)).tolist() == [0.5, 0.5]
