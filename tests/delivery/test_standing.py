"""How a channel stands, counted on the real outbox."""

import datetime as dt
from contextlib import closing
from pathlib import Path

from bot.channels.messages import Text
from bot.delivery.standing import standings
from bot.metrics import Standing
from tests.delivery.stored_outbox import StoredOutbox
from tests.virtual_time import START, run


def test_what_waits_and_what_was_given_up(tmp_path: Path) -> None:
    with closing(StoredOutbox(f"sqlite:///{tmp_path / 'outbox.db'}")) as outbox:
        for address in ("a", "b", "c"):
            outbox.put(address, [Text("chào")])
        outbox.put("d", [Text("chào")], leaving_at=START)

        async def settle() -> None:
            await outbox.bury(1, "timeout")
            await outbox.mark_sent(2)

        run(settle)
        later = START + dt.timedelta(seconds=90)
        assert standings(outbox, lambda: {"fake": 4}, ["fake", "telegram"], later) == [
            Standing("fake", waiting=2, oldest=90.0, dead=1, people=4),
            Standing("telegram", waiting=0, oldest=0.0, dead=0, people=0),
        ]
