"""Zalo's tokens rest sealed, and one refresher at a time renews them."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from bot.channels.pictures import Uploaded
from bot.channels.zalo_oa_tokens import TokenPair
from bot.store.schema import token
from bot.store.store import Store

AT = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
PAIR = TokenPair("truy-cap", "lam-moi", AT, AT + dt.timedelta(hours=25))


def test_a_pair_is_found_again_and_the_one_before_it_is_kept(store: Store) -> None:
    async def renew() -> TokenPair | None:
        assert await store.tokens.load() is None
        await store.tokens.save(PAIR)
        await store.tokens.save(replace(PAIR, access="truy-cap-2"))
        return await store.tokens.load()

    assert asyncio.run(renew()) == replace(PAIR, access="truy-cap-2")
    with store.engine.connect() as connection:
        row = connection.execute(select(token)).one()
    assert (row.version, row.saved_at[:13]) == (2, "2026-11-21T03")
    assert "truy-cap" not in row.sealed + row.previous
    assert row.previous != row.sealed


def test_one_refresher_at_a_time_of_all_processes(open_store: Callable[..., Store]) -> None:
    here, there = open_store(holder="đây"), open_store(holder="kia")
    order: list[str] = []

    async def renew(store: Store, name: str) -> None:
        async with store.tokens.lock():
            order.append(f"{name} vào")
            await asyncio.sleep(0)
            order.append(f"{name} ra")

    async def both() -> None:
        await asyncio.gather(renew(here, "đây"), renew(there, "kia"), renew(here, "đây"))

    for store in (here, there):
        store.writer.start()
    asyncio.run(both())
    for store in (here, there):
        store.writer.stop()
    assert len(order) == 6
    assert all(order[index].split()[0] == order[index + 1].split()[0] for index in (0, 2, 4))


def test_an_upload_is_remembered_until_there_is_a_newer_one(store: Store) -> None:
    async def upload() -> list[Uploaded | None]:
        found = [await store.pictures.get("zalo_oa", "hinh:1")]
        for id in ("a", "b"):
            await store.pictures.put("zalo_oa", "hinh:1", Uploaded(id, AT))
            found.append(await store.pictures.get("zalo_oa", "hinh:1"))
        return [*found, await store.pictures.get("telegram", "hinh:1")]

    assert asyncio.run(upload()) == [None, Uploaded("a", AT), Uploaded("b", AT), None]
