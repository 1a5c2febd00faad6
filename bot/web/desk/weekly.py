"""The doors of the weekly file: asked for by one, agreed to by another, then downloaded by whoever asked (T60, T63)."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Response

from bot.campaign.weekly import ReportError, Week, whole_week, zipped
from bot.store.audit import AuditLog, Entry
from bot.store.moments import CITY
from bot.store.staff import ANSWER_WITHIN, Account, Approval, Staff
from bot.store.tallies import week_of
from bot.web.desk.pages import DeskPages
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit

WEEKLY_EXPORT = "weekly_export"

# a yes holds for so long: enough for whoever asked to come back to their desk, too short to be forgotten
_HOLDS = dt.timedelta(hours=24)

# how many weeks are offered
_WEEKS = 12

# the signed files of a week by their names; raises ``StoreError``
Files = Callable[[Week], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week and the last word about its file: asked and not lapsed, answered, or None; ``until``: a yes that holds."""

    week: Week
    approval: Approval | None
    until: dt.datetime | None

    @property
    def waits(self) -> bool:
        return self.approval is not None and self.approval.agreed is None


class WeeklyDoors:
    """Nobody takes a week's numbers home on their own word; every asking, answer and download is in the audit log."""

    def __init__(
        self, files: Files, staff: Staff, audit: AuditLog, pages: DeskPages, *, now: Callable[[], dt.datetime]
    ) -> None:
        self._files = files
        self._staff = staff
        self._audit = audit
        self._pages = pages
        self._now = now

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/weekly", "weekly", self.weekly),
            Door("POST", "/desk/weekly/{week}/ask", "weekly.act", self.ask, confirmed=True),
            Door("POST", "/desk/weekly/{week}/download", "weekly.act", self.download, confirmed=True),
        )

    def weekly(self, visit: Visit) -> Response:
        today, approvals = self._today, self._approvals()
        names = [week_of((today - dt.timedelta(weeks=back)).isoformat()) for back in range(1, _WEEKS + 1)]
        return self._pages.page(
            visit,
            "weekly.html",
            visit.words["weekly"],
            rows=[self._row(whole_week(name, today=today), approvals) for name in names],
            names={account.id: account.login for account in self._staff.accounts()},
        )

    def ask(self, visit: Visit) -> Response:
        self._staff.ask(WEEKLY_EXPORT, _subject(self._week(visit)), visit.account)
        raise GoToError("/desk/weekly")

    def download(self, visit: Visit) -> Response:
        """The zip, to whoever asked, while the other's yes holds."""
        week = self._week(visit)
        if not self._may_take(visit.account, self._row(week, self._approvals())):
            raise RefusedError(409, "weekly_not_agreed")
        content = zipped(self._files(week))
        digest = hashlib.sha256(content).hexdigest()
        self._audit.add(Entry(visit.account.actor, "weekly_exported", _subject(week), f"sha256:{digest}"))
        named = {"Content-Disposition": f'attachment; filename="go-cua-tuan-{week.name}.zip"'}
        return Response(content, media_type="application/zip", headers=named)

    # ---- inside ----

    @property
    def _today(self) -> dt.date:
        return self._now().astimezone(CITY).date()

    def _week(self, visit: Visit) -> Week:
        try:
            return whole_week(visit.at("week"), today=self._today)
        except ReportError:
            raise RefusedError(404, "not_found") from None

    def _approvals(self) -> list[Approval]:
        """All about weekly files that may still matter, the newest first."""
        asked = self._staff.approvals(since=self._now() - ANSWER_WITHIN - _HOLDS)
        return [each for each in asked if each.kind == WEEKLY_EXPORT and not each.has_lapsed(self._now())]

    def _row(self, week: Week, approvals: list[Approval]) -> WeekRow:
        found = next((each for each in approvals if each.subject == _subject(week)), None)
        until = found.decided_at + _HOLDS if found and found.agreed and found.decided_at else None
        return WeekRow(week, found, until if until and until > self._now() else None)

    def _may_take(self, account: Account, row: WeekRow) -> bool:
        return row.until is not None and row.approval is not None and row.approval.asked_by == account.id


def _subject(week: Week) -> str:
    return f"week:{week.name}"
