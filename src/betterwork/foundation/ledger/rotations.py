"""Whose secrets lie under the instance's key besides the keys of persons: rooms say how theirs come under another."""

from __future__ import annotations

from collections.abc import Callable

Rewrap = Callable[[bytes, bytes], int]
"""Takes the old key and the new one, puts all its secrets under the new one, returns how many there were."""

ROTATIONS: dict[str, Rewrap] = {}


def rotation_add(name: str, rewrap: Rewrap) -> None:
    """Let a change of the instance's key take a room's secrets along: ``rewrap(old, new)``, in its transaction.

    It uses ``instance_key.rewrap`` for each of them and lets :class:`WrongKey` through: then nothing is changed at all.
    A room that uses ``instance_key.wrap`` and does not say so here loses its secrets with the old key.
    """
    ROTATIONS[name] = rewrap
