"""Where a platform posts what people do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from bot.channels.messages import Received

Net = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Hook:
    """One platform's door at ``/webhooks/<path>``.

    ``receive`` makes of headers (names in lower case) and raw body what happened, or raises ``RefusedError``.
    ``nets`` are where its posts come from, where that is known: a second fence behind the signature.
    ``answer`` is what the platform may be told in the same breath, as JSON.
    """

    channel: str
    path: str
    receive: Callable[[Mapping[str, str], bytes], Received]
    nets: tuple[Net, ...] = ()
    answer: Callable[[Received], Mapping[str, str]] = lambda _: {}
