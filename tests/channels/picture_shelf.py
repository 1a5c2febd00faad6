"""Pictures and what was uploaded of them, kept in memory."""

import io
import zlib

from PIL import Image

from bot.channels.pictures import Uploaded


def draw(name: str) -> bytes | None:
    """A picture whose colour goes with its name; none for ``mat``."""
    if name == "mat":
        return None
    out = io.BytesIO()
    Image.new("RGB", (640, 400), f"#{zlib.crc32(name.encode()) % 0x1000000:06x}").save(out, "PNG")
    return out.getvalue()


class Shelf:
    """Remembers uploads as long as it lives."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Uploaded] = {}

    async def get(self, channel: str, picture: str) -> Uploaded | None:
        return self.kept.get((channel, picture))

    async def put(self, channel: str, picture: str, uploaded: Uploaded) -> None:
        self.kept[channel, picture] = uploaded
