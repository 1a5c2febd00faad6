"""What one browser is sent to have shown elsewhere, at the city's provider or by a passkey, and comes back with.

It is made from the browser's cookie: nothing of it is stored anywhere.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

# how long somebody may take
LASTS = dt.timedelta(minutes=10)

# how far the provider's clock may be from ours
SKEW = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Errand:
    """``state`` comes back as it is, ``nonce`` inside what is signed there; ``verifier`` stays here (PKCE).

    ``back`` is the page of ours it was for, or another word for what it is about.
    """

    state: str
    nonce: str
    verifier: str = field(repr=False)
    begun_at: dt.datetime
    back: str

    @property
    def challenge(self) -> str:
        """What the provider is shown of the verifier."""
        return _encoded(hashlib.sha256(self.verifier.encode()).digest())


def set_out(token: str, back: str, now: dt.datetime) -> Errand:
    """An errand of the browser with that cookie."""
    return _errand(token, f"{int(now.timestamp() * 1000)}~{secrets.token_urlsafe(16)}~{back}")


def came_back(token: str, state: str, now: dt.datetime) -> Errand | None:
    """The errand of a state, None where this browser began none like it or took too long."""
    said, _, _ = state.rpartition("~")
    if not hmac.compare_digest(_bytes(_state(token, said)), _bytes(state)):
        return None
    errand = _errand(token, said)
    return errand if now - errand.begun_at <= LASTS else None


def _errand(token: str, said: str) -> Errand:
    began, _, back = said.split("~", 2)
    return Errand(
        state=_state(token, said),
        nonce=_drawn(token, "nonce", said),
        verifier=_drawn(token, "verifier", said),
        begun_at=dt.datetime.fromtimestamp(int(began) / 1000, dt.UTC),
        back=back,
    )


def _state(token: str, said: str) -> str:
    return f"{said}~{_drawn(token, 'state', said)}"


def _drawn(token: str, purpose: str, said: str) -> str:
    return _encoded(hmac.digest(_bytes(token), _bytes(f"provider {purpose} {said}"), "sha256"))


def _bytes(text: str) -> bytes:
    # whatever stands in an address
    return text.encode("utf-8", "surrogatepass")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
