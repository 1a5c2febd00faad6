"""Somebody who uses a stand-in's page from a test: writes, taps, and reads what stands in the chat."""

from dataclasses import dataclass
from typing import Any

import httpx


class Control:
    """The control of a stand-in at an address."""

    def __init__(self, address: str) -> None:
        # what the machine around the tests sets as proxy is not meant for loopback; nor are certificates
        self._client = httpx.Client(base_url=f"{address}/_control", trust_env=False, timeout=30, verify=False)  # noqa: S501

    def person(self, name: str = "Cô Ba") -> "Someone":
        """One of the people there, or a new one of that name."""
        known = {person["name"]: person["id"] for person in self.get("people")}
        return Someone(
            self, known[name] if name in known else self._client.post("people", json={"name": name}).json()["id"]
        )

    def get(self, name: str, **query: str | float) -> Any:
        return self._client.get(name, params=query).raise_for_status().json()

    def post(self, name: str, **said: object) -> Any:
        """Raises ``AssertionError`` with the reason where the stand-in says that this cannot be done."""
        answer = self._client.post(name, json=said)
        assert answer.is_success, answer.text
        return answer.json()["result"]

    def settle(self, seconds: float = 10) -> None:
        """Waits until the bot took everything that happened."""
        assert self.get("settled", seconds=seconds)["result"]

    def close(self) -> None:
        self._client.close()


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with a phone."""

    control: Control
    id: str

    def writes(self, text: str) -> str:
        return str(self.control.post("write", user=self.id, text=text))

    def sends(self, media: str, caption: str = "") -> str:
        return str(self.control.post("send", user=self.id, media=media, caption=caption))

    def edits(self, bubble: str, text: str) -> None:
        self.control.post("edit", user=self.id, bubble=bubble, text=text)

    def blocks(self, blocked: bool = True) -> None:
        self.control.post("block", user=self.id, blocked=blocked)

    def taps(self, label: str) -> None:
        """The newest button of that label."""
        for bubble in reversed(self.sees()):
            for key in (key for row in bubble["keys"] for key in row if key["label"] == label):
                self.control.post("tap", user=self.id, bubble=bubble["id"], data=key["data"])
                return
        raise AssertionError(f"no button {label!r} in this chat")

    def looks(self) -> Any:
        """The whole chat as it stands."""
        return self.control.get("chat", user=self.id)

    def sees(self) -> list[dict[str, Any]]:
        """The bubbles of the chat, oldest first."""
        bubbles: list[dict[str, Any]] = self.looks()["bubbles"]
        return bubbles

    def hears(self) -> list[str]:
        """The texts of the bot's bubbles."""
        return [bubble["text"] for bubble in self.sees() if not bubble["mine"]]

    def labels(self) -> list[str]:
        """What stands on the buttons of the newest message that has any."""
        for bubble in reversed(self.sees()):
            if bubble["keys"]:
                return [key["label"] for row in bubble["keys"] for key in row]
        return []
