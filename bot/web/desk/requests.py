"""The doors of requests for help: who waits longest stands on top; taken by one, closed with a result."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

from fastapi import Response

from bot.campaign.requests import RESULTS, Requests
from bot.campaign.scope import OutOfScope, Scope
from bot.store.audit import AuditLog, Entry
from bot.store.staff import Staff
from bot.web.desk.pages import DeskPages
from bot.web.desk.titles import Titles
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit


class RequestDoors:
    """Rows about one person each: whoever looks at them is noted in the audit log (T78)."""

    def __init__(
        self,
        requests: Requests,
        staff: Staff,
        audit: AuditLog,
        titles: Titles,
        pages: DeskPages,
        *,
        wards: Mapping[str, str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """``wards`` are the full names by code."""
        self._requests = requests
        self._staff = staff
        self._audit = audit
        self._titles = titles
        self._pages = pages
        self._wards = wards
        self._now = now

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/requests", "requests", self.requests),
            Door("POST", "/desk/requests/{id}/take", "requests.act", self.take),
            Door("POST", "/desk/requests/{id}/close", "requests.act", self.close),
            Door("POST", "/desk/requests/{id}/reopen", "requests.act", self.reopen),
        )

    def requests(self, visit: Visit) -> Response:
        closed = visit.asked("show") == "closed"
        rows = self._requests.open(visit.scope, statuses=("closed",) if closed else ("waiting", "taken"))
        self._audit.add(Entry(visit.account.actor, "requests_seen", "", f"rows:{len(rows)}"))
        places = {row.id: self._titles.place(row.place, visit.language) if row.place else "" for row in rows}
        return self._pages.page(
            visit,
            "requests.html",
            visit.words["requests"],
            rows=rows,
            closed=closed,
            places=places,
            ages={row.id: waited(self._now() - row.created_at) for row in rows},
            names={account.actor: account.login for account in self._staff.accounts()},
            wards=self._wards,
            results=RESULTS,
        )

    def take(self, visit: Visit) -> Response:
        return self._step(visit, self._requests.take, "request_taken")

    def reopen(self, visit: Visit) -> Response:
        return self._step(visit, self._requests.reopen, "request_reopened")

    def close(self, visit: Visit) -> Response:
        given = visit.field("result")
        result = next((each for each in RESULTS if each == given), None)
        if result is None:
            raise RefusedError(422, "not_a_form")
        close = partial(self._requests.close, result=result)
        return self._step(visit, close, "request_closed", result)

    # ---- inside ----

    def _step(self, visit: Visit, step: Callable[[Scope, int, str], bool], action: str, detail: str = "") -> Response:
        id = visit.number("id")
        try:
            done = step(visit.scope, id, visit.account.actor)
        except OutOfScope:
            raise RefusedError(404, "not_found") from None
        if not done:
            raise RefusedError(409, "request_gone")
        self._audit.add(Entry(visit.account.actor, action, f"request:{id}", detail))
        raise GoToError("/desk/requests")


def waited(length: dt.timedelta) -> tuple[str, int]:
    """How long somebody waits, as a word of ``bot.web.desk.words`` and its number: minutes, then hours, then days.

    >>> [waited(dt.timedelta(minutes=minutes)) for minutes in (0, 59, 60, 1439, 1440, 5000)]
    [('minutes', 0), ('minutes', 59), ('hours', 1), ('hours', 23), ('days', 1), ('days', 3)]
    """
    minutes = max(int(length.total_seconds()) // 60, 0)
    if minutes < 60:
        return "minutes", minutes
    return ("hours", minutes // 60) if minutes < 24 * 60 else ("days", minutes // (24 * 60))
