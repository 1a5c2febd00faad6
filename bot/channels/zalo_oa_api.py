"""The Official Account API: one call, its envelope, and what each of its error codes means."""

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.channel import Fate, SendError
from bot.channels.http import Answer, File, HttpClient, failure, object_in
from bot.channels.zalo_oa_tokens import OaAccount, Tokens

log = logging.getLogger(__name__)

# seconds to be silent once a minute's calls are spent
_MINUTE = 60.0

# reasons that a caller can do something about: an upload grown old; a form of message that is not taken
EXPIRED_UPLOAD = "-100"
BAD_MESSAGE = ("-201", "-233")

_BAD_TOKEN = (-216, -220)

# one call, given its address and its headers
_Ask = Callable[[str, Mapping[str, str]], Awaitable[Answer]]

# what to do about an error: documented codes, by what they ask of us; any other is tried again later
_WINDOW = (-230, -232)
_GONE = (-213, -217, -227)
_NOT_THIS = (-218, -244)
_OUR_FAULT = (-201, -210, -233, -234, -240, -248)
_OPERATOR = (-204, -205, -209, -211, -212, -216, -219, -220, -221, -223, -224, -242, -320, -321)


@dataclass(slots=True)
class Usage:
    """What the last answers said is left: calls of this minute, messages of a quota. -1: not said yet."""

    limit: int = -1
    left: int = -1
    quota: str = ""
    quota_left: int = -1


class OaApi:
    """Calls with a token that is renewed once where the platform refuses it. ``proof``: the console wants one."""

    def __init__(self, account: OaAccount, client: HttpClient, tokens: Tokens, *, proof: bool = False) -> None:
        self._account = account
        self._client = client
        self._tokens = tokens
        self._proof = proof
        self.usage = Usage()

    async def get(self, path: str, data: dict[str, Any] | None = None) -> Any:
        """What stands in ``data`` of the answer. Raises ``SendError``."""
        params = {"data": json.dumps(data or {})}
        return await self._call(lambda url, headers: self._client.get(url, params=params, headers=headers), path)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """As ``get``, for a JSON body."""
        return await self._call(lambda url, headers: self._client.post(url, json=body, headers=headers), path)

    async def upload(self, path: str, file: File) -> Any:
        """As ``get``, for a file. That it may have arrived is no matter: nobody has seen it."""
        try:
            return await self._call(lambda url, headers: self._client.post(url, file=file, headers=headers), path)
        except SendError as error:
            if not error.unknown:
                raise
            raise SendError(error.reason, error.fate, after=error.after) from None

    async def _call(self, ask: _Ask, path: str) -> Any:
        token = await self._tokens.access()
        body = await self._asked(ask, path, token)
        if body["error"] in _BAD_TOKEN:
            token = await self._tokens.renew(token)
            body = await self._asked(ask, path, token)
        if body["error"]:
            raise error_of(body["error"])
        data = body.get("data")
        self._note_quota(data)
        return data

    async def _asked(self, ask: _Ask, path: str, token: str) -> dict[str, Any]:
        headers = {"access_token": token}
        if self._proof:
            headers["appsecret_proof"] = proof_of(self._account.app_secret, token)
        answer = await ask(self._account.api + path, headers)
        self._note_rate(answer)
        body = object_in(answer)
        # errors come with HTTP 200, and some with another status: the body tells
        if body is None or not isinstance(body.get("error"), int) or (answer.is_error and not body["error"]):
            raise failure(answer)
        return body

    def _note_rate(self, answer: Answer) -> None:
        for name, header in (("limit", "x-ratelimit-limit"), ("left", "x-ratelimit-remain")):
            text = answer.headers.get(header, "")
            if text.isdecimal():
                setattr(self.usage, name, int(text))

    def _note_quota(self, data: object) -> None:
        quota = data.get("quota") if isinstance(data, dict) else None
        if isinstance(quota, dict) and isinstance(quota.get("remain"), int):
            self.usage.quota, self.usage.quota_left = str(quota.get("quota_type", "")), quota["remain"]


def error_of(code: int) -> SendError:
    """The error a code stands for.

    >>> error_of(-230).reason, error_of(-213).fate, error_of(-32).everywhere, error_of(-200).unknown
    ('window', 'unreachable', True, True)
    """
    reason = str(code)
    if code in _WINDOW:
        return SendError("window", "unreachable")
    if code in _GONE:
        return SendError(reason, "unreachable")
    if code in _NOT_THIS:
        return SendError(reason, "drop")
    if code == -32:
        return SendError(reason, "retry", after=_MINUTE, everywhere=True)
    if code == -200:
        # "sending failed" and no word why: once more, not for a day
        return SendError(reason, "retry", unknown=True)
    fate: Fate = "operator" if code in _OPERATOR else "drop" if code in _OUR_FAULT else "retry"
    if fate != "retry":
        log.error("zalo_oa: error %s of the API needs the operator (see the table of its error codes)", reason)
    return SendError(reason, fate)


def proof_of(app_secret: str, token: str) -> str:
    """The ``appsecret_proof`` of a token.

    >>> proof_of("app-secret-for-tests", "tok-1")
    'bd43fe971e6d71e65be7002a06a9d02ab920ad504d19688b6ad40bd21a307632'
    """
    return hmac.digest(app_secret.encode(), token.encode(), hashlib.sha256).hex()
