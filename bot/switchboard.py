"""The channels an operator switched on: where each one's posts come in, and what hands its replies over."""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.channels.channel import Channel, SendError
from bot.channels.hook import Hook
from bot.channels.http import HttpClient
from bot.channels.payloads import Payloads
from bot.channels.telegram_files import TelegramFiles
from bot.channels.telegram_updates import NETS, TelegramUpdates, answer_to
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_updates import ZaloBotUpdates
from bot.channels.zalo_oa import PICTURE, ZaloOa
from bot.channels.zalo_oa_events import ZaloOaEvents
from bot.channels.zalo_oa_tokens import Grants, OaAccount, Tokens
from bot.delivery.terms import TELEGRAM, ZALO_BOT, zalo_oa
from bot.listening import Files
from bot.running import Line
from bot.settings import TELEGRAM_API, Settings, read_secret
from bot.store.pictures import UploadedPictures
from bot.store.store import Store
from bot.store.tokens import StoredTokens

log = logging.getLogger(__name__)

# seconds until a platform that could not be told something at the start is told again
_AGAIN = 60.0

# a phrase of the content by its name and language, for somebody whose form of address is not known
Phrase = Callable[[str, str], str]


class Draw(Protocol):
    """A picture by its name as PNG, of at most so many bytes; None where the content has no such picture any more."""

    def __call__(self, name: str, *, most: int = 0) -> bytes | None: ...


# where a picture can be fetched by a platform that only takes addresses
_PICTURES = "/pictures/{name}.png"


def open_lines(settings: Settings, store: Store, draw: Draw, phrase: Phrase) -> tuple[Line, ...]:
    """The lines the settings name. Raises ``SettingsError`` for what is missing or can be guessed."""
    return tuple(_LINES[name](settings, store, draw, phrase) for name in settings.channels)


def recordings(settings: Settings) -> dict[str, Files]:
    """Where recorded messages can be fetched: Telegram's are Ogg; Zalo's are AMR, which nothing here decodes."""
    if "telegram" not in settings.channels:
        return {}
    return {"telegram": TelegramFiles(token=read_secret(settings, "telegram_token"), api=settings.telegram_api)}


def zalo_account(settings: Settings) -> OaAccount:
    """The Official Account of the settings. Raises ``SettingsError``."""
    return OaAccount(
        app_id=settings.zalo_app_id,
        app_secret=read_secret(settings, "zalo_app_secret"),
        oa_id=settings.zalo_oa_id,
        oa_secret=read_secret(settings, "zalo_oa_secret"),
        api=settings.zalo_api,
        oauth=settings.zalo_oauth,
    )


def zalo_tokens(store: Store) -> StoredTokens:
    return StoredTokens(store.engine, store.keyring, store.writer, store.duties, now=store.now)


def _zalo_oa(settings: Settings, store: Store, draw: Draw, _: Phrase) -> Line:
    account, payloads = zalo_account(settings), _payloads(store)
    client = HttpClient()
    tokens = Tokens(Grants(account, client, store.now), zalo_tokens(store), store.now)

    def connect() -> Channel:
        return ZaloOa(
            account=account,
            client=client,
            tokens=tokens,
            payloads=payloads,
            draw=lambda name: draw(name, most=PICTURE),
            ids=UploadedPictures(store.engine, store.writer),
            now=store.now,
        )

    events = ZaloOaEvents(account=account, payloads=payloads, now=store.now)
    hook = Hook("zalo_oa", "zalo-oa", events.receive)
    return Line(hook, zalo_oa(settings.zalo_requests_a_minute), connect, keep=lambda _: tokens.keep())


def _zalo_bot(settings: Settings, store: Store, draw: Draw, _: Phrase) -> Line:
    updates = ZaloBotUpdates(secret=read_secret(settings, "zalo_bot_webhook_secret"), now=store.now)
    token = read_secret(settings, "zalo_bot_token")
    public = settings.public_url.rstrip("/")

    def picture_url(name: str) -> str | None:
        return public + _PICTURES.format(name=name) if draw(name) is not None else None

    def connect() -> Channel:
        shown = picture_url if public else None
        return ZaloBot(token=token, client=HttpClient(), picture_url=shown, api=settings.zalo_bot_api)

    async def begin(zalo_bot: ZaloBot) -> None:
        if public:
            secret = read_secret(settings, "zalo_bot_webhook_secret")
            await _told("zalo_bot", lambda: zalo_bot.set_webhook(f"{public}/webhooks/zalo-bot", secret))

    return Line(Hook("zalo_bot", "zalo-bot", updates.receive), ZALO_BOT, connect, updates, keep=begin)


def _telegram(settings: Settings, store: Store, draw: Draw, phrase: Phrase) -> Line:
    payloads = _payloads(store)
    secret = read_secret(settings, "telegram_webhook_secret")
    updates = TelegramUpdates(secret=secret, payloads=payloads, now=store.now)
    token = read_secret(settings, "telegram_token")

    def connect() -> Channel:
        # its library takes seconds to import: only who uses it pays, and nobody waits for it
        telegram: Channel = importlib.import_module("bot.channels.telegram").Telegram(
            token=token,
            payloads=payloads,
            draw=draw,
            ids=UploadedPictures(store.engine, store.writer),
            now=store.now,
            api=settings.telegram_api,
        )
        return telegram

    async def begin(telegram: Any) -> None:
        if public := settings.public_url.rstrip("/"):
            await _told("telegram", lambda: telegram.set_webhook(f"{public}/webhooks/telegram", secret))
        await telegram.show_commands(phrase)

    # a second fence behind the secret, where the posts can only be Telegram's own
    nets = NETS if settings.telegram_api == TELEGRAM_API and settings.proxies else ()
    return Line(
        Hook("telegram", "telegram", updates.receive, nets, answer_to),
        TELEGRAM,
        connect,
        updates,
        keep=begin,
        tidy=lambda telegram, received: telegram.take_buttons_away(received),
    )


async def _told(channel: str, tell: Callable[[], Awaitable[None]]) -> None:
    """Tell a platform where to post, and again until it hears."""
    while True:
        try:
            return await tell()
        except SendError as error:
            log.warning("%s: the platform does not know yet where to post: %s", channel, error.reason)
            await asyncio.sleep(_AGAIN)


def _payloads(store: Store) -> Payloads:
    return Payloads(store.keyring.subkey("payloads"))


_LINES: dict[str, Callable[[Settings, Store, Draw, Phrase], Line]] = {
    "zalo_oa": _zalo_oa,
    "zalo_bot": _zalo_bot,
    "telegram": _telegram,
}
