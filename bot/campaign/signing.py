"""Signs what leaves the house (Ed25519), with a key that does nothing else and lies beside the other keys."""

import base64
import contextlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.store.sealing import KeysError

NAME = "report_key"


def signing_key(keys: Path, *, production: bool) -> Ed25519PrivateKey:
    """The key beside the file of the other keys; where there is none, it is drawn. Raises ``KeysError``."""
    path = keys.with_name(NAME)
    try:
        if not path.exists():
            _draw(path)
        if production and path.stat().st_mode & 0o077:
            raise KeysError(f"tệp khoá {path} để người khác đọc được. Gõ: chmod 600 {path}")
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_text("ascii"), validate=True))
    except OSError as error:
        raise KeysError(f"không đọc, không tạo được khoá ký {path} ({error.strerror}).") from error
    except ValueError as error:
        raise KeysError(f"tệp {path} không phải khoá ký. Lấy lại từ bản sao lưu.") from error


def public_text(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The half that everybody may know, in base64."""
    public = key if isinstance(key, Ed25519PublicKey) else key.public_key()
    return base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def is_signed(content: bytes, signature: bytes, public: str) -> bool:
    """Whether whoever holds the other half signed just this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _draw(path: Path) -> None:
    """Write it whole or not at all; who comes second reads the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(drawn).decode())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
