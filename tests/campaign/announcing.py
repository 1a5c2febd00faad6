"""A process that tells the webhook what waits, until somebody kills it or nothing is left."""

import asyncio
import contextlib
import sys

from bot.campaign.webhook import Webhook
from tests.fakes import Clock, open_test_store


async def main() -> None:
    here, there, secret, holder = sys.argv[1:]
    clock = Clock()
    # the turn of a process that was killed is over by then
    clock.move(hours=int(holder))
    store = open_test_store(here, clock, holder=holder)
    async with contextlib.aclosing(Webhook(store.webhook_events, store.duties, url=there, secret=secret)) as webhook:
        while await webhook.round():
            pass


if __name__ == "__main__":
    asyncio.run(main())
