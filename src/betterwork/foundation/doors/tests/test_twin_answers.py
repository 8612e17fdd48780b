"""Every policy over rows gives one answer two ways: ``may`` of a row, and the rows that ``visible_to`` lists."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connections, models, router, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.audiences.names import EVERYBODY
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.policy import POLICIES, ThingPolicy
from betterwork.foundation.doors.roles import ROLES

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("A4")]
NOW = timezone.now()
"""The days of made-up rows lie around today: some policies ask the clock what is in force."""
SCOPES = ["world", "country:VN", "country:JO", "factory:VN/1", "organisation:1", "committee:1", "project:1"]
PERSONS = ["p-one", "p-two"]
TEXTS = [*PERSONS * 8, *SCOPES, *sorted(ROLES), *sorted(EVERYBODY), "VN", "JO", "1", "active", "left", "invited", ""]
COUNTRIES = ["VN", "JO", ""]
BY_NAME = {"scope": SCOPES, "audience": sorted(EVERYBODY), "role": sorted(ROLES), "person": PERSONS}
"""What fields of these names hold, mostly."""
"""What policies compare with: chosen so that rows and actors often meet."""


def things() -> list[ThingPolicy]:
    return [one for name, one in sorted(POLICIES.items()) if isinstance(one, ThingPolicy)]


def value_for(field: models.Field, chance: random.Random) -> Any:
    """A made-up value of a field, often one that a policy knows."""
    if field.null and chance.random() < 0.5:
        return None
    only, known = known_values(field)
    if only and chance.random() < 0.95:  # else most rows would fail by their constraints
        return chance.choice(only)
    if known and chance.random() < 0.6:
        return chance.choice(known)
    if field.choices:
        return chance.choice([key for key, _ in field.flatchoices])
    if isinstance(field, models.ForeignKey):
        return row_for(field, chance)
    if isinstance(field, models.BooleanField):
        return chance.random() < 0.5
    if isinstance(field, models.DateTimeField):
        return NOW + timedelta(hours=chance.randint(-9, 9))
    if isinstance(field, models.DateField):
        return (NOW + timedelta(days=chance.randint(-9, 9))).date()
    if isinstance(field, models.IntegerField):
        return chance.randint(1, 10**6 if field.unique else 9)
    if isinstance(field, models.FloatField | models.DecimalField):
        return chance.randint(0, 9)
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return b"{}"
    if isinstance(field, models.EmailField):
        return f"{chance.randrange(10**9)}@cast.example"
    if isinstance(field, models.CharField | models.TextField):
        if field.max_length == 2:
            return chance.choice(COUNTRIES)
        if field.blank and chance.random() < 0.4:
            return ""
        if field.unique or field.primary_key:
            if chance.random() < 0.3 and not field.model._default_manager.filter(**{field.name: "1"}).exists():
                return "1"  # what the scopes name
            return f"{chance.choice(['p-one', 'p-two', 'x'])}-{chance.randrange(10**9)}"[: field.max_length]
        texts = BY_NAME.get(field.name, TEXTS) if chance.random() < 0.6 else TEXTS
        return chance.choice(texts)[: field.max_length]
    return field.get_default()


def row_for(field: models.ForeignKey, chance: random.Random) -> models.Model | None:
    """A row for another to lead to: one that is there, so that several hang on it, or a made-up one."""
    there = list(field.related_model._default_manager.order_by("pk")[:9])
    if field.related_model is field.model or (there and not field.unique and chance.random() < 0.5):
        # Of its own kind only what is there: else each row would want another before it, without end.
        return chance.choice(there) if there else None
    found = rows_made(field.related_model, chance, 1)
    return found[0] if found else None


def known_values(field: models.Field) -> tuple[list[Any], list[Any]]:
    """The only values that the constraints of the model let a field have, and others that they name."""
    only: list[Any] = []
    named: list[Any] = []
    ahead = [one.condition for one in field.model._meta.constraints if isinstance(one, models.CheckConstraint)]
    while ahead:
        part = ahead.pop()
        if isinstance(part, models.Q):
            ahead += part.children
        elif part[0] == f"{field.name}__in":
            only += part[1]
        elif part[0] in {field.name, f"{field.name}__exact"} and isinstance(part[1], str | bool):
            named.append(part[1])
    return only, named


def rows_made(model: type[models.Model], chance: random.Random, number: int) -> list[models.Model]:
    """Some rows of any model, those that its constraints let be."""
    made = []
    for _ in range(number * 4):
        own_id = chance.random() < 0.7  # else an id that a scope may name
        values = {
            one.name: value_for(one, chance)
            for one in model._meta.concrete_fields
            if not (one.primary_key and (isinstance(one, models.AutoField) or (one.has_default() and own_id)))
        }
        if model._meta.label in TIED and chance.random() < 0.8:
            values |= TIED[model._meta.label](values, chance)
        try:
            with transaction.atomic(using=router.db_for_write(model)):
                made.append(model._default_manager.create(**values))
        except (IntegrityError, DatabaseError, ValueError, TypeError):
            continue
        if len(made) == number:
            break
    return made


def _visit(values: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A visit of the factory that the scopes name, agreed or under way, and what its state asks for."""
    factories = apps.get_model("registry.Factory").objects
    here = factories.filter(country="VN", outside_id="1").first() or values["factory"]
    if here is not None:
        factories.filter(pk=here.pk).update(country="VN", outside_id="1")
    arrived = chance.random() < 0.5
    return {
        "country": "VN",
        "factory": here,
        "last_day": values["first_day"] + timedelta(days=1),
        "state": "done" if arrived else "planned",
        "kind": "advice",
        "arrived_on": values["first_day"] if arrived else None,
        "arrived_at": NOW if arrived else None,
        "cancelled_at": None,
        "cancelled_why": "",
        "overruled": [],
    }


def _capture(values: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The capture of a visit on which one of the actors is."""
    member = apps.get_model("visits.VisitMember")
    rows_made(member, chance, 3)
    visit = chance.choice([*member.objects.values_list("visit", flat=True), values["visit"]])
    return {"country": "VN", "visit": getattr(visit, "pk", visit)}


def _member(values: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"part": chance.choice(["lead", "partner", "inspector"]), "left_at": None, "left_by": ""}


TIED = {"visits.Visit": _visit, "visits.VisitMember": _member, "capture.Capture": _capture}
"""Models whose fields are tied to each other: made one by one, they would hardly ever come to a row that is let in."""
BESIDE = {
    "report.received": "releases.Release",
    "report.files-received": "releases.Release",
    "visits.team": "visits.VisitMember",
    "visits.joint": "visits.VisitMember",
}
"""Policies that look at rows of another model, which lead to the same things."""


def rows_of(policy: ThingPolicy, chance: random.Random, number: int) -> list[models.Model]:
    """Some rows of a policy's model, and beside them those that the policy looks at."""
    rows = rows_made(policy.model, chance, number)
    if policy.name in BESIDE:
        rows_made(apps.get_model(BESIDE[policy.name]), chance, 3 * number)
    return rows


held = st.builds(Held, st.sampled_from(sorted(ROLES)), st.sampled_from(SCOPES), st.booleans())
actors = st.one_of(
    st.sampled_from([STRANGER, OPERATOR_ACTOR]),
    st.builds(Actor, id=st.sampled_from(PERSONS), held=st.frozensets(held, max_size=3)),
)


@pytest.mark.parametrize("policy", things(), ids=lambda policy: policy.name)
def test_a_row_is_listed_exactly_where_it_may_be_had_and_once(policy: ThingPolicy, db):
    @given(actors, st.integers(0, 10**9))
    def holds(actor: Actor, seed: int) -> None:
        database = router.db_for_write(policy.model)
        with transaction.atomic(using=database):
            rows = rows_of(policy, random.Random(seed), 4)
            listed = [row.pk for row in policy.visible_to(actor)]
            assert len(listed) == len(set(listed)), "a row is listed twice"
            for row in rows:
                assert policy.may(actor, row) == (row.pk in listed)
            if listed:
                assert policy.may(actor), "rows are listed for whom the door keeps out"
            if not actor.signed_in and not actor.is_operator and not policy.open_to_strangers:
                assert not listed
            if actor.is_operator:
                assert set(listed) == (
                    {row.pk for row in policy.model._default_manager.all()} if policy.operator else set()
                )
            connections[database].set_rollback(True)

    holds()


UNREACHED = {"attachments"}
"""Policies whose rows hang on things of higher rooms, so that made-up ones hang on nothing."""


@pytest.mark.parametrize("policy", things(), ids=lambda policy: policy.name)
def test_the_made_up_rows_meet_the_made_up_actors(policy: ThingPolicy, db):
    """Without this the test above could hold because nobody ever sees anything."""
    if policy.name in UNREACHED:
        return
    everybody = [Actor(name, frozenset({Held(role, scope)})) for name in PERSONS for role in ROLES for scope in SCOPES]
    for seed in range(10):
        rows_of(policy, random.Random(seed), 30)
        if any(policy.visible_to(actor).exists() for actor in [OPERATOR_ACTOR, *everybody]):
            return
    pytest.fail("no row was ever seen by anybody")


def test_policies_over_rows_are_known_for_most_rooms_that_have_pages():
    assert len(things()) >= 6
    assert {one.model._meta.app_label for one in things()} <= {config.label for config in apps.get_app_configs()}
