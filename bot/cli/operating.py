"""What an operator asks on the command line: is all well, and how the Official Account stands."""

import asyncio
import json
import signal
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap, logs
from bot.channels.http import HttpClient
from bot.channels.messages import ContactKey
from bot.channels.zalo_oa_api import OaApi
from bot.channels.zalo_oa_login import PasteError, Status, consent_link, look, new_verifier, read_pasted
from bot.channels.zalo_oa_login import login as log_in
from bot.channels.zalo_oa_tokens import GrantError, Grants, Tokens
from bot.doctor import Finding, examine, is_well
from bot.settings import Settings, SettingsError, load_settings
from bot.switchboard import zalo_account, zalo_tokens

commands = typer.Typer()
zalo = typer.Typer(help="Tài khoản Zalo OA: đăng nhập một lần, xem còn hạn không.", no_args_is_help=True)

_MARKS = {"good": "[green]tốt [/]", "note": "[yellow]lưu ý[/]", "bad": "[red]sửa  [/]"}


@commands.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Một mảng JSON cho máy đọc.")] = False,
    before_start: Annotated[
        bool, typer.Option("--before-start", help="Chỉ xem những gì cần có để chạy, không gọi đi đâu.")
    ] = False,
) -> None:
    """Máy này chạy được chưa: cài đặt, khoá, cơ sở dữ liệu, mô hình, nội dung, kênh; mỗi thứ một dòng, kèm cách sửa."""
    try:
        findings = examine(load_settings(), network=not before_start, going=not before_start)
    except SettingsError as error:
        findings = [Finding("bad", "cài đặt", str(error), "Sửa biến môi trường đó rồi chạy lại")]
    if as_json:
        typer.echo(json.dumps([finding.to_dict() for finding in findings], ensure_ascii=False))
    else:
        _print(findings)
    if not is_well(findings):
        raise typer.Exit(1)


@commands.command()
def work() -> None:
    """Chạy thêm một tiến trình trả lời và gửi tin, không có trang web; chung cơ sở dữ liệu với `gocua serve`."""
    logs.set_up()
    asyncio.run(_work())


@commands.command("staff-bot")
def staff_bot() -> None:
    """Chạy bot Telegram của người dạy lớp: tiến trình riêng, chung cơ sở dữ liệu với `gocua serve`."""
    logs.set_up()
    asyncio.run(_staff_bot())


@zalo.command("login")
def zalo_login(
    redirect: Annotated[str, typer.Option(help="Trang Callback đã khai trong bảng điều khiển của Zalo.")] = "",
) -> None:
    """In ra địa chỉ để quản trị viên OA đồng ý, rồi đọc mã (hay cặp token) dán vào."""
    settings = load_settings()
    asyncio.run(_log_in(settings, redirect or settings.public_url))


@zalo.command("status")
def zalo_status(
    as_json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON cho máy đọc.")] = False,
) -> None:
    """Tên tài khoản, tuổi của mã truy cập, số tin còn được gửi."""
    status = asyncio.run(_look(load_settings()))
    told = _told(status)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for name, value in told.items():
            typer.echo(f"{name}: {value}")
    if status.trouble:
        raise typer.Exit(1)


@commands.command()
def release(
    channel: Annotated[str, typer.Argument(help="Kênh: zalo_oa, zalo_bot hay telegram.")],
) -> None:
    """Cho bot nói lại ở cuộc trò chuyện mà người của cơ quan đã xong việc; đọc mã người nhắn, mỗi dòng một mã."""
    store = bootstrap.open_database(load_settings())
    for line in sys.stdin:
        if user := line.strip():
            store.contacts.release(ContactKey(channel, user))


# ---- inside ----


def _print(findings: list[Finding]) -> None:
    console = Console()
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        text = finding.text + (f"\n→ {finding.remedy}" if finding.remedy else "")
        table.add_row(_MARKS[finding.level], finding.about, text)
    console.print(table)
    bad = sum(finding.level == "bad" for finding in findings)
    console.print(f"Có {bad} chỗ phải sửa trước khi chạy." if bad else "Chạy được.")


async def _work() -> None:
    service = bootstrap.build_service(load_settings())
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with service.running.at_work(serves_pages=False):
        typer.echo("Đang làm việc. Nhấn Ctrl+C để dừng.")
        await stopped.wait()


async def _staff_bot() -> None:
    settings = load_settings()
    store = bootstrap.open_database(settings)
    bot = bootstrap.build_staff_bot(settings, store)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    store.writer.start()
    try:
        await bot.run(stopped, lambda: typer.echo("Bot của người dạy đang làm việc. Nhấn Ctrl+C để dừng."))
    finally:
        await asyncio.to_thread(store.writer.stop)


async def _log_in(settings: Settings, redirect: str) -> None:
    account = zalo_account(settings)
    verifier, state = new_verifier(), new_verifier()
    typer.echo("Nhờ quản trị viên của OA mở địa chỉ này và bấm đồng ý:")
    typer.echo(consent_link(account, redirect, verifier, state))
    typer.echo("Rồi dán vào đây địa chỉ của trang vừa mở ra, hoặc hai dòng token; xong nhấn Ctrl+D:")
    store = bootstrap.open_database(settings)
    async with HttpClient() as client:
        try:
            await log_in(
                read_pasted(sys.stdin.read()),
                account=account,
                grants=Grants(account, client, bootstrap.utc_now),
                store=zalo_tokens(store),
                verifier=verifier,
                state=state,
                now=bootstrap.utc_now,
            )
        except (PasteError, GrantError) as error:
            raise SettingsError(str(error)) from None
    typer.echo("Xong. Coi lại: gocua zalo status")


async def _look(settings: Settings) -> Status:
    account = zalo_account(settings)
    store = bootstrap.open_database(settings)
    async with HttpClient() as client:
        tokens = zalo_tokens(store)
        api = OaApi(account, client, Tokens(Grants(account, client, bootstrap.utc_now), tokens, bootstrap.utc_now))
        return await look(api, tokens, bootstrap.utc_now)


def _told(status: Status) -> dict[str, str]:
    told = {"tài khoản": f"{status.name} ({status.account})"} if status.account else {}
    if status.token_age is not None and status.token_left is not None:
        age, left = (span.total_seconds() / 3600 for span in (status.token_age, status.token_left))
        told["mã truy cập"] = f"đổi cách đây {age:.1f} giờ, còn {left:.1f} giờ"
    if status.calls >= 0:
        told["lượt gọi trong phút"] = f"còn {status.calls_left}/{status.calls}"
    for quota in status.quotas:
        told[f"số tin ({quota.kind})"] = f"còn {quota.left}/{quota.total}, tới {quota.until}"
    if status.trouble:
        told["trục trặc"] = f"{status.trouble}. Gõ: gocua zalo login"
    return told
