"""Giving, confirming, refusing and ending roles, with what the ledger keeps and who is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.queries import actor_of, global_staff_running, waiting_for
from betterwork.foundation.access.services import grant_confirm, grant_end, grant_give, grant_refuse
from betterwork.foundation.access.tests.worlds import REASON
from betterwork.foundation.doors.actor import Held
from betterwork.foundation.ledger.queries import entries_search, ledger_faults
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_leave

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def give(cast, giver="global", to="nobody", role="advisor", scope="country:VN", **more) -> Grant:
    cast.person(to)
    if giver != "operator":
        giver = cast.person(giver).public_id
    more = {"at": timezone.now(), "reason": REASON, **more}
    return grant_give(actor=giver, person=f"p-{to}", role=role, scope=scope, **more)


def holds(cast, word, role, scope="country:VN", at=None) -> bool:
    return Held(role, scope) in cast.actor(word, at).held


def test_a_plain_role_counts_at_once_and_is_told_and_written_down(cast, told):
    grant = give(cast)
    assert holds(cast, "nobody", "advisor")
    assert told == [
        (
            "access.grant.given",
            ["p-nobody"],
            {"grant": grant.id, "person": "p-nobody", "role": "advisor", "scope": "country:VN", "by": "p-global"},
        )
    ]
    (entry,) = entries_search(subject=f"grant {grant.id}", opened=True).entries
    assert (entry.action, entry.actor) == ("access.grant.given", "p-global")
    assert entry.content["before"] is None
    assert entry.content["after"]["reason"] == REASON
    assert entry.content["after"]["second_person"] == "not needed"


def test_a_reason_stands_in_the_ledger_under_the_key_of_her_whom_it_speaks_of(cast):
    grant = give(cast)
    (entry,) = entries_search(subject=f"grant {grant.id}").entries
    assert entry.content["after"]["reason"] == "[personal]"


def test_a_powerful_role_counts_only_once_a_second_person_confirms_it(cast, told):
    cast.person("second")
    grant = give(cast, role="country-manager")
    assert not holds(cast, "nobody", "country-manager")
    assert told[-1][:2] == ("access.grant.waits", ["p-second"])
    grant_confirm(actor="p-second", grant=grant, at=timezone.now())
    assert holds(cast, "nobody", "country-manager")
    assert told[-1][:2] == ("access.grant.given", ["p-nobody"])
    actions = [one.action for one in entries_search(subject=f"grant {grant.id}").entries]
    assert actions == ["access.grant.confirmed", "access.grant.given"]


@pytest.mark.parametrize("who", ["global", "nobody", "manager", "advisor", "auditor", "operator"])
def test_nobody_but_a_second_person_confirms(cast, who):
    grant = give(cast, role="survey-custodian", scope="world")
    actor = who if who == "operator" else cast.person(who).public_id
    with pytest.raises(WrongUse):
        grant_confirm(actor=actor, grant=grant, at=timezone.now())
    with pytest.raises(WrongUse):
        grant_refuse(actor=actor, grant=grant, reason=REASON, at=timezone.now())
    grant.refresh_from_db()
    assert grant.confirmed_at is None and grant.ended_at is None


def test_a_refused_role_never_counts_and_its_giver_is_told(cast, told):
    cast.person("second")
    grant = give(cast, role="country-manager")
    refused = grant_refuse(actor="p-second", grant=grant, reason="not her country", at=timezone.now())
    assert refused.ended_by == "p-second" and refused.confirmed_at is None
    assert told[-1][:2] == ("access.grant.refused", ["p-global"])
    for again in (grant_confirm, lambda **more: grant_refuse(reason=REASON, **more)):
        with pytest.raises(WrongUse, match="does not wait"):
            again(actor="p-second", grant=grant, at=timezone.now())
    assert not holds(cast, "nobody", "country-manager")


def test_the_operator_makes_the_first_two_alone_and_the_ledger_says_so(cast, at):
    first = give(cast, "operator", "nobody", "global-staff", "world")
    assert first.second == "beginning" and holds(cast, "nobody", "global-staff", "world")
    give(cast, "operator", "advisor", "global-staff", "world")
    assert global_staff_running(timezone.now()) == 2
    third = give(cast, "operator", "leader", "global-staff", "world")
    assert third.second == "needed" and third.confirmed_at is None
    (entry,) = entries_search(subject=f"grant {first.id}").entries
    assert entry.content["after"]["second_person"] == "beginning"
    assert entry.content["after"]["given_by"] == entry.content["after"]["confirmed_by"] == "operator"


def test_who_has_not_joined_does_not_count_as_running_the_programme(cast):
    """An address typed wrongly must not lock everybody out."""
    for word in ("nobody", "advisor"):
        Person.objects.filter(pk=cast.person(word).pk).update(state=Person.INVITED, is_active=False)
        assert give(cast, "operator", word, "global-staff", "world").second == "beginning"
    assert global_staff_running(timezone.now()) == 0
    assert give(cast, "operator", "leader", "global-staff", "world").second == "beginning"


def test_the_operators_other_powerful_grants_wait_for_a_person_too(cast):
    grant = give(cast, "operator", role="country-manager")
    assert not holds(cast, "nobody", "country-manager")
    cast.person("global")
    grant_confirm(actor="p-global", grant=grant, at=timezone.now())
    assert holds(cast, "nobody", "country-manager")


def test_what_may_not_be_given_leaves_nothing_behind(cast, told):
    for who, more in (
        ("advisor", {}),
        ("manager", {"scope": "country:JO"}),
        ("manager", {"role": "country-manager"}),
        ("global", {"to": "global"}),
        ("global", {"to": "auditor", "role": "global-staff", "scope": "world"}),
        ("global", {"to": "advisor", "role": "survey-custodian", "scope": "world"}),
        ("global", {"to": "custodian", "role": "advisor"}),
        ("global", {"to": "advisor"}),
        ("operator", {"role": "advisor", "scope": "world"}),
    ):
        cast.person(more.get("to", "nobody"))
        if who != "operator":
            cast.person(who)
        before = (Grant.objects.count(), entries_search().entries[:1])
        with pytest.raises(WrongUse):
            give(cast, who, **more)
        assert (Grant.objects.count(), entries_search().entries[:1]) == before
    assert told == []


def test_where_a_person_cannot_be_told_nothing_happens(cast, monkeypatch):
    from betterwork.foundation.access import telling

    def fails(*args):
        raise RuntimeError("no notices today")

    cast.person("global"), cast.person("nobody")
    before = Grant.objects.count()
    monkeypatch.setattr(telling, "NOTICES", [fails])
    with pytest.raises(RuntimeError):
        give(cast)
    assert Grant.objects.count() == before


def test_an_unknown_account_and_one_who_left_receive_nothing(cast, at):
    cast.person("global")
    with pytest.raises(WrongUse, match="Invite the person first"):
        grant_give(actor="p-global", person="p-unknown", role="advisor", scope="country:VN", at=at)
    person_leave(actor="p-global", person=cast.person("nobody"), at=at)
    with pytest.raises(WrongUse, match="has left"):
        give(cast)


def test_a_scope_that_its_room_does_not_know_is_refused(cast, monkeypatch):
    from betterwork.foundation.access import scopes

    def parents(scope):
        raise LookupError(scope)

    monkeypatch.setitem(scopes.PARENTS, "country", parents)
    with pytest.raises(WrongUse, match="nothing called country:XX"):
        give(cast, scope="country:XX")


def test_whether_a_thing_is_there_is_asked_when_a_role_is_given_and_not_for_a_list(cast, monkeypatch):
    from betterwork.foundation.access import scopes
    from betterwork.foundation.access.policy import GRANTS_READ

    asked = []

    def exists(scope):
        asked.append(scope)
        return scope == "factory:VN/1"

    monkeypatch.setitem(scopes.EXISTS, "factory", exists)
    with pytest.raises(WrongUse, match="nothing called factory:VN/2"):
        give(cast, role="factory-manager", scope="factory:VN/2")
    give(cast, role="factory-manager", scope="factory:VN/1")
    asked.clear()
    assert GRANTS_READ.visible_to(cast.actor("manager")).filter(scope="factory:VN/1").exists()
    assert asked == []


def test_an_ended_role_is_gone_at_that_moment(cast, told):
    grant = give(cast)
    at = timezone.now()
    grant_end(actor="p-global", grant=grant, reason="moved to another team", at=at)
    assert not holds(cast, "nobody", "advisor", at=at)
    assert holds(cast, "nobody", "advisor", at=at - timedelta(microseconds=1)), "and counted until then"
    assert told[-1][:2] == ("access.grant.ended", ["p-nobody"])
    with pytest.raises(WrongUse, match="over already"):
        grant_end(actor="p-global", grant=grant, reason=REASON, at=timezone.now())


def test_who_may_end_a_role(cast):
    grant = give(cast)
    for word in ("advisor", "leader", "auditor", "abroad"):
        with pytest.raises(WrongUse, match="not yours to end"):
            grant_end(actor=cast.person(word).public_id, grant=grant, reason=REASON, at=timezone.now())
    with pytest.raises(WrongUse, match="Say why"):
        grant_end(actor=cast.person("manager").public_id, grant=grant, reason=" ", at=timezone.now())
    grant_end(actor="p-manager", grant=grant, reason=REASON, at=timezone.now())
    own = give(cast)
    grant_end(actor="p-nobody", grant=own, reason="I lay it down", at=timezone.now())


def test_a_manager_does_not_end_the_role_of_another_manager(cast):
    grant = give(cast, role="country-manager")
    with pytest.raises(WrongUse, match="not yours"):
        grant_end(actor=cast.person("manager").public_id, grant=grant, reason=REASON, at=timezone.now())
    grant_end(actor="p-global", grant=grant, reason="given by mistake", at=timezone.now())


def test_who_leaves_loses_every_role_in_the_same_transaction(cast, at):
    person = cast.person("advisor")
    waiting = give(cast, to="advisor", role="country-manager", scope="country:JO")
    later = give(cast, to="advisor", role="team-leader", starts=at + timedelta(days=9))
    assert cast.actor("advisor").held
    moment = timezone.now()
    person_leave(actor="p-global", person=person, at=moment)
    assert not Grant.objects.filter(person="p-advisor", ended_at__isnull=True).exists()
    person.refresh_from_db()
    assert not actor_of(person, moment).signed_in
    for grant in (waiting, later):
        grant.refresh_from_db()
        assert (grant.ended_at, grant.ended_by, grant.end_reason) == (moment, "p-global", "left")
        assert entries_search(subject=f"grant {grant.id}").entries[0].action == "access.grant.ended"
    # Who comes back has nothing.
    Person.objects.filter(pk=person.pk).update(state=Person.ACTIVE, is_active=True)
    person.refresh_from_db()
    assert actor_of(person, timezone.now()).held == frozenset()


def test_what_she_gave_who_left_cannot_be_confirmed_any_more(cast):
    grant = give(cast, role="country-manager")
    cast.person("second")
    person_leave(actor="p-second", person=cast.person("global"), at=timezone.now())
    with pytest.raises(WrongUse, match="could not give it any more"):
        grant_confirm(actor="p-second", grant=grant, at=timezone.now())
    assert not holds(cast, "nobody", "country-manager")


def test_two_waiting_roles_that_must_not_meet_are_not_both_given(cast):
    give(cast, role="auditor", scope="world")
    with pytest.raises(WrongUse, match="cannot be both"):
        give(cast, role="global-staff", scope="world")


def test_a_waiting_role_is_a_task_of_those_who_may_confirm_it_and_of_nobody_else(cast, at):
    grant = give(cast, role="country-manager")
    now = timezone.now()
    asked = [word for word in cast.everybody() if waiting_for(cast.actor(word), now)]
    assert asked == ["second", "manager"]
    grant_confirm(actor="p-second", grant=grant, at=now)
    assert not waiting_for(cast.actor("manager"), now)


def test_the_chain_holds_after_all_of_it(cast):
    grant = give(cast, role="country-manager")
    cast.person("second")
    grant_confirm(actor="p-second", grant=grant, at=timezone.now())
    grant_end(actor="p-second", grant=grant, reason=REASON, at=timezone.now())
    assert list(ledger_faults()) == []
