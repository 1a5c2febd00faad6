"""A database knows the keys it was written with, and which of them seals what is new.

Whoever writes asks for that in the same transaction (``follow``), so all processes go on to a later key together: one
that has not read it yet reads its file anew, and one whose file has it not yet writes nothing.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.database import StoreError, reading, store_error
from bot.store.schema import (
    audit_key,
    contact,
    inbox,
    key_print,
    link,
    seat,
    seen,
    share_code,
    staff_account,
    staff_telegram,
    token,
)
from bot.store.sealing import Keyring

# what a key was used for: the column that names it by its number, and what the rows are to an operator
_USES = (
    (contact.c.lookup, "người nhắn"),
    (link.c.address, "địa chỉ để trả lời"),
    (seat.c.address, "ghế trong lớp"),
    (inbox.c.payload, "tin đang chờ trả lời"),
    (seen.c.key, "mã của tin đã nhận"),
    (share_code.c.digest, "chữ hẹn"),
    (token.c.sealed, "mã truy cập của kênh"),
    (token.c.previous, "mã truy cập trước đó"),
    (staff_account.c.totp, "bước xác nhận của cán bộ"),
    (staff_telegram.c.address, "người dạy qua Telegram"),
    (audit_key.c.sealed, "khoá của nhật ký"),
)


class OtherKeys(StoreError):
    """The database was written with other keys than this process has."""


def agree_on_keys(engine: Engine, keyring: Keyring) -> None:
    """Note keys the database has not seen, and go by the one it seals with. Raises ``OtherKeys``, ``StoreError``."""
    noted, own = _noted(engine), keyring.fingerprints()
    missing = {number: print for number, print in own.items() if number not in noted}
    if missing and all(own.get(number) == print for number, print in noted.items()):
        _note(engine, missing, current=None if noted else keyring.current)
        noted = _noted(engine)
    if any(own.get(number) != print for number, print in noted.items()):
        raise OtherKeys(_what_is_lost(engine, noted, own))
    with reading(engine) as connection:
        follow(connection, keyring)


def follow(connection: Connection, keyring: Keyring) -> None:
    """Seal with the key that the database seals with now. Raises ``KeyMissing``."""
    number = connection.execute(_CURRENT).scalar()
    if number is not None:
        keyring.follow(number)


def noted_prints(connection: Connection) -> dict[int, str]:
    """The prints a database knows, by the numbers of their keys."""
    return {row.number: row.print for row in connection.execute(select(key_print))}


def uses(connection: Connection, number: int) -> dict[str, int]:
    """What still needs a key, and how many rows of it."""
    counted = {
        words: connection.execute(select(func.count()).where(column.like(f"{number}.%"))).scalar_one()
        for column, words in _USES
    }
    return {words: int(count) for words, count in counted.items() if count}


def make_current(connection: Connection, number: int) -> None:
    """From the next transaction on everybody seals with this key."""
    connection.execute(update(key_print).values(current=key_print.c.number == number))


def strike(connection: Connection, number: int) -> None:
    """The database needs this key no more."""
    connection.execute(delete(key_print).where(key_print.c.number == number))


def _what_is_lost(engine: Engine, noted: Mapping[int, str], own: Mapping[int, str]) -> str:
    """The answer to a start without a key: what it opened, and what is there all the same."""
    lost = [number for number, print in noted.items() if own.get(number) != print]
    with reading(engine) as connection:
        needed = [f"{count} {words}" for number in lost for words, count in uses(connection, number).items()]
    return (
        f"tệp khoá này không có khoá số {', '.join(map(str, lost))} mà cơ sở dữ liệu đã dùng: "
        "hai tiến trình đang chạy với hai tệp khoá khác nhau, hoặc tệp khoá đã bị thay hay mất. "
        "Đặt GOCUA_KEYS là tệp khoá đã dùng từ đầu. "
        f"Mất hẳn khoá thì không mở lại được: {', '.join(needed) or 'không có gì'}; "
        "số người đã làm xong và câu trả lời xin phép vẫn còn nguyên."
    )


def _noted(engine: Engine) -> dict[int, str]:
    with reading(engine) as connection:
        return noted_prints(connection)


def _note(engine: Engine, prints: Mapping[int, str], *, current: int | None) -> None:
    rows = [{"number": number, "print": print, "current": number == current} for number, print in prints.items()]
    try:
        with engine.begin() as connection:
            connection.execute(insert(key_print), rows)
    except IntegrityError:
        # another process was quicker; what it noted decides
        return
    except DBAPIError as error:
        raise store_error(error) from error


_CURRENT = select(key_print.c.number).where(key_print.c.current)
