"""Puts the console together: every door of every room, in one list."""

from collections.abc import Mapping
from typing import Protocol

from bot.accounts.signing_in import SigningIn
from bot.content.library import Library
from bot.content.translation import translated_words
from bot.settings import Settings
from bot.store.store import Store
from bot.web.desk.desk import Desk
from bot.web.desk.pages import DeskPages
from bot.web.desk.people import PeopleDoors
from bot.web.desk.sign_in import SignInDoors
from bot.web.desk.visit import DeskCookie
from bot.web.desk.watch import WatchDoors
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


def build_desk(service: Service, assets: Mapping[str, Asset]) -> Desk:
    settings, store, library = service.settings, service.store, service.library
    pages = DeskPages(assets)
    cookie = DeskCookie(https=bool(settings.public_url))
    signing_in = SigningIn(store.staff, store.audit, now=store.now)
    wards = {row.code: f"{row.type.capitalize()} {row.name}" for row in library.wards}
    titles = Titles(library.book)
    rooms = (
        SignInDoors(signing_in, store.staff, pages, cookie, proxies=settings.proxies),
        FigureDoors(Figures(store.engine), titles, pages, now=store.now),
        RequestDoors(requests, store.audit, titles, pages, wards=wards),
        PeopleDoors(store.staff, signing_in, pages, wards=wards, now=store.now),
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
