"""A platform that gives one answer, without any network."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.http import Answer, HttpClient


class Answering(HttpClient):
    """Answers every post with what ``answer`` gives."""

    def __init__(self, answer: Callable[[], Awaitable[Answer]]) -> None:
        super().__init__(trust_env=False)
        self._answer = answer

    async def post(self, url: str, **_: Any) -> Answer:
        return await self._answer()


def always(answer: Answer) -> Answering:
    async def given() -> Answer:
        return answer

    return Answering(given)
