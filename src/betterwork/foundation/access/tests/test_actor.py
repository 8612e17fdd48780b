"""Who asks: the quick answer of every request against a slow and obviously right one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betterwork.foundation.access.models import Elevation, Grant
from betterwork.foundation.access.queries import actor_called, actor_of, grants_in_force
from betterwork.foundation.access.tests.worlds import HOUR, NOON, REASON
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
CONFIDENTIAL = {name for name, role in ROLES.items() if role.confidential}


@dataclass
class History:
    """Everything that was done about one person, as plain values."""

    grants: list[dict]
    taken: list[dict]
    state: str
    factor: bool


moments = st.integers(-2, 2).map(lambda hours: NOON + hours * HOUR)
maybe = st.one_of(st.none(), moments)
names = st.sampled_from([*sorted(ROLES), "a role of long ago"])
whose = st.sampled_from(["p-nobody", "p-nobody", "p-other"])


@st.composite
def histories(draw: st.DrawFn) -> History:
    def grant() -> dict:
        starts = draw(moments)
        ends = draw(st.one_of(st.none(), st.integers(1, 5).map(lambda hours: starts + hours * HOUR)))
        return {
            "person": draw(whose),
            "role": draw(names),
            "scope": draw(st.sampled_from(["world", "country:VN", "factory:VN/1"])),
            "starts": starts,
            "ends": ends,
            "confirmed_at": draw(maybe),
            "ended_at": draw(maybe),
        }

    def taking() -> dict:
        starts = draw(moments)
        thing = draw(st.booleans())
        return {
            "person": draw(whose),
            "role": "" if thing else draw(names),
            "scope": "" if thing else "country:VN",
            "purpose": "vault 1" if thing else "",
            "starts": starts,
            "ends": starts + draw(st.sampled_from([HOUR / 2, HOUR, 2 * HOUR])),
            "ended_at": draw(maybe),
        }

    return History(
        grants=[grant() for _ in range(draw(st.integers(0, 5)))],
        taken=[taking() for _ in range(draw(st.integers(0, 3)))],
        state=draw(st.sampled_from([Person.ACTIVE, Person.ACTIVE, Person.ACTIVE, Person.INVITED, Person.LEFT])),
        factor=draw(st.booleans()),
    )


def slowly(history: History, at: datetime) -> Actor:
    """Go through all that was done, one by one."""
    if history.state != Person.ACTIVE:
        return STRANGER
    held = set()
    for one in history.grants:
        if one["person"] != "p-nobody" or one["role"] not in ROLES:
            continue
        begun = one["starts"] <= at and one["confirmed_at"] is not None and one["confirmed_at"] <= at
        over = (one["ends"] is not None and at >= one["ends"]) or (
            one["ended_at"] is not None and at >= one["ended_at"]
        )
        if begun and not over:
            held.add(Held(one["role"], one["scope"]))
    for one in history.taken:
        if one["person"] != "p-nobody" or one["role"] not in ROLES:
            continue
        if one["starts"] <= at < one["ends"] and not (one["ended_at"] is not None and at >= one["ended_at"]):
            held.add(Held(one["role"], one["scope"], elevated=True))
    if not history.factor and any(one.role in CONFIDENTIAL for one in held):
        return Actor("p-nobody", needs_second_factor=True)
    return Actor("p-nobody", frozenset(held))


def made(history: History, person: Person) -> None:
    from allauth.mfa.models import Authenticator

    Grant.objects.all().delete()
    Elevation.objects.all().delete()
    Person.objects.filter(pk=person.pk).update(state=history.state, is_active=history.state == Person.ACTIVE)
    person.refresh_from_db()
    kind = Authenticator.Type.TOTP if history.factor else Authenticator.Type.RECOVERY_CODES
    Authenticator.objects.filter(user=person).update(type=kind)
    given = {"given_by": "p-giver", "given_at": NOON}
    Grant.objects.bulk_create(Grant(**one, **given) for one in history.grants)
    Elevation.objects.bulk_create(Elevation(**one, reason=REASON) for one in history.taken)


def test_the_quick_answer_is_the_slow_one(cast):
    person = cast.person("nobody")

    @settings(max_examples=max(150, settings.default.max_examples))
    @given(histories(), moments, st.sampled_from([timedelta(), timedelta(microseconds=-1)]))
    def holds(history, at, bit):
        made(history, person)
        assert actor_of(person, at + bit) == slowly(history, at + bit)

    holds()


def test_recovery_codes_alone_are_no_second_factor(cast):
    cast.person("advisor").authenticator_set.update(type="recovery_codes")
    actor = cast.actor("advisor")
    assert actor.needs_second_factor and actor.signed_in and actor.held == frozenset()
    cast.person("factory").authenticator_set.all().delete()
    assert cast.actor("factory").held == frozenset({Held("factory-manager", "factory:VN/1")}), "nothing confidential"


def test_everybody_of_the_cast_holds_exactly_her_role(cast):
    from tests.plugins.cast import CAST

    for word, (role, scope) in CAST.items():
        assert cast.actor(word).held == (frozenset({Held(role, scope)}) if role else frozenset()), word


def test_an_actor_is_called_by_an_opaque_id(cast):
    cast.person("advisor")
    assert actor_called("operator", NOON) == OPERATOR_ACTOR
    assert actor_called("p-advisor", NOON) == cast.actor("advisor", NOON)
    for unknown in ("", "p-unknown", "advisor@cast.example"):
        assert actor_called(unknown, NOON) == STRANGER


def test_how_it_stood_on_an_earlier_day_can_be_asked(cast):
    cast.person("advisor")
    Grant.objects.update(ended_at=NOON, ended_by="p-global")
    assert grants_in_force(NOON - HOUR).count() == 1 and grants_in_force(NOON).count() == 0


def test_a_request_asks_at_most_three_times_who_it_is(cast, django_assert_max_num_queries, rf):
    from django.contrib.auth.models import AnonymousUser

    from betterwork.foundation.access.middleware import ActorMiddleware

    seen = []
    middleware = ActorMiddleware(lambda request: seen.append(request.actor))
    request = rf.get("/")
    request.user = cast.person("global")
    with django_assert_max_num_queries(1):
        middleware(request)
    request.user = AnonymousUser()
    with django_assert_max_num_queries(0):
        middleware(request)
    assert seen == [cast.actor("global"), STRANGER]
    client = cast.client("advisor")
    with django_assert_max_num_queries(3):  # session, person, roles with whether she has a second factor
        client.get("/health/live")
