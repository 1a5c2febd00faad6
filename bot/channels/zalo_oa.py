"""The Zalo Official Account: answers to residents within seven days of what they wrote.

What comes in is read in ``zalo_oa_events.py``, the API's envelope and errors in ``zalo_oa_api.py``.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.channels.bodies import id_of
from bot.channels.channel import Abilities, Part, SendError
from bot.channels.http import File, HttpClient
from bot.channels.messages import ContactKey
from bot.channels.payloads import Payloads
from bot.channels.pictures import Draw, PictureIds, Uploaded, picture_key
from bot.channels.zalo_oa_api import BAD_MESSAGE, EXPIRED_UPLOAD, OaApi, Usage
from bot.channels.zalo_oa_events import ANONYMOUS, CHANNEL
from bot.channels.zalo_oa_tokens import OaAccount, Tokens

log = logging.getLogger(__name__)

# ---- limits ----

ABILITIES = Abilities(text=2000, buttons=5, label=100, caption=2000)

# bytes of a picture
PICTURE = 1024 * 1024

# uploads live seven days; they are renewed a day before
_UPLOAD = dt.timedelta(days=6)


class ZaloOa:
    """The channel. ``client`` is closed with it; ``buttons`` of 0 where the account's plan shows none."""

    def __init__(
        self,
        *,
        account: OaAccount,
        client: HttpClient,
        tokens: Tokens,
        payloads: Payloads,
        draw: Draw,
        ids: PictureIds,
        now: Callable[[], dt.datetime],
        buttons: int = ABILITIES.buttons,
        proof: bool = False,
    ) -> None:
        self._client = client
        self._api = OaApi(account, client, tokens, proof=proof)
        self._payloads = payloads
        self._draw = draw
        self._ids = ids
        self._now = now
        self._uploading = asyncio.Lock()
        self._abilities = replace(ABILITIES, buttons=buttons)

    @property
    def name(self) -> str:
        return CHANNEL

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def usage(self) -> Usage:
        """What the platform said is left, for the operator."""
        return self._api.usage

    async def close(self) -> None:
        await self._client.close()

    # ---- send ----

    async def send(self, address: str, part: Part) -> str:
        """Hands a part over; the message's id. Raises ``SendError``."""
        if address.startswith(ANONYMOUS):
            return await self._send_visitor(address, part)
        if part.picture:
            return await self._send_picture(address, part)
        if not part.buttons:
            return await self._send(address, {"text": part.text})
        try:
            return await self._send(address, self._with_buttons(address, part))
        except SendError as error:
            if error.reason not in BAD_MESSAGE:
                raise
        log.error("zalo_oa: buttons were refused; their labels go as numbered text")
        return await self._send(address, {"text": _numbered(part)})

    async def _send_picture(self, address: str, part: Part) -> str:
        png = await asyncio.to_thread(self._draw, part.picture)
        if png is None or len(png) > PICTURE:
            log.error("zalo_oa: picture %s is missing or over 1 MB; its caption goes alone", part.picture)
            return await self._send(address, {"text": part.text}) if part.text else ""
        key = picture_key(part.picture, png)
        try:
            return await self._send(address, _media(await self._uploaded(key, png), part.text))
        except SendError as error:
            if error.reason != EXPIRED_UPLOAD:
                raise
        return await self._send(address, _media(await self._upload(key, png), part.text))

    async def _send_visitor(self, address: str, part: Part) -> str:
        """To somebody without an account: for them texts are all that the platform is known to take."""
        visitor, _, conversation = address.removeprefix(ANONYMOUS).partition(":")
        text = _numbered(part) if part.buttons else part.text
        if not text:
            return ""
        recipient = {"anonymous_id": visitor, "conversation_id": conversation}
        return await self._post("/v2.0/oa/message", recipient, {"text": text})

    async def _send(self, address: str, message: dict[str, Any]) -> str:
        return await self._post("/v3.0/oa/message/cs", {"user_id": address}, message)

    async def _post(self, path: str, recipient: dict[str, str], message: dict[str, Any]) -> str:
        data = await self._api.post(path, {"recipient": recipient, "message": message})
        return id_of(data, "message_id") if isinstance(data, dict) else ""

    def _with_buttons(self, address: str, part: Part) -> dict[str, Any]:
        contact, today = ContactKey(CHANNEL, address), self._now().date()
        # hidden: what a tap sends is no word for people, and must not stand in their chat
        buttons = [
            {"title": each.label, "type": "oa.query.hide", "payload": self._payloads.sign(contact, each.id, today)}
            for each in part.buttons
        ]
        return {"text": part.text, "attachment": {"type": "template", "payload": {"buttons": buttons}}}

    # ---- pictures ----

    async def _uploaded(self, key: str, png: bytes) -> str:
        """The platform's id of a picture; uploaded where it is not there, or soon will not be."""
        async with self._uploading:
            kept = await self._ids.get(CHANNEL, key)
            if kept is not None and self._now() - kept.at < _UPLOAD:
                return kept.id
            return await self._upload(key, png)

    async def _upload(self, key: str, png: bytes) -> str:
        data = await self._api.upload("/v2.0/oa/upload/image", File("picture.png", png, "image/png"))
        id = id_of(data, "attachment_id") if isinstance(data, dict) else ""
        if not id:
            raise SendError("upload", "retry")
        await self._ids.put(CHANNEL, key, Uploaded(id, self._now()))
        return id


def _numbered(part: Part) -> str:
    return "\n".join([part.text, "", *(f"{number}. {each.label}" for number, each in enumerate(part.buttons, 1))])


def _media(attachment: str, caption: str) -> dict[str, Any]:
    element = {"media_type": "image", "attachment_id": attachment}
    message = {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}}}
    return {"text": caption, **message} if caption else message
