"""What may be taken for a while, by whom, how long and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.access.elevating import (
    LONGEST,
    ROLES_TO_TAKE,
    Taking,
    basis,
    may_take,
    take_refusal,
    taken_until,
)
from betterwork.foundation.access.tests.worlds import NOON, REASON, SCOPES, actor, actors, around, role_names, scopes
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.roles import ROLES

pytestmark = pytest.mark.capability("A4")
MINUTE = timedelta(minutes=1)
GLOBAL = actor(("global-staff", "world"))
MANAGER = actor(("country-manager", "country:VN"))
VAULT = {"purpose": "vault 1", "purpose_scopes": around("factory:VN/1")}


def taking(minutes=30, reason=REASON, **more) -> Taking:
    what = more or {"role": "advisor", "scope": "country:VN"}
    return Taking(reason, NOON, NOON + minutes * MINUTE, **what)


def refused(taker=GLOBAL, running=(), **more):
    return take_refusal(taker=taker, taking=taking(**more), running=running)


def test_global_staff_take_a_role_of_the_staff_over_one_country():
    for role in ROLES_TO_TAKE:
        assert refused(role=role, scope="country:VN") is None
    for role in sorted(set(ROLES) - set(ROLES_TO_TAKE)):
        for scope in SCOPES:
            assert refused(role=role, scope=scope) is not None, (role, scope)
    assert refused(role="analyst", scope="world") is not None
    assert refused(role="advisor", scope="factory:VN/1") is not None


def test_global_staff_and_the_countrys_manager_open_one_thing_that_may_be_opened():
    assert refused(**VAULT) is None
    assert refused(MANAGER, **VAULT) is None
    assert refused(MANAGER, purpose="vault 2", purpose_scopes=around("factory:JO/2")) is not None
    for taker in (GLOBAL, MANAGER):
        assert refused(taker, purpose="vault 3", purpose_scopes=None) is not None, "a survey's answers are nobody's"


def test_a_manager_takes_no_role():
    assert "not yours to take" in refused(MANAGER, role="team-leader", scope="country:VN")


def test_auditors_and_custodians_take_nothing_whatever_else_they_hold():
    for outside in ("auditor", "survey-custodian"):
        both = replace(MANAGER, held=MANAGER.held | {Held(outside, "country:VN")})
        assert not may_take(both)
        assert "take nothing" in refused(both, **VAULT)


def test_a_reason_has_ten_characters_and_the_time_an_hour_at_most():
    assert "Say why" in refused(reason="because   ")
    assert "longer than" in refused(reason="x" * 501)
    assert refused(minutes=60) is None
    for minutes in (-1, 0, 61, 600):
        assert "1 to 60" in refused(minutes=minutes)


def test_what_is_held_already_is_not_taken():
    assert "already" in refused(replace(GLOBAL, held=GLOBAL.held | {Held("advisor", "country:VN")}))
    assert "taken this already" in refused(running=[taking()])
    assert refused(running=[taking(role="advisor", scope="country:JO")]) is None


def test_a_role_or_a_thing_and_never_both_or_none():
    assert "not both" in refused(role="advisor", scope="country:VN", **VAULT)
    assert "not both" in take_refusal(taker=GLOBAL, taking=Taking(REASON, NOON, NOON + MINUTE), running=())


def test_it_ends_with_the_role_by_which_it_was_taken():
    assert taken_until(NOON, 30, None) == NOON + 30 * MINUTE
    assert taken_until(NOON, 30, NOON + MINUTE) == NOON + MINUTE
    assert taken_until(NOON, 30, NOON + 90 * MINUTE) == NOON + 30 * MINUTE


@given(actors, role_names, scopes, st.booleans(), st.integers(-100, 100), st.text(max_size=20))
def test_whoever_takes_anything_has_a_standing_role_a_reason_and_an_end(who: Actor, role, scope, thing, minutes, why):
    what = {"purpose": "vault 1", "purpose_scopes": around(scope)} if thing else {"role": role, "scope": scope}
    wanted = taking(minutes, why, **what)
    if take_refusal(taker=who, taking=wanted, running=()) is not None:
        return
    assert timedelta() < wanted.ends - wanted.starts <= LONGEST
    assert len(why.strip()) >= 10
    by = basis(who, wanted)
    assert by is not None and by in who.held and not by.elevated
    assert not any(one.role in {"auditor", "survey-custodian"} for one in who.held)
    assert by.scope in around(scope), "nobody reaches further by taking than by standing"


@given(actors)
def test_strangers_and_the_operator_take_nothing(who: Actor):
    assert not may_take(STRANGER) and not may_take(OPERATOR_ACTOR)
    only_taken = replace(who, held=frozenset(replace(one, elevated=True) for one in who.held))
    assert not may_take(only_taken), "what was taken is no ground to take more"
