"""A later key in an earlier one's place, while everybody goes on: drawn, made the present one, the old one let go.

The file gets the key first and the database goes over to it afterwards, so that no process meets a key it cannot read.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from bot.store.audit import keep_key
from bot.store.database import reading, store_error
from bot.store.key_prints import agree_on_keys, follow, make_current, strike, uses
from bot.store.schema import key_print
from bot.store.sealing import Keyring, KeysError, new_key, read_keys, write_keys


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key as the database knows it, and how many rows of what still need it."""

    number: int
    print: str
    is_current: bool
    uses: dict[str, int]


def keys_in_use(engine: Engine) -> list[KeyInUse]:
    """Raises ``StoreError``."""
    with reading(engine) as connection:
        rows = connection.execute(select(key_print).order_by(key_print.c.number)).all()
        return [KeyInUse(row.number, row.print, row.current, uses(connection, row.number)) for row in rows]


def draw(engine: Engine, path: Path) -> int:
    """Put a new key beside the others; nothing is sealed with it yet. Raises ``StoreError``."""
    keys = read_keys(path)
    number = max(keys) + 1
    write_keys(path, {**keys, number: new_key()})
    agree_on_keys(engine, Keyring(read_keys(path)))
    return number


def rotate(engine: Engine, path: Path) -> int:
    """From now on the latest key seals what is new. Raises ``StoreError``."""
    latest = max(read_keys(path))
    agree_on_keys(engine, Keyring(read_keys(path)))
    present = next((each.number for each in keys_in_use(engine) if each.is_current), 0)
    if latest == present:
        raise KeysError(f"khoá số {latest} đang dùng rồi. Tạo khoá mới trước: gocua keys new")
    try:
        with engine.begin() as connection:
            make_current(connection, latest)
    except DBAPIError as error:
        raise store_error(error) from error
    return latest


def retire(engine: Engine, path: Path, number: int, spool: Path) -> None:
    """Let a key go that nothing needs any more. Raises ``KeysError`` where something does, or ``StoreError``."""
    keys = read_keys(path)
    if number not in keys:
        raise KeysError(f"tệp khoá không có khoá số {number}.")
    try:
        with engine.begin() as connection:
            if connection.execute(select(key_print.c.current).where(key_print.c.number == number)).scalar():
                raise KeysError(f"khoá số {number} đang dùng, không bỏ được.")
            needed = uses(connection, number)
            if any((spool / name).exists() for name in ("messages", "draining")):
                needed["tin trong thư mục chờ"] = 1
            if needed:
                told = ", ".join(f"{count} {words}" for words, count in needed.items())
                raise KeysError(f"khoá số {number} còn cần cho: {told}. Đợi thêm rồi thử lại; coi: gocua keys list")
            keyring = Keyring(keys)
            follow(connection, keyring)
            keep_key(connection, keyring, number)
            strike(connection, number)
    except DBAPIError as error:
        raise store_error(error) from error
    write_keys(path, {each: key for each, key in keys.items() if each != number})
