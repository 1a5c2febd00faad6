"""``gocua doctor``: is everything there that this machine needs to serve? Small checks in a list, each with a remedy.

Nothing is changed by looking: no database is made or migrated, no key drawn, no message sent.
"""

import asyncio
import datetime as dt
import email.utils
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import httpx

from bot.accounts.provider import ProviderError
from bot.bootstrap import flows_of, open_provider, read_content, read_nlu_token, today, translatable, utc_now
from bot.content.locale_checks import check_locales
from bot.nlu.archive import ArchiveError, read_archive
from bot.requests import open_cases
from bot.retention import LATE, look_at_retention
from bot.settings import ABROAD, Settings, SettingsError, read_secret
from bot.store.database import StoreError, connect
from bot.store.flow_standings import FlowStanding, flow_standings
from bot.store.health import DatabaseHealth, look_at_database, read_token
from bot.store.outflow_marks import Flow
from bot.store.sealing import Keyring, KeysError, read_keyring

# good: as it should be · note: works, and could be better · bad: do not serve like this
Level = Literal["good", "note", "bad"]

# a disk that holds less is full soon: a day of a busy ward is a few megabytes, logs and backups more
_LEAST_ROOM = 500_000_000

# signatures of webhooks older than some minutes are refused, so a clock must not be far off
_MOST_SKEW = dt.timedelta(seconds=60)

# replies that wait longer are not on their way
_LONGEST_WAIT = dt.timedelta(minutes=5)

# a token of Zalo works for 25 hours and is renewed before
_OLDEST_TOKEN = dt.timedelta(hours=25)

# a webhook that failed longer ago works again
_RECENT = dt.timedelta(hours=1)

# of city admins: whoever signs for the role of another must not be alone (T63)
_LEAST_ADMINS = 2

# the trainers' bot, as findings name it
_STAFF_BOT = "bot người dạy"

# what is told elsewhere leaves within seconds; what waits longer stands still
_LONGEST_STILL = dt.timedelta(hours=1)

# what each flow is called, and the command that lets it flow and says what is in the way
_FLOWS: dict[Flow, tuple[str, str]] = {
    "database": ("cơ sở dữ liệu của chiến dịch", "gocua campaign outflow"),
    "webhook": ("webhook", "gocua campaign webhook"),
}

# seconds for one answer of a platform
_PATIENCE = 5.0

# the secrets each channel needs
SECRETS = {
    "telegram": ("telegram_token", "telegram_webhook_secret"),
    "zalo_oa": ("zalo_app_secret", "zalo_oa_secret"),
    "zalo_bot": ("zalo_bot_token", "zalo_bot_webhook_secret"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in one line, and what to do about it where something is to be done."""

    level: Level
    about: str
    text: str
    remedy: str = ""

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings, *, network: bool = True, going: bool = True) -> list[Finding]:
    """Every finding, in the order of the checks; without ``network`` only what this machine knows by itself.

    Without ``going`` nothing that only a bot at work can set right: what piled up while it was down must not keep it
    from starting.
    """
    checks = (*LOCAL, *(GOING if going else ()), *(REMOTE if network else ()))
    return [finding for check in checks for finding in check(settings)]


def is_well(findings: Sequence[Finding]) -> bool:
    return all(finding.level != "bad" for finding in findings)


# ---- what stands on this machine ----


def _content(settings: Settings) -> Iterator[Finding]:
    library = read_content(settings)
    problems = library.problems
    if problems:
        yield Finding("bad", "nội dung", f"có {len(problems)} chỗ cần sửa; chỗ đầu: {problems[0]}", "Gõ: gocua check")
        return
    lists = (*library.lists.numbers.values(), *library.lists.hosts.values())
    if stale := sum(entry.is_stale(today()) for entry in lists):
        yield Finding(
            "note",
            "nội dung",
            f"{stale} số điện thoại, trang web lâu chưa ai kiểm lại",
            "Kiểm rồi ghi ngày mới vào knowledge/",
        )
    dialogs, articles = len(library.book.dialogs), len(library.articles)
    yield Finding("good", "nội dung", f"{dialogs} cuộc trò chuyện, {articles} bài trả lời, không chỗ nào hỏng")


def _translations(settings: Settings) -> Iterator[Finding]:
    library = read_content(settings)
    if library.problems:
        # what is broken there is told already
        return
    for locale in check_locales(library, translatable(library)):
        about, done = f"bản dịch {locale.language}", f"{locale.translated}/{locale.texts} lời"
        if locale.problems:
            first = f"{done}, {len(locale.problems)} chỗ cần sửa; chỗ đầu: {locale.problems[0]}"
            yield Finding("bad" if locale.complete else "note", about, first, "Gõ: gocua check")
        elif locale.translated < locale.texts:
            yield Finding("note", about, f"mới có {done}; chỗ thiếu nói tiếng Việt", "Dịch tiếp trong locales/")
        else:
            yield Finding("good", about, f"đủ {done}")


def _model(settings: Settings) -> Iterator[Finding]:
    if not settings.model.exists():
        yield Finding(
            "note", "mô hình", "chưa có; bot hiểu nút bấm, số và chữ thường gặp", "Gõ: gocua train, rồi chạy lại"
        )
        return
    try:
        model = read_archive(settings.model)
    except ArchiveError as error:
        yield Finding("bad", "mô hình", str(error), "Gõ: gocua train, rồi chạy lại")
        return
    age = (dt.datetime.now(dt.UTC) - _changed(settings.model)).days
    yield Finding("good", "mô hình", f"{len(model.intents)} ý định, học cách đây {age} ngày")


def _keys(settings: Settings) -> Iterator[Finding]:
    if not settings.keys.exists() and not settings.production:
        yield Finding("note", "khoá", f"chưa có {settings.keys}; lần chạy đầu sẽ tự tạo cho máy thử")
        return
    try:
        keyring = read_keyring(settings.keys, production=settings.production)
    except KeysError as error:
        yield Finding("bad", "khoá", str(error), "Tạo tệp khoá như deploy/README.md chỉ; giữ một bản ở nơi khác")
        return
    yield Finding("good", "khoá", f"đang dùng khoá số {keyring.current}")


def _database(settings: Settings) -> Iterator[Finding]:
    health = look_at_database(settings.database, _keyring(settings), now=utc_now())
    if health.error:
        yield Finding("bad", "cơ sở dữ liệu", health.error, "Sửa DATABASE_URL, hoặc khởi động cơ sở dữ liệu")
        return
    if health.other_keys:
        yield Finding(
            "bad", "khoá", "cơ sở dữ liệu được ghi bằng khoá khác", "Đặt GOCUA_KEYS là tệp khoá đã dùng từ đầu"
        )
    yield from _version(health)


def _admins(settings: Settings) -> Iterator[Finding]:
    """What two people have to agree to, one alone cannot do."""
    health = look_at_database(settings.database, None, now=utc_now())
    if health.is_current and health.admins < _LEAST_ADMINS:
        yield Finding(
            "note",
            "bàn làm việc",
            f"có {health.admins} quản trị viên; cần ít nhất {_LEAST_ADMINS}: một người nghỉ thì còn người kia",
            "Gõ: gocua staff add TÊN --role city_admin",
        )


def _traffic(settings: Settings) -> Iterator[Finding]:
    """What waits to be answered or sent, and the tokens that are renewed on the way."""
    health = look_at_database(settings.database, None, now=utc_now())
    if health.unhandled:
        yield Finding("note", "tin đến", f"{health.unhandled} tin đang chờ trả lời")
    for name, age in health.token_ages:
        yield _token(name, age)
    if health.dead:
        yield Finding(
            "note", "tin gửi", f"{health.dead} tin không gửi được và đã thôi thử", "Gõ: gocua deliveries list"
        )
    if health.oldest_waiting and health.oldest_waiting > _LONGEST_WAIT:
        minutes = health.oldest_waiting.total_seconds() / 60
        yield Finding(
            "bad", "tin gửi", f"có tin chờ gửi đã {minutes:.0f} phút", "Coi tiến trình gocua serve/work có chạy không"
        )


def _retention(settings: Settings) -> Iterator[Finding]:
    """Whether what is past its time goes; a database nobody has served yet has nothing to erase."""
    if look_at_database(settings.database, None, now=utc_now()).contacts == 0:
        return
    engine = connect(settings.database)
    try:
        seen = look_at_retention(engine, now=utc_now())
    finally:
        engine.dispose()
    if seen.overdue:
        yield Finding(
            "bad",
            "hạn lưu",
            f"còn thứ quá hạn chưa xoá: {', '.join(seen.overdue)}",
            "Coi gocua serve/work có chạy không",
        )
    elif seen.ran_at is None or utc_now() - seen.ran_at > LATE:
        yield Finding("bad", "hạn lưu", "hơn 26 giờ chưa dọn thứ quá hạn", "Coi gocua serve/work có chạy không")
    else:
        yield Finding(
            "good", "hạn lưu", f"dọn lần cuối {(utc_now() - seen.ran_at).total_seconds() / 3600:.0f} giờ trước"
        )


def _requests(settings: Settings) -> Iterator[Finding]:
    """People's requests by letter, phone or in person, and the days the law gives for them."""
    if not look_at_database(settings.database, None, now=utc_now()).is_current:
        return
    engine = connect(settings.database)
    try:
        waiting = open_cases(engine)
    finally:
        engine.dispose()
    late = [case for case in waiting if case.alarm(today()) == "overdue"]
    if late:
        numbers = ", ".join(str(case.id) for case in late)
        yield Finding("bad", "yêu cầu", f"{len(late)} yêu cầu quá hạn: số {numbers}", "Gõ: gocua requests list")
    elif waiting:
        yield Finding(
            "note", "yêu cầu", f"{len(waiting)} yêu cầu đang chờ, chưa cái nào quá hạn", "Gõ: gocua requests list"
        )


def _flows(settings: Settings) -> Iterator[Finding]:
    """Whether what is counted goes on to where it is to go, and does not stand still."""
    if not look_at_database(settings.database, None, now=utc_now()).is_current:
        return
    engine = connect(settings.database)
    try:
        standings = flow_standings(engine, flows_of(settings), now=utc_now())
    finally:
        engine.dispose()
    for each in standings:
        yield from _standing(each)


def _standing(each: FlowStanding) -> Iterator[Finding]:
    about, command = _FLOWS[each.flow]
    if each.dead:
        yield Finding("bad", about, f"đã thôi gửi {each.dead} thay đổi", f"Hỏi bên nhận, rồi gõ: {command} --again")
    if each.oldest > _LONGEST_STILL:
        trouble = f" ({each.trouble})" if each.trouble else ""
        since = f"cái cũ nhất đã {each.oldest.total_seconds() / 3600:.0f} giờ{trouble}"
        yield Finding("bad", about, f"đứng yên: {each.waiting} thay đổi chờ gửi, {since}", f"Gõ: {command}")
    elif not each.dead:
        yield Finding("good", about, f"{each.waiting} thay đổi chờ gửi")


def _token(name: str, age: dt.timedelta) -> Finding:
    hours = f"đổi cách đây {age.total_seconds() / 3600:.0f} giờ"
    if age > _OLDEST_TOKEN:
        return Finding("bad", name, f"mã truy cập {hours}, đã hết hạn", "Gõ: gocua zalo login")
    return Finding("good", name, f"mã truy cập {hours}")


def _version(health: DatabaseHealth) -> Iterator[Finding]:
    if health.version is None:
        yield Finding("note", "cơ sở dữ liệu", f"{health.kind}: chưa có bảng nào; lần chạy đầu sẽ tạo")
    elif health.is_newer:
        yield Finding(
            "bad", "cơ sở dữ liệu", "do bản Gõ Cửa mới hơn ghi", "Cài bản mới hơn, hoặc lấy lại bản sao lưu cũ"
        )
    elif not health.is_current:
        yield Finding("note", "cơ sở dữ liệu", f"{health.kind}: bản {health.version}; lần chạy tới sẽ nâng cấp")
    else:
        yield Finding("good", "cơ sở dữ liệu", f"{health.kind}, bản {health.version}, {health.contacts} người nhắn")


def _spool(settings: Settings) -> Iterator[Finding]:
    folder = settings.spool
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Finding(
            "bad", "chỗ giữ tạm", f"{folder} không ghi được ({error.strerror})", "Sửa quyền, hoặc đặt GOCUA_SPOOL"
        )
        return
    waiting = sum(1 for _ in folder.iterdir())
    yield Finding("good" if not waiting else "note", "chỗ giữ tạm", f"{folder} ghi được, {waiting} tệp đang chờ")


def _room(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(settings.spool)).free
    room = f"còn {free / 1e9:.1f} GB"
    if free < _LEAST_ROOM:
        yield Finding("bad", "đĩa", room, "Dọn bớt; đĩa đầy thì không nhận tin được")
    else:
        yield Finding("good", "đĩa", room)


def _secrets(settings: Settings) -> Iterator[Finding]:
    for channel in settings.channels:
        missing = [fault for name in SECRETS[channel] if (fault := _fault(settings, name))]
        for fault in missing:
            yield Finding("bad", channel, fault, f"Ghi bí mật vào tệp, một tệp một bí mật: {SECRETS[channel]}")
        if not missing:
            yield Finding("good", channel, f"đủ {len(SECRETS[channel])} bí mật")
    if settings.campaign_webhook and (fault := _fault(settings, "campaign_webhook_secret")):
        yield Finding("bad", "webhook", fault, "Ghi bí mật vào tệp campaign_webhook_secret: openssl rand -hex 32")


def _approval(settings: Settings) -> Iterator[Finding]:
    """Telegram stands abroad: whoever allowed it has a name and a day (T28)."""
    if not ABROAD.intersection(settings.channels):
        return
    if settings.telegram_approval:
        yield Finding("good", "telegram", f"được duyệt: {settings.telegram_approval}")
    else:
        yield Finding(
            "bad",
            "telegram",
            "đặt máy ở nước ngoài mà chưa ghi ai duyệt",
            "Đặt GOCUA_TELEGRAM_APPROVAL là tên, ngày; hoặc bỏ telegram khỏi GOCUA_CHANNELS",
        )


def _staff_bot(settings: Settings) -> Iterator[Finding]:
    """The trainers' bot, where there is one."""
    if not settings.telegram_staff_bot:
        return
    if fault := _fault(settings, "telegram_staff_token"):
        yield Finding("bad", _STAFF_BOT, fault, "Ghi mã của bot vào tệp telegram_staff_token")
    else:
        yield Finding("good", _STAFF_BOT, f"được duyệt: {settings.telegram_approval}")


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.public_url:
        yield Finding("good", "địa chỉ", settings.public_url)
    elif settings.production:
        yield Finding(
            "bad", "địa chỉ", "chưa có địa chỉ https cho người dân và webhook", "Đặt GOCUA_PUBLIC_URL=https://…"
        )
    else:
        yield Finding("note", "địa chỉ", f"chỉ mở trên máy này: http://{settings.host}:{settings.port}/")


# ---- what other machines say ----


def _clock(settings: Settings) -> Iterator[Finding]:
    """Platforms say what time it is with every answer; without a channel nobody is asked."""
    if not settings.channels:
        return
    try:
        answer = httpx.head(_a_platform(settings), timeout=_PATIENCE)
        told = email.utils.parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        yield Finding("bad", "mạng", "không tới được máy chủ của kênh", "Coi mạng, tường lửa và proxy của máy này")
        return
    skew = abs(dt.datetime.now(dt.UTC) - told)
    if skew > _MOST_SKEW:
        yield Finding(
            "bad", "đồng hồ", f"lệch {skew.total_seconds():.0f} giây", "Bật đồng bộ giờ (timedatectl set-ntp on)"
        )
    else:
        yield Finding("good", "đồng hồ", f"lệch {skew.total_seconds():.0f} giây")


def _telegram_webhook(settings: Settings) -> Iterator[Finding]:
    if "telegram" not in settings.channels or _fault(settings, "telegram_token"):
        return
    try:
        token = read_secret(settings, "telegram_token")
        answer = httpx.get(f"{settings.telegram_api}/bot{token}/getWebhookInfo", timeout=_PATIENCE)
        told = answer.json()
    except (httpx.HTTPError, ValueError):
        # the error's words hold the address, and the address holds the token
        yield Finding("bad", "telegram", "không trả lời", "Coi mạng, tường lửa và proxy của máy này")
        return
    found = told.get("result") if isinstance(told, dict) else None
    if not isinstance(found, dict):
        yield Finding("bad", "telegram", f"không nhận mã của bot ({answer.status_code})", "Chép lại mã từ BotFather")
        return
    yield from _webhook_state(settings, found)


def _webhook_state(settings: Settings, told: dict[str, Any]) -> Iterator[Finding]:
    url, waiting = str(told.get("url", "")), int(told.get("pending_update_count") or 0)
    public = settings.public_url.rstrip("/")
    wanted = f"{public}/webhooks/telegram" if public else ""
    if url != wanted:
        yield Finding(
            "bad" if public else "note",
            "telegram",
            f"đang gửi tin tới {url or 'chưa đâu cả'}, không phải {wanted or 'máy này'}",
            "Chạy lại gocua serve: lúc khởi động bot tự khai địa chỉ" if public else "Xoá webhook cũ của bot này",
        )
        return
    failed_at = told.get("last_error_date")
    age = utc_now().timestamp() - failed_at if isinstance(failed_at, int) else float("inf")
    if waiting and age < _RECENT.total_seconds():
        why = str(told.get("last_error_message", ""))
        yield Finding("bad", "telegram", f"{waiting} tin chờ; lần gửi cuối hỏng: {why}", "Coi nginx, chứng chỉ, bí mật")
    else:
        yield Finding("good", "telegram", f"webhook {url}, {waiting} tin chờ" if url else "bot tự hỏi tin (polling)")


def _staff_bot_name(settings: Settings) -> Iterator[Finding]:
    """The console links to the bot by its name: it must be that of the token."""
    if not settings.telegram_staff_bot or _fault(settings, "telegram_staff_token"):
        return
    try:
        token = read_secret(settings, "telegram_staff_token")
        told = httpx.get(f"{settings.telegram_api}/bot{token}/getMe", timeout=_PATIENCE).json()
    except (httpx.HTTPError, ValueError):
        # the error's words hold the address, and the address holds the token
        yield Finding("bad", _STAFF_BOT, "không trả lời", "Coi mạng, tường lửa và proxy của máy này")
        return
    found = told.get("result") if isinstance(told, dict) else None
    name = str(found.get("username", "")) if isinstance(found, dict) else ""
    if not name:
        yield Finding("bad", _STAFF_BOT, "Telegram không nhận mã của bot", "Chép lại mã từ BotFather")
    elif name.lower() != settings.telegram_staff_bot.lower():
        yield Finding("bad", _STAFF_BOT, f"mã này là của bot {name}", f"Đặt GOCUA_TELEGRAM_STAFF_BOT={name}")
    else:
        yield Finding("good", _STAFF_BOT, f"t.me/{name}")


def _zalo_token(settings: Settings) -> Iterator[Finding]:
    """Asks who we are with the token as it is kept; it is not renewed by looking."""
    keyring = _keyring(settings)
    if "zalo_oa" not in settings.channels or keyring is None:
        return
    try:
        pair = read_token(settings.database, keyring, "zalo_oa")
    except StoreError as error:
        yield Finding("bad", "zalo_oa", str(error), "Gõ: gocua zalo login")
        return
    if pair is None:
        yield Finding("bad", "zalo_oa", "chưa có mã truy cập", "Gõ: gocua zalo login")
        return
    try:
        address = f"{settings.zalo_api}/v2.0/oa/getoa"
        told = httpx.get(address, headers={"access_token": pair.access}, timeout=_PATIENCE).json()
    except (httpx.HTTPError, ValueError):
        yield Finding("bad", "zalo_oa", "không trả lời", "Coi mạng, tường lửa và proxy của máy này")
        return
    data = told.get("data") if isinstance(told, dict) else None
    if isinstance(data, dict) and told.get("error") == 0:
        yield Finding("good", "zalo_oa", f"mã truy cập dùng được, tài khoản {data.get('name', '')}")
    else:
        code = told.get("error") if isinstance(told, dict) else "?"
        yield Finding("bad", "zalo_oa", f"Zalo không nhận mã truy cập ({code})", "Gõ: gocua zalo login")


def _nlu_server(settings: Settings) -> Iterator[Finding]:
    if not settings.nlu_url:
        return
    try:
        read_nlu_token(settings)
        answer = httpx.get(settings.nlu_url.rstrip("/") + "/version", timeout=_PATIENCE)
        answer.raise_for_status()
    except SettingsError as error:
        yield Finding("bad", "máy chủ Rasa", str(error), "Sửa tệp token")
    except httpx.HTTPError as error:
        yield Finding(
            "note", "máy chủ Rasa", f"không trả lời ({type(error).__name__}); bot dùng mô hình của mình", "Coi NLU_URL"
        )
    else:
        yield Finding("good", "máy chủ Rasa", "trả lời")


def _provider(settings: Settings) -> Iterator[Finding]:
    """The city's provider of sign-ins: its description and its keys."""
    if not settings.oidc_issuer:
        return
    about = "đăng nhập của thành phố"
    try:
        provider = open_provider(settings)
        if provider is not None:
            asyncio.run(provider.look())
    except SettingsError as error:
        yield Finding("bad", about, str(error), "Ghi bí mật vào tệp oidc_client_secret")
    except ProviderError:
        yield Finding(
            "bad",
            about,
            f"{settings.oidc_issuer} không trả lời đúng cách",
            "Coi GOCUA_OIDC_ISSUER, mạng và tường lửa; tới lúc đó chỉ vào được bằng tài khoản có mật khẩu",
        )
    else:
        yield Finding("good", about, f"{settings.oidc_issuer} trả lời")


# ---- small helps ----


def _fault(settings: Settings, name: str) -> str:
    try:
        read_secret(settings, name)
    except SettingsError as error:
        return str(error)
    return ""


def _keyring(settings: Settings) -> Keyring | None:
    try:
        return read_keyring(settings.keys, production=True) if settings.keys.exists() else None
    except KeysError:
        return None


def _a_platform(settings: Settings) -> str:
    addresses = {"telegram": settings.telegram_api, "zalo_oa": settings.zalo_api, "zalo_bot": settings.zalo_bot_api}
    return addresses[settings.channels[0]]


def _changed(path: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.is_dir())


LOCAL: tuple[Check, ...] = (
    _content, _translations, _model, _keys, _database, _spool, _room, _secrets, _approval, _staff_bot, _address,
)  # fmt: skip
GOING: tuple[Check, ...] = (_traffic, _retention, _requests, _flows, _admins)
REMOTE: tuple[Check, ...] = (_clock, _telegram_webhook, _staff_bot_name, _zalo_token, _nlu_server, _provider)
