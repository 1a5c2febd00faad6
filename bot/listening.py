"""Recorded messages, where an operator switched listening on: fetched, heard on this machine, and let go (T5, T37)."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from bot.channels.channel import SendError
from bot.channels.messages import Incoming
from bot.entrance import Entrance
from bot.voice.recogniser import AUDIO, FETCH, Recogniser, RecogniserError

log = logging.getLogger(__name__)


class Files(Protocol):
    """Where the recordings of a channel are."""

    async def fetch(self, file: str, *, most: int) -> bytes:
        """A file of at most so many bytes. Raises ``SendError``."""


class Listening:
    """``files`` by the names of their channels. What was heard passes the shield as if it had been typed."""

    def __init__(self, files: Mapping[str, Files], recogniser: Recogniser, entrance: Entrance) -> None:
        self._files = files
        self._recogniser = recogniser
        self._entrance = entrance

    def hear(self, incoming: Incoming) -> Incoming:
        """The message with its spoken words, secrets hidden; without a text where they could not be heard.

        Takes seconds, and is called where nobody else waits for it.
        """
        files = self._files.get(incoming.contact.channel)
        if files is None or not incoming.file:
            return incoming
        try:
            audio = asyncio.run(_fetched(files, incoming.file))
            words = self._recogniser.transcribe(audio)
        except (SendError, RecogniserError, TimeoutError) as error:
            log.warning("%s: a recording was not heard: %s", incoming.contact.channel, error or "slow")
            return incoming
        return self._entrance.hide(replace(incoming, text=words)) if words else incoming


async def _fetched(files: Files, file: str) -> bytes:
    async with asyncio.timeout(FETCH):
        return await files.fetch(file, most=AUDIO)
