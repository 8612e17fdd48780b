"""What an instance must have before it is served to others than this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Instance(NamedTuple):
    """What is asked about an instance before it is served."""

    host: str
    secure: bool
    simulated: bool
    debug: bool
    given: Mapping[str, bool]
    """Setting → whether somebody set it."""


def serving_faults(instance: Instance) -> list[str]:
    """Why this instance must not be served, one line for each reason; empty when it may.

    An instance that only this machine reaches, or that holds simulated data only, needs nothing.
    """
    if instance.host in LOCAL:
        return []
    faults = []
    if not instance.secure:
        faults.append("BETTERWORK_URL must begin with https://: passwords and reports would travel readable")
    if instance.debug:
        faults.append("BETTERWORK_DEBUG is on: pages of faults would show what the program was working on")
    if not instance.simulated:
        faults += [f"{name} is not set: {why}" for name, why in _NEEDED.items() if not instance.given.get(name)]
    return faults


_NEEDED = {
    "MAIL_URL": "invitations and notices would be printed and reach nobody (smtp://user:password@host:587)",
    "SECRET_KEY": "sessions are signed with it; keep it apart from the data (openssl rand -hex 32)",
    "LEDGER_KEY": "personal values are under it; keep it apart from the data (openssl rand -hex 32)",
    "VAULT_KEY": "interviews are under it; keep it apart from the data (openssl rand -hex 32)",
    "FILES_KEY": "stored files are under it; keep it apart from the data (openssl rand -hex 32)",
}
