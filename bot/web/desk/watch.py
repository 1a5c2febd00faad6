"""The doors of what has to be looked after: deliveries that failed, content to review, the audit log."""

import datetime as dt
from collections.abc import Callable, Collection

from fastapi import Response

from bot.content.articles import ArticleFile
from bot.delivery import dead_letters
from bot.delivery.dead_letters import Letters
from bot.store.audit import AuditLog, Entry
from bot.store.moments import CITY
from bot.web.desk.pages import DeskPages
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit

# rows of the log on a page
_ROWS = 100

# days before its date from which an article is to be looked at
_SOON = dt.timedelta(days=30)


class WatchDoors:
    """Reading is for more people than acting."""

    def __init__(
        self,
        letters: Letters,
        audit: AuditLog,
        articles: Collection[ArticleFile],
        pages: DeskPages,
        *,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._letters = letters
        self._audit = audit
        self._articles = sorted(articles, key=lambda article: (article.review_by, article.file))
        self._pages = pages
        self._now = now

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/deliveries", "deliveries", self.deliveries),
            Door("POST", "/desk/deliveries/{id}/{act}", "deliveries.act", self.act_on_delivery),
            Door("GET", "/desk/content", "content", self.content),
            Door("GET", "/desk/audit", "audit", self.audit),
        )

    def deliveries(self, visit: Visit) -> Response:
        rows = dead_letters.rows(self._letters.dead())
        return self._pages.page(visit, "deliveries.html", visit.words["deliveries"], rows=rows)

    def act_on_delivery(self, visit: Visit) -> Response:
        id, act = visit.number("id"), visit.at("act")
        if act not in ("retry", "drop"):
            raise RefusedError(404, "not_found")
        done = self._letters.retry(id, self._now()) if act == "retry" else self._letters.drop_dead(id)
        if not done:
            raise RefusedError(404, "not_found")
        self._audit.add(Entry(visit.account.actor, f"delivery_{act}", f"delivery:{id}"))
        raise GoToError("/desk/deliveries")

    def content(self, visit: Visit) -> Response:
        today = self._now().astimezone(CITY).date()
        states = {article.file: _state(article.review_by, today) for article in self._articles}
        return self._pages.page(
            visit, "content.html", visit.words["content"], articles=self._articles, states=states, today=today
        )

    def audit(self, visit: Visit) -> Response:
        before = visit.asked("before")
        from_row = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
        rows = self._audit.latest(_ROWS, before=from_row)
        verdict = self._audit.verify() if visit.asked("verify") else None
        return self._pages.page(visit, "audit.html", visit.words["audit"], rows=rows, verdict=verdict)


def _state(review_by: dt.date, today: dt.date) -> str:
    if review_by < today:
        return "overdue"
    return "soon" if review_by - today <= _SOON else "good"
