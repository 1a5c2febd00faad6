"""Seats of a class: the chat of each, by its sealed name on its channel, and a seat that goes with its person."""

from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.channels.messages import ContactKey
from bot.store.schema import contact, seat
from bot.store.sealing import Keyring


def seal_seat(keyring: Keyring, user: str, *, class_id: int, number: int) -> str:
    """The channel's own name of a chat, to be read for this seat alone."""
    return keyring.seal(user, table="seat", record=f"{class_id}.{number}", field="address")


def who_sits(keyring: Keyring, row: Any) -> ContactKey:
    """The chat of a row of ``seat``. Raises ``SealError``."""
    user = keyring.unseal(row.address, table="seat", record=f"{row.class_id}.{row.number}", field="address")
    return ContactKey(row.channel, user)


def give_up_seat(connection: Connection, contact_id: int) -> None:
    """From now on no class reaches this chat."""
    whose = select(contact.c.lookup).where(contact.c.id == contact_id).scalar_subquery()
    connection.execute(delete(seat).where(seat.c.lookup == whose))


def move_seat(connection: Connection, keyring: Keyring, left: int, who: ContactKey) -> None:
    """Whoever goes on in another chat sits there; one who has a seat of the same class there keeps that."""
    lookup = keyring.lookup("contact", who.channel, who.user)
    old = select(contact.c.lookup).where(contact.c.id == left).scalar_subquery()
    moving = connection.execute(select(seat).where(seat.c.lookup == old)).first()
    if moving is None:
        return
    here = connection.execute(select(seat.c.class_id).where(seat.c.lookup == lookup)).scalar()
    if here == moving.class_id:
        connection.execute(delete(seat).where(seat.c.lookup == moving.lookup))
        return
    connection.execute(delete(seat).where(seat.c.lookup == lookup))
    address = seal_seat(keyring, who.user, class_id=moving.class_id, number=moving.number)
    moved = update(seat).where(seat.c.class_id == moving.class_id, seat.c.number == moving.number)
    connection.execute(moved.values(lookup=lookup, channel=who.channel, address=address))
