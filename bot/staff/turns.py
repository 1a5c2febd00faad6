"""Whose update is when: each chat's in their order, many chats at the same time."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# chats answered at the same time: every ward of the city may teach on one morning
_CHATS = 200


class OneByOneInAChat(BaseUpdateProcessor):
    """A chat that waits for Telegram holds up no other; in one chat nothing overtakes: its questions stay in order."""

    def __init__(self) -> None:
        super().__init__(_CHATS)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        # kept here as long as somebody waits for it
        turn = self._turns.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with turn:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to begin."""

    async def shutdown(self) -> None:
        """Nothing to end."""
