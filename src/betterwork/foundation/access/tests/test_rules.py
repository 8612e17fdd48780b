"""Who may give, confirm and end: examples in words, and properties over made-up cases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.access.rules import (
    BEGINNING,
    NEEDED,
    NOT_NEEDED,
    PROGRAMME_STAFF,
    confirm_refusal,
    country_of,
    duties_refusal,
    give_refusal,
    may_confirm,
    may_end,
    may_give,
    overlaps,
    second_person,
)
from betterwork.foundation.access.tests.worlds import (
    HOUR,
    NOON,
    REASON,
    actor,
    actors,
    around,
    gift,
    gifts,
    moments,
)
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.roles import ROLES, WORLD

pytestmark = pytest.mark.capability("A4")
GLOBAL = actor(("global-staff", "world"))
MANAGER = actor(("country-manager", "country:VN"))


def refused(giver=GLOBAL, others=(), **more):
    return give_refusal(giver=giver, gift=gift(**more), others=others, at=NOON)


def test_global_staff_give_any_role_over_a_scope_it_can_be_held_over():
    for role in ROLES.values():
        for kind in role.scopes:
            scope = {"world": "world", "country": "country:VN", "factory": "factory:VN/1"}.get(kind, f"{kind}:x")
            lineage = frozenset({WORLD, scope})
            wanted = replace(gift(), role=role.name, scope=scope, lineage=lineage)
            assert give_refusal(giver=GLOBAL, gift=wanted, others=(), at=NOON) is None


def test_a_manager_gives_what_lies_in_her_country_and_nothing_beyond_it():
    assert refused(MANAGER, role="advisor", scope="country:VN") is None
    assert refused(MANAGER, role="factory-manager", scope="factory:VN/1") is None
    assert refused(MANAGER, role="committee-member", scope="committee:1") is None
    assert "your own country" in refused(MANAGER, role="advisor", scope="country:JO")
    assert "your own country" in refused(MANAGER, role="factory-manager", scope="factory:JO/2")
    assert "your own country" in refused(MANAGER, role="researcher", scope="world")
    assert "your own country" in refused(MANAGER, role="buyer", scope="organisation:both"), "half of it is not hers"
    assert "your own country" in refused(MANAGER, role="buyer", scope="organisation:nowhere")


def test_a_manager_gives_no_powerful_role_even_in_her_country():
    for role in ("country-manager", "survey-custodian", "auditor"):
        assert "given by global staff" in refused(MANAGER, role=role, scope="country:VN")


def test_a_role_taken_for_a_while_gives_no_right_to_give():
    for role, scope in (("country-manager", "country:VN"), ("global-staff", "world")):
        assert refused(actor((role, scope), elevated=True)) is not None


def test_nobody_gives_herself_a_role():
    assert "to yourself" in refused(person="p-one")


def test_what_is_no_scope_or_no_period_is_refused():
    assert "no role called" in refused(role="queen")
    for scope in ("", "VN", "country:", "country:V N", "Country:VN", "country:" + "x" * 100):
        wanted = replace(gift(), scope=scope, lineage=frozenset({WORLD, scope}))
        assert give_refusal(giver=GLOBAL, gift=wanted, others=(), at=NOON) is not None, scope
    assert "is given over" in refused(scope="world")
    assert "in the past" in refused(starts=NOON - HOUR)
    assert "ends after" in refused(ends=NOON)
    assert "longer than" in refused(reason="x" * 501)


def test_a_powerful_role_needs_a_reason_in_words():
    assert "Say why" in refused(role="auditor", scope="world", reason="  because ")
    assert refused(role="auditor", scope="world", reason=REASON) is None
    assert refused(reason="") is None, "an advisor's role does not"


def test_an_auditor_is_never_global_staff_at_the_same_time():
    auditing = gift(role="auditor", scope="country:VN", ends=NOON + 2 * HOUR)
    assert "cannot be both" in refused(role="global-staff", scope="world", others=[auditing])
    assert refused(role="global-staff", scope="world", starts=NOON + 2 * HOUR, others=[auditing]) is None, (
        "later she may"
    )
    running = gift(role="global-staff", scope="world")
    assert "cannot be both" in refused(role="auditor", scope="country:VN", others=[running])


def test_a_survey_custodian_stands_outside_the_staff_and_is_told_why():
    keeping = gift(role="survey-custodian", scope="country:VN")
    for role in sorted(PROGRAMME_STAFF):
        scope = "world" if role == "global-staff" else "country:VN"
        assert "two layers of anonymity" in refused(role=role, scope=scope, others=[keeping])
        assert "two layers of anonymity" in refused(
            role="survey-custodian", scope="country:VN", others=[gift(role=role, scope=scope)]
        )
    assert refused(role="researcher", scope="world", others=[keeping]) is None


def test_the_same_role_there_is_not_given_twice_for_one_moment():
    now = gift(ends=NOON + HOUR)
    assert "already has" in refused(others=[now])
    assert refused(starts=NOON + HOUR, others=[now]) is None
    assert refused(others=[replace(now, scope="country:JO")]) is None


def test_the_operator_begins_alone_while_fewer_than_two_run_the_programme():
    first = ROLES["global-staff"]
    assert [second_person(first, giver=OPERATOR_ACTOR, running=number) for number in (0, 1, 2, 3)] == [
        BEGINNING,
        BEGINNING,
        NEEDED,
        NEEDED,
    ]
    assert second_person(first, giver=GLOBAL, running=1) == NEEDED, "a person always needs a second one"
    assert second_person(ROLES["auditor"], giver=OPERATOR_ACTOR, running=0) == NEEDED
    assert second_person(ROLES["advisor"], giver=GLOBAL, running=2) == NOT_NEEDED


def confirmed(confirmer, giver=GLOBAL, waits=True, others=(), **more):
    wanted = gift(**{"role": "country-manager", **more})
    return confirm_refusal(confirmer=confirmer, giver=giver, gift=wanted, waits=waits, others=others, at=NOON)


def test_the_second_person_is_neither_giver_nor_receiver():
    assert "yourself" in confirmed(GLOBAL)
    assert "is for you" in confirmed(replace(GLOBAL, id="p-two"))
    assert confirmed(replace(GLOBAL, id="p-three")) is None


def test_who_runs_the_country_may_be_the_second_person_for_its_manager_and_for_nothing_else():
    colleague = replace(MANAGER, id="p-three")
    assert confirmed(colleague) is None
    assert confirmed(colleague, scope="country:JO") is not None
    for role in ("auditor", "survey-custodian"):
        assert confirmed(colleague, role=role) is not None, "who is looked at does not choose who looks"


def test_a_giver_who_could_not_give_it_any_more_is_no_first_person():
    assert "any more" in confirmed(replace(GLOBAL, id="p-three"), giver=STRANGER)


def test_what_changed_while_it_waited_is_looked_at_again():
    third = replace(GLOBAL, id="p-three")
    custodian = gift(role="survey-custodian", scope="world")
    assert "two layers" in confirmed(third, others=[custodian])
    assert "does not wait" in confirmed(third, waits=False)
    assert "last day is over" in confirmed(third, starts=NOON - HOUR, ends=NOON)


@given(actors, gifts(), st.lists(gifts(), max_size=4), moments)
def test_what_may_be_given_keeps_every_rule(giver: Actor, wanted, others, at):
    if give_refusal(giver=giver, gift=wanted, others=others, at=at) is not None:
        return
    role = ROLES[wanted.role]
    standing = {(one.role, one.scope) for one in giver.held if not one.elevated}
    assert wanted.person != giver.id and wanted.starts >= at
    assert wanted.scope.partition(":")[0] in role.scopes
    in_country = not role.powerful and any(
        ("country-manager", scope) in standing for scope in wanted.lineage if scope.startswith("country:")
    )
    assert giver.is_operator or ("global-staff", "world") in standing or in_country
    together = {one.role for one in others if one.person == wanted.person and overlaps(one, wanted)} | {wanted.role}
    if wanted.role in {"auditor", "global-staff"}:
        assert not {"auditor", "global-staff"} <= together
    if wanted.role == "survey-custodian":
        assert not together & PROGRAMME_STAFF
    if wanted.role in PROGRAMME_STAFF:
        assert "survey-custodian" not in together
    assert not role.powerful or len(wanted.reason.strip()) >= 10


@given(actors, gifts())
def test_who_may_give_a_role_holds_it_or_stands_above_it(giver: Actor, wanted):
    """Nobody gives more than she could hold: what a manager gives lies in her country, and is not her own role."""
    if may_give(giver, ROLES[wanted.role], wanted.lineage) and not giver.is_operator:
        above = {one for one in giver.held if not one.elevated and one.role in {"global-staff", "country-manager"}}
        assert any(one.scope in wanted.lineage for one in above)


@given(actors, gifts(), gifts())
def test_more_roles_never_take_away_the_right_to_give(giver: Actor, wanted, more):
    richer = replace(giver, held=giver.held | {Held(more.role, more.scope)})
    if giver.signed_in and may_give(giver, ROLES[wanted.role], wanted.lineage):
        assert may_give(richer, ROLES[wanted.role], wanted.lineage)


@given(actors, actors, gifts(), st.booleans(), st.lists(gifts(), max_size=3), moments)
def test_what_may_be_confirmed_was_given_by_somebody_else_to_somebody_else(who, giver, wanted, waits, others, at):
    if confirm_refusal(confirmer=who, giver=giver, gift=wanted, waits=waits, others=others, at=at) is not None:
        return
    assert len({who.id, wanted.given_by, wanted.person} - {""}) >= 2
    assert who.id not in {wanted.given_by, wanted.person} and who.signed_in and waits
    standing = {(one.role, one.scope) for one in who.held if not one.elevated}
    colleague = wanted.role == "country-manager" and ("country-manager", wanted.scope) in standing
    assert ("global-staff", "world") in standing or colleague


@given(gifts(), gifts())
def test_duties_are_apart_whichever_came_first(one, other):
    one, other = replace(one, person="p-one"), replace(other, person="p-one")
    assert (duties_refusal(one, [other]) is None) == (duties_refusal(other, [one]) is None)


@given(gifts(), gifts())
def test_periods_overlap_when_some_moment_is_in_both(one, other):
    halves = [NOON + number * HOUR / 2 for number in range(-12, 32)]

    def holds(gift, at):
        return gift.starts <= at and (gift.ends is None or at < gift.ends)

    assert overlaps(one, other) == any(holds(one, at) and holds(other, at) for at in halves)


@given(actors, gifts(), st.booleans())
def test_strangers_confirm_and_end_nothing_and_the_operator_confirms_nothing(who, wanted, waits):
    assert not may_end(STRANGER, wanted, waits=waits)
    assert not may_confirm(STRANGER, wanted)
    assert not may_confirm(OPERATOR_ACTOR, wanted)
    elevated_only = replace(who, held=frozenset(replace(one, elevated=True) for one in who.held))
    if who.signed_in:
        assert not may_confirm(elevated_only, wanted), "what was taken for a while confirms nothing"


def test_the_country_of_a_scope_is_one_or_none():
    assert country_of(around("committee:1")) == "country:VN"
    assert country_of(around("organisation:both")) is None
    assert country_of(around("world")) is None
    assert {country_of(around(scope)) for scope in ("country:VN", "country:JO")} == {"country:VN", "country:JO"}
