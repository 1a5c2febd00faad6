"""Who calls, as far as a server behind a proxy can know, and who calls too often without being let in."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from fastapi import Request

from bot.channels.hook import Net

# refused calls of one address in one stretch before it is only told to slow down, without a word in the log
_REFUSALS = 20
_STRETCH = 60.0

# addresses remembered at the same time
_ADDRESSES = 10_000


def client_address(request: Request, proxies: int) -> str:
    """The caller's address: with N proxies of ours in front, the Nth from the right that they wrote down (T54).

    What stands further to the left is whatever the caller wished to write there. Empty where nothing can be known.
    """
    peer = request.client.host if request.client else ""
    if not proxies:
        return peer
    written = [each.strip() for line in request.headers.getlist("x-forwarded-for") for each in line.split(",")]
    return written[-proxies] if len(written) >= proxies else peer


def is_within(address: str, nets: Sequence[Net]) -> bool:
    """Whether an address lies in one of the nets; anything does where there are none."""
    if not nets:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in net for net in nets)


@dataclass(slots=True)
class _Tally:
    begun: float
    refused: int = 0


class Refusals:
    """Counts refused calls by address. ``now`` gives seconds of a clock that never runs backwards."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()

    def add(self, address: str) -> bool:
        """One more; whether these are now too many."""
        now = self._now()
        tally = self._tallies.get(address)
        if tally is None or now - tally.begun >= _STRETCH:
            tally = self._tallies[address] = _Tally(now)
        self._tallies.move_to_end(address)
        if len(self._tallies) > _ADDRESSES:
            self._tallies.popitem(last=False)
        tally.refused += 1
        return tally.refused > _REFUSALS
