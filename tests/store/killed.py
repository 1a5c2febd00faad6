"""A process to be killed: answers what is in the inbox of a database, not too quickly, and never ends by itself."""

import datetime as dt
import sys
import threading
import time

from bot.channels.messages import Incoming
from bot.store.chats import FinishedTurn, StoredChat
from bot.worker import Worker
from tests.fakes import open_test_store
from tests.test_worker import Ledger

# seconds a message is thought about, so that whoever kills comes in time
_THOUGHT = 0.004


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SlowLedger(Ledger):
    def take(self, incoming: Incoming, chat: StoredChat) -> FinishedTurn:
        time.sleep(_THOUGHT)
        return super().take(incoming, chat)


if __name__ == "__main__":
    store = open_test_store(sys.argv[1], utc_now)
    Worker(SlowLedger(utc_now), store.inbox, store.writer, now=utc_now).start()
    threading.Event().wait()
