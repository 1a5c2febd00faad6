"""The process that hears a recording: its words, its bounds, and the library itself where it is installed."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.settings import SettingsError
from bot.voice.hearing import heard
from bot.voice.recogniser import LENGTH, RecogniserError
from bot.voice.viet_asr import VietAsr


def process(code: str) -> VietAsr:
    return VietAsr(command=(sys.executable, "-c", code), libraries=())


def test_the_recording_goes_in_and_its_words_come_out() -> None:
    echo = process("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1] + b'\\n')")
    assert echo.transcribe("ơi".encode()[::-1]) == "ơi"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import sys; sys.exit(1)", id="cannot be read"),
        pytest.param("import os; os.kill(os.getpid(), 11)", id="crashes"),
        pytest.param("import sys; sys.stdout.buffer.write(b'\\xff')", id="answers with no text"),
    ],
)
def test_what_goes_wrong_there_stays_there(code: str) -> None:
    recogniser = process(code)
    for _ in range(2):
        with pytest.raises(RecogniserError, match="unreadable"):
            recogniser.transcribe(b"OggS")


def test_two_recordings_are_both_heard() -> None:
    recogniser = process("print('xong')")
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(recogniser.transcribe, (b"", b""))) == ["xong", "xong"]


def test_without_the_extra_the_start_says_what_to_install() -> None:
    with pytest.raises(SettingsError, match=r"no_such_library.*requirements/voice\.txt"):
        VietAsr(libraries=("no_such_library",))


@pytest.mark.parametrize(("seconds", "channels"), [(LENGTH + 1, 1), (1, 2)])
def test_what_is_too_long_or_not_one_voice_is_not_heard(seconds: int, channels: int) -> None:
    pytest.importorskip("vietasr", reason="the extra of requirements/voice.txt is not installed")
    with pytest.raises(ValueError, match="too long"):
        heard(_recording(seconds, channels))


def test_the_library_hears_no_words_in_noise() -> None:
    pytest.importorskip("vietasr", reason="the extra of requirements/voice.txt is not installed")
    assert VietAsr().transcribe(_recording(2, 1)) == ""


def _recording(seconds: int, channels: int) -> bytes:
    soundfile = pytest.importorskip("soundfile", reason="the extra of requirements/voice.txt is not installed")
    noise = np.random.default_rng(1).normal(scale=0.05, size=(48_000 * seconds, channels))
    file = io.BytesIO()
    soundfile.write(file, noise, 48_000, format="OGG", subtype="OPUS")
    return file.getvalue()
