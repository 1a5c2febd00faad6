"""The trainer's list of seats, by plain forms and in a real browser on a line that fails."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.bootstrap import Service
from bot.channels.messages import ContactKey, Incoming
from bot.store.schema import completion_event
from tests.web.desk.people import new_official
from tests.web.screens import PHONE
from tests.web.sites import Site

LESSON, TASK, WARD = "cong_dan_so", "digital_citizen_app", "26740"


class Lesson:
    """A class with a trainer and people in two seats, the second of whom helps somebody."""

    def __init__(self, bot: Service, site: Site) -> None:
        self.bot = bot
        trainer = new_official(bot, "trainer", (WARD,)).account
        opened = bot.schedule.open(bot.library.lessons[LESSON], length="short", ward=WARD, venue="", staff=trainer)
        self.actor = trainer.actor
        self.list = f"{site.address}/lop/{bot.schedule.lead(opened, trainer)}/ghe"
        for who in ("a", "b"):
            key = ContactKey("test", f"{who} {opened.code}")
            for text in (f"vào lớp {opened.code}", "Không rõ máy gì", "đồng ý cả hai"):
                bot.worker.ask(bot.entrance.hide(Incoming(key, text=text))).result(60)

    def presses(self, seat: str = "1", *, accept: str = "text/html", **changed: str) -> httpx.Response:
        form = {"seat": seat, "person": "", "task": TASK, "seen": "yes"} | changed
        headers = {"Origin": self.list.partition("/lop/")[0], "Accept": accept}
        return httpx.post(self.list, data=form, headers=headers)

    @property
    def events(self) -> list[str]:
        """What the campaign's data heard of this trainer."""
        query = select(completion_event.c.change).where(completion_event.c.source == self.actor)
        with self.bot.store.engine.connect() as connection:
            return list(connection.execute(query.order_by(completion_event.c.id)).scalars())


@pytest.fixture
def lesson(bot: Service, site: Site) -> Lesson:
    return Lesson(bot, site)


def test_a_plain_form_confirms_and_leads_back_to_the_seat(lesson: Lesson) -> None:
    answer = lesson.presses()
    assert (answer.status_code, answer.headers["location"].endswith("/ghe#ghe-1")) == (303, True)
    page = httpx.get(lesson.list).text
    assert (page.count("Rút lại</button>"), page.count("Đã thấy xong</button>")) == (1, 1)
    assert lesson.presses(seen="no").status_code == 303
    assert lesson.events == ["confirm", "withdraw"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"seat": "9"}, 409), ({"task": "x"}, 409), ({"person": "ngoai"}, 409), ({"seat": "x"}, 404), ({"seen": ""}, 404)],
)
def test_what_no_button_of_the_list_sends_is_refused(lesson: Lesson, changed: dict[str, str], status: int) -> None:
    assert lesson.presses(**changed).status_code == status
    assert lesson.events == []


def test_a_button_on_another_site_is_refused(lesson: Lesson) -> None:
    form = {"seat": "1", "person": "", "task": TASK, "seen": "yes"}
    assert httpx.post(lesson.list, data=form, headers={"Origin": "https://khac.example"}).status_code == 403
    assert httpx.get(lesson.list.replace("/ghe", "x/ghe")).status_code == 404
    assert lesson.events == []


# ---- in a browser ----


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_a_button_answers_at_once_is_kept_while_the_line_is_down_and_counts_once(page: Page, lesson: Lesson) -> None:
    page.goto(lesson.list)
    page.route(lesson.list, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    first = page.locator("#ghe-1")
    box = first.get_by_role("button").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first.get_by_role("button", name="Đã thấy xong").click()
    expect(first.get_by_role("button")).to_have_text("Rút lại")
    expect(page.locator("#line")).to_contain_text("được giữ lại")
    page.reload()
    expect(first.get_by_role("button")).to_have_text("Rút lại")
    assert lesson.events == []
    page.unroute(lesson.list)
    expect(page.locator("#line")).to_be_hidden()
    page.wait_for_function("Object.values(localStorage).every((each) => each === '[]')")
    assert lesson.events == ["confirm"]
