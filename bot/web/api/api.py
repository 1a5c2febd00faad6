"""The API below /api/v1: figures out, officers' confirmations in. An application of its own, with its OpenAPI."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.campaign.figures import Figures, Phase
from bot.campaign.scope import OutOfScope
from bot.store.confirmations import Confirmation, Confirmations
from bot.store.database import StoreError
from bot.store.moments import CITY
from bot.web.api.bodies import (
    CauseBody,
    CompletionBody,
    ErrorBody,
    FunnelBody,
    OutcomeBody,
    OverviewBody,
    PhaseBody,
    Task,
    TrendBody,
    WardBody,
    WardFiguresBody,
)
from bot.web.api.callers import Caller, Doorkeeper
from bot.web.guard import BODY

ROOT = "/api/v1"

# how far another machine's clock may be ahead of ours
_AHEAD = dt.timedelta(minutes=5)

# the word of each status, for programs
REFUSALS = {
    400: "not_understood",
    401: "no_token",
    403: "scope_missing",
    404: "not_found",
    405: "method",
    409: "event_id_used",
    411: "length_missing",
    413: "too_large",
    422: "invalid",
    429: "too_often",
    503: "try_again",
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody} for status in (400, 401, 403, 404, 422, 429, 503)
}

Ward = Annotated[str, Path(pattern=r"^\d{5}$", description="Code of the National Statistics Office.")]
PhaseCode = Annotated[str, Query(max_length=32, description="A phase whose goals are meant; else the present one.")]


def build_api(
    figures: Figures, confirmations: Confirmations, doorkeeper: Doorkeeper, *, now: Callable[[], dt.datetime]
) -> FastAPI:
    """The application to mount below ``ROOT``."""
    reads = Annotated[Caller, Security(doorkeeper, scopes=["reports:read"])]
    writes = Annotated[Caller, Security(doorkeeper, scopes=["completions:write"])]
    anyone = Annotated[Caller, Security(doorkeeper)]
    api = FastAPI(
        title="Gõ Cửa",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=_RESPONSES,
        servers=[{"url": ROOT}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )

    def today() -> dt.date:
        return now().astimezone(CITY).date()

    @api.get("/openapi.json", include_in_schema=False)
    def openapi(caller: anyone) -> dict[str, Any]:
        return api.openapi()

    @api.get("/wards", tags=["figures"])
    def wards(caller: reads) -> list[WardBody]:
        """The wards this token gets to see."""
        return [WardBody.model_validate(ward) for ward in figures.wards(caller.scope)]

    @api.get("/phases", tags=["figures"])
    def phases(caller: reads) -> list[PhaseBody]:
        return [PhaseBody.model_validate(phase) for phase in figures.phases()]

    @api.get("/overview", tags=["figures"])
    def overview(caller: reads, phase: PhaseCode = "") -> OverviewBody:
        """Sums, and each ward, against the goals of a phase, until the end of the last whole week."""
        return OverviewBody.model_validate(figures.city(caller.scope, phase=_phase(figures, phase, today())))

    @api.get("/wards/{ward}", tags=["figures"])
    def ward(caller: reads, ward: Ward, phase: PhaseCode = "") -> WardFiguresBody:
        found = figures.ward(caller.scope, ward, phase=_phase(figures, phase, today()))
        return WardFiguresBody.model_validate(found.figures)

    @api.get("/funnels/{task}", tags=["figures"])
    def funnel(caller: reads, task: Task) -> FunnelBody:
        """How many came to each step of a journey, got past it, said they were stuck."""
        return FunnelBody.model_validate(figures.funnel(caller.scope, task))

    @api.get("/causes", tags=["figures"])
    def causes(caller: reads) -> list[CauseBody]:
        """Why people cannot yet."""
        return [CauseBody.model_validate(cause) for cause in figures.causes(caller.scope)]

    @api.get("/trends", tags=["figures"])
    def trends(caller: reads, weeks: Annotated[int, Query(ge=1, le=52)] = 12) -> list[TrendBody]:
        """Who finished in each of the last whole weeks."""
        found = figures.trends(caller.scope, weeks=weeks)
        return [TrendBody.model_validate(trend) for trend in found]

    @api.post(
        "/completions",
        tags=["completions"],
        status_code=201,
        responses={200: {"model": OutcomeBody}, 409: {"model": ErrorBody}, 413: {"model": ErrorBody}},
    )
    def confirm(caller: writes, body: CompletionBody, response: Response) -> OutcomeBody:
        """An officer's word. Told again it counts once; a later withdrawal takes it back, whichever comes first."""
        if body.happened_at > now() + _AHEAD:
            raise HTTPException(422)
        outcome = confirmations.take(
            Confirmation(
                event_id=body.event_id,
                person=body.person,
                task=body.task,
                change=body.change,
                happened_at=body.happened_at,
                by=caller.token.actor,
                wards=caller.token.wards,
            )
        )
        if outcome in ("nobody", "conflict"):
            raise HTTPException(404 if outcome == "nobody" else 409)
        response.status_code = 201 if outcome == "taken" else 200
        return OutcomeBody(outcome="taken" if outcome == "taken" else "known")

    api.add_middleware(Limit)
    _add_refusals(api)
    return api


def _phase(figures: Figures, code: str, today: dt.date) -> Phase | None:
    """The phase of that code, else the one of today. Raises 404 for a code there is none of."""
    phases = figures.phases()
    if not code:
        return next((phase for phase in phases if phase.starts_on <= today.isoformat() <= phase.ends_on), None)
    found = next((phase for phase in phases if phase.code == code), None)
    if found is None:
        raise HTTPException(404)
    return found


class Limit:
    """Refuses a body that is too long, or does not say how long it is, before anybody reads it (T55)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (status := _too_long(Headers(scope=scope))):
            refusal = JSONResponse({"error": REFUSALS[status], "fields": []}, status_code=status)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _too_long(headers: Headers) -> int:
    if "transfer-encoding" in headers:
        return 411
    length = headers.get("content-length", "0")
    return 413 if not length.isdecimal() or int(length[:20]) > BODY else 0


# ---- refusals: a word for programs, never what was sent ----


def _add_refusals(api: FastAPI) -> None:
    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, StarletteHTTPException) else 500
        headers = getattr(error, "headers", None)
        return JSONResponse(
            {"error": REFUSALS.get(status, "refused"), "fields": []}, status_code=status, headers=headers
        )

    async def invalid(request: Request, error: Exception) -> Response:
        problems = error.errors() if isinstance(error, RequestValidationError) else ()
        fields = sorted({".".join(str(part) for part in problem["loc"][:2]) for problem in problems})
        return JSONResponse({"error": REFUSALS[422], "fields": fields}, status_code=422)

    async def foreign(request: Request, error: Exception) -> Response:
        return JSONResponse({"error": REFUSALS[404], "fields": []}, status_code=404)

    async def away(request: Request, error: Exception) -> Response:
        return JSONResponse({"error": REFUSALS[503], "fields": []}, status_code=503, headers={"Retry-After": "10"})

    api.add_exception_handler(StarletteHTTPException, refused)
    api.add_exception_handler(RequestValidationError, invalid)
    api.add_exception_handler(OutOfScope, foreign)
    api.add_exception_handler(StoreError, away)
