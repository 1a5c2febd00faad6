"""A database knows the keys it was written with: a process with others would not find what is there."""

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.database import StoreError, reading, store_error
from bot.store.schema import key_print
from bot.store.sealing import Keyring


class OtherKeys(StoreError):
    """The database was written with other keys than this process has."""


def agree_on_keys(engine: Engine, keyring: Keyring) -> None:
    """Note the keys of a new database, or see that they are still the same. Raises ``OtherKeys``, ``StoreError``."""
    own, noted = keyring.fingerprints(), _noted(engine)
    missing = {number: print for number, print in own.items() if number not in noted}
    if missing and all(own.get(number) == print for number, print in noted.items()):
        _note(engine, missing)
        noted = _noted(engine)
    if noted != own:
        raise OtherKeys(
            "cơ sở dữ liệu này được ghi bằng khoá khác: hai tiến trình đang chạy với hai tệp khoá khác nhau, "
            "hoặc tệp khoá đã bị thay. Đặt GOCUA_KEYS là tệp khoá đã dùng từ đầu."
        )


def noted_prints(connection: Connection) -> dict[int, str]:
    """The prints a database knows, by the numbers of their keys."""
    return {row.number: row.print for row in connection.execute(select(key_print))}


def _noted(engine: Engine) -> dict[int, str]:
    with reading(engine) as connection:
        return noted_prints(connection)


def _note(engine: Engine, prints: dict[int, str]) -> None:
    rows = [{"number": number, "print": print} for number, print in prints.items()]
    try:
        with engine.begin() as connection:
            connection.execute(insert(key_print), rows)
    except IntegrityError:
        # another process was quicker; what it noted decides
        return
    except DBAPIError as error:
        raise store_error(error) from error
