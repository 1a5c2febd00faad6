"""The Zalo Bot platform, for pilots and ward staff: no buttons, so choices are numbers; pictures by address only."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
from typing import Any

from bot.channels.bodies import id_of
from bot.channels.channel import Abilities, Fate, Part, SendError
from bot.channels.http import WAITED, Answer, HttpClient, asked_to_wait, failure, object_in
from bot.channels.messages import Received
from bot.channels.zalo_bot_updates import CHANNEL, ZaloBotUpdates
from bot.settings import SettingsError

log = logging.getLogger(__name__)

# ---- limits ----

ABILITIES = Abilities(text=2000, caption=2000)

# it stands in every address
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")

# seconds an answer may take
_ANSWER = 15.0

# seconds a poll waits for something new, and how much longer its answer may take
_POLL = 30
_SLACK = 10.0

# seconds between polls that failed, doubled each time
_PAUSE = 1.0
_LONGEST_PAUSE = 60.0

# what an error asks of us; any other is tried again later
_FATES: dict[int, Fate] = {400: "drop", 401: "operator", 404: "operator"}


class ZaloBot:
    """The channel. ``picture_url`` tells where a picture can be fetched by anybody; without it only texts are sent.

    Raises ``SettingsError`` for a token that cannot be right.
    """

    def __init__(
        self,
        *,
        token: str,
        client: HttpClient,
        picture_url: Callable[[str], str | None] | None = None,
        api: str = "https://bot-api.zaloplatforms.com",
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise SettingsError("Mã của bot Zalo có dạng số:chữ. Chép nguyên từ tin nhắn của Zalo Bot Manager.")
        self._address = f"{api}/bot{token}"
        self._client = client
        self._picture_url = picture_url
        self._abilities = Abilities(
            ABILITIES.text, caption=ABILITIES.caption if picture_url else 0, pictures=picture_url is not None
        )

    @property
    def name(self) -> str:
        return CHANNEL

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    async def close(self) -> None:
        await self._client.close()

    # ---- send ----

    async def send(self, address: str, part: Part) -> str:
        """Hands a part over; the message's id. Raises ``SendError``."""
        url = self._picture_url(part.picture) if part.picture and self._picture_url else None
        if url is not None:
            return await self._send("sendPhoto", {"chat_id": address, "photo": url, "caption": part.text})
        return await self._send("sendMessage", {"chat_id": address, "text": part.text}) if part.text else ""

    async def set_webhook(self, url: str, secret: str) -> None:
        """Has updates posted there from now on. Raises ``SendError``."""
        await self._call("setWebhook", {"url": url, "secret_token": secret})

    async def delete_webhook(self) -> None:
        """Updates can be polled for from now on. Raises ``SendError``."""
        await self._call("deleteWebhook", {})

    async def account_name(self) -> str:
        """The name of the bot, which shows that its token works. Raises ``SendError``."""
        result = await self._call("getMe", {})
        return str(result.get("account_name", "")) if isinstance(result, dict) else ""

    # ---- polling ----

    async def poll(self, updates: ZaloBotUpdates, *, pause: float = _PAUSE) -> AsyncGenerator[Received, None]:
        """What happens, one after another, without a webhook, until the caller stops.

        The platform keeps nothing that it told once: what the caller does not keep safely is gone.
        """
        failures = 0
        while True:
            try:
                update = await self._update()
                failures = 0
            except SendError as error:
                log.warning("zalo_bot: polling failed: %s", error.reason)
                await asyncio.sleep(max(min(pause * 2**failures, _LONGEST_PAUSE), error.after))
                failures += 1
                continue
            if update:
                yield updates.read(update)

    async def _update(self) -> dict[str, Any]:
        """The next update, empty where there is nothing new."""
        try:
            result = await self._call("getUpdates", {"timeout": _POLL}, patience=_POLL + _SLACK)
        except SendError as error:
            # however the platform says that the time is over
            if error.reason not in ("408", "http_408"):
                raise
            return {}
        return result if isinstance(result, dict) else {}

    async def _send(self, method: str, given: dict[str, str]) -> str:
        result = await self._call(method, {name: value for name, value in given.items() if value})
        return id_of(result, "message_id") if isinstance(result, dict) else ""

    async def _call(self, method: str, given: dict[str, Any], *, patience: float = _ANSWER) -> Any:
        answer = await self._client.post(f"{self._address}/{method}", json=given, patience=patience)
        body = object_in(answer)
        if body is None or not isinstance(body.get("ok"), bool):
            raise failure(answer)
        if body["ok"]:
            return body.get("result")
        raise _error_of(body, answer)


def _error_of(body: dict[str, Any], answer: Answer) -> SendError:
    # both spellings stand in the documents; an idle poll was seen with neither
    code = body.get("error_code", body.get("errorCode"))
    if not isinstance(code, int):
        code = answer.status
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return SendError(str(code), "retry", after=asked_to_wait(answer), everywhere=True)
    fate = _FATES.get(code, "retry")
    if fate == "operator":
        log.error("zalo_bot: error %d: the operator has to look at the bot's token", code)
    return SendError(str(code), fate, unknown=code in WAITED)
