"""The process that hears one recording: Ogg in on stdin, its words out on stdout (see ``viet_asr.py``).

The weights lie inside the library's package; its build has no way to download any (HTTP is compiled out).
"""

import importlib
import io
import sys

from bot.voice.recogniser import AUDIO, LENGTH


def heard(audio: bytes) -> str:
    """The words of a recording. Raises what the libraries raise, ``ValueError`` for one that is too long."""
    # the extra is installed only where it is used
    soundfile, vietasr = importlib.import_module("soundfile"), importlib.import_module("vietasr")
    with soundfile.SoundFile(io.BytesIO(audio)) as recording:
        if recording.channels != 1 or not 0 < len(recording) <= LENGTH * recording.samplerate:
            raise ValueError("too long, or not one voice's")
        samples, rate = recording.read(dtype="int16"), float(recording.samplerate)
    text: str = vietasr.Pipeline.preset("transcribe").transcribe(samples, rate).text
    return text


if __name__ == "__main__":
    sys.stdout.buffer.write(heard(sys.stdin.buffer.read(AUDIO)).encode("utf-8"))
