"""A bot that serves, whole: posts or polling in, the shield, the inbox, a turn, the outbox, the platform's chat.

Everything is real but the platform, which is its stand-in, by HTTP on loopback.
"""

import io
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from bot import logs
from bot.bootstrap import Service, build_service, open_database
from bot.campaign.figures import Figures
from bot.channels.zalo_oa_tokens import TokenPair
from bot.cli import app
from bot.settings import VIET_ASR, Settings, load_settings
from bot.store.backup import back_up
from bot.switchboard import zalo_tokens
from tests.campaign.receiver import SECRET, receiving
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.telegram.app import TOKEN as TELEGRAM_TOKEN
from tests.stand_ins.telegram.app import telegram_served
from tests.stand_ins.telegram.files import RECORDED, RECORDING
from tests.stand_ins.zalo_bot.app import TOKEN as ZALO_BOT_TOKEN
from tests.stand_ins.zalo_bot.app import zalo_bot_served
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served
from tests.web.sites import served

_DRAWN = "Kx81-vZq0_77Lm-ppRw_Ab12-Cd34_Ef56"
_PATIENCE = 30.0

# what stands for somebody's own: neither may be found anywhere afterwards
_NAME = "Nguyễn Thị Xuân Lan"
_PHONE = "0907770123"

_SECRETS = {
    "zalo_app_secret": ACCOUNT.app_secret,
    "zalo_oa_secret": ACCOUNT.oa_secret,
    "zalo_bot_token": ZALO_BOT_TOKEN,
    "zalo_bot_webhook_secret": _DRAWN,
    "telegram_token": TELEGRAM_TOKEN,
    "telegram_webhook_secret": _DRAWN,
    "campaign_webhook_secret": SECRET,
}


def wait_for(met: Callable[[], bool], missing: Callable[[], str], *, patience: float = _PATIENCE) -> None:
    """Returns once it is so. Fails with what is ``missing`` where it never is."""
    pause = threading.Event()
    for _ in range(int(patience / 0.1)):
        if met():
            return
        pause.wait(0.1)
    pytest.fail(missing())


@dataclass(frozen=True, slots=True)
class Running:
    """A bot at work on one channel, and somebody with a phone."""

    person: Someone
    folder: Path
    service: Service

    def reads(self, words: str) -> str:
        """Waits until the bot says something with these words; everything it has said."""
        wait_for(lambda: words in self.said(), lambda: f"{words!r} never came: {self.said()}")
        return self.said()

    def greeted(self) -> None:
        """Writes until the bot answers: one platform keeps nothing for a bot that does not listen yet."""
        pause = threading.Event()
        for _ in range(int(_PATIENCE)):
            self.person.writes("xin chào")
            for _ in range(20):
                if "Đây là Gõ Cửa" in self.said():
                    return
                pause.wait(0.1)
        pytest.fail("nobody answers")

    def said(self) -> str:
        view = self.person.control.get("chat", user=self.person.id)
        return "\n".join(bubble["text"] for bubble in view["bubbles"] if not bubble["mine"])

    def stored(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


STAND_INS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "zalo_oa": zalo_oa_served,
    "zalo_bot": zalo_bot_served,
    "telegram": telegram_served,
}


@pytest.fixture(params=list(STAND_INS))
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    channel = str(request.param)
    with STAND_INS[channel]() as platform, at_work(channel, platform, tmp_path) as found:
        yield found


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What an operator reads while the bot is at work."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)


@contextmanager
def at_work(
    channel: str, platform: str, folder: Path, *, public_url: str = "", ear: "Ear | None" = None, webhook: str = ""
) -> Iterator[Running]:
    control = Control(platform)
    voice = VIET_ASR if ear else ""
    settings = settings_for(channel, platform, folder)
    settings = replace(settings, public_url=public_url, voice=voice, campaign_webhook=webhook)
    if channel == "zalo_oa":
        log_in(settings, control)
    service = build_service(settings, ear)
    with served(service) as site:
        if channel == "zalo_oa":
            control.post("webhook", url=f"{site.address}/webhooks/zalo-oa")
        yield Running(control.person(), folder, service)
    control.close()


def settings_for(channel: str, platform: str, folder: Path) -> Settings:
    secrets = folder / "secrets"
    secrets.mkdir()
    for name, secret in _SECRETS.items():
        (secrets / name).write_text(secret)
    return replace(
        load_settings({}),
        database_url=f"sqlite:///{folder / 'gocua.db'}",
        keys=folder / "keys.json",
        spool=folder / "spool",
        secrets=secrets,
        channels=(channel,),
        telegram_approval="thử nghiệm, 2026-11-01",
        zalo_app_id=ACCOUNT.app_id,
        zalo_oa_id=ACCOUNT.oa_id,
        zalo_requests_a_minute=100_000,
        telegram_api=platform,
        zalo_api=platform,
        zalo_oauth=platform,
        zalo_bot_api=platform,
    )


def log_in(settings: Settings, control: Control) -> None:
    given, store = control.post("tokens"), open_database(settings)
    now = store.now()
    tokens = zalo_tokens(store)
    pair = TokenPair(given["access"], given["refresh"], now, now.replace(year=now.year + 1))
    store.writer.do(tokens._saving, pair)
    store.engine.dispose()


def test_a_person_is_greeted_guided_and_warned(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    running.greeted()
    running.person.writes("1")
    running.reads("để tiện xưng hô")
    running.person.writes("mã otp của tui là 482913 nè")
    said = running.reads("có ai gọi hay nhắn kêu")
    assert "con che lại rồi" in said or "em che lại rồi" in said
    assert "482913" not in said
    running.person.writes(f"tui tên {_NAME}, số điện thoại {_PHONE}, kêu em gọi lại")
    running.reads("không đọc và không giữ")
    running.person.writes("xem dữ liệu của tôi")
    running.reads("Tin nhắn, hình, giọng nói")
    _back_up(running)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    for canary in ("482913", _PHONE, _NAME, running.person.id):
        assert canary.encode() not in running.stored(), canary
        assert canary not in ours


def _back_up(running: Running) -> None:
    settings = running.service.settings
    backup = running.folder / "backup"
    back_up(settings.database, running.service.store.keyring, backup, now=running.service.store.now())
    assert backup.stat().st_size > 10_000


def test_nothing_of_anybody_stands_in_the_log(running: Running, log_lines: io.StringIO) -> None:
    """A name, a code, an id: through talk, media, a block and a chat nobody can be told anything."""
    canaries = ("482913", "Trần Thị Chim Hoàng Yến", running.person.id, "Cô Ba")
    running.greeted()
    for words in ("tui tên Trần Thị Chim Hoàng Yến", "mã otp của tui là 482913 nè"):
        running.person.writes(words)
    running.reads("có ai gọi hay nhắn kêu")
    running.person.sends("voice")
    running.reads("tin ghi âm")
    running.person.writes("menu")
    running.person.blocks()
    told = log_lines.getvalue()
    assert told.count("\n") == len(told.splitlines())
    assert [canary for canary in canaries if canary in told] == []
    assert _DRAWN not in told


class Ear:
    """Hears one thing after another, and the last again and again."""

    def __init__(self, *words: str) -> None:
        self._words = list(words)
        self.recordings: list[bytes] = []

    def transcribe(self, audio: bytes) -> str:
        self.recordings.append(audio)
        return self._words.pop(0) if len(self._words) > 1 else self._words[0]


def test_a_recording_is_heard_asked_about_and_forgotten(tmp_path: Path, log_lines: io.StringIO) -> None:
    canaries = ("Chim Hoàng Yến", "482913", "ra-canary-71", RECORDING)
    ear = Ear(
        "tui tên Trần Thị Chim Hoàng Yến",
        "mã otp của tui là 482913 nè",
        "con ơi bà Chim Hoàng Yến muốn gặp người thật",
    )
    with telegram_served() as platform, at_work("telegram", platform, tmp_path, ear=ear) as running:
        running.person.sends("voice")
        running.reads("Đây là Gõ Cửa")
        # nobody is listened to before the notice
        assert ear.recordings == []
        running.person.sends("voice")
        running.reads("chưa rõ ý")
        running.person.sends("voice")
        running.reads("em che lại rồi")
        running.person.sends("voice")
        assert "em hỏi lại cho chắc" in running.reads("muốn làm việc này luôn")
        running.person.taps("Gặp người thật")
        running.reads("gặp người thật bằng cách nào")
        assert ear.recordings == [RECORDED] * 3
        stored, told, said = running.stored(), log_lines.getvalue(), running.said()
    assert [each for each in canaries if each.encode() in stored or each in told or each in said] == []


def test_no_recording_is_asked_for_unless_it_is_switched_on(tmp_path: Path) -> None:
    with telegram_served() as platform, at_work("telegram", platform, tmp_path) as running:
        running.greeted()
        running.person.sends("voice")
        running.reads("chưa nghe được tin ghi âm")
        assert "getFile" not in {call["method"] for call in running.person.control.get("calls")}


def test_what_the_platform_shows_is_not_sent_again(tmp_path: Path) -> None:
    with zalo_oa_served() as platform, at_work("zalo_oa", platform, tmp_path) as running:
        running.greeted()
        outbox = running.service.store.outbox
        # shown, and the answer was lost: only the echo tells that it arrived
        running.person.control.post("trouble", kind="half", path="/message/cs")
        running.person.writes("1")
        running.reads("để tiện xưng hô")
        pause = threading.Event()
        for _ in range(int(_PATIENCE / 0.1)):
            if set(outbox.counts()) == {("zalo_oa", "sent")}:
                break
            pause.wait(0.1)
        assert set(outbox.counts()) == {("zalo_oa", "sent")}
        assert running.said().count("để tiện xưng hô") == 1


def test_who_withdraws_consent_is_forgotten(tmp_path: Path) -> None:
    with zalo_oa_served() as platform, at_work("zalo_oa", platform, tmp_path) as running:
        running.greeted()
        people = running.service.store.contacts.people
        assert people() == {"zalo_oa": 1}
        running.person.control.post("withdraw", user=running.person.id)
        pause = threading.Event()
        for _ in range(int(_PATIENCE / 0.1)):
            if not people():
                break
            pause.wait(0.1)
        assert people() == {}


# ---- a whole journey, tapped and typed ----

# what this person answers, whatever is asked: the first of these that is offered
_ANSWERS = (
    "Tôi tự làm", "Cô", "Cài app Công dân số TP.HCM", "Đồng ý cả hai", "Mở được rồi", "Xong rồi",
    "Thấy danh sách rồi", "Thấy rồi",
)  # fmt: skip


@dataclass(slots=True)
class Journey:
    """Somebody who goes on until there is nothing to go on with."""

    running: Running
    answered: list[str] = field(default_factory=list)

    def goes_on(self, turns: int) -> None:
        seen = 0
        for _ in range(turns):
            bubbles = self._offer_behind(seen)
            seen = len(bubbles)
            label = next((label for label in _ANSWERS if label in _offered(bubbles[-1])), "")
            assert label, _offered(bubbles[-1])
            self.answered.append(label)
            if label in self.running.person.labels():
                self.running.person.taps(label)
            else:
                self.running.person.writes(str(_offered(bubbles[-1]).index(label) + 1))

    def _offer_behind(self, seen: int) -> list[dict[str, Any]]:
        """The bot's bubbles once there are new ones that end with choices."""
        pause = threading.Event()
        for _ in range(int(_PATIENCE / 0.1)):
            bubbles = [bubble for bubble in self.running.person.sees() if not bubble["mine"]]
            if len(bubbles) > seen and _offered(bubbles[-1]):
                return bubbles
            pause.wait(0.1)
        pytest.fail(f"no answer after {self.answered}: {self.running.said()}")


def _offered(bubble: dict[str, Any]) -> list[str]:
    keys = [key["label"] for row in bubble["keys"] for key in row]
    return keys or re.findall(r"^\d+\. (.+)$", bubble["text"], re.MULTILINE)


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa"])
def test_a_whole_journey_is_counted_and_the_city_is_told(channel: str, tmp_path: Path) -> None:
    with (
        receiving() as city,
        STAND_INS[channel]() as platform,
        at_work(channel, platform, tmp_path, webhook=city.address) as running,
    ):
        running.person.writes("xin chào")
        journey = Journey(running)
        journey.goes_on(turns=13)
        said = running.reads("Dạ xong rồi đó cô")
        bubbles = [bubble for bubble in running.person.sees() if not bubble["mine"]]
        listed = running.person.control.get("commands") if channel == "telegram" else {}
        assert city.arrived.wait(_PATIENCE)
        report = CliRunner().invoke(app, ["report", "--json", "--db", running.service.settings.database_url])
        # the week that ended before was closed at the start
        assert Figures(running.service.store.engine).until()
    counted = json.loads(report.output)["tasks"]["digital_citizen_app"]
    assert (counted["started"], counted["completed"], counted["by_evidence"]["self"]) == (1, 1, 1)
    [told] = city.posts
    assert (told["change"], told["task"], told["evidence"]) == ("counted", "digital_citizen_app", "self")
    assert sum(bool(bubble["picture"]) for bubble in bubbles) >= 7
    if channel == "telegram":
        # a platform abroad: no word of how far she is, and she was told why (T28)
        assert not re.search(r"Bước \d+/\d+", said)
        assert said.index("Telegram đặt máy ở nước ngoài") < said.index("Đây là Gõ Cửa")
        # buttons that were tapped are gone
        assert sum(bool(bubble["keys"]) for bubble in bubbles) <= 3
        assert set(listed) == {"", "en"}
    else:
        assert re.search(r"Bước 7/7", said)


def test_answers_come_in_the_order_of_the_questions(running: Running) -> None:
    running.greeted()
    for words in ("1", "cô", "1"):
        running.person.writes(words)
    said = running.reads("xin phép hai điều")
    assert said.index("Đây là Gõ Cửa") < said.index("tiện xưng hô") < said.index("muốn làm việc nào")


@pytest.mark.parametrize(("channel", "token"), [("telegram", "telegram_token"), ("zalo_bot", "zalo_bot_token")])
def test_a_platform_is_told_at_the_start_where_to_post(channel: str, token: str, tmp_path: Path) -> None:
    asked = threading.Event()
    with STAND_INS[channel]() as platform, at_work(channel, platform, tmp_path, public_url="https://gocua.example"):
        for _ in range(int(_PATIENCE / 0.1)):
            answer = httpx.post(f"{platform}/bot{_SECRETS[token]}/getWebhookInfo", json={}, trust_env=False).json()
            url = (answer.get("result") or {}).get("url")
            if url:
                break
            asked.wait(0.1)
    assert url == f"https://gocua.example/webhooks/{channel.replace('_', '-')}"
