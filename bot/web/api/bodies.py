"""What programs send and get, as OpenAPI describes it. Fields stand here one by one: nothing else leaves (T64)."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Task = Literal["vneid_level_2", "social_security_account", "digital_citizen_app"]
Count = Annotated[int | None, Field(description="People; null where the number is too small to be told.", ge=0)]

# a program's own id of an event, and a pseudonym as the campaign's database has it
EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{8,40}$")]
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class _Body(BaseModel):
    """Read from our own frozen objects by the names of their fields."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", frozen=True)


class WardBody(_Body):
    code: str
    name: str
    area: str


class PhaseBody(_Body):
    code: str
    title: str
    starts_on: dt.date
    ends_on: dt.date


class TaskBody(_Body):
    task: Task
    started: Count
    completed: Count
    by_evidence: Annotated[list[Count], Field(description="self, helper, trainer, officer", min_length=4, max_length=4)]
    goal: int | None
    eligible: int | None


class WardFiguresBody(_Body):
    ward: WardBody
    tasks: list[TaskBody]
    waiting: Annotated[int, Field(description="Requests for help nobody took yet.")]


class OverviewBody(_Body):
    phase: PhaseBody | None
    until: Annotated[dt.date | None, Field(description="The last day that counts, a Sunday.")]
    tasks: list[TaskBody]
    wards: list[WardFiguresBody]
    waiting: int


class StepBody(_Body):
    step: str
    entered: Count
    passed: Count
    stuck: Count


class FunnelBody(_Body):
    task: Task
    started: Count
    completed: Count
    steps: list[StepBody]


class CauseBody(_Body):
    reason: str
    people: Count


class WeekBody(_Body):
    week: Annotated[str, Field(description="ISO 8601, Monday to Sunday", examples=["2026-W47"])]
    completed: Count


class TrendBody(_Body):
    task: Task
    weeks: list[WeekBody]


class CompletionBody(_Body):
    """An officer's word for a task: it was seen to be finished, or not after all."""

    event_id: Annotated[EventId, Field(description="Drawn by you; the same one twice counts once.")]
    person: Annotated[Pseudonym, Field(description="The pseudonym in the campaign's database.")]
    task: Task
    change: Literal["confirm", "withdraw"] = "confirm"
    happened_at: Annotated[AwareDatetime, Field(description="When; events may come in any order.")]


class OutcomeBody(_Body):
    outcome: Annotated[Literal["taken", "known"], Field(description="known: this event was told before")]


class ErrorBody(_Body):
    """Why a call was refused, in a word; ``fields`` names what is wrong with a body or an address."""

    error: str
    fields: list[str] = []
