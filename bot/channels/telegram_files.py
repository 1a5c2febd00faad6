"""What somebody recorded on Telegram: fetched only where the operator switched listening on, kept in memory alone."""

import json
import re

from bot.channels.channel import SendError
from bot.channels.http import HttpClient

# {"ok": true, "result": {"file_id": "AwAC…", "file_unique_id": "AgAD…", "file_size": 9120,
#   "file_path": "voice/file_7.oga"}}
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.\w{1,5}")


class TelegramFiles:
    """Files of Telegram's own, by their ids. ``api`` is where the Bot API answers."""

    def __init__(self, *, token: str, api: str) -> None:
        self._token = token
        self._api = api

    async def fetch(self, file: str, *, most: int) -> bytes:
        """A file of at most so many bytes. Raises ``SendError``."""
        async with HttpClient() as client:
            answer = await client.get(f"{self._api}/bot{self._token}/getFile", params={"file_id": file})
            return await client.fetch(f"{self._api}/file/bot{self._token}/{_path(answer.body)}", most=most)


def _path(body: bytes) -> str:
    try:
        path = json.loads(body)["result"]["file_path"]
    except (ValueError, KeyError, TypeError):
        raise SendError("no_file", "drop") from None
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise SendError("no_file", "drop")
    return path
