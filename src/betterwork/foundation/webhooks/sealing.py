"""Secrets of endpoints at rest: under the instance's key."""

from __future__ import annotations

from betterwork.foundation.ledger.instance_key import instance_key, rewrap, unwrap, wrap
from betterwork.foundation.webhooks.models import Endpoint

BOUND_TO = "webhooks.secret"


def hidden(secret: str) -> str:
    """A secret as it is stored."""
    key = instance_key(make=True)
    assert key is not None
    return wrap(key, secret.encode(), bound_to=BOUND_TO).hex()


def opened(stored: str) -> str:
    """What :func:`hidden` hid. Raises WrongKey."""
    key = instance_key(make=True)
    assert key is not None
    return unwrap(key, bytes.fromhex(stored), bound_to=BOUND_TO).decode()


def secrets_rewrap(old: bytes, new: bytes) -> int:
    """Put all secrets under another key, in the caller's transaction; returns how many. Raises WrongKey."""
    count = 0
    for one in Endpoint.objects.select_for_update().order_by("pk"):
        for name in ("secret", "secret_before"):
            if stored := getattr(one, name):
                setattr(one, name, rewrap(old, new, bytes.fromhex(stored), bound_to=BOUND_TO).hex())
                count += 1
        one.save(update_fields=["secret", "secret_before"])
    return count
