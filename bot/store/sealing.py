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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.database import StoreAway, StoreError

KEY_BYTES = 32

# as many as GCM takes without hashing them; by chance alone two are the same once in 2^48 of a key's first 2^24 texts
_NONCE_BYTES = 12

# a key with fewer different bytes was typed, not drawn: 32 drawn ones have less than 16 once in 10^14
_FEWEST_BYTES = 16

# those bits of a file's mode that let strangers read, or others write
_OPEN_TO_OTHERS = 0o027


class KeysError(StoreError):
    """The keys cannot be used; the message says what an operator can do."""


class KeyMissing(KeysError, StoreAway):
    """The database went on to a key that this process has not; nothing may be written until its file has it."""


class SealError(Exception):
    """A sealed text is not what its record and field say: another key's, another row's, or damaged."""


class Keyring:
    """The keys by number. One seals what is new: the highest, until the database names another.

    ``reread`` gives the keys as they stand in their file now, so that a process at work learns of a later one.
    """

    def __init__(self, keys: Mapping[int, bytes], *, reread: Callable[[], Mapping[int, bytes]] | None = None) -> None:
        if not keys:
            raise KeysError("tệp khoá không có khoá nào.")
        self.current = max(keys)
        self._reread = reread
        self._hold(keys)

    def _hold(self, keys: Mapping[int, bytes]) -> None:
        self._ciphers = {number: AESGCM(_drawn(key, "seal")) for number, key in keys.items()}
        self._lookup_keys = {number: _drawn(key, "lookup") for number, key in keys.items()}
        # last: other threads ask here first whether a key is known
        self._keys = dict(keys)

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted(self._keys))

    def follow(self, number: int) -> None:
        """Seal and look up with this key from now on. Raises ``KeyMissing``."""
        if number == self.current:
            return
        if not self._knows(number):
            raise KeyMissing(
                f"cơ sở dữ liệu đã chuyển sang khoá số {number}, tệp khoá ở máy này chưa có. Chép tệp khoá mới tới đây."
            )
        self.current = number

    def _knows(self, number: int) -> bool:
        if number not in self._keys and self._reread is not None:
            self._hold({**self._keys, **self._reread()})
        return number in self._keys

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
            # a later key than this process has read may stand in the file by now
            cipher = self._ciphers[int(number) if self._knows(int(number)) else 0]
            return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _place(table, record, field)).decode()
        except (InvalidTag, KeyError, ValueError, KeysError, binascii.Error) as error:
            raise SealError(f"a sealed {table}.{field} cannot be opened") from error

    def lookup(self, *parts: str) -> str:
        """The digest under which something of a person is found again, and nobody without the key finds them."""
        return self._digest(self.current, parts)

    def lookups(self, *parts: str) -> tuple[str, ...]:
        """The same by every key, that of today first: what was written before a change of keys is found, too."""
        return tuple(
            self._digest(number, parts) for number in sorted(self._keys, key=lambda each: each != self.current)
        )

    def _digest(self, number: int, parts: Sequence[str]) -> str:
        joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
        return f"{number}.{_encoded(hmac.digest(self._lookup_keys[number], joined, 'sha256'))}"

    def subkey(self, purpose: str, number: int | None = None) -> bytes:
        """A key for one purpose alone, drawn from one of the ring."""
        return _drawn(self._keys[number or self.current], purpose)

    def fingerprints(self) -> dict[int, str]:
        """What tells the keys apart and gives nothing of them away."""
        return {number: self.subkey("fingerprint", number).hex()[:16] for number in sorted(self._keys)}


def _drawn(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"gocua {purpose}".encode()).derive(key)


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
    return Keyring(_keys_of(stored, path), reread=lambda: read_keys(path))


def read_keys(path: Path) -> dict[int, bytes]:
    """The keys of a file. Raises ``KeysError``."""
    try:
        return _keys_of(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise KeysError(f"không đọc được tệp khoá {path} ({error.strerror}).") from error


def write_keys(path: Path, keys: Mapping[int, bytes]) -> None:
    """Put other keys in the place of a file's, whole or not at all; its owner and mode stay. Raises ``KeysError``."""
    try:
        mode = path.stat()
        fresh = _written(path, keys)
        fresh.chmod(mode.st_mode & 0o777)
        if (mode.st_uid, mode.st_gid) != (fresh.stat().st_uid, fresh.stat().st_gid):
            os.chown(fresh, mode.st_uid, mode.st_gid)
        fresh.replace(path)
    except OSError as error:
        raise KeysError(f"không ghi được tệp khoá {path} ({error.strerror}).") from error


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
    fresh = _written(path, {1: new_key()})
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()


def _written(path: Path, keys: Mapping[int, bytes]) -> Path:
    """A file of our own beside, on the disk."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({str(number): base64.b64encode(key).decode() for number, key in keys.items()}, file)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _place(table: str, record: str, field: str) -> bytes:
    return json.dumps([table, record, field]).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
