"""Files that browsers keep: their address holds a digest of what is in them."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("static")

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and packed."""

    address: str
    kind: str
    body: bytes
    packed: bytes


def load_assets(folder: Path = FOLDER) -> dict[str, Asset]:
    """Every static file by its plain name."""
    return {path.name: _asset(path) for path in sorted(folder.iterdir()) if path.suffix in _TYPES}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:16]
    address = f"/static/{path.stem}.{digest}{path.suffix}"
    return Asset(address, _TYPES[path.suffix], body, gzip.compress(body, mtime=0))
