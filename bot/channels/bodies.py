"""Reads the bodies platforms post: small, shallow JSON objects, and nothing of them in any error."""

import json
import re
import unicodedata
from typing import Any

from bot.channels.channel import RefusedError

# bytes of a post and how deep its JSON may nest (T55)
BODY = 256 * 1024
DEPTH = 20

# ids of chats and messages; platforms use digits, letters and a few signs
_ID = re.compile(r"[!-~]{1,128}")

# a whole string, even one without an end, or a bracket outside of strings: one pass, whatever is sent
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises ``RefusedError``."""
    if len(raw) > BODY:
        raise RefusedError("too_large")
    if _is_too_deep(raw):
        raise RefusedError("too_deep")
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise RefusedError("not_json") from None
    if not isinstance(found, dict):
        raise RefusedError("not_an_object")
    return found


def part_of(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object; an empty one where it is missing or something else."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def id_of(body: dict[str, Any], name: str) -> str:
    """An id as text, whether it came as a string or as a number beyond 64 bits; empty where there is none."""
    found = body.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    text = str(found)
    return text if _ID.fullmatch(text) else ""


def text_of(body: dict[str, Any], name: str) -> str:
    """A text in NFC, without halves of letters that no database takes; empty where there is none."""
    found = body.get(name)
    if not isinstance(found, str):
        return ""
    whole = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", whole)


def _is_too_deep(raw: bytes) -> bool:
    depth = 0
    for token in _TOKEN.finditer(raw):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > DEPTH:
                return True
        elif token[0] in (b"]", b"}"):
            depth -= 1
    return False
