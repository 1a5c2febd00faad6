"""What turns a recorded message into words on this very machine, and the bounds of what is listened to."""

from typing import Protocol

# bytes of a file that is fetched: four times what Telegram's recordings of that length have
AUDIO = 256 * 1024

# seconds of a recording: somebody who says what they need; measured, one second of it takes a third of a second
LENGTH = 12

# seconds until the file must be here, until it is a recording's turn, and until it must be heard: together less than
# the lease of a claim
FETCH = 2.5
TURN = 1.5
HEAR = 5.5


class RecogniserError(Exception):
    """Nothing was heard. The message is a code for the log, never content."""


class Recogniser(Protocol):
    """Hears Vietnamese."""

    def transcribe(self, audio: bytes) -> str:
        """The words of a recording, empty where there are none. Raises ``RecogniserError``."""
