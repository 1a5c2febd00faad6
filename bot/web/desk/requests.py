"""The doors of requests for help: who waits longest stands on top; taken by one, closed with a result."""

from collections.abc import Mapping

from fastapi import Response

from bot.campaign.requests import RESULTS, Requests
from bot.campaign.scope import OutOfScope
from bot.store.audit import AuditLog, Entry
from bot.web.desk.pages import DeskPages
from bot.web.desk.titles import Titles
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit


class RequestDoors:
    """Rows about one person each: whoever looks at them is noted in the audit log (T78)."""

    def __init__(
        self, requests: Requests, audit: AuditLog, titles: Titles, pages: DeskPages, *, wards: Mapping[str, str]
    ) -> None:
        """``wards`` are the full names by code."""
        self._requests = requests
        self._audit = audit
        self._titles = titles
        self._pages = pages
        self._wards = wards

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/requests", "requests", self.requests),
            Door("POST", "/desk/requests/{id}/take", "requests.act", self.take),
            Door("POST", "/desk/requests/{id}/close", "requests.act", self.close),
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
            wards=self._wards,
            results=RESULTS,
        )

    def take(self, visit: Visit) -> Response:
        id = visit.number("id")
        try:
            taken = self._requests.take(visit.scope, id, visit.account.actor)
        except OutOfScope:
            raise RefusedError(404, "not_found") from None
        if not taken:
            raise RefusedError(409, "request_gone")
        self._audit.add(Entry(visit.account.actor, "request_taken", f"request:{id}"))
        raise GoToError("/desk/requests")

    def close(self, visit: Visit) -> Response:
        id, given = visit.number("id"), visit.field("result")
        result = next((each for each in RESULTS if each == given), None)
        if result is None:
            raise RefusedError(422, "not_a_form")
        try:
            closed = self._requests.close(visit.scope, id, visit.account.actor, result)
        except OutOfScope:
            raise RefusedError(404, "not_found") from None
        if not closed:
            raise RefusedError(409, "request_gone")
        self._audit.add(Entry(visit.account.actor, "request_closed", f"request:{id}", result))
        raise GoToError("/desk/requests")
