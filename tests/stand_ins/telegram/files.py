"""Pictures as the Bot API keeps them: uploaded once in several sizes, then sent by id."""

import hashlib
import io
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from tests.stand_ins.serving import Counter
from tests.stand_ins.telegram.errors import BadRequest, Json

# what everybody records: no photo, and found where getFile says
RECORDING = "AwACAgUAAxkBAAIB"
RECORDED = b"OggS what somebody said, ra-canary-71"

# what the real one takes of a photo
_BYTES = 10 * 1024 * 1024
_SIDES = 10_000
_RATIO = 20

# longer sides of the copies that are made
_SIZES = (90, 320, 800, 1280)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that can be sent again by any of its ids."""

    data: bytes
    sizes: tuple[Json, ...]

    @property
    def id(self) -> str:
        return str(self.sizes[-1]["file_id"])


class Files:
    """All pictures. ``refuse_downloads``: getFile answers as if the file were too big."""

    def __init__(self) -> None:
        self._numbers = Counter(1)
        self._by_id: dict[str, Photo] = {}
        self.refuse_downloads = False

    def upload(self, data: bytes) -> Photo:
        if not data:
            raise BadRequest("file must be non-empty")
        if len(data) > _BYTES:
            raise BadRequest("file is too big")
        try:
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                width, height = image.size
        except (UnidentifiedImageError, OSError, ValueError):
            raise BadRequest("IMAGE_PROCESS_FAILED") from None
        if width + height > _SIDES or max(width, height) > _RATIO * min(width, height):
            raise BadRequest("PHOTO_INVALID_DIMENSIONS")
        photo = Photo(data, tuple(self._size(data, width, height, side) for side in _sides(max(width, height))))
        self._by_id |= {size["file_id"]: photo for size in photo.sizes}
        return photo

    def find(self, file_id: str) -> Photo:
        photo = self._by_id.get(file_id)
        if photo is None:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        return photo

    def forget_all(self) -> None:
        """Every id given out so far is refused from now on."""
        self._by_id.clear()

    def describe(self, file_id: str) -> Json:
        """What getFile says."""
        if self.refuse_downloads:
            raise BadRequest("file is too big")
        if file_id == RECORDING:
            return {"file_id": file_id, "file_unique_id": "AgADBwADMV0", "file_path": "voice/file_7.oga"}
        photo = self._by_id.get(file_id)
        if photo is None:
            raise BadRequest("invalid file_id")
        size = next(size for size in photo.sizes if size["file_id"] == file_id)
        kept = ("file_id", "file_unique_id", "file_size")
        return {**{name: size[name] for name in kept}, "file_path": f"photos/{file_id}"}

    def _size(self, data: bytes, width: int, height: int, side: int) -> Json:
        number = self._numbers()
        scale = side / max(width, height)
        digest = hashlib.sha256(data + bytes([side % 251])).digest()
        return {
            "file_id": f"AgACAgUAAxk{urlsafe_b64encode(number.to_bytes(6, 'big') + digest[:30]).decode()}",
            "file_unique_id": f"AQAD{urlsafe_b64encode(digest[:9]).decode()}",
            "width": max(1, round(width * scale)),
            "height": max(1, round(height * scale)),
            "file_size": max(1, round(len(data) * scale * scale)),
        }


def _sides(longer: int) -> list[int]:
    largest = min(longer, _SIZES[-1])
    return [*(side for side in _SIZES if side < largest), largest]
