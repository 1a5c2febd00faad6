"""Which pictures a platform already has, so that each is uploaded once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.pictures import Uploaded
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import uploaded_picture
from bot.store.writer import Job, Writer


@dataclass(frozen=True, slots=True)
class _Upload:
    channel: str
    picture: str
    uploaded: Uploaded


class UploadedPictures:
    """Everything may raise ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        self._putting: Job[_Upload, None] = Job(_put)

    async def get(self, channel: str, picture: str) -> Uploaded | None:
        return await asyncio.to_thread(self._get, channel, picture)

    async def put(self, channel: str, picture: str, uploaded: Uploaded) -> None:
        await asyncio.to_thread(self._writer.do, self._putting, _Upload(channel, picture, uploaded))

    def _get(self, channel: str, picture: str) -> Uploaded | None:
        with reading(self._engine) as connection:
            row = connection.execute(_GET, {"on": channel, "of": picture}).first()
        return None if row is None else Uploaded(row.platform_id, moment(row.uploaded_at))


def _put(connection: Connection, uploads: Sequence[_Upload]) -> list[None]:
    for each in uploads:
        row = {
            "channel": each.channel,
            "picture": each.picture,
            "platform_id": each.uploaded.id,
            "uploaded_at": stamp(each.uploaded.at),
        }
        connection.execute(_PUT[connection.dialect.name], row)
    return [None] * len(uploads)


_GET = select(uploaded_picture).where(
    uploaded_picture.c.channel == bindparam("on"), uploaded_picture.c.picture == bindparam("of")
)


def _upsert(insert: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    new = {"platform_id": insert.excluded.platform_id, "uploaded_at": insert.excluded.uploaded_at}
    return insert.on_conflict_do_update(index_elements=["channel", "picture"], set_=new)


_PUT = {
    "sqlite": _upsert(sqlite.insert(uploaded_picture)),
    "postgresql": _upsert(postgresql.insert(uploaded_picture)),
}
