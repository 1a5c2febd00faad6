"""The trainer's board in a real browser, a phone that joins by the link, and the wall that shows nobody."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.bootstrap import Service
from bot.channels.messages import ContactKey, Incoming
from bot.classes.schedule import OpenClass
from tests.web.desk.people import new_official
from tests.web.screens import PHONE
from tests.web.sites import Site

LESSON = "cong_dan_so"
WARD = "26740"


class Lesson:
    """A class of its own for one test, with people who type on another channel."""

    def __init__(self, bot: Service, site: Site) -> None:
        self.bot = bot
        trainer = new_official(bot, "trainer", (WARD,)).account
        opened = bot.schedule.open(bot.library.lessons[LESSON], length="short", ward=WARD, venue="", staff=trainer)
        self.code, self.token = opened.code, bot.schedule.lead(opened, trainer)
        self.board = f"{site.address}/lop/{self.token}"
        self.wall = f"{site.address}/lop/chieu/{self.code}"
        self.link = f"{site.address}/?lop={self.code}"

    @property
    def found(self) -> OpenClass:
        led = self.bot.schedule.by_link(self.token)
        assert led is not None
        return led.found

    def says(self, who: str, *texts: str) -> None:
        for text in texts:
            incoming = Incoming(ContactKey("test", f"{who} {self.code}"), text=text)
            self.bot.worker.ask(self.bot.entrance.hide(incoming)).result(60)

    def tap(self, **form: str) -> httpx.Response:
        return httpx.post(
            self.board, data={"id": "tap-0001", **form}, headers={"Origin": self.board.rpartition("/lop/")[0]}
        )


@pytest.fixture
def lesson(bot: Service, site: Site) -> Lesson:
    return Lesson(bot, site)


# ---- by HTTP ----


def test_a_link_nobody_gave_out_leads_nowhere(site: Site, lesson: Lesson) -> None:
    for path in (
        "/lop/x",
        f"/lop/{lesson.code}",
        "/lop/chieu/000000",
        "/lop/chieu/x",
        f"/lop/chieu/{lesson.token}",
    ):
        answer = httpx.get(site.address + path)
        assert answer.status_code == 404, path
        assert "Không có lớp nào" in answer.text
        assert httpx.get(f"{site.address}{path}/song").status_code == 204


@pytest.mark.parametrize(
    "form",
    [{}, {"act": "close"}, {"act": "open"}, {"act": "open", "part": "phan_la"}, {"act": "again", "id": "x"}],
    ids=["nothing", "an act that is none", "no part", "a part of no lesson", "an id too short"],
)
def test_a_tap_no_page_of_ours_sends_changes_nothing(lesson: Lesson, form: dict[str, str]) -> None:
    assert lesson.tap(**form).status_code == 404
    found = lesson.found
    assert (found.part, found.begun_at) == ("", None)


def test_a_tap_from_another_site_is_refused(lesson: Lesson) -> None:
    answer = httpx.post(lesson.board, data={"act": "end", "id": "tap-0001"}, headers={"Origin": "https://example.org"})
    assert answer.status_code == 403
    assert lesson.bot.schedule.by_code(lesson.code) is not None


def test_a_tap_after_the_end_says_that_it_is_over(lesson: Lesson) -> None:
    assert lesson.tap(act="end").status_code == 200
    answer = lesson.tap(act="open", part="mo_vneid")
    assert (answer.status_code, answer.json()["is_over"]) == (410, True)


def test_the_link_of_a_class_joins_once_however_often_it_is_opened(lesson: Lesson) -> None:
    with httpx.Client(follow_redirects=True) as browser:
        pages = [browser.get(lesson.link) for _ in range(3)]
    # once to read, once to hear
    assert [page.text.count("vô lớp rồi đó") for page in pages] == [2, 2, 2]
    found = lesson.found
    assert found.seats == 1


def test_a_link_with_an_old_code_says_so_and_opens_the_chat(site: Site) -> None:
    page = httpx.get(f"{site.address}/?lop=000000", follow_redirects=True)
    assert (page.status_code, "không thấy lớp nào" in page.text) == (200, True)


def test_the_walls_page_and_stream_hold_no_seat_and_no_secret(lesson: Lesson) -> None:
    lesson.says("a", f"vào lớp {lesson.code}", "gặp người")
    lesson.tap(act="open", part="mo_vneid")
    with httpx.stream("GET", f"{lesson.wall}/song") as stream:
        data = next(line for line in stream.iter_lines() if line.startswith("data: "))
    page = httpx.get(lesson.wall).text
    for shown in (page, data):
        assert lesson.token not in shown
        assert "Xin gặp người" not in shown
        assert '"help"' not in shown
    assert "Mở sẵn VNeID" in data


# ---- in a browser ----


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(20_000)
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page, and what goes wrong in it."""
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    page.goto(address)
    return page, errors


@pytest.mark.browser
def test_a_class_is_led_from_the_board(context: BrowserContext, lesson: Lesson) -> None:
    board, board_errors = opened(context, lesson.board)
    wall, wall_errors = opened(context, lesson.wall)
    phone, phone_errors = opened(context, lesson.link)
    expect(phone.get_by_text("ghế số 1.")).to_be_visible()
    expect(board.locator("#seats")).to_have_text("1")

    phone.get_by_role("button", name="iPhone").click()
    phone.get_by_role("button", name="Đồng ý cả hai").click()
    expect(phone.get_by_text("ngồi chờ một chút")).to_be_visible()
    expect(board.locator("#iphone")).to_have_text("1")

    board.locator("#next").click()
    expect(board.locator("#part_title")).to_have_text("Chào bà con, vô lớp")
    board.locator("#next").click()
    expect(wall.locator("#part_title")).to_have_text("Mở sẵn VNeID")
    expect(wall.locator("#picture")).to_be_visible()
    phone.get_by_role("button", name="Chưa được").click()
    expect(board.locator("#help")).to_contain_text("Chưa được, chưa chọn vướng gì")
    phone.get_by_role("button", name="Quên mã sáu số").click()
    expect(board.locator("#help")).to_contain_text("Quên mã sáu số")
    expect(board.locator("#help .seat")).to_have_text("1")
    board.on("dialog", lambda dialog: dialog.accept())
    board.get_by_text("Các phần").click()
    board.locator("#end").click()
    expect(board.locator("nav")).to_be_hidden()
    board.get_by_role("link", name="Xác nhận theo ghế").click()
    expect(board.locator("#ghe-1").get_by_role("button")).to_have_text("Đã thấy xong")
    assert (board_errors, wall_errors, phone_errors) == ([], [], [])


@pytest.mark.browser
def test_a_hall_sees_a_number_from_five_people_on(context: BrowserContext, lesson: Lesson) -> None:
    wall, _ = opened(context, lesson.wall)
    lesson.tap(act="open", part="mo_vneid")
    for who in range(4):
        lesson.says(f"{who}", f"vào lớp {lesson.code}", "iPhone", "đồng ý cả hai", "xong rồi")
    board, _ = opened(context, lesson.board)
    expect(board.locator("#done")).to_have_text("4")
    expect(wall.locator("#part_title")).to_have_text("Mở sẵn VNeID")
    expect(wall.locator("#wall_done")).to_be_hidden()
    lesson.says("4", f"vào lớp {lesson.code}", "iPhone", "đồng ý cả hai", "xong rồi")
    expect(wall.locator("#wall_done")).to_have_text("5 người đã xong bước này")


@pytest.mark.browser
def test_a_tap_on_a_flaky_line_is_kept_sent_later_and_made_once(context: BrowserContext, lesson: Lesson) -> None:
    board, _ = opened(context, lesson.board)
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The server hears of the tap, its answer never arrives; and it hears nothing the second time."""
        if route.request.method != "POST":
            route.continue_()
            return
        if not lost:
            route.fetch()
        lost.append(route.request.post_data or "")
        route.abort()

    board.route(lesson.board, lose)
    board.locator("#next").click()
    expect(board.locator("#line")).to_contain_text("lần bấm vừa rồi được giữ lại")
    board.reload()
    expect(board.locator("#part_title")).to_have_text("Chào bà con, vô lớp")
    board.unroute(lesson.board)
    expect(board.locator("#line")).to_be_hidden()
    board.wait_for_function("localStorage.length === 0 || Object.values(localStorage).every((each) => each === '[]')")
    found = lesson.found
    assert found.part == "vo_lop"
    assert len({*lost}) == 1


@pytest.mark.browser
def test_the_board_fits_a_phone(browser: Browser, lesson: Lesson) -> None:
    context = browser.new_context(viewport=PHONE)
    page, errors = opened(context, lesson.board)
    page.locator("#next").click()
    expect(page.locator("#part_title")).to_have_text("Chào bà con, vô lớp")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("#next", "#back", "#again"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert errors == []
    context.close()
