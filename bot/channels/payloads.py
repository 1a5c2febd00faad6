"""What a button carries through a platform: opaque, signed, for one person, for a few days (T56).

A payload does not hold the id of its button but a digest of it. The id names dialog, step and choice, so a digest is
found again only among the buttons of the place where it was offered.
"""

import datetime as dt
import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from bot.channels.messages import ContactKey

# days after which a button is an old one
LIFE = 7

# what every payload begins with; on Zalo a tap arrives as text, and this tells it from what people write
_PREFIX = "s:"
_SHAPE = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]*")

# bytes: of the button's digest, of the day it expires on, of the signature; in all a multiple of 3, so that each letter
# counts
_DIGEST, _DAY, _MAC = 6, 2, 13
_EPOCH = dt.date(2020, 1, 1)

# stands for a button that is too old or not ours, where a button's id is expected
OLD = _PREFIX


class Payloads:
    """Signs and reads payloads. ``key`` is secret and at least 32 bytes long."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a key for payloads has at least 32 bytes")
        self._key = key

    def sign(self, contact: ContactKey, button: str, today: dt.date) -> str:
        """The payload of a button shown to somebody today: 30 ASCII characters."""
        what = _digest(button) + _day_bytes(today + dt.timedelta(days=LIFE))
        return _PREFIX + _encoded(what + self._mac(contact, what))

    def read(self, contact: ContactKey, text: str, today: dt.date) -> str | None:
        """What ``find`` takes: the button pressed, ``OLD`` where it expired or is not theirs, None where it is none."""
        if not _SHAPE.fullmatch(text):
            return None
        raw = _decoded(text.removeprefix(_PREFIX))
        what, mac = raw[: _DIGEST + _DAY], raw[_DIGEST + _DAY :]
        if not hmac.compare_digest(mac, self._mac(contact, what)):
            return OLD
        expires = _EPOCH + dt.timedelta(days=int.from_bytes(what[_DIGEST:], "big"))
        return OLD if today > expires else _PREFIX + _encoded(what[:_DIGEST])

    def _mac(self, contact: ContactKey, what: bytes) -> bytes:
        # no channel's name holds a zero byte: nobody can be taken for somebody of another channel
        whose = f"{contact.channel}\0{contact.user}\0".encode()
        return hmac.digest(self._key, whose + what, "sha256")[:_MAC]


def find(pressed: str, buttons: Iterable[str]) -> str | None:
    """The id of the button that was pressed, among those that stand there now; None for an old one."""
    return next((button for button in buttons if f"{_PREFIX}{_encoded(_digest(button))}" == pressed), None)


def _digest(button: str) -> bytes:
    return hashlib.sha256(button.encode()).digest()[:_DIGEST]


def _day_bytes(day: dt.date) -> bytes:
    return (day - _EPOCH).days.to_bytes(_DAY, "big")


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    """The bytes of a text of that alphabet; none where its length is no whole number of bytes."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
