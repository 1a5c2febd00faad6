"""A security key in software: makes passkeys and shows them as a browser would, or as one that lies."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _NEW = 0x01, 0x40


class Authenticator:
    """One key, for one site; ``counter`` is how often it says it has signed."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.counter = 0
        self.name = secrets.token_bytes(32)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, question: dict[str, Any]) -> str:
        """A new passkey, as the script sends it."""
        point = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        made = bytes(16) + struct.pack(">H", len(self.name)) + self.name + cbor2.dumps(public)
        data = self._data(question["rp"]["id"], _PRESENT | _NEW) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", question)
        return self._sent({"clientDataJSON": _encoded(client), "attestationObject": _encoded(attested)})

    def show(self, question: dict[str, Any]) -> str:
        """What it answers, as the script sends it."""
        self.counter += 1
        data, client = self._data(question["rpId"], _PRESENT), self._client("webauthn.get", question)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            {
                "clientDataJSON": _encoded(client),
                "authenticatorData": _encoded(data),
                "signature": _encoded(signature),
            }
        )

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, question: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": question["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _sent(self, response: dict[str, str]) -> str:
        name = _encoded(self.name)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
