"""Who asks: a pure value, made anew for each request, from which policies decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from betterwork.foundation.doors.roles import WORLD

OPERATOR_ID = "operator"
"""The ledger's word for whoever operates the machine."""


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """A role held over a scope at the moment the actor was made. ``elevated``: taken for a time, with a reason."""

    role: str
    scope: str
    elevated: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. ``id`` is the person's opaque id, ``operator`` on the command line, empty for a stranger."""

    id: str = ""
    held: frozenset[Held] = frozenset()
    needs_second_factor: bool = False
    """Holds a role that sees confidential data and has no second factor: ``held`` is empty until there is one."""
    within: str = WORLD
    """The scope of the token by which she asks: ``held`` is narrowed to it, and so is what is hers by her id alone."""

    @property
    def signed_in(self) -> bool:
        """Whether this is a person the platform knows."""
        return bool(self.id) and not self.is_operator

    @property
    def is_operator(self) -> bool:
        """Whether this is whoever operates the machine, on the command line."""
        return self.id == OPERATOR_ID

    def holds(self, *roles: str, over: str | Iterable[str] | None = None) -> bool:
        """Whether one of ``roles`` is held: over anything, or over one of the scopes ``over``.

        The caller names every scope that covers the thing, ``world`` among them where it is meant.
        """
        scopes = None if over is None else {over} if isinstance(over, str) else set(over)
        return any(one.role in roles and (scopes is None or one.scope in scopes) for one in self.held)

    def scopes(self, *roles: str) -> frozenset[str]:
        """The scopes over which one of ``roles`` is held."""
        return frozenset(one.scope for one in self.held if one.role in roles)

    def keys(self, kind: str, *roles: str) -> frozenset[str]:
        """The keys of the scopes of one kind: ``keys("country", ADVISOR)`` is {"VN"} for ``country:VN``."""
        return frozenset(
            scope.removeprefix(f"{kind}:") for scope in self.scopes(*roles) if scope.startswith(f"{kind}:")
        )

    def in_world(self, *roles: str) -> bool:
        """Whether one of ``roles`` is held over the whole world."""
        return self.holds(*roles, over=WORLD)


STRANGER = Actor()
"""Who has not signed in."""
OPERATOR_ACTOR = Actor(id=OPERATOR_ID)
"""Whoever operates the machine."""
