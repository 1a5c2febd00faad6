"""What the database holds of people is sealed; this is the only place that knows how (T3, T4).

A sealed text is ``<key>.<base64url of nonce and AES-256-GCM>``, a look-up ``<key>.<base64url of HMAC-SHA-256>``: the
number before the dot names the key, so that a later key may stand beside an earlier one.
"""

import base64
import binascii
import contextlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.database import StoreError

KEY_BYTES = 32

# as many as GCM takes without hashing them; by chance alone two are the same once in 2^48 of a key's first 2^24 texts
_NONCE_BYTES = 12

# a key with fewer different bytes was typed, not drawn: 32 drawn ones have less than 16 once in 10^14
_FEWEST_BYTES = 16

# those bits of a file's mode that let strangers read, or others write
_OPEN_TO_OTHERS = 0o027


class KeysError(StoreError):
    """The keys cannot be used; the message says what an operator can do."""


class SealError(Exception):
    """A sealed text is not what its record and field say: another key's, another row's, or damaged."""


class Keyring:
    """The keys by number; the highest one seals what is new."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys:
            raise KeysError("tệp khoá không có khoá nào.")
        self.current = max(keys)
        self.numbers = frozenset(keys)
        self._keys = dict(keys)
        self._ciphers = {number: AESGCM(self.subkey("seal", number)) for number in keys}
        self._lookup_key = self.subkey("lookup")

    def seal(self, text: str, *, table: str, record: str, field: str) -> str:
        """The text, readable again for the same table, record and field only."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, text.encode(), _place(table, record, field))
        return f"{self.current}.{_encoded(nonce + sealed)}"

    def unseal(self, sealed: str, *, table: str, record: str, field: str) -> str:
        """The text that was sealed. Raises ``SealError``."""
        number, _, encoded = sealed.partition(".")
        try:
            body = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            cipher = self._ciphers[int(number)]
            return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _place(table, record, field)).decode()
        except (InvalidTag, KeyError, ValueError, binascii.Error) as error:
            raise SealError(f"a sealed {table}.{field} cannot be opened") from error

    def lookup(self, *parts: str) -> str:
        """The digest under which something of a person is found again, and nobody without the key finds them."""
        joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
        return f"{self.current}.{_encoded(hmac.digest(self._lookup_key, joined, 'sha256'))}"

    def subkey(self, purpose: str, number: int | None = None) -> bytes:
        """A key for one purpose alone, drawn from one of the ring."""
        key = self._keys[number or self.current]
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"gocua {purpose}".encode()).derive(key)

    def fingerprints(self) -> dict[int, str]:
        """What tells the keys apart and gives nothing of them away."""
        return {number: self.subkey("fingerprint", number).hex()[:16] for number in sorted(self._keys)}


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def read_keyring(path: Path, *, production: bool) -> Keyring:
    """The keys of a file; on a machine for trials they are drawn where there are none. Raises ``KeysError``."""
    try:
        if not path.exists() and not production:
            _draw(path)
        if production and path.stat().st_mode & _OPEN_TO_OTHERS:
            raise KeysError(f"tệp khoá {path} để người khác đọc được. Gõ: chmod 600 {path}")
        stored = path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeysError(
            f"không đọc được tệp khoá {path} ({error.strerror}). Đặt GOCUA_KEYS là tệp khoá có thật và đọc được."
        ) from error
    return Keyring(_keys_of(stored, path))


def _keys_of(stored: str, path: Path) -> dict[int, bytes]:
    try:
        keys = {int(number): base64.b64decode(key, validate=True) for number, key in json.loads(stored).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise KeysError(f'tệp khoá {path} phải có dạng {{"1": "32 byte viết bằng base64"}}.') from error
    weak = [number for number, key in keys.items() if len(key) != KEY_BYTES or len(set(key)) < _FEWEST_BYTES]
    if weak or any(number < 1 for number in keys):
        raise KeysError(
            f"tệp khoá {path}: mỗi khoá phải là 32 byte ngẫu nhiên, đánh số từ 1. Gõ: openssl rand -base64 32"
        )
    return keys


def _draw(path: Path) -> None:
    """Write a first key, whole or not at all; who comes second reads the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"1": base64.b64encode(new_key()).decode()}, file)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()


def _place(table: str, record: str, field: str) -> bytes:
    return json.dumps([table, record, field]).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
