"""The console's pages: one look, one navigation, words in the language somebody chose."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.accounts.provider import Registration
from bot.accounts.roles import Permission, may
from bot.core.languages import SOURCE
from bot.store.moments import CITY
from bot.web.desk import charts
from bot.web.desk.visit import Visit
from bot.web.static_files import Asset

_TEMPLATES = Path(__file__).parents[1] / "templates"

# the navigation: address, its word, who sees it
_ROOMS: tuple[tuple[str, str, Permission], ...] = (
    ("/desk", "overview", "figures"),
    ("/desk/wards", "wards", "figures"),
    ("/desk/requests", "requests", "requests"),
    ("/desk/classes", "classes", "classes"),
    ("/desk/deliveries", "deliveries", "deliveries"),
    ("/desk/content", "content", "content"),
    ("/desk/weekly", "weekly", "weekly"),
    ("/desk/staff", "staff", "staff"),
    ("/desk/approvals", "approvals", "staff"),
    ("/desk/audit", "audit", "audit"),
    ("/desk/me", "me", "own"),
)


class DeskPages:
    """Makes the pages. May be used from several threads."""

    def __init__(
        self, assets: Mapping[str, Asset], provider: Registration | None = None, *, staff_bot: str = ""
    ) -> None:
        """``provider`` is the city's, where staff may sign in with its accounts; ``staff_bot`` the name of the
        trainers' bot on Telegram, empty where there is none."""
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["asset"] = lambda name: assets[name].address
        self._templates.globals |= {"bar": charts.bar, "trend": charts.trend, "zip": zip}
        self._templates.globals["provider"] = provider
        self._templates.globals["staff_bot"] = staff_bot
        self._templates.filters |= {"moment": _moment, "day": _day, "count": _count}

    def page(self, visit: Visit, name: str, heading: str, *, status: int = 200, **values: object) -> Response:
        """A page of somebody's; ``heading`` is what stands on top and in the browser's tab."""
        return HTMLResponse(self._rendered(visit, name, heading, values), status_code=status)

    def notice(self, visit: Visit, status: int, word: str) -> Response:
        """A kind page instead of the one asked for."""
        heading, text = visit.words[word], visit.words[f"{word}_text"]
        return self.page(visit, "notice.html", heading, status=status, text=text)

    def _rendered(self, visit: Visit, name: str, heading: str, values: dict[str, object]) -> str:
        account = visit.session.account if visit.session and visit.session.stage == "full" else None
        rooms = [
            (at, visit.words[word]) for at, word, permission in _ROOMS if account and may(account.role, permission)
        ]
        given = {
            "visit": visit,
            "words": visit.words,
            "account": account,
            "rooms": rooms,
            "here": _room(visit.request.url.path, [address for address, _ in rooms]),
            "heading": heading,
            "other_language": {SOURCE: "en"}.get(visit.language, SOURCE),
            "path": visit.request.url.path,
        }
        return self._templates.get_template(f"desk/{name}").render(given | values)


def _room(path: str, rooms: list[str]) -> str:
    """The room of the navigation an address belongs to."""
    within = [room for room in rooms if path == room or path.startswith(f"{room}/")]
    return max(within, key=len, default="")


def _moment(at: dt.datetime) -> str:
    return at.astimezone(CITY).strftime("%d/%m/%Y %H:%M")


def _day(at: dt.date | str) -> str:
    """A day as it is written here; the tables have days as text.

    >>> _day("2026-11-22")
    '22/11/2026'
    """
    return (dt.date.fromisoformat(at) if isinstance(at, str) else at).strftime("%d/%m/%Y")


def _count(value: float | None) -> str:
    """A number with points between thousands, as it is written here; a dash where it is not told."""
    return "–" if value is None else f"{value:,.0f}".replace(",", ".")
