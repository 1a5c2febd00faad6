"""How the Official Account API says no: HTTP 200 and a negative number, whatever went wrong."""

from typing import Any

Json = dict[str, Any]

_MESSAGES = {
    -32: "Your application or OA reached limit rate",
    -100: "Attachment is expired",
    -200: "Send message failed",
    -201: "Params is invalid",
    -204: "OA is disabled",
    -209: "This api does not supported due to your application is not activated",
    -210: "Param exceeds limit",
    -211: "Out of quota",
    -213: "User has not followed OA",
    -216: "Access token is invalid",
    -217: "User blocked invitation from OA",
    -220: "Access token is expired or removed",
    -224: "OA needs to upgrade OA tier package to use this feature",
    -227: "User is banned or has been inactive for more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User has not interacted with the OA or the interaction is expired",
    -233: "Message type is invalid or not support",
    -240: "MessageV2 API has been shutdown, please use MessageV3",
    -242: "Invalid appsecret_proof provided in the API argument",
    -244: "User has limited this type of message",
    -321: "Out of balance",
}


class OaError(Exception):
    """A call that was refused; ``about`` names the parameter."""

    def __init__(self, code: int, about: str = "") -> None:
        super().__init__(code)
        self.code = code
        self._about = about

    def to_json(self) -> Json:
        message = _MESSAGES.get(self.code, "Unknown error")
        return {"error": self.code, "message": f"{message}: {self._about}" if self._about else message}


class OauthError(Exception):
    """A grant that was refused: HTTP 200 as well, in a shape of its own."""

    def __init__(self, code: int, name: str, description: str = "") -> None:
        super().__init__(code)
        self.code = code
        self._name = name
        self._description = description

    def to_json(self) -> Json:
        return {
            "error": self.code,
            "error_name": self._name,
            "error_reason": "",
            "error_description": self._description,
            "ref_doc": "https://developers.zalo.me/docs/social-api/tai-lieu/ma-loi",
        }
