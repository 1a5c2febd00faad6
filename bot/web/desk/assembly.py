"""Puts the console together: every door of every room, in one list."""

from collections.abc import Callable, Mapping
from typing import Protocol

from bot.accounts.provider import Provider
from bot.accounts.signing_in import SigningIn
from bot.accounts.telegram import TelegramTies
from bot.campaign.figures import Figures
from bot.campaign.requests import Requests
from bot.campaign.signing import signing_key
from bot.campaign.teams import Teams
from bot.campaign.weekly import Week, weekly_files
from bot.channels.messages import Text, dump
from bot.classes.results import Results
from bot.classes.roll import Roll
from bot.classes.schedule import Schedule
from bot.content.library import Library
from bot.content.translation import translated_words
from bot.settings import CHANNELS, Settings
from bot.sharing import read_state
from bot.store.store import Store
from bot.web.desk.classes import ClassDoors
from bot.web.desk.desk import Desk
from bot.web.desk.figures import FigureDoors
from bot.web.desk.pages import DeskPages
from bot.web.desk.passkeys import Asking, PasskeyDoors
from bot.web.desk.people import PeopleDoors
from bot.web.desk.provider import ProviderDoors
from bot.web.desk.requests import RequestDoors
from bot.web.desk.sign_in import SignInDoors
from bot.web.desk.telegram import TelegramDoors
from bot.web.desk.titles import Titles
from bot.web.desk.visit import DeskCookie
from bot.web.desk.watch import WatchDoors
from bot.web.desk.weekly import WeeklyDoors
from bot.web.desk.words import WORDS
from bot.web.static_files import Asset


class Service(Protocol):
    """What the console needs of a bot that serves."""

    @property
    def settings(self) -> Settings: ...
    @property
    def library(self) -> Library: ...
    @property
    def store(self) -> Store: ...
    @property
    def signing_in(self) -> SigningIn: ...
    @property
    def provider(self) -> Provider | None: ...
    @property
    def roll(self) -> Roll: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def results(self) -> Results: ...


def told(library: Library) -> Callable[[str, str], str]:
    """What a person is told when somebody of the office takes or closes their request, as the outbox stores it: in the
    language and the form of address of their chat, where it still stands."""

    def said(phrase: str, stored: str) -> str:
        state = read_state(stored)
        book, slots = library.book.in_language(state.language), state.slots
        forms = book.forms(slots.get("called", ""), slots.get("self_word", ""))
        return dump((Text(book.phrases[phrase].format_map(forms)),))

    return said


def _signed_files(service: Service) -> Callable[[Week], dict[str, bytes]]:
    """The files of a week; the key is read when somebody takes them home, not when the bot starts."""
    settings, store = service.settings, service.store

    def made(week: Week) -> dict[str, bytes]:
        key = signing_key(settings.keys, production=settings.production)
        version = service.library.book.version
        return weekly_files(store.engine, week, key=key, content_version=version, made_at=store.now())

    return made


def build_desk(service: Service, assets: Mapping[str, Asset]) -> Desk:
    settings, store, library = service.settings, service.store, service.library
    registration = service.provider.registration if service.provider else None
    pages = DeskPages(assets, registration, staff_bot=settings.telegram_staff_bot)
    cookie = DeskCookie(https=bool(settings.public_url))
    signing_in = service.signing_in
    wards = {row.code: f"{row.type.capitalize()} {row.name}" for row in library.wards}
    asking = Asking(store.passkeys, public_url=settings.public_url, now=store.now)
    titles = Titles(library.book)
    requests = Requests(store.engine, store.writer, told(library), pushed=CHANNELS, now=store.now)
    teams = Teams(store.engine, store.writer, store.audit)
    ties = TelegramTies(store.staff, store.staff_telegram, now=store.now)
    rooms = (
        SignInDoors(signing_in, store.staff, asking, pages, cookie, proxies=settings.proxies),
        PasskeyDoors(asking, signing_in),
        ProviderDoors(
            service.provider,
            signing_in,
            pages,
            cookie,
            public_url=settings.public_url,
            proxies=settings.proxies,
            now=store.now,
        ),
        FigureDoors(Figures(store.engine), teams, service.schedule, titles, pages, now=store.now),
        RequestDoors(requests, store.staff, store.audit, titles, pages, wards=wards, now=store.now),
        ClassDoors(
            schedule=service.schedule,
            roll=service.roll,
            results=service.results,
            staff=store.staff,
            library=library,
            settings=settings,
            titles=titles,
            pages=pages,
            wards=wards,
            now=store.now,
        ),
        PeopleDoors(store.staff, signing_in, pages, registration, wards=wards, now=store.now),
        TelegramDoors(ties, store.staff_telegram, pages, bot_name=settings.telegram_staff_bot),
        WeeklyDoors(_signed_files(service), store.staff, store.audit, pages, now=store.now),
        WatchDoors(store.outbox, store.audit, library.articles.values(), pages, now=store.now),
    )
    words = library.locales.each(lambda translate: translated_words(WORDS, translate, "desk") if translate else WORDS)
    return Desk(
        [door for room in rooms for door in room.doors()],
        signing_in=signing_in,
        pages=pages,
        words=words,
        cookie=cookie,
        public_url=settings.public_url,
    )
