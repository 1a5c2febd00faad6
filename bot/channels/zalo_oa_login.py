"""What an operator does once per account, and looks at any time: ``gocua zalo login`` and ``gocua zalo status``."""

import datetime as dt
import hashlib
import json
import re
import secrets
import string
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.channels.bodies import id_of
from bot.channels.channel import SendError
from bot.channels.zalo_oa_api import OaApi
from bot.channels.zalo_oa_tokens import GrantError, Grants, OaAccount, TokenPair, TokenStore

# characters of a verifier: letters and digits, 43 of them
_VERIFIER = 43
_LETTERS = string.ascii_letters + string.digits

# a code or a token as the platform writes them
_TOKEN = re.compile(r"[\w.~+/=-]{16,2000}", re.ASCII)


class PasteError(Exception):
    """What was pasted is neither an address with a code, nor a code, nor a pair of tokens."""

    def __init__(self) -> None:
        super().__init__(
            "Không đọc được mã. Dán nguyên địa chỉ trang vừa mở (có code=…), hoặc riêng đoạn mã, "
            "hoặc hai dòng access token và refresh token."
        )


# ---- the link ----


def new_verifier() -> str:
    """A secret for one consent; its challenge goes into the link, itself into the exchange."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_VERIFIER))


def challenge_of(verifier: str) -> str:
    """The challenge of a verifier.

    >>> challenge_of("A" * 43)
    'DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo'
    """
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def consent_link(account: OaAccount, redirect_uri: str, verifier: str, state: str) -> str:
    """Where an administrator of the account says yes."""
    asked = {
        "app_id": account.app_id,
        "redirect_uri": redirect_uri,
        "code_challenge": challenge_of(verifier),
        "state": state,
    }
    return f"{account.oauth}/v4/oa/permission?{urlencode(asked)}"


# ---- what is pasted ----


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the consent page. ``state`` and ``oa_id`` are empty where the code was pasted alone."""

    code: str = field(repr=False)
    state: str = ""
    oa_id: str = ""


@dataclass(frozen=True, slots=True)
class PastedPair:
    """A pair that the console's explorer handed out."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


def read_pasted(text: str) -> Code | PastedPair:
    """What an operator pasted. Raises ``PasteError``.

    >>> read_pasted("https://gocua.example/zalo?code=abcdefghijklmnop&oa_id=22&state=xy")
    Code(state='xy', oa_id='22')
    """
    text = text.strip()
    if text.startswith("{"):
        return _in_json(text)
    words = text.split()
    if len(words) == 1 and "code=" in text:
        return _in_address(text)
    if len(words) not in (1, 2) or not all(map(_TOKEN.fullmatch, words)):
        raise PasteError
    return PastedPair(*words) if len(words) == 2 else Code(words[0])


def _in_json(text: str) -> PastedPair:
    try:
        found: Any = json.loads(text)
        access, refresh = found["access_token"], found["refresh_token"]
    except (ValueError, KeyError, TypeError):
        raise PasteError from None
    if not all(isinstance(each, str) and _TOKEN.fullmatch(each) for each in (access, refresh)):
        raise PasteError
    return PastedPair(access, refresh)


def _in_address(text: str) -> Code:
    found = {name: values[0] for name, values in parse_qs(urlsplit(text).query or text).items()}
    if not _TOKEN.fullmatch(found.get("code", "")):
        raise PasteError
    return Code(found["code"], found.get("state", ""), found.get("oa_id", ""))


# ---- the login ----


async def login(
    pasted: Code | PastedPair,
    *,
    account: OaAccount,
    grants: Grants,
    store: TokenStore,
    verifier: str,
    state: str,
    now: Callable[[], dt.datetime],
) -> TokenPair:
    """Turns what was pasted into a stored pair of our own. Raises ``GrantError``.

    A pasted pair is kept first and renewed at once: whoever else saw it then holds nothing.
    """
    if isinstance(pasted, Code):
        if pasted.state not in ("", state) or pasted.oa_id not in ("", account.oa_id):
            raise GrantError("other_consent")
        async with store.lock():
            return await _kept(store, await grants.exchange(pasted.code, verifier))
    async with store.lock():
        await store.save(TokenPair(pasted.access, pasted.refresh, now(), now()))
        return await _kept(store, await grants.refresh(pasted.refresh))


async def _kept(store: TokenStore, pair: TokenPair) -> TokenPair:
    await store.save(pair)
    return pair


# ---- the status ----


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages that may still be sent from one purse."""

    kind: str
    left: int
    total: int
    until: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the operator should know. ``trouble`` is the reason why the platform could not be asked, else empty."""

    account: str = ""
    name: str = ""
    token_age: dt.timedelta | None = None
    token_left: dt.timedelta | None = None
    calls_left: int = -1
    calls: int = -1
    quotas: tuple[Quota, ...] = ()
    trouble: str = ""


async def look(api: OaApi, store: TokenStore, now: Callable[[], dt.datetime]) -> Status:
    """Asks the platform who we are and what is left."""
    try:
        told = await api.get("/v2.0/oa/getoa")
        quotas = await api.post("/v3.0/oa/quota/message", {"quota_owner": "OA", "product_type": "cs"})
    except SendError as error:
        return Status(trouble=error.reason, **_ages(await store.load(), now()))
    found = told if isinstance(told, dict) else {}
    return Status(
        account=id_of(found, "oa_id") or id_of(found, "oaid"),
        name=str(found.get("name", "")),
        calls_left=api.usage.left,
        calls=api.usage.limit,
        quotas=tuple(_quota(each) for each in quotas if isinstance(each, dict)) if isinstance(quotas, list) else (),
        **_ages(await store.load(), now()),
    )


def _ages(pair: TokenPair | None, now: dt.datetime) -> dict[str, Any]:
    return {} if pair is None else {"token_age": now - pair.obtained_at, "token_left": pair.expires_at - now}


def _quota(told: dict[str, Any]) -> Quota:
    left, total = (value if isinstance(value := told.get(name), int) else -1 for name in ("remain", "total"))
    return Quota(str(told.get("quota_type", "")), left, total, str(told.get("valid_through", "")))
