"""Whom a row is about, whom it may be shown to, whether it lies in what a person reaches: by rule, for any model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.fields import NotDeclared, audiences_of, stored_fields
from betterwork.foundation.audiences.names import OWN_PERSON, PUBLIC
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.audience_table import ASSESSES, IS_SHE, audiences_for
from betterwork.foundation.doors.policy import POLICIES, ThingPolicy
from betterwork.foundation.vault.queries import owners_of
from tests.trust.canaries import Origin

About = dict[tuple[type[models.Model], Any], tuple[frozenset[str], frozenset[str]]]
"""Row → the persons concerned by it, and the advisors of its visit: found out once, while the world stands."""

HERSELF = ("person", "recipient", "owner", "to", "holder", "reader")
"""What a field is called that names the person a row is about, where it is no key of the table of persons."""
PERSON = "p-"
"""With what the opaque id of a person begins."""
IN_THE_VAULT = "vault-item"
"""How the ledger names what lies in the vault."""
ROLES_OVER = {"organisations.Organisation"}
"""Things whose name stands in the words of a role over them."""
TEAM = "team"
"""What a field is called that lists the advisors of the visit a row belongs to."""
VISIT = "visit"
"""What a field is called that holds the key of the visit a row belongs to."""


def persons_of(row: models.Model) -> frozenset[str]:
    """The opaque ids of the persons whom a row is about.

    A person is about herself. Else the row is about whom a key to the table of persons leads to (also over another
    row); else whom a field called ``person``, ``recipient``, … names; else whoever is named by a field that the person
    herself may see (an actor, a subject).
    """
    persons = get_user_model()
    if isinstance(row, persons):
        return frozenset({row.public_id})
    relations = [one for one in stored_fields(type(row)) if one.is_relation and one.related_model]
    for one in relations:
        if one.related_model is persons:
            found = getattr(row, one.name, None)
            return frozenset({found.public_id}) if found else frozenset()
    names = {one.name for one in stored_fields(type(row))}
    for name in HERSELF:
        if name in names and isinstance(getattr(row, name), str):
            return frozenset({getattr(row, name)})
    named = _named_in(row)
    if named:
        return named
    for one in relations:
        parent = getattr(row, one.name, None)
        if isinstance(parent, models.Model) and type(parent) is not type(row):
            return persons_of(parent)
    return frozenset()


def concerned(row: models.Model) -> frozenset[str]:
    """The persons whom a row is about, those who were given a role over it, and of a committee those who sit in it."""
    if row._meta.label == "bodies.Body":
        return frozenset(row.members.values_list("person", flat=True))  # type: ignore[attr-defined]
    if row._meta.label not in ROLES_OVER:
        return persons_of(row)
    from betterwork.foundation.access.models import Grant

    scope = f"{row._meta.model_name}:{row.pk}"
    return persons_of(row) | frozenset(Grant.objects.filter(scope=scope).values_list("person", flat=True))


def _named_in(row: models.Model) -> frozenset[str]:
    found: set[str] = set()
    for one in stored_fields(type(row)):
        value = getattr(row, one.attname)
        if isinstance(value, str) and value and _is_for_herself(type(row), one.name):
            kind, _blank, key = value.rpartition(" ")
            if key.startswith(PERSON):
                found.add(key)
            elif kind:
                found |= _of_subject(kind, key)
    return frozenset(found)


def _is_for_herself(model: type[models.Model], name: str) -> bool:
    try:
        return OWN_PERSON in audiences_of(model, name)
    except NotDeclared:
        return False


def _of_subject(kind: str, key: str) -> frozenset[str]:
    """Whom a thing is about that is named as the ledger names things: the kind, a blank, the key (``grant 01a2…``).

    What lies in the vault is about its owners: they are told of every opening, whatever opened it.
    """
    if kind == IN_THE_VAULT:
        return frozenset(owners_of(key))
    for model in apps.get_models():
        if model._meta.model_name == kind:
            try:
                thing = model._base_manager.filter(pk=key).first()
            except (ValueError, ValidationError):
                continue
            if thing is not None:
                return persons_of(thing)
    return frozenset()


def team_of(row: models.Model) -> frozenset[str]:
    """The advisors of the visit that a row belongs to, where it names them or the visit; its parents are asked too."""
    team = getattr(row, TEAM, None)
    if isinstance(team, list | tuple):
        return frozenset(map(str, team))
    visit = row.pk if row._meta.label == "visits.Visit" else getattr(row, VISIT, None)
    if isinstance(visit, str):
        return _assess(visit)
    for one in stored_fields(type(row)):
        parent = getattr(row, one.name, None) if one.is_relation else None
        if isinstance(parent, models.Model) and type(parent) is not type(row) and (found := team_of(parent)):
            return found
    return frozenset()


def _assess(visit: str) -> frozenset[str]:
    """Who assesses a visit now; nobody where there is none of this key."""
    from betterwork.modules.visits.queries import visit_called

    try:
        return frozenset(visit_called(visit).team)
    except WrongUse:
        return frozenset()


@dataclass
class Sight:
    """What one person may see: by audience, and by what her policies let her reach."""

    actor: Actor
    about: About = field(default_factory=dict)
    _reached: dict[type[models.Model], set[Any] | None] = field(default_factory=dict)
    _by_policy: dict[str, set[Any]] = field(default_factory=dict)
    _sit_with: set[str] | None = None

    def facts(self, row: models.Model) -> list[str]:
        """What holds between her and a row."""
        if not self.actor.id:
            return []
        if (type(row), row.pk) not in self.about:
            self.about[type(row), row.pk] = concerned(row), team_of(row)
        she, team = self.about[type(row), row.pk]
        return [fact for fact, who in ((IS_SHE, she), (ASSESSES, team)) if self.actor.id in who]

    def audience_fits(self, origin: Origin, row: models.Model | None) -> bool:
        """Whether she belongs to an audience of the field."""
        if _is_name(origin) and row is not None and self.sits_with(row):
            return True
        facts = [] if row is None else self.facts(row)
        return bool(origin.audiences & audiences_for(self.actor, *facts))

    def reaches(self, origin: Origin, row: models.Model | None) -> bool:
        """Whether the row lies in what a policy lets her reach; rows without a policy lie where their parents do."""
        if PUBLIC in origin.audiences or row is None or IS_SHE in self.facts(row):
            return True
        if _is_name(origin) and self.sits_with(row):
            return True
        return self.reaches_row(row)

    def sits_with(self, row: models.Model) -> bool:
        """Whether a person sits in a committee of hers, is to do something for it, or is on a joint visit with her.

        Members know the first two by name alone; an inspector who comes along knows whom she goes with.

        No audience of the field says so, for it is true of these persons only; the policies say of which.
        """
        from betterwork.modules.bodies.policy import FOLLOW_UPS_OWN, MEMBERS_OWN
        from betterwork.modules.visits.models import VisitMember
        from betterwork.modules.visits.policy import VISITS_JOINT

        if self._sit_with is None:
            self._sit_with = set(MEMBERS_OWN.visible_to(self.actor).values_list("person", flat=True))
            self._sit_with |= set(FOLLOW_UPS_OWN.visible_to(self.actor).values_list("owner", flat=True))
            along = VisitMember.objects.filter(visit__in=VISITS_JOINT.visible_to(self.actor), left_at__isnull=True)
            self._sit_with |= set(along.values_list("person", flat=True))
        return getattr(row, "public_id", "") in self._sit_with

    def reaches_row(self, row: models.Model) -> bool:
        """The same for a row as such."""
        reached = self.reached(type(row))
        if reached is not None:
            return row.pk in reached
        for one in stored_fields(type(row)):
            other = one.related_model if one.is_relation else None
            parent = getattr(row, one.name, None) if other is not type(row) and thing_policies(other) else None
            if parent is not None and not self.reaches_row(parent):
                return False
        return True

    def by_policy(self, policy: ThingPolicy) -> set[Any]:
        """The keys of the rows that one policy lets her reach."""
        if policy.name not in self._by_policy:
            self._by_policy[policy.name] = set(policy.visible_to(self.actor).values_list("pk", flat=True))
        return self._by_policy[policy.name]

    def reached(self, model: type[models.Model]) -> set[Any] | None:
        """The keys of the rows that any policy over ``model`` lets her reach; None where there is no such policy."""
        if model not in self._reached:
            policies = thing_policies(model)
            self._reached[model] = set().union(*map(self.by_policy, policies)) if policies else None
        return self._reached[model]


def _is_name(origin: Origin) -> bool:
    return origin.model is get_user_model() and origin.field == "name"


def thing_policies(model: Any) -> list[ThingPolicy]:
    """The policies over the rows of a model."""
    return [one for one in POLICIES.values() if isinstance(one, ThingPolicy) and one.model is model]


def rows_by_key(origins: Iterable[Origin]) -> dict[tuple[type[models.Model], Any], models.Model]:
    """The rows that origins speak of, read once."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for one in origins:
        if one.pk is not None:
            wanted.setdefault(one.model, set()).add(one.pk)
    found = {}
    for model, keys in wanted.items():
        for row in model._base_manager.all():
            if row.pk in keys:
                found[model, row.pk] = row
    return found
