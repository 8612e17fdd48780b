"""The policies of access: one rule with two answers, and the same as the rules that the services ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.access import rules
from betterwork.foundation.access.models import Elevation, ElevationOwner, Grant
from betterwork.foundation.access.policy import (
    ELEVATIONS_END,
    ELEVATIONS_READ,
    ELEVATIONS_TAKE,
    GRANTS_CONFIRM,
    GRANTS_END,
    GRANTS_GIVE,
    GRANTS_LAY_DOWN,
    GRANTS_OWN,
    GRANTS_READ,
)
from betterwork.foundation.access.queries import gift_of
from betterwork.foundation.access.taking import may_end_elevation
from betterwork.foundation.access.tests.worlds import HOUR, NOON, PERSONS, REASON, actors, gifts
from betterwork.foundation.doors.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]


def stored(wanted, confirmed: bool, ended: bool) -> Grant:
    return Grant.objects.create(
        person=wanted.person,
        role=wanted.role,
        scope=wanted.scope,
        starts=wanted.starts,
        ends=wanted.ends,
        given_by=wanted.given_by,
        given_at=NOON,
        confirmed_at=NOON if confirmed else None,
        ended_at=NOON if ended else None,
    )


worlds = st.lists(st.tuples(gifts(), st.booleans(), st.booleans()), max_size=5)


def test_who_confirms_and_who_ends_is_the_same_in_the_list_and_in_the_rule(db):
    @given(actors, worlds)
    def holds(actor: Actor, world):
        Grant.objects.all().delete()
        for grant in [stored(*one) for one in world]:
            waits, ended = grant.confirmed_at is None and grant.ended_at is None, grant.ended_at is not None
            gift = gift_of(grant)
            assert GRANTS_CONFIRM.may(actor, grant) == (waits and rules.may_confirm(actor, gift))
            if not ended:
                may = GRANTS_END.may(actor, grant) or GRANTS_LAY_DOWN.may(actor, grant)
                assert may == rules.may_end(actor, gift, waits=waits)
            elif not actor.is_operator:
                assert not GRANTS_END.may(actor, grant)
            if GRANTS_END.may(actor, grant) and grant.person != actor.id and grant.given_by != actor.id:
                assert GRANTS_READ.may(actor, grant), "nobody ends what she cannot see"

    holds()


def test_who_sees_a_grant_oversees_it(db):
    @given(actors, worlds)
    def holds(actor: Actor, world):
        Grant.objects.all().delete()
        grants = [stored(*one) for one in world]
        held = {(one.role, one.scope) for one in actor.held}
        for grant in grants:
            country = rules.country_of(gift_of(grant).lineage)
            everything = {("global-staff", "world"), ("auditor", "world")} & held
            of_country = {("country-manager", country), ("auditor", country)} & held
            assert GRANTS_READ.may(actor, grant) == bool(actor.is_operator or everything or of_country)
            assert GRANTS_OWN.may(actor, grant) == (actor.signed_in and grant.person == actor.id)

    holds()


def test_who_gives_something_may_open_the_page_for_it(db):
    @given(actors, gifts())
    def holds(actor: Actor, wanted):
        from betterwork.foundation.doors.roles import ROLES

        if rules.may_give(actor, ROLES[wanted.role], wanted.lineage):
            assert GRANTS_GIVE.may(actor)

    holds()


def test_taken_access_is_seen_by_its_owners_the_overseers_and_who_took_it(db, vault_things):
    scopes = st.sampled_from(["country:VN", "country:JO", ""])

    @given(actors, st.sampled_from(PERSONS), scopes, st.sets(st.sampled_from(PERSONS)))
    def holds(actor: Actor, person, scope, owners):
        Elevation.objects.all().delete()
        what = {"role": "advisor", "scope": scope} if scope else {"purpose": "vault 1"}
        one = Elevation.objects.create(person=person, reason=REASON, starts=NOON, ends=NOON + HOUR, **what)
        ElevationOwner.objects.bulk_create(ElevationOwner(elevation=one, person=name) for name in owners)
        held = {(each.role, each.scope) for each in actor.held}
        hers = actor.id in {person, *owners}
        over = {("global-staff", "world"), ("auditor", "world"), ("country-manager", scope), ("auditor", scope)} & held
        staff = any(one.role in {*rules.PROGRAMME_STAFF, "auditor", "survey-custodian"} for one in actor.held)
        assert ELEVATIONS_READ.may(actor, one) == bool(actor.is_operator or (hers and staff) or over)
        assert list(ELEVATIONS_READ.visible_to(actor)) == ([one] if ELEVATIONS_READ.may(actor, one) else [])
        assert ELEVATIONS_END.may(actor, one) == may_end_elevation(actor, one)

    holds()


def test_the_operator_neither_confirms_nor_takes(db):
    operator = Actor("operator")
    assert not GRANTS_CONFIRM.may(operator) and not ELEVATIONS_TAKE.may(operator)
    assert GRANTS_GIVE.may(operator) and GRANTS_READ.may(operator) and GRANTS_END.may(operator)


def test_the_menu_and_the_door_ask_no_database(cast, django_assert_num_queries):
    actor = cast.actor("manager")
    with django_assert_num_queries(0):
        assert GRANTS_READ.may(actor) and GRANTS_END.may(actor) and GRANTS_CONFIRM.may(actor)


def test_of_a_country_its_manager_sees_what_lies_in_it_and_not_what_is_shared_with_another(cast):
    words = "organisation:here organisation:both factory:VN/1 committee:1 country:VN country:JO world"
    for scope in words.split():
        Grant.objects.create(person="p-x", role="buyer", scope=scope, starts=NOON, given_by="p-y", given_at=NOON)
    seen = set(GRANTS_READ.visible_to(cast.actor("manager")).filter(person="p-x").values_list("scope", flat=True))
    assert seen == {"organisation:here", "factory:VN/1", "committee:1", "country:VN"}


def test_whom_a_manager_sees_and_manages_among_persons(cast):
    from betterwork.foundation.people.policy import PEOPLE_MANAGE, PEOPLE_READ

    for word in cast.everybody()[1:]:
        cast.person(word)
    manager = cast.actor("manager")
    read = {one.public_id.removeprefix("p-") for one in PEOPLE_READ.visible_to(manager)}
    assert read == {
        *("manager", "leader", "advisor", "partner", "government", "employers", "workers", "factory", "committee"),
        "inspector",
    }
    managed = {one.public_id.removeprefix("p-") for one in PEOPLE_MANAGE.visible_to(manager)}
    assert managed == read - {"manager"}
    Grant.objects.create(
        person="p-advisor", role="advisor", scope="country:JO", starts=NOON, given_by="p-y", given_at=NOON
    )
    assert not PEOPLE_MANAGE.may(manager, cast.person("advisor")), "another country has a say too"
    assert PEOPLE_READ.may(manager, cast.person("advisor"))


def test_the_giver_finds_nothing_to_confirm_in_what_she_gave(cast):
    for word in ("global", "second"):
        cast.person(word)
    Grant.objects.create(
        person="p-x", role="auditor", scope="world", starts=NOON, given_by="p-global", given_at=NOON, second="needed"
    )
    assert not GRANTS_CONFIRM.visible_to(cast.actor("global")).exists()
    assert GRANTS_CONFIRM.visible_to(cast.actor("second")).count() == 1


def test_of_her_country_a_manager_ends_plain_roles_and_no_powerful_ones(cast):
    for word in ("manager", "advisor", "abroad", "factory"):
        cast.person(word)
    for role in ("country-manager", "auditor", "survey-custodian"):
        Grant.objects.create(
            person="p-x", role=role, scope="country:VN", starts=NOON, given_by="p-y", given_at=NOON, confirmed_at=NOON
        )
    found = GRANTS_END.visible_to(cast.actor("manager")).values_list("role", flat=True)
    assert sorted(found) == ["advisor", "factory-manager"]
