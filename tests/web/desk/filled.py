"""A campaign with figures for the tests: four wards, one phase, counts of every kind."""

import datetime as dt
from collections import Counter

from sqlalchemy import insert, select

from bot.bootstrap import Service
from bot.campaign.publishing import publish
from bot.core.effects import TASKS
from bot.store import schema
from bot.store.moments import stamp
from bot.store.tallies import Deed, Key, Kind, key_of

# ward -> how many finished each task, by evidence; the last two are too small to be told
WARDS = {"26740": (400, 120, 30, 50), "25747": (200, 60, 15, 25), "25750": (2, 1, 0, 0), "25760": (3, 1, 0, 0)}
PHASE = "thu"
STEP = "vneid_muc_2.cai_dat"


def fill(service: Service) -> None:
    """Once for a database; a second time nothing happens."""
    today = service.store.now().date()
    with service.store.engine.begin() as connection:
        if connection.execute(select(schema.phase).where(schema.phase.c.code == PHASE)).first() is not None:
            return
        known = set(connection.execute(select(schema.ward.c.code)).scalars())
        rows = [
            {"code": row.code, "kind": row.type, "name": row.name, "area": row.former_area}
            for row in service.library.wards
            if row.code in WARDS.keys() - known
        ]
        if rows:
            connection.execute(insert(schema.ward), rows)
        year = {"starts_on": f"{today.year}-01-01", "ends_on": f"{today.year}-12-31"}
        connection.execute(insert(schema.campaign), {"code": "thu", "title": "Chiến dịch thử", **year})
        connection.execute(insert(schema.phase), {"code": PHASE, "campaign": "thu", "title": "Giai đoạn thử", **year})
        goals = [
            {"phase": PHASE, "ward": ward, "task": task, "goal": 1000, "eligible": 2000}
            for ward in WARDS
            for task in TASKS
        ]
        connection.execute(insert(schema.target), goals)
        team = {"ward": "26740", "neighbourhood": "Khu phố 3", "name": "Tổ 1"}
        team_id = connection.execute(insert(schema.team).returning(schema.team.c.id), team).scalar_one()
        goal = {"phase": PHASE, "team_id": team_id, "goal": 50, "eligible": 90}
        connection.execute(insert(schema.team_target), [{**goal, "task": task} for task in TASKS])
        counts: Counter[Key] = Counter()

        def count(ward: str, task: str, kind: Kind, code: str, people: int, *, weeks_ago: int = 0) -> None:
            day = (today - dt.timedelta(weeks=weeks_ago)).isoformat() if weeks_ago else f"{today.year}-01-05"
            counts[key_of(Deed(0, day, task, kind, code), ward)] += people

        for ward, by_evidence in WARDS.items():
            for task in TASKS:
                for evidence, people in zip(("self", "helper", "trainer", "officer"), by_evidence, strict=True):
                    lately = people // 20
                    for back in range(1, 9):
                        count(ward, task, "completed", evidence, lately, weeks_ago=back)
                    count(ward, task, "completed", evidence, people - 8 * lately)
                count(ward, task, "started", "", sum(by_evidence) * 2)
                count(ward, task, "blocked", "no_sim", sum(by_evidence) // 10)
            count(ward, TASKS[0], "entered", STEP, sum(by_evidence) * 2)
            count(ward, TASKS[0], "passed", STEP, sum(by_evidence))
        connection.execute(
            insert(schema.tally), [{**key._asdict(), "people": people} for key, people in counts.items() if people]
        )
    publish(service.store.engine, now=service.store.now(), again=True)


def wish(service: Service, ward: str, *, pseudonym: str, channel: str = "web") -> int:
    """Somebody who asked for help; the request's number."""
    at = stamp(service.store.now())
    with service.store.engine.begin() as connection:
        contact = {"channel": channel, "lookup": f"1.{pseudonym}", "created_at": at}
        contact_id = connection.execute(insert(schema.contact).returning(schema.contact.c.id), contact).scalar_one()
        person = {"contact_id": contact_id, "code": "", "pseudonym": pseudonym}
        person_id = connection.execute(insert(schema.person).returning(schema.person.c.id), person).scalar_one()
        row = {"person_id": person_id, "ward": ward, "way": "call", "hours": "morning", "place": STEP}
        row |= {"reason": "no_sim", "status": "waiting", "created_at": at, "taken_by": "", "result": ""}
        return int(
            connection.execute(insert(schema.help_request).returning(schema.help_request.c.id), row).scalar_one()
        )
