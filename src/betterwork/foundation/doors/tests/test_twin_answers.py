"""Every policy over rows gives one answer two ways: ``may`` of a row, and the rows that ``visible_to`` lists."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connections, models, router, transaction
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.policy import POLICIES, ThingPolicy
from betterwork.foundation.doors.roles import ROLES

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("A4")]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCOPES = ["world", "country:VN", "country:JO", "factory:VN/1", "organisation:1", "committee:1", "project:1"]
PERSONS = ["p-one", "p-two"]
TEXTS = [*PERSONS * 8, *SCOPES, *sorted(ROLES), "VN", "JO", "1", "active", "left", "invited", ""]
"""What policies compare with: chosen so that rows and actors often meet."""


def things() -> list[ThingPolicy]:
    return [one for name, one in sorted(POLICIES.items()) if isinstance(one, ThingPolicy)]


def value_for(field: models.Field, chance: random.Random) -> Any:
    """A made-up value of a field, often one that a policy knows."""
    if field.null and chance.random() < 0.5:
        return None
    if (known := known_values(field)) and chance.random() < 0.6:
        return chance.choice(known)
    if field.choices:
        return chance.choice([key for key, _ in field.flatchoices])
    if isinstance(field, models.ForeignKey):
        found = rows_made(field.related_model, chance, 1)
        return found[0] if found else None
    if isinstance(field, models.BooleanField):
        return chance.random() < 0.5
    if isinstance(field, models.DateTimeField):
        return NOON + timedelta(hours=chance.randint(-9, 9))
    if isinstance(field, models.DateField):
        return (NOON + timedelta(days=chance.randint(-9, 9))).date()
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
        if field.unique or field.primary_key:
            return f"{chance.choice(['p-one', 'p-two', 'x'])}-{chance.randrange(10**9)}"[: field.max_length]
        return chance.choice(TEXTS)[: field.max_length]
    return field.get_default()


def known_values(field: models.Field) -> list[Any]:
    """The values that the constraints of the model name for a field."""
    ahead = [one.condition for one in field.model._meta.constraints if isinstance(one, models.CheckConstraint)]
    found: list[Any] = []
    while ahead:
        part = ahead.pop()
        if isinstance(part, models.Q):
            ahead += part.children
        elif part[0] == f"{field.name}__in":
            found += part[1]
        elif part[0] in {field.name, f"{field.name}__exact"} and isinstance(part[1], str | bool):
            found.append(part[1])
    return found


def rows_made(model: type[models.Model], chance: random.Random, number: int) -> list[models.Model]:
    """Some rows of any model, those that its constraints let be."""
    made = []
    for _ in range(number * 4):
        values = {
            one.name: value_for(one, chance)
            for one in model._meta.concrete_fields
            if not (one.primary_key and (one.has_default() or isinstance(one, models.AutoField)))
        }
        try:
            with transaction.atomic(using=router.db_for_write(model)):
                made.append(model._default_manager.create(**values))
        except (IntegrityError, DatabaseError, ValueError, TypeError):
            continue
        if len(made) == number:
            break
    return made


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
            rows = rows_made(policy.model, random.Random(seed), 4)
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
    rows_made(policy.model, random.Random(1), 30)
    everybody = [Actor(name, frozenset({Held(role, scope)})) for name in PERSONS for role in ROLES for scope in SCOPES]
    assert any(policy.visible_to(actor).exists() for actor in [OPERATOR_ACTOR, *everybody])


def test_policies_over_rows_are_known_for_most_rooms_that_have_pages():
    assert len(things()) >= 6
    assert {one.model._meta.app_label for one in things()} <= {config.label for config in apps.get_app_configs()}
