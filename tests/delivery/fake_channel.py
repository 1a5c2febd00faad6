"""A channel whose platform does as a test says, and remembers what reached it and when."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.channel import Abilities, Part, SendError
from tests.virtual_time import moment


@dataclass
class FakeChannel:
    """``outcomes`` are what the next calls end with, None for well; later ones go well. A call takes ``seconds``."""

    name: str = "fake"
    abilities: Abilities = field(default_factory=lambda: Abilities(text=100, buttons=3, label=20, caption=50))
    outcomes: list[Exception | None] = field(default_factory=list)
    seconds: float = 0.05
    # when, to whom, what: of every call, and of those that reached the person
    calls: list[tuple[float, str, Part]] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def send(self, address: str, part: Part) -> str:
        self.calls.append((moment(), address, part))
        outcome = self.outcomes.pop(0) if self.outcomes else None
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.at_once -= 1
        if outcome is None or (isinstance(outcome, SendError) and outcome.unknown):
            self.shown.append((address, part.text or part.picture))
        if outcome is not None:
            raise outcome
        return str(len(self.calls))

    async def close(self) -> None:
        pass

    def times(self) -> Sequence[float]:
        return [at for at, _, _ in self.calls]

    def texts(self, address: str) -> list[str]:
        """What that person has seen, in the order it arrived."""
        return [text for to, text in self.shown if to == address]
