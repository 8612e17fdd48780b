"""A passkey in software: what a phone or a key does when a page asks it, for tests without a browser."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN, HOST = "http://localhost:8000", "localhost"
_F = AuthenticatorData.FLAG
_HERE = _F.UP | _F.UV


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class SoftKey:
    """One passkey: made by :meth:`made`, used by :meth:`used`."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.key, self.id, self.origin = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16), origin
        self.user = ""

    def made(self, options: dict[str, Any]) -> str:
        """What the page sends when this key was made for these options."""
        wanted = options["publicKey"]
        self.user = wanted["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        own = AttestedCredentialData.create(Aaguid(b"\0" * 16), self.id, public)
        data = AuthenticatorData.create(self._host(), _HERE | _F.AT, 0, own)
        answer = {
            "clientDataJSON": b64(self._client("webauthn.create", wanted["challenge"])),
            "attestationObject": b64(AttestationObject.create("none", data, {})),
        }
        return self._sent(answer, {"credProps": {"rk": True}})

    def used(self, options: dict[str, Any]) -> str:
        """What the page sends when this key proves who holds it."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(self._host(), _HERE, 1))
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": self.user,
        }
        return self._sent(answer, {})

    def _host(self) -> bytes:
        return hashlib.sha256(HOST.encode()).digest()

    def _client(self, kind: str, challenge: str) -> bytes:
        assert websafe_decode(challenge)
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _sent(self, answer: dict[str, str], results: dict[str, Any]) -> str:
        own = b64(self.id)
        return json.dumps(
            {"type": "public-key", "id": own, "rawId": own, "response": answer, "clientExtensionResults": results}
        )
