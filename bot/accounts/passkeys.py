"""Passkeys as a second factor (T59): what a browser is asked, and whether what it answers holds (WebAuthn)."""

import base64
import importlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bot.accounts.errand import Errand
from bot.store.passkeys import Passkey
from bot.store.staff import Account

# ES256, EdDSA, RS256: by their numbers in COSE, the best known first
_ALGORITHMS = (-7, -8, -257)

# milliseconds somebody has to find their key
_PATIENCE = 120_000


class PasskeyError(Exception):
    """What was answered proves nothing; the message names the kind of fault and holds nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to: where the console stands, as browsers write it."""

    origin: str

    @property
    def name(self) -> str:
        """The host name; empty where it is a bare number, for which no browser makes passkeys."""
        host = urlsplit(self.origin).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return host
        return ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent (JSON), to which question, on which site."""

    credential: str
    errand: Errand
    site: Site

    @property
    def named(self) -> str:
        """The credential it says it is of. Raises ``PasskeyError``."""
        try:
            return str(json.loads(self.credential)["id"])
        except (ValueError, TypeError, KeyError):
            raise PasskeyError("not_json") from None


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey, as base64url."""

    credential: str
    public_key: str
    counter: int


def to_create(site: Site, account: Account, known: Iterable[Passkey], errand: Errand) -> str:
    """The question that makes a new one (JSON), on a device that has none of these yet."""
    return json.dumps(
        {
            "challenge": errand.nonce,
            "rp": {"id": site.name, "name": "Gõ Cửa"},
            "user": {"id": _encoded(account.actor.encode()), "name": account.login, "displayName": account.login},
            "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in _ALGORITHMS],
            "excludeCredentials": _listed(known),
            "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "preferred"},
            "attestation": "none",
            "timeout": _PATIENCE,
        }
    )


def to_show(site: Site, known: Iterable[Passkey], errand: Errand) -> str:
    """The question that any of these may answer (JSON)."""
    return json.dumps(
        {
            "challenge": errand.nonce,
            "rpId": site.name,
            "allowCredentials": _listed(known),
            "userVerification": "preferred",
            "timeout": _PATIENCE,
        }
    )


def registered(answer: Answer) -> Registered:
    """The passkey somebody made. Raises ``PasskeyError``."""
    made = _checked("verify_registration_response", answer)
    return Registered(_encoded(made.credential_id), _encoded(made.credential_public_key), made.sign_count)


def shown(answer: Answer, passkey: Passkey) -> int:
    """How often it has signed by now. Raises ``PasskeyError`` where it is another's, or answers another question."""
    count: int = _checked(
        "verify_authentication_response",
        answer,
        credential_public_key=_decoded(passkey.public_key),
        credential_current_sign_count=passkey.counter,
    ).new_sign_count
    return count


def _checked(name: str, answer: Answer, **given: Any) -> Any:
    # half a second to load, and only where somebody has a passkey is it needed
    webauthn = importlib.import_module("webauthn")
    try:
        return getattr(webauthn, name)(
            credential=answer.credential,
            expected_challenge=_decoded(answer.errand.nonce),
            expected_rp_id=answer.site.name,
            expected_origin=answer.site.origin,
            **given,
        )
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyError(type(error).__name__) from None


def _listed(known: Iterable[Passkey]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": each.credential} for each in known]


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
