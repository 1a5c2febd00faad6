"""What can say which intents are likeliest: the bot's own model, or a server asked for it."""

from typing import Protocol

from bot.nlu.model import Ranked


class Ranker(Protocol):
    """Ranks the intents of a text. Never raises for what a person typed; an empty ranking means "no idea"."""

    def rank(self, text: str, *, most: int = 10) -> list[Ranked]:
        """The likeliest intents, the best first, at most ``most`` of them."""
        ...
