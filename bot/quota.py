"""How much one person may write before the bot stops answering all of it (T67): one word about it, then silence.

Counted in this process alone, by when messages came in; nobody is locked out, and shared ward phones chat on the web,
where nothing is counted.
"""

import datetime as dt
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Literal

# far more than anybody needs who reads the answers, far less than what holds others up
A_MINUTE = 60
A_DAY = 600

# people whose messages are counted; of those who wrote longest ago the count is lost, and they begin anew
_PEOPLE = 20_000

Verdict = Literal["answer", "tell", "ignore"]


@dataclass(slots=True)
class _Count:
    """One person's last minute, and the day."""

    minute: deque[dt.datetime] = field(default_factory=deque)
    day: dt.date | None = None
    today: int = 0
    told: bool = False


class Quota:
    """Judges messages one after another."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self.ignored = 0

    def judge(self, lookup: str, at: dt.datetime) -> Verdict:
        """What to do with a message that came in then. Who is told once is ignored until they are slower."""
        count = self._count(lookup)
        if count.day != at.date():
            count.day, count.today = at.date(), 0
        count.today += 1
        count.minute.append(at)
        while count.minute[0] <= at - dt.timedelta(minutes=1):
            count.minute.popleft()
        if len(count.minute) <= A_MINUTE and count.today <= A_DAY:
            count.told = False
            return "answer"
        if not count.told:
            count.told = True
            return "tell"
        self.ignored += 1
        return "ignore"

    def _count(self, lookup: str) -> _Count:
        count = self._counts.setdefault(lookup, _Count())
        self._counts.move_to_end(lookup)
        if len(self._counts) > _PEOPLE:
            self._counts.popitem(last=False)
        return count
