"""A change of keys, beside everybody's turns: what an earlier key sealed is sealed anew, a few rows at a time.

Who can only be found by what they send (on a web page) is found by the earlier key until they come: see ``recognise``.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.sql.schema import Table

from bot.channels.messages import ContactKey
from bot.store.audit import renew_keys
from bot.store.schema import contact, inbox, link, seat, staff_account, staff_telegram, token
from bot.store.sealing import Keyring, SealError
from bot.store.seats import seal_seat, who_sits
from bot.store.staff_telegram import place
from bot.store.writer import Job, Writer

log = logging.getLogger(__name__)

# rows of one transaction, which others' turns share: a few milliseconds
_TOGETHER = 200


class Renewal:
    """Seals anew by the present key. May die at any moment and goes on where it was."""

    def __init__(self, keyring: Keyring, writer: Writer) -> None:
        self._keyring = keyring
        self._writer = writer
        self._renewing: Job[int, int] = Job(self._renew)

    def step(self) -> int:
        """A few rows; how many there were, 0 when nothing is left to do. Raises ``StoreError``."""
        if len(self._keyring.numbers) == 1:
            return 0
        return self._writer.do(self._renewing, _TOGETHER)

    def _renew(self, connection: Connection, limits: Sequence[int]) -> list[int]:
        limit = limits[0]
        links = self._links(connection, limit) + self._seats(connection, limit)
        tokens = sum(self._tokens(connection, name) for name in ("sealed", "previous"))
        staff = self._second_factors(connection) + self._staff_telegram(connection)
        return [links + tokens + staff + renew_keys(connection, self._keyring)] * len(limits)

    def _links(self, connection: Connection, limit: int) -> int:
        query = (
            select(link.c.contact_id, link.c.address, contact.c.channel)
            .join(contact)
            .where(link.c.address.not_like(f"{self._keyring.current}.%"))
            .limit(limit)
        )
        rows = connection.execute(query).all()
        place = {"table": "link", "field": "address"}
        for row in rows:
            try:
                address = self._keyring.unseal(row.address, record=str(row.contact_id), **place)
            except SealError as error:
                # nobody can be reached by it: the next message of that chat brings it again
                log.error("an address is given up: %s", error)
                connection.execute(delete(link).where(link.c.contact_id == row.contact_id))
                continue
            sealed = self._keyring.seal(address, record=str(row.contact_id), **place)
            connection.execute(update(link).where(link.c.contact_id == row.contact_id).values(address=sealed))
            recognise(connection, self._keyring, [ContactKey(row.channel, address)])
        return len(rows)

    def _seats(self, connection: Connection, limit: int) -> int:
        query = select(seat).where(seat.c.address.not_like(f"{self._keyring.current}.%")).limit(limit)
        rows = connection.execute(query).all()
        for row in rows:
            here = (seat.c.class_id == row.class_id, seat.c.number == row.number)
            try:
                who = who_sits(self._keyring, row)
            except SealError as error:
                # no step reaches it: whoever sits there types the code again
                log.error("a seat is given up: %s", error)
                connection.execute(delete(seat).where(*here))
                continue
            address = seal_seat(self._keyring, who.user, class_id=row.class_id, number=row.number)
            connection.execute(update(seat).where(*here).values(address=address))
            recognise(connection, self._keyring, [who])
        return len(rows)

    def _second_factors(self, connection: Connection) -> int:
        totp = staff_account.c.totp
        query = select(staff_account.c.id, totp).where(totp.not_like(f"{self._keyring.current}.%"))
        rows = connection.execute(query).all()
        for row in rows:
            place = {"table": "staff_account", "record": str(row.id), "field": "totp"}
            anew = self._keyring.seal(self._keyring.unseal(row.totp, **place), **place)
            connection.execute(update(staff_account).where(staff_account.c.id == row.id).values(totp=anew))
        return len(rows)

    def _staff_telegram(self, connection: Connection) -> int:
        address = staff_telegram.c.address
        query = select(staff_telegram.c.account_id, address).where(address.not_like(f"{self._keyring.current}.%"))
        rows = connection.execute(query).all()
        for row in rows:
            user = self._keyring.unseal(row.address, **place(row.account_id))
            lookup = self._keyring.lookup("staff_telegram", user)
            values = {"address": self._keyring.seal(user, **place(row.account_id)), "lookup": lookup}
            this = staff_telegram.c.account_id == row.account_id
            connection.execute(update(staff_telegram).where(this).values(values))
        return len(rows)

    def _tokens(self, connection: Connection, column: str) -> int:
        sealed = token.c[column]
        rows = connection.execute(
            select(token.c.name, sealed.label("sealed")).where(sealed.not_like(f"{self._keyring.current}.%"))
        ).all()
        for row in rows:
            # the pair before the present one was sealed in the present one's place
            place = {"table": "token", "record": row.name, "field": "sealed"}
            try:
                anew: str | None = self._keyring.seal(self._keyring.unseal(row.sealed, **place), **place)
            except SealError as error:
                log.error("a token is given up: %s", error)
                anew = None
            if anew is None and column == "sealed":
                connection.execute(delete(token).where(token.c.name == row.name))
                continue
            connection.execute(update(token).where(token.c.name == row.name).values({column: anew}))
        return len(rows)


def recognise(connection: Connection, keyring: Keyring, contacts: Iterable[ContactKey]) -> None:
    """Who was found by an earlier key is found by the present one from now on, with what waits of theirs."""
    if len(keyring.numbers) == 1:
        return
    renamed: list[dict[str, Any]] = []
    for who in dict.fromkeys(contacts):
        present, *others = keyring.lookups("contact", who.channel, who.user)
        renamed += [{"present": present, "other": other} for other in others]
    for table in (contact, inbox, seat) if renamed else ():
        connection.execute(_RENAME[table], renamed)


_RENAME: dict[Table, Any] = {
    table: update(table).where(table.c.lookup == bindparam("other")).values(lookup=bindparam("present"))
    for table in (contact, inbox, seat)
}
