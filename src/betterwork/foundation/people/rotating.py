"""Second steps when the instance's key is changed."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from betterwork.foundation.ledger.instance_key import rewrap
from betterwork.foundation.people.adapters import BOUND_TO

SECRETS = ("secret", "seed")
"""Where allauth keeps what must stay secret: of an app, of recovery codes."""


def second_factors_rewrap(old: bytes, new: bytes) -> int:
    """Put the secrets of second steps under another key, in the caller's transaction; returns how many there were.

    Raises WrongKey, and then nothing is changed.
    """
    count = 0
    for one in Authenticator.objects.select_for_update().order_by("pk"):
        found = {name: one.data[name] for name in SECRETS if one.data.get(name)}
        if found:
            for name, text in found.items():
                one.data[name] = rewrap(old, new, bytes.fromhex(text), bound_to=BOUND_TO).hex()
            one.save(update_fields=["data"])
            count += len(found)
    return count
