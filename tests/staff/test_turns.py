"""Many chats at once, each in its order."""

import asyncio
import datetime as dt

from telegram import Chat as TelegramChat
from telegram import Message, Update

from bot.staff import words
from bot.staff.turns import OneByOneInAChat
from tests.staff.chat import Chat


def update(chat: int) -> Update:
    message = Message(1, dt.datetime(2026, 11, 21, tzinfo=dt.UTC), TelegramChat(chat, "private"))
    return Update(chat, message)


def test_a_chat_that_waits_holds_up_no_other_and_nothing_in_it_overtakes() -> None:
    done: list[str] = []

    async def played() -> None:
        turns, telegram_answers = OneByOneInAChat(), asyncio.Event()

        async def slow() -> None:
            await telegram_answers.wait()
            done.append("slow")

        async def quick(name: str) -> None:
            done.append(name)

        waiting = [
            asyncio.create_task(turns.process_update(update(1), slow())),
            asyncio.create_task(turns.process_update(update(1), quick("behind it"))),
        ]
        await turns.process_update(update(2), quick("another chat"))
        telegram_answers.set()
        await asyncio.gather(*waiting)

    asyncio.run(played())
    assert done == ["another chat", "slow", "behind it"]


def test_what_one_types_quickly_is_answered_in_its_order(chat: Chat) -> None:
    for said in ("mở lớp", "các lớp", "ai vướng", "gì đó", "giúp"):
        chat.someone.writes(said)
    chat.running.settle()
    assert chat.hears()[-5:] == [words.WHICH_LESSON, words.HELP, words.NO_CLASS, words.NOT_UNDERSTOOD, words.HELP]
