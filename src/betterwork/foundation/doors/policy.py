"""Policies: one rule, two answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q

from betterwork.foundation.doors.actor import Actor

POLICIES: dict[str, Policy] = {}


class Policy:
    """Who may, by what is known of the person alone. ``says`` is the rule in words, for the page of the matrix.

    ``operator``: whether the machine's operator may, on the command line. ``open_to_strangers``: whether one need not
    be signed in.
    """

    def __init__(
        self,
        name: str,
        says: Any,
        allows: Callable[[Actor], bool],
        *,
        operator: bool = True,
        open_to_strangers: bool = False,
    ) -> None:
        if name in POLICIES:
            raise ValueError(f"two policies are called {name}")
        self.name, self.says, self._allows = name, says, allows
        self.operator, self.open_to_strangers = operator, open_to_strangers
        POLICIES[name] = self

    def may(self, actor: Actor, thing: Any = None) -> bool:
        """Whether this actor may."""
        if actor.is_operator:
            return self.operator
        if not actor.signed_in and not self.open_to_strangers:
            return False
        return self._allows(actor)


class ThingPolicy(Policy):
    """Who may, over the rows of a model: ``reach`` tells which rows as a filter, and None for none at all."""

    def __init__(
        self,
        name: str,
        says: Any,
        model: type[models.Model],
        reach: Callable[[Actor], Q | None],
        *,
        operator: bool = True,
        open_to_strangers: bool = False,
    ) -> None:
        super().__init__(
            name,
            says,
            lambda actor: reach(actor) is not None,
            operator=operator,
            open_to_strangers=open_to_strangers,
        )
        self.model, self._reach = model, reach

    def visible_to(self, actor: Actor) -> models.QuerySet[Any]:
        """The rows that this actor may."""
        rows = self.model._default_manager.all()
        if not super().may(actor):
            return rows.none()
        return rows if actor.is_operator else rows.filter(self._reach(actor) or Q())

    def may(self, actor: Actor, thing: Any = None) -> bool:
        """Whether this actor may this row; without one, whether there could be any.

        Raises TypeError for a row of another model: its key would be looked for among these.
        """
        if thing is None:
            return super().may(actor)
        if not isinstance(thing, self.model):
            raise TypeError(f"{self.name} speaks of {self.model.__name__} and was asked of {type(thing).__name__}")
        return self.visible_to(actor).filter(pk=thing.pk).exists()


def rule(
    name: str, says: Any, *, operator: bool = True, open_to_strangers: bool = False
) -> Callable[[Callable[[Actor], bool]], Policy]:
    """Make a policy of a function from the actor to yes or no."""

    def made(allows: Callable[[Actor], bool]) -> Policy:
        return Policy(name, says, allows, operator=operator, open_to_strangers=open_to_strangers)

    return made


def rule_over(
    model: type[models.Model], name: str, says: Any, *, operator: bool = True, open_to_strangers: bool = False
) -> Callable[[Callable[[Actor], Q | None]], ThingPolicy]:
    """Make a policy of a function from the actor to a filter over ``model``: ``Q()`` for all rows, None for none."""

    def made(reach: Callable[[Actor], Q | None]) -> ThingPolicy:
        return ThingPolicy(name, says, model, reach, operator=operator, open_to_strangers=open_to_strangers)

    return made


EVERYBODY_MAY = Policy("everybody", "Everybody, also without signing in.", lambda actor: True, open_to_strangers=True)
SIGNED_IN = Policy("signed-in", "Whoever is signed in.", lambda actor: actor.signed_in)
OPERATOR_ONLY = Policy("operator", "Whoever operates the machine, on the command line.", lambda actor: False)
STAFF_ONLY = Policy(
    "staff",
    "The programme's staff, in any country.",
    lambda actor: actor.holds("global-staff", "analyst", "country-manager", "team-leader", "advisor"),
)
