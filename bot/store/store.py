"""A whole database as one process sees it."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from bot.store.api_tokens import ApiTokens
from bot.store.audit import AuditLog
from bot.store.chats import Chats
from bot.store.confirmations import Confirmations
from bot.store.contacts import Contacts
from bot.store.database import StoreError, open_database
from bot.store.duties import Duties
from bot.store.inbox import Inbox, new_holder
from bot.store.key_prints import agree_on_keys, follow
from bot.store.outbox import Outbox
from bot.store.outflow_marks import Flow
from bot.store.passkeys import Passkeys
from bot.store.pictures import UploadedPictures
from bot.store.reminders import Reminders
from bot.store.renewal import Renewal
from bot.store.sealing import Keyring
from bot.store.sharing import Shares
from bot.store.staff import Staff
from bot.store.staff_telegram import StaffTelegram
from bot.store.tokens import StoredTokens
from bot.store.tombstones import Tombstones
from bot.store.webhook_events import WebhookEvents
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Store:
    """Its parts. Everything of one process that writes goes through one writer.

    ``flows``: who else is told of what is counted.
    """

    engine: Engine
    keyring: Keyring
    now: Callable[[], dt.datetime]
    writer: Writer
    chats: Chats
    contacts: Contacts
    inbox: Inbox
    outbox: Outbox
    shares: Shares
    reminders: Reminders
    duties: Duties
    tokens: StoredTokens
    pictures: UploadedPictures
    tombstones: Tombstones
    renewal: Renewal
    audit: AuditLog
    staff: Staff
    passkeys: Passkeys
    staff_telegram: StaffTelegram
    api_tokens: ApiTokens
    confirmations: Confirmations
    webhook_events: WebhookEvents
    flows: Collection[Flow]


def open_store(
    url: str,
    keyring: Keyring,
    *,
    now: Callable[[], dt.datetime],
    pushed: Collection[str] = (),
    holder: str = "",
    erased: Path | None = None,
    flows: Collection[Flow] = (),
) -> Store:
    """The database at that address, of the present version and of these keys. Raises ``StoreError``.

    ``pushed`` are the channels whose replies have to be sent; ``holder`` is who this process is among others;
    ``erased`` is the file that remembers who had all erased; ``flows``: who else is told of what is counted.
    """
    engine = open_database(url)
    try:
        agree_on_keys(engine, keyring)
    except StoreError:
        engine.dispose()
        raise
    writer, holder = Writer(engine, lambda connection: follow(connection, keyring)), holder or new_holder()
    duties = Duties(engine, writer, holder, now=now)
    tombstones = Tombstones(erased)
    audit = AuditLog(engine, keyring, writer, now=now)
    return Store(
        engine=engine,
        keyring=keyring,
        now=now,
        writer=writer,
        chats=Chats(engine, keyring),
        contacts=Contacts(engine, keyring, writer, now=now),
        inbox=Inbox(engine, keyring, tombstones, now=now, pushed=pushed, holder=holder, flows=flows),
        outbox=Outbox(engine, keyring, writer),
        shares=Shares(engine, keyring),
        reminders=Reminders(engine, writer),
        duties=duties,
        tokens=StoredTokens(engine, keyring, writer, duties, now=now),
        pictures=UploadedPictures(engine, writer),
        tombstones=tombstones,
        renewal=Renewal(keyring, writer),
        audit=audit,
        staff=Staff(engine, keyring, writer, audit, now=now),
        passkeys=Passkeys(engine, writer, audit, now=now),
        staff_telegram=StaffTelegram(engine, keyring, writer, audit, now=now),
        api_tokens=ApiTokens(engine, writer, audit, now=now),
        confirmations=Confirmations(writer, audit, now=now, flows=flows),
        webhook_events=WebhookEvents(engine, writer, now=now),
        flows=flows,
    )
