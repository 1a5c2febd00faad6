"""The trainers' bot at work against the Telegram stand-in, and people who write to it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.accounts.telegram import TelegramTies
from bot.staff.app import StaffBot
from bot.staff.office import Office
from bot.store.staff import Account
from tests.classes.hall import LESSON, WARD, Hall
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.telegram.app import TOKEN

# longer than a slow machine needs
_PATIENCE = 60.0

LESSONS = {LESSON.name: LESSON}
WARDS = {"sai gon": (WARD,), "cho lon": ("27211",), "dau cung co": (WARD, "27211")}


def office_of(hall: Hall) -> Office:
    store = hall.store
    return Office(
        lessons=LESSONS,
        book=hall.book,
        schedule=hall.schedule,
        roll=hall.roll,
        confirming=hall.confirming,
        staff=store.staff,
        telegram=store.staff_telegram,
        ties=TelegramTies(store.staff, store.staff_telegram, now=store.now),
        find_wards=lambda text: WARDS.get(text, ()),
        address="https://gocua.example",
        now=store.now,
    )


@dataclass
class Running:
    """A bot in a thread of its own."""

    bot: StaffBot
    control: Control
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    started: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None
    fault: BaseException | None = None

    def settle(self) -> None:
        """Until every update was taken and answered."""
        self.control.settle()
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self.bot.application.update_queue.join(), self.loop).result(_PATIENCE)

    def looks_for_news(self) -> None:
        """What the job queue has done every minute, done now."""
        assert self.loop is not None
        queue = self.bot.application.job_queue
        assert queue is not None
        [job] = queue.get_jobs_by_name("news")
        asyncio.run_coroutine_threadsafe(job.run(self.bot.application), self.loop).result(_PATIENCE)

    def work(self) -> None:
        async def run() -> None:
            self.loop = asyncio.get_running_loop()
            try:
                await self.bot.run(self.stopped, started=self.started.set)
            except BaseException as error:
                self.fault = error
            finally:
                self.started.set()

        asyncio.run(run())


@contextmanager
def at_work(office: Office, address: str, control: Control, token: str = TOKEN) -> Iterator[Running]:
    """The bot polls and answers until the block ends."""
    running = Running(StaffBot(office, token=token, api=address), control)
    thread = threading.Thread(target=running.work)
    thread.start()
    assert running.started.wait(_PATIENCE)
    try:
        yield running
    finally:
        if running.loop is not None and running.loop.is_running():
            running.loop.call_soon_threadsafe(running.stopped.set)
        thread.join(_PATIENCE)
    assert not thread.is_alive()


@dataclass
class Chat:
    """Somebody's chat with the bot: what each word or tap is answered with."""

    someone: Someone
    running: Running

    def says(self, text: str) -> list[str]:
        before = len(self.someone.hears())
        self.someone.writes(text)
        return self._answers(before)

    def taps(self, label: str) -> list[str]:
        before = len(self.someone.hears())
        self.someone.taps(label)
        return self._answers(before)

    def forges(self, data: str) -> list[str]:
        """Tap what no button has."""
        before = len(self.someone.hears())
        self.someone.control.post("forge", user=self.someone.id, bubble=self.someone.sees()[-1]["id"], data=data)
        return self._answers(before)

    def labels(self) -> list[str]:
        return self.someone.labels()

    def hears(self) -> list[str]:
        return self.someone.hears()

    def ties(self, office: Office, account: Account) -> list[str]:
        return self.says(f"/start {office.ties.issue(account, by='cli')}")

    def _answers(self, before: int) -> list[str]:
        self.running.settle()
        return self.someone.hears()[before:]
