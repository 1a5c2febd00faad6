"""On whose word a task is finished: every word is an event, and one rule says what counts after all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.core.effects import TASKS
from bot.store.database import StoreError
from bot.store.moments import city_day, moment
from bot.store.schema import completion, completion_event
from bot.store.tallies import Tallies

Evidence = Literal["self", "helper", "trainer", "officer"]
Change = Literal["confirm", "withdraw"]

# the later, the better: of several that stand the last one counts
EVIDENCE: tuple[Evidence, ...] = ("self", "helper", "trainer", "officer")


class EvidenceConflict(StoreError):
    """An event id came again with other contents: whoever draws the ids drew one twice."""


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's word for a task: finished, or not after all. ``happened_at`` is a stamp; it orders the words."""

    happened_at: str
    event_id: str
    person_id: int
    task: str
    evidence: Evidence
    change: Change = "confirm"
    source: str = "dialog"


@dataclass(frozen=True, slots=True)
class Counted:
    """What stands after all words: the best evidence, and since when the task is finished on anybody's word."""

    evidence: Evidence
    since: str

    @property
    def day(self) -> str:
        return city_day(moment(self.since))


def counted(words: Iterable[Word]) -> Counted | None:
    """What the words of one person and task come to, in whatever order and however often they arrived.

    A withdrawal takes back what was said before it, or in the same moment, with the same evidence, and nothing else.
    """
    standing: dict[Evidence, str] = {}
    for word in sorted(set(words), key=_order):
        if word.change == "withdraw":
            standing.pop(word.evidence, None)
        else:
            standing.setdefault(word.evidence, word.happened_at)
    if not standing:
        return None
    return Counted(max(standing, key=EVIDENCE.index), min(standing.values()))


def _order(word: Word) -> tuple[str, bool, str]:
    return word.happened_at, word.change == "withdraw", word.event_id


def take_words(connection: Connection, words: Sequence[Word], tallies: Tallies, *, at: str) -> list[bool]:
    """Write words not written yet and what follows from them; whether each was new. Raises ``EvidenceConflict``."""
    return [_take(connection, word, tallies, at) for word in words]


def complete_by_words(connection: Connection, person_id: int) -> None:
    """What counts of a person whose words came together from two; the tallies are told by whoever joined them."""
    for task in TASKS:
        keys = {"person": person_id, "of": task}
        now = counted(_word(row) for row in connection.execute(_WORDS, keys))
        connection.execute(_DELETE, keys)
        if now is not None:
            _follow(connection, keys, None, now)


def _take(connection: Connection, word: Word, tallies: Tallies, at: str) -> bool:
    if word.task not in TASKS or word.evidence not in EVIDENCE:
        raise ValueError("a word for a task or by an evidence that nobody knows")
    known = connection.execute(_KNOWN, {"event": word.event_id}).first()
    if known is not None:
        if _word(known) != word:
            raise EvidenceConflict("mã sự kiện này đã dùng cho một xác nhận khác. Gửi lại với mã mới.")
        return False
    keys = {"person": word.person_id, "of": word.task}
    before = [_word(row) for row in connection.execute(_WORDS, keys)]
    connection.execute(_INSERT_WORD, {**_row(word), "created_at": at})
    was, now = counted(before), counted([*before, word])
    if was != now:
        _follow(connection, keys, was, now)
        _recount(tallies, word, was, now)
    return True


def _follow(connection: Connection, keys: dict[str, Any], was: Counted | None, now: Counted | None) -> None:
    """The one row that counts, as it stands after a word."""
    if now is None:
        connection.execute(_DELETE, keys)
    elif was is None:
        row = {"evidence": now.evidence, "created_at": now.since, "day": now.day}
        connection.execute(_INSERT, {"person_id": keys["person"], "task": keys["of"], **row})
    else:
        values = {"new_evidence": now.evidence, "new_created_at": now.since, "new_day": now.day}
        connection.execute(_UPDATE, {**keys, **values})


def _recount(tallies: Tallies, word: Word, was: Counted | None, now: Counted | None) -> None:
    for each, by in ((was, -1), (now, 1)):
        if each is not None:
            tallies.add(word.person_id, each.day, word.task, "completed", each.evidence, by=by)
    tallies.completion_changed(word.person_id, word.task)


def _word(row: Any) -> Word:
    return Word(row.happened_at, row.event_id, row.person_id, row.task, row.evidence, row.change, row.source)


def _row(word: Word) -> dict[str, Any]:
    return {name: getattr(word, name) for name in Word.__slots__}


# made once: building a statement costs more than running it
_INSERT_WORD = insert(completion_event)
_INSERT = insert(completion)
_KNOWN = select(completion_event).where(completion_event.c.event_id == bindparam("event"))
_WORDS = select(completion_event).where(
    completion_event.c.person_id == bindparam("person"), completion_event.c.task == bindparam("of")
)
_THIS = (completion.c.person_id == bindparam("person"), completion.c.task == bindparam("of"))
_DELETE = delete(completion).where(*_THIS)
_UPDATE = (
    update(completion)
    .where(*_THIS)
    .values(evidence=bindparam("new_evidence"), created_at=bindparam("new_created_at"), day=bindparam("new_day"))
)
