"""How the Zalo Bot platform says no."""

from typing import Any

Json = dict[str, Any]


class BotError(Exception):
    """A request that was refused. ``quiet``: HTTP says 200 and only the body tells; ``html``: a gateway answered."""

    def __init__(self, code: int, description: str, *, quiet: bool = False, html: bool = False) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.quiet = quiet
        self.html = html

    def to_json(self) -> Json:
        return {"ok": False, "error_code": self.code, "description": self.description}
