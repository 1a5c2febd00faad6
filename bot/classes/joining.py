"""Into a class and out of it, by the code its people type: who has a seat there, and which."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot.channels.messages import ContactKey
from bot.classes.schedule import is_on
from bot.content.lessons import Lesson
from bot.core.events import ClassFull, ClassJoined, ClassNotFound
from bot.store.database import store_error
from bot.store.moments import stamp
from bot.store.schema import lesson_class, seat
from bot.store.seats import seal_seat
from bot.store.store import Store

# chats in one class; a hall of 300 phones and some to spare
MOST_SEATS = 400


class Joining:
    """The doors of the classes of one database. Everything may raise ``StoreError``."""

    def __init__(self, store: Store, lessons: Mapping[str, Lesson]) -> None:
        self._engine = store.engine
        self._keyring = store.keyring
        self._now = store.now
        self._lessons = lessons

    def join(self, code: str, who: ContactKey) -> ClassJoined | ClassFull | ClassNotFound:
        """A seat in the class of this code, the same one for who has one.

        In a transaction of its own: whoever thinks about a message wants to say the number at once.
        """
        lookups = self._keyring.lookups("contact", who.channel, who.user)
        try:
            with self._engine.begin() as connection:
                found = connection.execute(_BY_CODE.where(lesson_class.c.code == code, is_on(self._now()))).first()
                if found is None or found.lesson not in self._lessons:
                    return ClassNotFound()
                number = connection.execute(_MINE, {"class": found.id, "lookups": lookups}).scalar()
                taken = number or self._take_seat(connection, found.id, lookups, who)
        except DBAPIError as error:
            raise store_error(error) from error
        return self._joined(found, taken, again=number is not None) if taken else ClassFull()

    def _take_seat(self, connection: Connection, class_id: int, lookups: tuple[str, ...], who: ContactKey) -> int:
        """A number nobody had; 0 in a full class."""
        # the counter gives each number once, whatever happens at the same time
        number = connection.execute(_TAKE, {"class": class_id}).scalar()
        if number is None:
            return 0
        # who sits in another class gets up there
        connection.execute(_GET_UP, {"lookups": lookups})
        row = {
            "class_id": class_id,
            "number": number,
            "lookup": lookups[0],
            "channel": who.channel,
            "address": seal_seat(self._keyring, who.user, class_id=class_id, number=number),
            "joined_at": stamp(self._now()),
        }
        connection.execute(_SIT, row)
        return int(number)

    def _joined(self, found: Any, number: int, *, again: bool) -> ClassJoined:
        lesson = self._lessons[found.lesson]
        opened = next((part.opens for part in lesson.parts if part.name == found.part), None)
        dialog, step = opened or ("", "")
        return ClassJoined(
            seat=number,
            lesson=lesson.title,
            dialog=dialog,
            step=step,
            again=again,
            opens_steps=any(part.opens for part in lesson.parts),
        )


# made once: building a statement costs more than running it
_BY_CODE = select(lesson_class.c.id, lesson_class.c.lesson, lesson_class.c.part)
_MINE = select(seat.c.number).where(
    seat.c.class_id == bindparam("class"), seat.c.lookup.in_(bindparam("lookups", expanding=True))
)
_TAKE = (
    update(lesson_class)
    .where(lesson_class.c.id == bindparam("class"), lesson_class.c.seats < MOST_SEATS)
    .values(seats=lesson_class.c.seats + 1)
    .returning(lesson_class.c.seats)
)
_GET_UP = delete(seat).where(seat.c.lookup.in_(bindparam("lookups", expanding=True)))
_SIT = insert(seat)
