"""The chat over plain HTTP: what a browser without script, the page's own script, and strangers get."""

import contextlib
import itertools
import json
import re
import signal
import socket
import unicodedata
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.bootstrap import Service, build_bot, build_service
from bot.channels.messages import ContactKey, Incoming, Text
from bot.running import Running
from bot.store.chats import Chats, StoredReply
from bot.store.database import StoreError
from bot.web.guard import BODY, is_own_page
from bot.web.live import MOST_PAGES
from bot.web.server import CannotListenError, listen
from bot.web.session import CHANNEL
from bot.worker import Answer, Listener, Worker
from tests.web.player import MOST, Page, Player, Visitor, newest
from tests.web.sites import Process, Site, served

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
JOURNEYS = [0, 1, 2]

_NUMBER = re.compile(r'name="message" value="([A-Za-z0-9_-]{16})"')
CANARY = "chim hoàng yến 0771 556"


def play(visitor: Visitor, site: Site, player: Player, *, typing: bool) -> list[str]:
    """From the door to the end of a journey; the tasks that are finished then."""
    page = visitor.open()
    for _ in range(MOST):
        if site.done(visitor.token):
            break
        button = page.buttons[player.choose(page.buttons)]
        page = visitor.write(button.label) if typing else visitor.press(button.id)
    return site.done(visitor.token)


# ---- pages and headers ----


@pytest.mark.parametrize(
    ("accepted", "heading", "language"),
    [
        pytest.param("en-US,en;q=0.9", "There is no such page", "en", id="English"),
        pytest.param("en-US,en;q=0.9,vi;q=0.8", "Trang này không có", "vi", id="it can read Vietnamese"),
        pytest.param("fr-FR", "Trang này không có", "vi", id="a language we have not"),
        pytest.param("", "Trang này không có", "vi", id="none"),
    ],
)
def test_notices_speak_what_the_browser_asks_for(visitor: Visitor, accepted: str, heading: str, language: str) -> None:
    html = visitor.client.get("/khong-co", headers={"Accept-Language": accepted}).text
    assert (heading in html, f'<html lang="{language}">' in html) == (True, True)


def test_the_page_without_script_changes_its_language(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.write("English")
    assert page.buttons[0].label == "I do it for myself"
    html = visitor.client.get("/").text
    assert ('<html lang="en">' in html, 'placeholder="Type a message"' in html, 'value="Tiếng Việt"' in html) == (
        True,
        True,
        True,
    )
    assert visitor.write("Tiếng Việt").buttons[0].label == "Tôi tự làm"


@pytest.mark.parametrize("path", ["/", "/khong-co", "/static/khong-co.js", "/pictures/khong_co.png", "/chat"])
def test_every_page_has_the_security_headers(visitor: Visitor, path: str) -> None:
    headers = visitor.client.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_the_page_is_vietnamese_and_says_what_it_is(visitor: Visitor) -> None:
    html = visitor.client.get("/").text
    assert '<html lang="vi">' in html
    assert "máy trả lời tự động" in html
    assert "<script>" not in html
    assert "style=" not in html
    assert "http://" not in html
    assert "https://" not in html


def test_a_cookie_of_the_own_machine(visitor: Visitor) -> None:
    cookie = visitor.client.get("/").headers["set-cookie"]
    assert cookie.startswith("gocua=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=7776000" in cookie
    assert "Secure" not in cookie
    assert len(visitor.token) == 43


def test_a_cookie_for_https(bot: Service, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'https.db'}"
    settings = replace(bot.settings, public_url="https://gocua.example", database_url=database)
    with served(build_service(settings)) as site:
        answer = httpx.get(site.address, trust_env=False)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-gocua=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(("path", "status"), [("/khong-co", 404), ("/pictures/khong_co.png", 404), ("/chat", 405)])
def test_wrong_addresses_get_a_kind_page(visitor: Visitor, path: str, status: int) -> None:
    answer = visitor.client.get(path)
    assert answer.status_code == status
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text


def test_style_and_script_are_small_and_kept_by_the_browser(visitor: Visitor) -> None:
    html = visitor.client.get("/").text
    paths = {part.split('"')[0] for part in html.split('="') if part.startswith("/static/")}
    answers = {path: visitor.client.get(path) for path in paths}
    assert {path.rpartition(".")[2] for path in paths} == {"css", "js", "svg"}
    assert all("immutable" in answer.headers["cache-control"] for answer in answers.values())
    assert sum(len(answer.content) for answer in answers.values()) < 25_000
    assert all(answer.headers["content-encoding"] == "gzip" for answer in answers.values())


def test_robots_and_health(visitor: Visitor) -> None:
    assert "Disallow: /" in visitor.client.get("/robots.txt").text
    assert visitor.client.get("/healthz").text == "ok"


# ---- opening ----


def test_opening_greets_once_and_then_only_shows(visitor: Visitor, site: Site) -> None:
    before = site.count("outgoing")
    first = visitor.open()
    again = visitor.open()
    assert first.buttons == again.buttons
    assert newest(first) == newest(again)
    assert site.count("outgoing") == before + 1


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}])
def test_a_page_fetched_in_advance_opens_no_chat(visitor: Visitor, site: Site, headers: dict[str, str]) -> None:
    before = site.count("contact")
    answer = visitor.client.get("/", headers=headers)
    assert answer.status_code == 503
    assert visitor.client.head("/").status_code == 200
    assert site.count("contact") == before


def test_a_token_we_never_gave_out_is_nobodys(visitor: Visitor) -> None:
    chosen = "x" * 43
    visitor.client.cookies.set("gocua", chosen)
    cookie = visitor.client.get("/").headers["set-cookie"]
    assert chosen not in cookie


# ---- saying something ----


@pytest.mark.parametrize("journey", JOURNEYS)
@pytest.mark.parametrize("typing", [False, True], ids=["pressing", "typing"])
def test_a_whole_journey_without_script(bot: Service, site: Site, visitor: Visitor, journey: int, typing: bool) -> None:
    done = play(visitor, site, Player(bot.library, journey), typing=typing)
    assert len(done) == 1


def test_only_the_newest_message_can_be_answered(visitor: Visitor) -> None:
    first = visitor.open()
    page = visitor.press(first.buttons[0].id)
    assert len(page.turns) == 2
    assert not {button.id for button in page.buttons} & {button.id for button in first.buttons}


def test_a_form_post_goes_back_to_the_newest_message(visitor: Visitor) -> None:
    page = visitor.open()
    answer = visitor.client.post("/chat", data={"button": page.buttons[0].id}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/#t{newest(visitor.open())}"


def test_the_script_gets_the_same_turn_as_json(visitor: Visitor) -> None:
    page = visitor.open()
    answer = visitor.script(button=page.buttons[0].id)
    shown = Page(str(answer["html"]))
    assert answer["id"] == newest(visitor.open())
    assert shown.buttons == visitor.open().buttons


def test_a_very_long_text_gets_a_kind_answer(visitor: Visitor) -> None:
    visitor.open()
    answer = visitor.script(text="a" * 100_000)
    assert isinstance(answer["id"], int)
    assert answer["id"] > 0


@pytest.mark.parametrize(
    "text", ["", "   ", "\ud800 a", "a\x00b\x1f", "\u200b", "<script>alert(1)</script>", "{anh_chi} {0}", "😀" * 500]
)
def test_strange_texts_are_answered(visitor: Visitor, text: str) -> None:
    visitor.open()
    body = httpx.QueryParams({"text": text.encode("utf-8", "replace").decode()})
    answer = visitor.client.post(
        "/chat",
        content=str(body),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
    )
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_half_a_character_is_answered(visitor: Visitor) -> None:
    visitor.open()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = visitor.client.post("/chat", content="text=%ED%A0%80%FF", headers=headers)
    assert answer.status_code == 200


def test_text_comes_in_composed(bot: Service, tmp_path: Path) -> None:
    heard = Echo()
    with served(with_fakes(bot, Known(), heard)) as site:
        visitor = Visitor(site.address)
        visitor.client.cookies.set("gocua", "a" * 43)
        visitor.write(unicodedata.normalize("NFD", "tiếng Việt"))
        visitor.client.close()
    assert heard.texts == ["tiếng Việt"]


def test_too_large_a_body_is_refused_kindly(visitor: Visitor) -> None:
    visitor.open()
    answer = visitor.client.post("/chat", data={"text": "a" * BODY})
    assert answer.status_code == 413
    assert Page(answer.text).says
    assert visitor.open().buttons


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_other_bodies_are_refused(visitor: Visitor, kind: str) -> None:
    visitor.open()
    assert visitor.client.post("/chat", content=b"{}", headers={"Content-Type": kind}).status_code == 415


def test_a_post_without_a_session_opens_no_chat(visitor: Visitor, site: Site) -> None:
    before = site.count("contact")
    answer = visitor.client.post("/chat", data={"text": "xin chào"})
    assert answer.status_code == 409
    assert site.count("contact") == before


def test_messages_at_the_same_time_are_answered_one_after_the_other(visitor: Visitor) -> None:
    page = visitor.open()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.script(button=page.buttons[0].id), range(8)))
    ids = [answer["id"] for answer in answers]
    assert len(set(ids)) == 8
    assert 0 not in ids


def test_two_pages_press_the_last_button_and_it_counts_once(bot: Service, visitor: Visitor, site: Site) -> None:
    player = Player(bot.library, 0)
    page = visitor.open()
    for _ in range(MOST):
        button = page.buttons[player.choose(page.buttons)].id
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda id: visitor.script(button=id), [button, button]))
        if site.done(visitor.token):
            break
        page = visitor.open()
    assert len(site.done(visitor.token)) == 1


def test_the_same_message_sent_again_counts_once_and_gets_the_same_answer(visitor: Visitor, site: Site) -> None:
    visitor.open()
    first = visitor.script(text="menu", message="so-cua-tin-nay-01")
    before = site.count("outgoing")
    again = visitor.script(text="menu", message="so-cua-tin-nay-01")
    assert again["id"] == first["id"]
    assert site.count("outgoing") == before
    other = visitor.script(text="quay lại", message="so-cua-tin-nay-01")
    assert other["id"] != first["id"]


def test_every_form_has_a_number_of_its_page(visitor: Visitor) -> None:
    pages = [visitor.client.get("/").text for _ in range(2)]
    numbers = [set(_NUMBER.findall(page)) for page in pages]
    assert [len(each) for each in numbers] == [1, 1]
    assert numbers[0] != numbers[1]
    assert all(page.count('name="message"') == page.count("<form") for page in pages)


# ---- strangers ----

OWN = "http://gocua.example"


@pytest.mark.parametrize(
    ("headers", "public_url", "has_key", "expected"),
    [
        ({"origin": OWN, "host": "gocua.example"}, "", False, True),
        ({"origin": "http://evil.example", "host": "gocua.example"}, "", False, False),
        ({"origin": OWN, "host": "gocua.example", "sec-fetch-site": "cross-site"}, "", True, False),
        ({"origin": OWN, "host": "gocua.example", "sec-fetch-site": "same-site"}, "", True, False),
        ({"origin": "https://gocua.example", "host": "inside:80"}, "https://gocua.example", False, True),
        ({"origin": OWN, "host": "gocua.example"}, "https://gocua.example", False, False),
        ({"origin": "null", "host": "gocua.example"}, "", False, False),
        ({"origin": "null", "host": "gocua.example"}, "", True, True),
        ({"origin": "null", "host": "gocua.example", "sec-fetch-site": "same-origin"}, "", False, True),
        ({"host": "gocua.example"}, "", False, True),
    ],
)
def test_who_is_a_page_of_ours(headers: dict[str, str], public_url: str, has_key: bool, expected: bool) -> None:
    assert is_own_page(headers, public_url, has_key=has_key) is expected


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_post_from_elsewhere_changes_nothing(visitor: Visitor, site: Site, headers: dict[str, str]) -> None:
    page = visitor.open()
    before = site.count("outgoing")
    answer = visitor.client.post("/chat", data={"button": page.buttons[0].id}, headers=headers)
    assert answer.status_code == 403
    assert site.count("outgoing") == before


# ---- the live stream ----


class Stream:
    """A page that listens: the turns it heard, in order."""

    def __init__(self, visitor: Visitor, *, after: int, last_event_id: str = "") -> None:
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        self._answer = visitor.client.stream("GET", "/chat/stream", params={"after": after}, headers=headers)
        self._lines: Iterator[str] = iter(())

    def __enter__(self) -> "Stream":
        self._lines = self._answer.__enter__().iter_lines()
        assert next(self._lines) == "retry: 2000"
        return self

    def __exit__(self, *_: object) -> None:
        self._answer.__exit__(None, None, None)

    def hear(self, count: int) -> list[int]:
        """The ids of the next turns."""
        ids = (int(line.removeprefix("id: ")) for line in self._lines if line.startswith("id: "))
        return list(itertools.islice(ids, count))


def test_a_second_page_hears_what_the_first_was_told(visitor: Visitor) -> None:
    page = visitor.open()
    with Stream(visitor, after=newest(page)) as stream:
        said = [visitor.script(text="menu")["id"], visitor.script(text="quay lại")["id"]]
        assert stream.hear(2) == said


def test_a_stream_goes_on_where_it_was_cut_off(visitor: Visitor) -> None:
    page = visitor.open()
    said = [visitor.script(text="menu")["id"] for _ in range(4)]
    with Stream(visitor, after=newest(page), last_event_id=str(said[1])) as stream:
        said.append(visitor.script(text="menu")["id"])
        assert stream.hear(3) == said[2:]


def test_a_turn_in_the_stream_is_what_the_page_shows(visitor: Visitor) -> None:
    page = visitor.open()
    answer = visitor.script(button=page.buttons[0].id)
    with visitor.client.stream("GET", "/chat/stream", params={"after": newest(page)}) as stream:
        data = next(line for line in stream.iter_lines() if line.startswith("data: "))
    heard = json.loads(data.removeprefix("data: "))
    # but for the number of its form
    assert [(each["id"], _NUMBER.sub("", str(each["html"]))) for each in (heard, answer)] == [
        (answer["id"], _NUMBER.sub("", str(answer["html"])))
    ] * 2


def test_an_id_of_another_database_hears_what_comes(visitor: Visitor) -> None:
    visitor.open()
    with Stream(visitor, after=10**12) as stream, ThreadPoolExecutor(1) as pool:
        said = pool.submit(visitor.script, text="menu")
        assert stream.hear(1) == [said.result()["id"]]


def test_a_page_hears_what_another_process_answers(bot: Service, visitor: Visitor) -> None:
    page = visitor.open()
    (token,) = visitor.client.cookies.values()
    other = build_bot(bot.settings)
    with visitor.client.stream("GET", "/chat/stream", params={"after": newest(page)}) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry: ")
        answer = other.worker.handle(Incoming(ContactKey(CHANNEL, token), text="menu"))
        heard = list(itertools.takewhile(lambda line: not line.startswith("data: "), lines))
    other.store.engine.dispose()
    # sooner than the sign of life that makes every page look
    assert heard == ["", f"id: {answer.id}", "event: turn"]


def test_streams_of_one_person_are_bounded(visitor: Visitor) -> None:
    page = visitor.open()
    streams = [Stream(visitor, after=newest(page)) for _ in range(MOST_PAGES)]
    for stream in streams:
        stream.__enter__()
    assert visitor.client.get("/chat/stream").text == "retry: 60000\n\n"
    for stream in streams:
        stream.__exit__()


def test_nobody_hears_without_a_session(visitor: Visitor) -> None:
    assert visitor.client.get("/chat/stream").status_code == 204


# ---- pictures ----


def test_pictures_are_drawn_once_and_kept(bot: Service, visitor: Visitor) -> None:
    player = Player(bot.library, 0)
    page = visitor.open()
    while not page.pictures:
        page = visitor.press(page.buttons[player.choose(page.buttons)].id)
    first = visitor.client.get(page.pictures[0])
    assert first.content.startswith(b"\x89PNG")
    assert "immutable" in first.headers["cache-control"]
    known = visitor.client.get(page.pictures[0], headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    assert known.content == b""
    plain = visitor.client.get(page.pictures[0].partition("?")[0])
    assert "immutable" not in plain.headers["cache-control"]


# ---- trouble ----


class Echo(Worker):
    """A worker that only listens."""

    def __init__(self) -> None:
        self.texts: list[str | None] = []

    def start(self, listener: object = None) -> None:
        """No thread."""

    def stop(self) -> None:
        """No thread."""

    def ask(self, incoming: Incoming) -> "Future[Answer]":
        self.texts.append(incoming.text)
        answer: Future[Answer] = Future()
        answer.set_result(Answer(0, (Text("trục trặc"),)))
        return answer


class Known(Chats):
    """A store that knows everybody and keeps nothing."""

    def __init__(self) -> None:
        """No engine."""

    def knows(self, who: ContactKey) -> bool:
        return True

    def replies(self, who: ContactKey, *, after: int = 0, last: int = 20) -> list[StoredReply]:
        return []

    def ping(self) -> None:
        """Always there."""


class Idle(Running):
    """Nothing goes on by itself."""

    def __init__(self) -> None:
        """No channels."""

    @contextlib.asynccontextmanager
    async def at_work(self, listener: Listener | None = None, *, serves_pages: bool = True) -> AsyncIterator[None]:
        yield


def with_fakes(bot: Service, chats: Chats, worker: Worker | None = None) -> Service:
    return replace(bot, store=replace(bot.store, chats=chats), worker=worker or Echo(), running=Idle())


class Broken(Known):
    """A store that cannot be read now."""

    def replies(self, who: ContactKey, *, after: int = 0, last: int = 20) -> list[StoredReply]:
        raise StoreError("đĩa đã đầy")

    def ping(self) -> None:
        raise StoreError("đĩa đã đầy")


def test_trouble_is_told_and_is_no_event(bot: Service) -> None:
    with served(with_fakes(bot, Known())) as site, httpx.Client(trust_env=False) as client:
        client.cookies.set("gocua", "a" * 43)
        page = client.post(f"{site.address}/chat", data={"text": "xin"})
        answer = client.post(f"{site.address}/chat", data={"text": "xin"}, headers={"Accept": "application/json"})
    assert page.status_code == 503
    assert Page(page.text).says == ["trục trặc"]
    assert answer.json()["id"] == 0
    assert "trục trặc" in answer.json()["html"]


def test_a_store_that_cannot_be_read_gives_a_kind_page(bot: Service, caplog: pytest.LogCaptureFixture) -> None:
    with served(with_fakes(bot, Broken())) as site, httpx.Client(trust_env=False) as client:
        client.cookies.set("gocua", "a" * 43)
        page, health = client.get(site.address), client.get(f"{site.address}/healthz")
    assert page.status_code == 503
    assert 'href="/"' in page.text
    assert health.status_code == 503
    assert "đĩa đã đầy" in caplog.text


class Faulty(Known):
    """A store with a fault of ours, whose error quotes somebody."""

    def knows(self, who: ContactKey) -> bool:
        raise ValueError(CANARY)


def test_our_own_fault_is_logged_without_what_people_typed(bot: Service, caplog: pytest.LogCaptureFixture) -> None:
    with served(with_fakes(bot, Faulty())) as site, httpx.Client(trust_env=False) as client:
        client.cookies.set("gocua", "a" * 43)
        page = client.post(f"{site.address}/chat", data={"text": CANARY})
    assert page.status_code == 500
    assert "Traceback" not in page.text
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


def test_nothing_typed_is_stored_or_logged(visitor: Visitor, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    visitor.open()
    for field in ("text", "button"):
        html = str(visitor.script(**{field: CANARY})["html"])
        assert CANARY not in html
    assert CANARY not in visitor.client.get("/").text
    assert CANARY.encode() not in site.stored_bytes()
    assert visitor.token.encode() not in site.stored_bytes()
    # the visitor's own library tells what it sent; all else is ours
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("httpcore")]
    assert not [line for line in logged if CANARY in line or visitor.token in line]


# ---- a process of its own ----


def test_killed_and_started_again_the_person_is_where_they_were(process: Process) -> None:
    visitor = Visitor(process.site.address)
    page = visitor.open()
    for _ in range(3):
        page = visitor.press(page.buttons[0].id)
    process.stop(signal.SIGKILL)
    process.start()
    again = visitor.open()
    assert again.buttons == page.buttons
    visitor.press(again.buttons[0].id)
    visitor.client.close()
    assert CANARY not in process.output()


def test_stops_quickly_with_an_open_stream_and_says_one_line(process: Process) -> None:
    visitor = Visitor(process.site.address)
    page = visitor.open()
    with Stream(visitor, after=newest(page)):
        assert process.stop(signal.SIGINT) < 3
    visitor.client.close()
    assert process.output() == f"Gõ Cửa đang chạy: {process.site.address}/ (Ctrl+C để dừng)\n"


def test_a_taken_port_is_told_in_one_line() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(CannotListenError, match="đã có chương trình khác dùng"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_a_browser_that_hangs_up_takes_nobody_along(visitor: Visitor, site: Site) -> None:
    page = visitor.open()
    host, port = site.address.removeprefix("http://").split(":")
    body = f"button={page.buttons[0].id}".encode()
    head = (
        f"POST /chat HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: gocua={visitor.token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(5):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(head.encode() + body)
    assert visitor.script(text="menu")["id"]
