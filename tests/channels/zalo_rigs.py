"""The Zalo channels with their stand-ins behind them, ready to be used by tests."""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bot.channels.http import HttpClient
from bot.channels.payloads import Payloads
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_updates import ZaloBotUpdates
from bot.channels.zalo_oa import ZaloOa
from bot.channels.zalo_oa_events import ZaloOaEvents
from bot.channels.zalo_oa_tokens import Grants, OaAccount, TokenPair, Tokens
from tests.channels.picture_shelf import Shelf, draw
from tests.channels.token_shelf import TokenShelf
from tests.stand_ins.clocks import MovableClock
from tests.stand_ins.control import Control
from tests.stand_ins.zalo_bot.app import TOKEN
from tests.stand_ins.zalo_oa.app import ACCOUNT

SECRET = "Bi-mat_cua_webhook_" + "x" * 20
PAYLOADS = Payloads(b"k" * 32)


def oa_account(address: str) -> OaAccount:
    """The stand-in's account as an operator would set it."""
    return OaAccount(
        app_id=ACCOUNT.app_id,
        app_secret=ACCOUNT.app_secret,
        oa_id=ACCOUNT.oa_id,
        oa_secret=ACCOUNT.oa_secret,
        api=address,
        oauth=address,
    )


def reader_of(clock: Callable[[], float]) -> Callable[[], dt.datetime]:
    """The stand-in's clock as the bot reads clocks."""
    return lambda: dt.datetime.fromtimestamp(clock(), dt.UTC)


@dataclass(frozen=True, slots=True)
class OaRig:
    """An Official Account's channel, logged in; ``now`` is the stand-in's clock."""

    address: str
    channel: ZaloOa
    events: ZaloOaEvents
    tokens: Tokens
    store: TokenShelf
    shelf: Shelf
    now: Callable[[], dt.datetime]


@contextlib.asynccontextmanager
async def oa_rig(address: str, control: Control, clock: MovableClock) -> AsyncIterator[OaRig]:
    """The channel against the stand-in at that address."""
    now, account = reader_of(clock), oa_account(address)
    given = control.post("tokens")
    pair = TokenPair(given["access"], given["refresh"], now(), now() + dt.timedelta(hours=25))
    store, shelf = TokenShelf(pair), Shelf()
    client = HttpClient(trust_env=False)
    tokens = Tokens(Grants(account, client, now), store, now)
    channel = ZaloOa(account=account, client=client, tokens=tokens, payloads=PAYLOADS, draw=draw, ids=shelf, now=now)
    events = ZaloOaEvents(account=account, payloads=PAYLOADS, now=now)
    try:
        yield OaRig(address, channel, events, tokens, store, shelf, now)
    finally:
        await channel.close()


@dataclass(frozen=True, slots=True)
class BotRig:
    """A Zalo Bot's channel."""

    address: str
    channel: ZaloBot
    updates: ZaloBotUpdates


@contextlib.asynccontextmanager
async def bot_rig(address: str, clock: Callable[[], float], *, pictures: bool = True) -> AsyncIterator[BotRig]:
    """The channel against the stand-in at that address."""
    channel = ZaloBot(
        token=TOKEN,
        client=HttpClient(trust_env=False),
        picture_url=(lambda name: f"https://gocua.example/pictures/{name}.png") if pictures else None,
        api=address,
    )
    try:
        yield BotRig(address, channel, ZaloBotUpdates(secret=SECRET, now=reader_of(clock)))
    finally:
        await channel.close()
