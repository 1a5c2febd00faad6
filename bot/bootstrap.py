"""Builds everything from the settings: the only module that knows every class. Nothing is built at import."""

import asyncio
import datetime as dt
import importlib
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Engine

from bot.accounts.provider import Provider, Registration
from bot.accounts.signing_in import SigningIn
from bot.accounts.telegram import TelegramTies
from bot.assistant import Assistant, Join, Listen, Understand
from bot.campaign.outflow import Outflow
from bot.campaign.outflow_mapping import read_mapping
from bot.campaign.plan import settle_plan
from bot.campaign.webhook import Webhook
from bot.channels.hook import Hook
from bot.channels.messages import Renderer
from bot.classes.confirming import Confirming
from bot.classes.joining import Joining
from bot.classes.results import Results
from bot.classes.roll import Roll
from bot.classes.schedule import Schedule
from bot.content.library import ContentError, Library, load_library
from bot.content.locales import Lazily
from bot.content.training import known_intents
from bot.content.translatable import TranslatableText, translatable_texts
from bot.content.translation import translated_captions
from bot.content.words import WordList
from bot.core.address import forms
from bot.core.codes import draw
from bot.core.languages import LANGUAGES, SOURCE
from bot.core.meaning import Meaning
from bot.delivery.standing import standings
from bot.entrance import Entrance
from bot.listening import Listening
from bot.metrics import Flowing, Metrics
from bot.nlu.archive import ArchiveError, read_archive
from bot.nlu.entities import Entities
from bot.nlu.languages import Languages
from bot.nlu.lookups import NameList, Patterns
from bot.nlu.model import Model
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.rasa_server import RasaServer
from bot.nlu.relations import Relations
from bot.nlu.understanding import Understanding
from bot.nlu.units import OldWard, Unit
from bot.nlu.wards import Wards
from bot.parsing import Parser
from bot.quota import Quota
from bot.reminding import Reminding
from bot.retention import look_at_retention
from bot.running import Running
from bot.settings import ABROAD, CHANNELS, Settings, SettingsError, find_secret, read_secret
from bot.sharing import Sharing
from bot.shield.kinds import HOTLINES
from bot.staff.office import Office
from bot.store.flow_standings import flow_standings
from bot.store.outflow_marks import Flow
from bot.store.sealing import read_keyring
from bot.store.spool import Spool
from bot.store.store import Store, open_store
from bot.switchboard import open_lines, recordings
from bot.voice.recogniser import Recogniser
from bot.voice.viet_asr import VietAsr
from bot.web.desk.words import WORDS as DESK_WORDS
from bot.web.gallery import Gallery
from bot.web.words import WORDS
from bot.worker import Worker

log = logging.getLogger(__name__)

# messages that may wait for a Rasa server at the same time
_ASIDE = 8


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts of a running bot."""

    settings: Settings
    library: Library
    entrance: Entrance
    store: Store
    worker: Worker
    roll: Roll
    schedule: Schedule
    confirming: Confirming
    results: Results
    reminding: Reminding


class StaffBot(Protocol):
    """The trainers' bot, whose library is imported by who runs it alone."""

    async def run(self, stopped: asyncio.Event, started: Callable[[], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Service:
    """A bot with everything that serving adds: its channels, its pictures, its figures, who signs in on the console."""

    settings: Settings
    library: Library
    entrance: Entrance
    store: Store
    worker: Worker
    roll: Roll
    schedule: Schedule
    confirming: Confirming
    results: Results
    gallery: Gallery
    metrics: Metrics
    hooks: tuple[Hook, ...]
    running: Running
    signing_in: SigningIn
    provider: Provider | None


def build_service(settings: Settings, recogniser: Recogniser | None = None) -> Service:
    """A bot ready to serve. Raises what ``build_bot`` raises, and ``SettingsError`` for channels that cannot be run."""
    metrics = Metrics()
    bot = build_bot(settings, metrics, recogniser)
    gallery = Gallery(bot.library.pictures)

    def phrase(name: str, language: str) -> str:
        return _plain(bot.library.book.in_language(language).phrases[name])

    lines = open_lines(settings, bot.store, gallery.png, phrase)
    people = bot.store.contacts.people
    metrics.watch(lambda: standings(bot.store.outbox, people, ("web", *settings.channels), utc_now()))
    metrics.watch_sweep(lambda: _sweep_age(bot.store))
    metrics.watch_flows(lambda: _flowing(settings, bot.store))
    running = Running(
        worker=bot.worker,
        store=bot.store,
        entrance=bot.entrance,
        metrics=metrics,
        lines=lines,
        by_number=lambda language: phrase("by_number", language),
        polls=not settings.public_url,
        outflow=open_outflow(settings, bot.store),
        webhook=open_webhook(settings, bot.store),
        remind=bot.reminding.send,
        settle_classes=bot.results.settle,
    )
    return Service(
        settings=settings,
        library=bot.library,
        entrance=bot.entrance,
        store=bot.store,
        worker=bot.worker,
        roll=bot.roll,
        schedule=bot.schedule,
        confirming=bot.confirming,
        results=bot.results,
        gallery=gallery,
        metrics=metrics,
        hooks=tuple(line.hook for line in lines),
        running=running,
        signing_in=signing_in(bot.store),
        provider=open_provider(settings),
    )


def _sweep_age(store: Store) -> float:
    """Seconds since the last sweep. Raises ``StoreError``; a database never swept is as old as its figures go."""
    ran_at = look_at_retention(store.engine, now=utc_now()).ran_at
    return (utc_now() - ran_at).total_seconds() if ran_at else float("inf")


def _flowing(settings: Settings, store: Store) -> list[Flowing]:
    found = flow_standings(store.engine, flows_of(settings), now=utc_now())
    return [Flowing(each.flow, each.waiting, each.oldest.total_seconds(), each.dead) for each in found]


def build_bot(settings: Settings, metrics: Metrics | None = None, recogniser: Recogniser | None = None) -> Bot:
    """A bot ready to answer. ``recogniser``: instead of the one the settings name.

    Raises ``ContentError``, ``SettingsError`` or ``StoreError``, whose messages are for the operator.
    """
    metrics = metrics or Metrics()
    library = read_content(settings)
    if library.problems:
        raise ContentError("\n".join(str(problem) for problem in library.problems))
    for language in LANGUAGES.keys() - {SOURCE, *library.locales.languages}:
        log.warning("Chưa có bản dịch locales/%s; ai chọn tiếng đó vẫn nghe tiếng Việt.", language)
    store = open_database(settings)
    bring_plan(store.engine, library)
    # only platforms repeat nothing they were told has arrived; who chats on a page sees that it failed
    spool = Spool(settings.spool, store.keyring) if settings.channels else None
    roll = Roll(store, library.lessons)
    sharing = _sharing(settings, library, store)
    shield = entrance(library)
    listen = _listen(settings, recogniser, shield)
    join = Joining(store, library.lessons).join
    assistant = _assistant(settings, library, metrics, store, sharing=sharing, join=join, listen=listen)
    worker = Worker(
        assistant,
        store.inbox,
        store.writer,
        now=utc_now,
        spool=spool,
        quota=Quota(),
        turn_taken=metrics.turn,
        aside=ThreadPoolExecutor(_ASIDE, "thinking") if settings.nlu_url or listen else None,
    )
    reminding = Reminding(store.reminders, sharing, pushed=CHANNELS)
    return Bot(
        settings=settings,
        library=library,
        entrance=shield,
        store=store,
        worker=worker,
        roll=roll,
        schedule=Schedule(store, library.lessons),
        confirming=Confirming(store, library.lessons, library.book),
        results=Results(store, library.lessons, library.book),
        reminding=reminding,
    )


def build_staff_bot(settings: Settings, store: Store) -> StaffBot:
    """The trainers' bot on Telegram. Raises ``ContentError``, ``SettingsError`` or ``StoreError``."""
    if not settings.telegram_staff_bot:
        raise SettingsError("GOCUA_TELEGRAM_STAFF_BOT must be the trainers' bot's name as in t.me/NAME")
    token = read_secret(settings, "telegram_staff_token")
    library = read_content(settings)
    if library.problems:
        raise ContentError("\n".join(str(problem) for problem in library.problems))
    office = open_office(settings, library, store)
    # its library takes seconds to import: only who uses it pays
    bot: StaffBot = importlib.import_module("bot.staff.app").StaffBot(office, token=token, api=settings.telegram_api)
    return bot


def open_office(settings: Settings, library: Library, store: Store) -> Office:
    """What the trainers' bot works with."""
    return Office(
        lessons=library.lessons,
        book=library.book,
        schedule=Schedule(store, library.lessons),
        roll=Roll(store, library.lessons),
        confirming=Confirming(store, library.lessons, library.book),
        staff=store.staff,
        telegram=store.staff_telegram,
        ties=telegram_ties(store),
        find_wards=ward_finder(library),
        address=settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}",
        now=store.now,
    )


def _listen(settings: Settings, recogniser: Recogniser | None, shield: Entrance) -> Listen | None:
    if not settings.voice:
        return None
    return Listening(recordings(settings), recogniser or VietAsr(), shield).hear


def open_database(settings: Settings) -> Store:
    """The database with its keys. Raises ``StoreError``."""
    keyring = read_keyring(settings.keys, production=settings.production)
    return open_store(
        settings.database,
        keyring,
        now=utc_now,
        pushed=CHANNELS,
        erased=settings.erased,
        flows=flows_of(settings),
    )


def bring_plan(engine: Engine, library: Library) -> None:
    """What knowledge/ says of wards, the campaign and its phases, into the tables. Raises ``StoreError``."""
    plan = library.campaign
    settle_plan(engine, library.wards, plan, plan.phases if plan else ())


def open_outflow(settings: Settings, store: Store) -> Outflow | None:
    """What tells the campaign's own database, where one is set. Raises ``OutflowError``."""
    if not settings.campaign_database_url:
        return None
    return Outflow(
        store.engine,
        store.writer,
        store.duties,
        url=settings.campaign_database_url,
        mapping=read_mapping(settings.campaign_mapping),
    )


def open_webhook(settings: Settings, store: Store) -> Webhook | None:
    """What tells an address of the city's, where one is set. Raises ``SettingsError``."""
    if not settings.campaign_webhook:
        return None
    secret = read_secret(settings, "campaign_webhook_secret")
    return Webhook(store.webhook_events, store.duties, url=settings.campaign_webhook, secret=secret)


def flows_of(settings: Settings) -> tuple[Flow, ...]:
    """Who else is told of what is counted."""
    addresses: dict[Flow, str] = {"database": settings.campaign_database_url, "webhook": settings.campaign_webhook}
    return tuple(flow for flow, address in addresses.items() if address)


def signing_in(store: Store) -> SigningIn:
    """The rules of signing in on the console, over one database."""
    return SigningIn(store.staff, store.passkeys, store.audit, now=store.now)


def open_provider(settings: Settings) -> Provider | None:
    """The city's provider of sign-ins, where one is set. Raises ``SettingsError`` where its secret is missing."""
    if not settings.oidc_issuer:
        return None
    return Provider(registration(settings, read_secret(settings, "oidc_client_secret")), now=utc_now)


def registration(settings: Settings, client_secret: str = "") -> Registration:
    """What that provider knows us by; its secret is needed where it is asked, not where identities are named."""
    return Registration(
        settings.oidc_issuer, settings.oidc_client_id, client_secret, frozenset(settings.oidc_second_factor)
    )


def telegram_ties(store: Store) -> TelegramTies:
    """Who of the staff is who on Telegram, over one database."""
    return TelegramTies(store.staff, store.staff_telegram, now=store.now)


def _assistant(
    settings: Settings,
    library: Library,
    metrics: Metrics,
    store: Store,
    *,
    sharing: Sharing,
    join: Join,
    listen: Listen | None,
) -> Assistant:
    languages = Languages(read_understanding(settings, library), foreign_words(library))
    understand = _timed(languages.understand, metrics)
    return Assistant(
        library.book,
        renderer(library, settings.operator),
        understand,
        utc_now,
        sharing,
        kept=store.chats.kept,
        join=join,
        pushed=CHANNELS,
        abroad=ABROAD,
        listen=listen,
        find_wards=ward_finder(library),
    )


def _sharing(settings: Settings, library: Library, store: Store) -> Sharing:
    says = renderer(library, settings.operator)
    return Sharing(library.book, says, store.shares, now=utc_now, draw=_drawn, abroad=ABROAD)


def _drawn() -> str:
    return draw(secrets.choice)


def ward_finder(library: Library) -> Callable[[str], tuple[str, ...]]:
    """Finds the codes of the units that words may name, as many as a list shows."""
    units = wards(library)
    return lambda text: tuple(unit.code for unit in units.find(text))


def renderer(library: Library, operator: str) -> Renderer:
    """What turns replies into messages, in every language there is."""

    def made(language: str, captions: Mapping[str, str]) -> Renderer:
        heading = library.book.in_language(language).phrases["step_heading"]
        return Renderer(heading, captions, operator, language)

    captions = library.locales.each(
        lambda translate: translated_captions(library.captions, translate) if translate else library.captions
    )
    translations = Lazily(captions, lambda language: made(language, captions[language]))
    return replace(made("", library.captions), translations=translations)


def _timed(understand: Understand, metrics: Metrics) -> Understand:
    def timed(text: str, asked: str, language: str | None) -> Meaning:
        began = time.perf_counter()
        meaning = understand(text, asked, language)
        metrics.parsed(time.perf_counter() - began)
        return meaning

    return timed


def _plain(phrase: str) -> str:
    """A phrase for somebody whose form of address is not known here."""
    return phrase.format_map(forms())


def entrance(library: Library, now: Callable[[], float] = time.monotonic) -> Entrance:
    lists = library.lists
    return Entrance(now, hotlines=HOTLINES | lists.numbers.keys(), official=frozenset(lists.hosts))


def parser(settings: Settings, library: Library) -> Parser:
    lists = library.lists
    understanding = read_understanding(settings, library)
    return Parser(understanding, hotlines=HOTLINES | lists.numbers.keys(), official=frozenset(lists.hosts))


def read_content(settings: Settings, *, measured: bool = False) -> Library:
    return load_library(settings.content, measured=measured)


def read_understanding(settings: Settings, library: Library) -> Understanding:
    """Plain words, and a Rasa server or the model where there is one; else the bot goes on with words and buttons.

    Raises ``SettingsError`` for a token that cannot be used.
    """
    words = plain_words(library.words)
    model = _read_model(settings)
    named = entities(library)
    if not settings.nlu_url:
        return Understanding(words, model, named)
    server = RasaServer(settings.nlu_url, known_intents(library.articles), model, token=read_nlu_token(settings))
    return Understanding(words, server, named)


def read_nlu_token(settings: Settings) -> str:
    """The token a Rasa server may ask for, signed with its ``--jwt-secret``, or nothing. Raises ``SettingsError``."""
    return find_secret(settings, "nlu_token")


def _read_model(settings: Settings) -> Model | None:
    if not settings.model.exists():
        return None
    try:
        return read_archive(settings.model)
    except ArchiveError as error:
        log.warning("%s Bot hiểu nút bấm, số và chữ thường gặp; gõ `gocua train` để có lại.", error)
        return None


def entities(library: Library) -> Entities:
    lists = library.lookups

    def names(entity: str, after_word: str, words: str) -> NameList:
        return NameList(entity, lists.forms(entity), lists.lookups.get(after_word, ()), lists.lookups.get(words, ()))

    return Entities(
        wards(library),
        Patterns(lists.regexes, {"step_number": "bước", "class_code": "lớp"}),
        (names("bank", "bank_after_word", "bank_word"), names("phone_kind", "phone_kind_after_word", "phone_word")),
        Relations(lists.forms("relation"), lists.lookups.get("relation_sure", ())),
    )


def wards(library: Library) -> Wards:
    units = [Unit(row.code, row.type, row.name, row.former_area, row.former_units) for row in library.wards]
    by_name = {unit.full_name: unit for unit in units}
    return Wards(
        units,
        (OldWard(row.name, row.former_units, tuple(by_name[name] for name in row.units)) for row in library.old_wards),
    )


def translatable(library: Library) -> list[TranslatableText]:
    """Every text there is to translate, those of the web pages too."""
    return translatable_texts(library, {"web": WORDS, "desk": DESK_WORDS})


def foreign_words(library: Library) -> dict[str, PlainWords]:
    return {language: plain_words(lists) for language, lists in library.foreign_words.items()}


def plain_words(lists: dict[str, WordList]) -> PlainWords:
    return PlainWords({intent: Words(each.whole, each.vague, each.within) for intent, each in lists.items()})


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day in Ho Chi Minh City, which has no summer time."""
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
