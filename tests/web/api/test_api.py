"""The API as programs of the city's see it: tokens, wards, confirmations once and in any order, nothing that breaks."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator

import httpx
import pytest
import schemathesis
from fastapi import HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, SecurityScopes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import response_schema_conformance
from sqlalchemy import insert, select, update

from bot.accounts.codes import digest, new_token
from bot.bootstrap import Service
from bot.campaign.webhook import PATIENCE, body_of
from bot.core.effects import TASKS
from bot.retention import TERMS
from bot.settings import PROJECT
from bot.store import schema
from bot.store.moments import stamp
from bot.store.webhook_events import TRIED_FOR, WebhookEvent
from bot.web.api.api import REFUSALS
from bot.web.api.callers import A_MINUTE, SCOPES, Allowance, Caller, Doorkeeper
from bot.web.app import build_app
from bot.web.guard import BODY
from tests.web.desk.filled import WARDS, fill
from tests.web.sites import Site

OWN, FOREIGN = "26740", "25747"
EVERYTHING = tuple(SCOPES)


@pytest.fixture(autouse=True)
def _filled(bot: Service) -> None:
    fill(bot)


Call = Callable[..., httpx.Client]


@pytest.fixture
def program(bot: Service, site: Site) -> Iterator[Call]:
    """Makes programs, each with a token of its own."""
    clients = []

    def made(*scopes: str, wards: tuple[str, ...] = (), days: int = 1) -> httpx.Client:
        token, until = new_token(), bot.store.now() + dt.timedelta(days=days)
        bot.store.api_tokens.add("thử", digest(token), scopes=scopes, wards=wards or None, until=until, by="cli")
        headers = {"Authorization": f"Bearer {token}"}
        clients.append(httpx.Client(base_url=f"{site.address}/api/v1", headers=headers, trust_env=False, timeout=30))
        return clients[-1]

    yield made
    for client in clients:
        client.close()


def resident(bot: Service, pseudonym: str, *, ward: str = OWN, agreed: bool = True) -> str:
    """Somebody who chats, counted in that ward or not."""
    at = stamp(bot.store.now())
    with bot.store.engine.begin() as connection:
        contact = {"channel": "web", "lookup": f"1.api{pseudonym}", "created_at": at}
        contact_id = connection.execute(insert(schema.contact).returning(schema.contact.c.id), contact).scalar_one()
        row = {"contact_id": contact_id, "code": "", "pseudonym": pseudonym}
        person_id = connection.execute(insert(schema.person).returning(schema.person.c.id), row).scalar_one()
        connection.execute(insert(schema.enrolment), {"person_id": person_id, "ward": ward, "chosen_at": at})
        yes = {"person_id": person_id, "purpose": "count", "given": agreed, "notice_digest": "x", "wording": "x"}
        yes |= {"answer": "x", "channel": "web", "method": "button", "assisted": False, "content_version": "x"}
        connection.execute(insert(schema.consent), {**yes, "created_at": at})
    return pseudonym


def finished(bot: Service, pseudonym: str) -> dict[str, str]:
    query = select(schema.completion.c.task, schema.completion.c.evidence).join(schema.person)
    with bot.store.engine.connect() as connection:
        return {
            row.task: row.evidence for row in connection.execute(query.where(schema.person.c.pseudonym == pseudonym))
        }


def word(person: str, event_id: str, **given: str) -> dict[str, str]:
    return {"event_id": event_id, "person": person, "task": TASKS[0], "happened_at": "2026-01-05T08:00:00Z", **given}


# ---- who is let in ----


def test_nobody_is_let_in_without_a_token_that_holds(bot: Service, site: Site, program: Call) -> None:
    late, gone = program("reports:read", days=-1), program("reports:read")
    assert gone.get("/wards").status_code == 200
    bot.store.api_tokens.revoke(bot.store.api_tokens.listed()[-1].id, by="cli")
    with httpx.Client(base_url=f"{site.address}/api/v1", trust_env=False) as nobody:
        answers = [late.get("/wards"), gone.get("/wards"), nobody.get("/wards"), nobody.get("/openapi.json")]
        answers.append(nobody.get("/wards", headers={"Authorization": "Bearer " + "x" * 43}))
    assert {answer.status_code for answer in answers} == {401}


# the routes of the API × scopes, and wards of others
ROUTES = {
    ("GET", "/openapi.json"): "any",
    ("GET", "/wards"): "reports:read",
    ("GET", "/phases"): "reports:read",
    ("GET", "/overview"): "reports:read",
    ("GET", "/wards/{ward}"): "reports:read",
    ("GET", "/funnels/{task}"): "reports:read",
    ("GET", "/causes"): "reports:read",
    ("GET", "/trends"): "reports:read",
    ("POST", "/completions"): "completions:write",
}


def test_the_table_has_every_route(bot: Service) -> None:
    [api] = [route.app for route in build_app(bot).routes if getattr(route, "path", "") == "/api/v1"]  # type: ignore[attr-defined]
    routes = {
        (method, getattr(route, "path", ""))
        for route in api.routes
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }
    assert routes == ROUTES.keys()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_token_opens_what_it_was_made_for(program: Call, method: str, path: str) -> None:
    address = path.replace("{ward}", OWN).replace("{task}", TASKS[0])
    let_in = {scope for scope in SCOPES if program(scope).request(method, address, json={}).status_code != 403}
    assert let_in == (set(SCOPES) if ROUTES[method, path] == "any" else {ROUTES[method, path]})


def test_a_token_of_one_ward_sees_that_ward_alone(program: Call) -> None:
    client = program("reports:read", wards=(OWN,))
    assert [ward["code"] for ward in client.get("/wards").json()] == [OWN]
    overview = client.get("/overview").json()
    assert [row["ward"]["code"] for row in overview["wards"]] == [OWN]
    assert overview["tasks"][0]["completed"] == sum(WARDS[OWN])
    assert client.get(f"/wards/{OWN}").json()["tasks"][0]["completed"] == sum(WARDS[OWN])
    assert client.get(f"/wards/{FOREIGN}").status_code == client.get("/wards/99999").status_code == 404


def test_who_calls_too_often_is_told_when_to_come_back() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    assert [allowance.wait(1) for _ in range(A_MINUTE)] == [0] * A_MINUTE
    now[0] = 12.5
    assert (allowance.wait(1), allowance.wait(2)) == (48, 0)
    now[0] = 60.0
    assert allowance.wait(1) == 0


def test_the_call_too_many_is_refused(bot: Service, program: Call) -> None:
    keeper = Doorkeeper(bot.store.api_tokens, proxies=0, now=lambda: 0.0)
    token = program("reports:read").headers["Authorization"].removeprefix("Bearer ")
    given = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token)

    def call() -> Caller:
        return keeper(Request({"type": "http"}), SecurityScopes(["reports:read"]), given)

    for _ in range(A_MINUTE):
        call()
    with pytest.raises(HTTPException) as refused:
        call()
    assert (refused.value.status_code, refused.value.headers) == (429, {"Retry-After": "60"})


# ---- confirmations ----


def test_a_confirmation_counts_once_however_often_it_is_told(bot: Service, program: Call) -> None:
    person, client = resident(bot, "1" * 32), program("completions:write")
    statuses = [client.post("/completions", json=word(person, "lan-dau-1")).status_code for _ in range(3)]
    assert statuses == [201, 200, 200]
    assert finished(bot, person) == {TASKS[0]: "officer"}
    other = client.post("/completions", json=word(person, "lan-dau-1", task=TASKS[1]))
    assert (other.status_code, other.json()["error"]) == (409, "event_id_used")


def test_two_programs_may_draw_the_same_id(bot: Service, program: Call) -> None:
    person = resident(bot, "2" * 32)
    assert program("completions:write").post("/completions", json=word(person, "trung-so-1")).status_code == 201
    second = program("completions:write").post("/completions", json=word(person, "trung-so-1", task=TASKS[1]))
    assert second.status_code == 201


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_withdrawal_takes_back_what_was_before_it_in_whatever_order_they_come(
    bot: Service, program: Call, order: tuple[int, int]
) -> None:
    person, client = resident(bot, f"3{order[0]}" * 16), program("completions:write")
    words = [
        word(person, "xac-nhan", happened_at="2026-01-05T08:00:00Z"),
        word(person, "rut-lai-1", happened_at="2026-01-06T08:00:00Z", change="withdraw"),
    ]
    for number in order:
        assert client.post("/completions", json=words[number]).status_code == 201
    assert finished(bot, person) == {}


def test_nobody_of_another_ward_or_who_does_not_want_to_be_counted_is_known(bot: Service, program: Call) -> None:
    there = resident(bot, "4" * 32, ward=FOREIGN)
    unwilling = resident(bot, "5" * 32, agreed=False)
    resting = resident(bot, "7" * 32)
    with bot.store.engine.begin() as connection:
        whose = schema.contact.c.lookup == f"1.api{resting}"
        connection.execute(update(schema.contact).where(whose).values(restricted_since=stamp(bot.store.now())))
    client = program("completions:write", wards=(OWN,))
    for person in (there, unwilling, resting, "f" * 32):
        answer = client.post("/completions", json=word(person, "khong-ai-1"))
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found", "fields": []})
        assert finished(bot, person) == {}


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"event_id": "ngắn"}, ["body.event_id"]),
        ({"person": "Nguyễn Văn A"}, ["body.person"]),
        ({"task": "viec_la"}, ["body.task"]),
        ({"happened_at": "hôm qua"}, ["body.happened_at"]),
        ({"happened_at": "2026-01-05T08:00:00"}, ["body.happened_at"]),
        ({"happened_at": "2999-01-05T08:00:00Z"}, []),
        ({"ten": "thừa"}, ["body.ten"]),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_name_of_its_field_and_never_repeated(
    bot: Service, program: Call, changed: dict[str, str], fields: list[str]
) -> None:
    answer = program("completions:write").post("/completions", json={**word("6" * 32, "doc-thu-1"), **changed})
    assert (answer.status_code, answer.json()) == (422, {"error": "invalid", "fields": fields})


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 300_000, {}, 413),
        (b"[" * 100_000, {}, (400, 422)),
        (b"{", {}, 422),
        (b"\xff\xfe", {}, (400, 422)),
        (iter([b"{}"]), {}, 411),
    ],
    ids=["long", "deep", "torn", "not text", "without length"],
)
def test_a_body_that_is_none_is_refused(
    program: Call, body: bytes, headers: dict[str, str], status: int | tuple[int, ...]
) -> None:
    headers = {"Content-Type": "application/json", **headers}
    answer = program("completions:write").post("/completions", content=body, headers=headers)
    assert answer.status_code in (status if isinstance(status, tuple) else (status,))


# ---- the page for their programmers ----

PAGE = (PROJECT / "deploy" / "api.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: the page's examples are NOT TESTED")
def test_every_call_the_page_shows_works(bot: Service, site: Site, program: Call) -> None:
    resident(bot, "0123456789abcdef" * 2)
    token = program(*EVERYTHING).headers["Authorization"].removeprefix("Bearer ")
    shown = re.findall(r"^    (curl (?:.*\\\n)*.*)$", PAGE, re.MULTILINE)
    environment = os.environ | {"GOCUA": site.address, "TOKEN": token, "no_proxy": "127.0.0.1"}
    for call in shown:
        done = subprocess.run(["bash", "-c", call], check=False, capture_output=True, env=environment, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        assert "error" not in json.loads(done.stdout)
    assert finished(bot, "0123456789abcdef" * 2) == {TASKS[0]: "officer"}
    calls = " ".join(shown).replace(OWN, "{ward}").replace(TASKS[0], "{task}")
    assert [path for _, path in ROUTES if f"/api/v1{path}" not in calls] == []


def test_every_refusal_stands_on_the_page() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| ([\w`, ]+) \|", PAGE, re.MULTILINE)
    told = {
        int(status): word
        for statuses, words in rows
        for status, word in zip(re.findall(r"\d+", statuses), re.findall(r"\w+", words), strict=True)
    }
    # an address has a method of its own, and its OpenAPI says which
    assert told == {status: word for status, word in REFUSALS.items() if status != 405}


def test_what_the_page_promises_is_so() -> None:
    [sample] = re.findall(r'^    (\{"event_id.*\})$', PAGE, re.MULTILINE)
    event = WebhookEvent(
        event_id="5f0c6c7d0c9e4a6f8a3b1d2e4f506172",
        changed_at="2026-11-22T03:00:00.000000+00:00",
        person="0123456789abcdef" * 2,
        task=TASKS[0],
        evidence="officer",
        day="2026-11-20",
        ward=OWN,
        tries=0,
    )
    assert body_of(event).decode() == sample
    promises = (
        f"{A_MINUTE} calls a minute", f"at most {BODY // 1024} KiB", f"within {PATIENCE:.0f} seconds",
        f"After {TERMS['webhook_events'].days} days",
    )  # fmt: skip
    assert [promise for promise in promises if promise not in PAGE] == []
    assert (TRIED_FOR.days, "Tried for three days" in PAGE) == (3, True)


# ---- everything its OpenAPI allows ----


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route[1] != "/openapi.json"], ids=lambda route: route[1]
)
def test_nothing_that_the_openapi_allows_breaks_it(site: Site, program: Call, route: tuple[str, str]) -> None:
    method, path = route
    client = program(*EVERYTHING)
    described = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    described.config.update(base_url=f"{site.address}/api/v1")
    operation = described[path][method]

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        # the allowance is another test's
        made = program(*EVERYTHING)
        response = case.call(headers={"Authorization": made.headers["Authorization"]})
        assert response.status_code < 500
        case.validate_response(response, checks=[response_schema_conformance])

    check()
