"""Recordings become words that passed the shield, or nothing at all."""

import logging

import pytest

from bot.channels.channel import SendError
from bot.channels.messages import ContactKey, Incoming
from bot.entrance import Entrance
from bot.listening import Listening
from bot.voice.recogniser import RecogniserError

CO_BA = ContactKey("telegram", "5200000001")
SENT = Incoming(CO_BA, id="m", media="voice", file="AwAC")
CANARY = "chim hoàng yến"


class Shelf:
    """Files by id."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error

    async def fetch(self, file: str, *, most: int) -> bytes:
        self.asked.append(file)
        if self.error is not None:
            raise self.error
        return b"OggS"


class Ear:
    """Hears what it was told to."""

    def __init__(self, words: str = "", error: Exception | None = None) -> None:
        self.words = words
        self.error = error

    def transcribe(self, audio: bytes) -> str:
        assert audio == b"OggS"
        if self.error is not None:
            raise self.error
        return self.words


def listening(shelf: Shelf, ear: Ear) -> Listening:
    return Listening({"telegram": shelf}, ear, Entrance(lambda: 0.0))


def test_what_was_heard_passes_the_shield() -> None:
    heard = listening(Shelf(), Ear("mã otp của tui là 482913")).hear(SENT)
    assert heard.text is not None
    assert "482913" not in heard.text
    assert heard.hidden == ("otp",)


@pytest.mark.parametrize(
    ("shelf", "ear"),
    [
        pytest.param(Shelf(SendError("too_large", "drop")), Ear(CANARY), id="too large"),
        pytest.param(Shelf(TimeoutError()), Ear(CANARY), id="too slow"),
        pytest.param(Shelf(), Ear(error=RecogniserError("busy")), id="busy"),
        pytest.param(Shelf(), Ear(""), id="silence"),
    ],
)
def test_what_cannot_be_heard_stays_a_recording(shelf: Shelf, ear: Ear) -> None:
    assert listening(shelf, ear).hear(SENT) == SENT
    assert shelf.asked == ["AwAC"]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(Incoming(CO_BA, id="m", media="voice"), id="music, or a platform that gives no id"),
        pytest.param(Incoming(ContactKey("zalo_oa", "1"), media="voice", file="AwAC"), id="another channel"),
    ],
)
def test_nothing_is_fetched_where_nobody_listens(sent: Incoming) -> None:
    shelf = Shelf()
    assert listening(shelf, Ear(CANARY)).hear(sent) == sent
    assert shelf.asked == []


def test_neither_words_nor_files_stand_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        listening(Shelf(), Ear(CANARY)).hear(SENT)
        listening(Shelf(), Ear(error=RecogniserError("busy"))).hear(SENT)
    assert "not heard: busy" in caplog.text
    assert [each for each in (CANARY, "AwAC", CO_BA.user) if each in caplog.text] == []
