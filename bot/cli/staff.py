"""Who signs in on the console: the first admin is made here, the others mostly there."""

import datetime as dt
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap
from bot.accounts.codes import digest, new_token
from bot.accounts.provider import SUBJECT
from bot.accounts.roles import LIMITED, ROLES
from bot.accounts.telegram import TIES, leads
from bot.cli.options import Database, settings_with
from bot.settings import Settings, SettingsError
from bot.store.database import StoreError
from bot.store.moments import CITY
from bot.store.staff import Account
from bot.store.store import Store
from bot.web.api.callers import SCOPES

commands = typer.Typer(help="Tài khoản của cán bộ trên trang /desk: thêm, xem, khoá, cấp lại.", no_args_is_help=True)

tokens = typer.Typer(help="Mã cho chương trình của thành phố gọi /api/v1.", no_args_is_help=True)
commands.add_typer(tokens, name="token")

Login = Annotated[str, typer.Argument(help="Tên đăng nhập, ví dụ thư điện tử công vụ.")]
Wards = Annotated[Optional[list[str]], typer.Option("--ward", help="Mã phường, xã được xem; lặp lại được.")]  # noqa: UP045

# who did it, for the audit log
_BY = "cli"

# from here on one more is a matter for two people, on the console (T63)
_ADMINS_MADE_HERE = 2


@commands.command("add")
def staff_add(
    login: Login,
    role: Annotated[str, typer.Option(help=f"Vai trò: {', '.join(ROLES)}.")],
    ward: Wards = None,
    oidc: Annotated[str, typer.Option(help="Mã số (sub) ở tài khoản thành phố: đăng nhập ở đó, không mật khẩu.")] = "",
    db: Database = None,
) -> None:
    """Thêm một tài khoản; in ra mã dùng một lần để người đó tự đặt mật khẩu, hay bước xác nhận thứ hai."""
    settings = settings_with(db)
    wards = _checked(settings, role, ward or [])
    identity = _identity(settings, oidc) if oidc else None
    store = bootstrap.open_database(settings)
    if role == "city_admin" and len(_admins(store)) >= _ADMINS_MADE_HERE:
        raise SettingsError("đã có hai quản trị viên; người thứ ba phải được hai người đồng ý trên trang /desk/staff.")
    account = store.staff.add(login.strip().lower(), role, wards, by=_BY, identity=identity)
    if account is None:
        raise SettingsError(f"tên {login} hoặc mã số ở tài khoản thành phố đã có. Xem: gocua staff list")
    _begin(settings, store, account)


@commands.command("list")
def staff_list(db: Database = None) -> None:
    """Các tài khoản: tên, vai trò, phường, còn dùng không."""
    accounts = bootstrap.open_database(settings_with(db)).staff.accounts()
    table = Table("Số", "Tên", "Vai trò", "Phường, xã", "Tình trạng", title=f"{len(accounts)} tài khoản")
    for account in accounts:
        table.add_row(str(account.id), account.login, account.role, " ".join(sorted(account.wards)), _state(account))
    Console().print(table)


@commands.command("disable")
def staff_disable(login: Login, db: Database = None) -> None:
    """Khoá một tài khoản; mọi nơi đang đăng nhập bị thoát ngay."""
    store = bootstrap.open_database(settings_with(db))
    store.staff.disable(_account(store, login), by=_BY)
    typer.echo("Đã khoá.")


@commands.command("reset")
def staff_reset(login: Login, db: Database = None) -> None:
    """Mất điện thoại hay quên mật khẩu: bỏ cái cũ, in mã dùng một lần để đặt lại."""
    settings = settings_with(db)
    store = bootstrap.open_database(settings)
    _invite(settings, store, _account(store, login))


@commands.command("tie")
def staff_tie(
    login: Login,
    subject: Annotated[str, typer.Argument(help="Mã số (sub) của người đó ở tài khoản thành phố.")],
    db: Database = None,
) -> None:
    """Từ nay người đó đăng nhập bằng tài khoản thành phố; mật khẩu ở đây bị bỏ, mọi nơi bị thoát."""
    settings = settings_with(db)
    store = bootstrap.open_database(settings)
    account = _account(store, login)
    if not store.staff.tie(account, _identity(settings, subject), by=_BY):
        raise SettingsError("mã số này đã nối với tài khoản khác. Xem: gocua staff list")
    typer.echo("Đã nối.")
    if not account.totp:
        _begin(settings, store, _account(store, login))


@commands.command("untie")
def staff_untie(login: Login, db: Database = None) -> None:
    """Bỏ nối với tài khoản thành phố; in mã dùng một lần để người đó tự đặt mật khẩu."""
    settings = settings_with(db)
    store = bootstrap.open_database(settings)
    account = _account(store, login)
    store.staff.untie(account, by=_BY)
    _invite(settings, store, account)


@commands.command("telegram")
def staff_telegram(
    login: Login,
    end: Annotated[bool, typer.Option("--end", help="Bỏ nối, ví dụ khi điện thoại bị mất.")] = False,
    db: Database = None,
) -> None:
    """Nối một tài khoản với bot Telegram của người dạy: in mã dùng một lần; có --end thì bỏ nối."""
    settings = settings_with(db)
    store = bootstrap.open_database(settings)
    account = _account(store, login)
    if end:
        typer.echo("Đã bỏ nối." if store.staff_telegram.untie(account, by=_BY) else "Tài khoản này chưa nối với ai.")
        return
    if not settings.telegram_staff_bot:
        raise SettingsError("chưa có bot cho người dạy; đặt GOCUA_TELEGRAM_STAFF_BOT là tên của bot rồi thử lại.")
    if not leads(account):
        raise SettingsError(f"tài khoản {account.login} bị khoá, hoặc vai trò {account.role} không dẫn lớp.")
    code = bootstrap.telegram_ties(store).issue(account, by=_BY)
    typer.echo(f"Mã dùng một lần, trong {TIES.total_seconds() / 60:.0f} phút: {code}")
    typer.echo(f"Đưa tận tay cho người giữ tài khoản {account.login}: gõ cho bot /start {code}")
    typer.echo(f"Hoặc mở trên điện thoại của người đó: https://t.me/{settings.telegram_staff_bot}?start={code}")


@tokens.command("add")
def token_add(
    name: Annotated[str, typer.Argument(help="Chương trình nào dùng, ví dụ kho-du-lieu.")],
    scope: Annotated[list[str], typer.Option(help=f"Được làm gì: {', '.join(SCOPES)}; lặp lại được.")],
    ward: Wards = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Dùng được bao nhiêu ngày.")] = 180,
    db: Database = None,
) -> None:
    """Làm một mã cho chương trình gọi /api/v1; mã chỉ in ra lần này. Không kèm --ward là cả thành phố."""
    settings = settings_with(db)
    strange = [each for each in scope if each not in SCOPES]
    if strange:
        raise SettingsError(f"không có quyền {strange[0]}; chỉ có: {', '.join(SCOPES)}.")
    wards = _known_wards(settings, ward or [])
    token, until = new_token(), bootstrap.utc_now() + dt.timedelta(days=days)
    store = bootstrap.open_database(settings)
    store.api_tokens.add(name, digest(token), scopes=scope, wards=wards or None, until=until, by=_BY)
    typer.echo(f"Mã, chỉ hiện lần này: {token}")


@tokens.command("list")
def token_list(db: Database = None) -> None:
    """Các mã đang có: của chương trình nào, được làm gì, tới ngày nào."""
    found = bootstrap.open_database(settings_with(db)).api_tokens.listed()
    table = Table("Số", "Chương trình", "Quyền", "Phường, xã", "Tới ngày", "Tình trạng", title=f"{len(found)} mã")
    for each in found:
        wards = "cả thành phố" if each.wards is None else " ".join(sorted(each.wards))
        until = each.until.astimezone(CITY).strftime("%d/%m/%Y")
        state = "đã thu hồi" if each.revoked else "hết hạn" if each.until < bootstrap.utc_now() else "đang dùng"
        table.add_row(str(each.id), each.name, " ".join(sorted(each.scopes)), wards, until, state)
    Console().print(table)


@tokens.command("revoke")
def token_revoke(
    number: Annotated[int, typer.Argument(help="Số của mã, như `list` in ra.")], db: Database = None
) -> None:
    """Thu hồi một mã, có hiệu lực ngay."""
    if not bootstrap.open_database(settings_with(db)).api_tokens.revoke(number, by=_BY):
        raise StoreError(f"không có mã số {number} đang dùng. Xem: gocua staff token list")
    typer.echo("Đã thu hồi.")


# ---- inside ----


def _checked(settings: Settings, role: str, wards: list[str]) -> list[str]:
    if role not in ROLES:
        raise SettingsError(f"vai trò phải là một trong: {', '.join(ROLES)}.")
    if (role in LIMITED) != bool(wards):
        need = "phải có ít nhất một --ward" if role in LIMITED else "xem cả thành phố, không kèm --ward"
        raise SettingsError(f"{role} {need}.")
    return _known_wards(settings, wards)


def _known_wards(settings: Settings, wards: list[str]) -> list[str]:
    known = {row.code for row in bootstrap.read_content(settings).wards}
    strange = [ward for ward in wards if ward not in known]
    if strange:
        raise SettingsError(f"không có phường, xã mã {strange[0]}. Xem knowledge/wards.csv")
    return wards


def _identity(settings: Settings, subject: str) -> str:
    if not settings.oidc_issuer:
        raise SettingsError("chưa có nơi đăng nhập của thành phố. Đặt GOCUA_OIDC_ISSUER và GOCUA_OIDC_CLIENT_ID trước.")
    if not SUBJECT.fullmatch(subject):
        raise SettingsError("mã số (sub) chỉ gồm chữ, số, dấu không có dấu tiếng Việt, không khoảng trắng.")
    return bootstrap.registration(settings).identity(subject)


def _begin(settings: Settings, store: Store, account: Account) -> None:
    """Who signs in elsewhere, with both factors, needs no code of ours."""
    if account.identity and settings.oidc_second_factor:
        typer.echo(f"{account.login} mở {_address(settings)}/desk/sign-in, đăng nhập bằng tài khoản thành phố.")
    else:
        _invite(settings, store, account)


def _invite(settings: Settings, store: Store, account: Account) -> None:
    code = bootstrap.signing_in(store).invite(account, by=_BY)
    typer.echo(f"Mã dùng một lần, trong 24 giờ: {code}")
    typer.echo(
        f"Đưa tận tay cho người giữ tài khoản {account.login}; mở {_address(settings)}/desk/welcome rồi gõ mã đó."
    )


def _address(settings: Settings) -> str:
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def _account(store: Store, login: str) -> Account:
    account = store.staff.by_login(login.strip().lower())
    if account is None:
        raise StoreError(f"không có tài khoản {login}. Xem: gocua staff list")
    return account


def _admins(store: Store) -> list[Account]:
    return [each for each in store.staff.accounts() if each.role == "city_admin" and not each.disabled]


def _state(account: Account) -> str:
    if account.disabled:
        return "đã khoá"
    if account.identity:
        return "qua tài khoản thành phố"
    return "đang dùng" if account.is_open else "chờ đặt mật khẩu"
