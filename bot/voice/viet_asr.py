"""viet-asr behind ``Recogniser``: the optional extra ``voice`` (requirements/voice.txt).

Each recording is heard by a process of its own: what strangers recorded is decoded by C code, which may crash, hang
or keep 300 MB, and a process can be ended. The recording goes in by a pipe and the words come out by one: no file.
"""

import importlib.util
import subprocess
import sys
import threading

from bot.settings import SettingsError
from bot.voice.recogniser import HEAR, TURN, RecogniserError

_CHILD = (sys.executable, "-m", "bot.voice.hearing")

# what the process needs besides this project
LIBRARIES = ("vietasr", "soundfile")


class VietAsr:
    """One recording at a time. Raises ``SettingsError`` where the libraries of the extra are not installed."""

    def __init__(self, *, command: tuple[str, ...] = _CHILD, libraries: tuple[str, ...] = LIBRARIES) -> None:
        missing = [name for name in libraries if importlib.util.find_spec(name) is None]
        if missing:
            raise SettingsError(
                f"GOCUA_VOICE: {', '.join(missing)} not installed; "
                "uv pip install --require-hashes -r requirements/voice.txt, or leave GOCUA_VOICE empty"
            )
        self._command = command
        self._turn = threading.Lock()

    def transcribe(self, audio: bytes) -> str:
        """The words of an Ogg recording. Raises ``RecogniserError``, also where others are being heard."""
        if not self._turn.acquire(timeout=TURN):
            raise RecogniserError("busy")
        try:
            # stderr is the library's own log, which tells of what it heard
            heard = subprocess.run(  # noqa: S603
                self._command, input=audio, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=HEAR, check=True
            )
            return heard.stdout.decode("utf-8").strip()
        except subprocess.TimeoutExpired:
            # nothing of the library's error goes on: it may hold what was heard so far
            raise RecogniserError("too_slow") from None
        except (subprocess.CalledProcessError, UnicodeDecodeError, OSError):
            raise RecogniserError("unreadable") from None
        finally:
            self._turn.release()
