"""Access taken for a while: who is told, when it ends, what trace it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Elevation
from betterwork.foundation.access.queries import elevated_for
from betterwork.foundation.access.services import grant_end
from betterwork.foundation.access.taking import elevation_end, elevation_take
from betterwork.foundation.access.tests.worlds import REASON
from betterwork.foundation.doors.actor import Held
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people.services import person_leave

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4", "P2")]
MINUTE = timedelta(minutes=1)


def take(cast, word="global", minutes=30, at=None, **what) -> Elevation:
    what = what or {"role": "advisor", "scope": "country:VN"}
    return elevation_take(
        actor=cast.person(word).public_id, reason=REASON, minutes=minutes, at=at or timezone.now(), **what
    )


def test_a_taken_role_counts_until_its_end_and_not_a_moment_longer(cast):
    taken = take(cast)
    role = Held("advisor", "country:VN", elevated=True)
    assert role in cast.actor("global").held
    assert role in cast.actor("global", taken.ends - timedelta(microseconds=1)).held
    assert role not in cast.actor("global", taken.ends).held


def test_the_countrys_managers_are_told_at_once_and_the_ledger_keeps_who_and_why(cast, told):
    cast.person("manager")
    taken = take(cast)
    ((kind, persons, facts),) = told
    assert (kind, persons) == ("access.elevation.taken", ["p-manager"])
    assert facts["elevation"] == taken.id and REASON not in facts.values()
    (entry,) = entries_search(subject=f"elevation {taken.id}", opened=True).entries
    assert entry.content["after"]["owners"] == ["p-manager"]
    assert entry.content["after"]["reason"] == REASON


def test_where_a_country_has_no_manager_the_other_global_staff_are_told(cast, told):
    cast.person("second")
    take(cast, role="advisor", scope="country:JO")
    assert told[0][1] == ["p-second"]


def test_one_thing_of_the_vault_is_opened_for_its_purpose_and_its_owners_are_told(cast, vault_things, told):
    cast.person("manager")
    taken = take(cast, "manager", purpose="vault 1")
    now = timezone.now()
    assert elevated_for("p-manager", "vault 1", now)
    assert not elevated_for("p-manager", "vault 2", now) and not elevated_for("p-global", "vault 1", now)
    assert not elevated_for("p-manager", "", now)
    assert not elevated_for("p-manager", "vault 1", taken.ends)
    assert told[0][1] == ["p-advisor", "p-partner"]
    assert not any(one.elevated for one in cast.actor("manager").held), "a purpose is no role"


@pytest.mark.parametrize("word", ["auditor", "custodian", "advisor", "leader", "analyst", "factory", "nobody"])
def test_nobody_else_takes_anything(cast, vault_things, told, word):
    for what in ({"role": "advisor", "scope": "country:JO"}, {"purpose": "vault 1"}):
        with pytest.raises(WrongUse):
            take(cast, word, **what)
    with pytest.raises(WrongUse):
        elevation_take(actor="operator", reason=REASON, minutes=5, at=timezone.now(), purpose="vault 1")
    assert not Elevation.objects.exists() and told == []


def test_what_is_nobodys_to_open_is_not_opened(cast, vault_things):
    for purpose in ("vault 3", "drawer 1", "vault"):
        with pytest.raises(WrongUse):
            take(cast, purpose=purpose)


def test_without_a_second_factor_nothing_is_taken(cast):
    cast.person("global").authenticator_set.all().delete()
    with pytest.raises(WrongUse):
        take(cast)


def test_it_ends_with_the_standing_role_by_the_clock_and_by_hand(cast):
    from betterwork.foundation.access.models import Grant

    cast.person("global")
    soon = timezone.now() + 10 * MINUTE
    Grant.objects.filter(person="p-global").update(ends=soon)
    assert take(cast).ends == soon
    Grant.objects.filter(person="p-global").update(ends=None)
    taken = take(cast, role="advisor", scope="country:JO")
    grant_end(
        actor=cast.person("second").public_id,
        grant=Grant.objects.get(person="p-global"),
        reason=REASON,
        at=timezone.now(),
    )
    taken.refresh_from_db()
    assert taken.ended_by == "p-second"
    assert cast.actor("global").held == frozenset()


def test_who_leaves_loses_what_she_took(cast, vault_things):
    taken = take(cast, purpose="vault 1")
    at = timezone.now()
    person_leave(actor="operator", person=cast.person("global"), at=at)
    assert not elevated_for("p-global", "vault 1", at)
    taken.refresh_from_db()
    assert taken.ended_at == at


def test_the_owners_end_it_and_the_one_who_took_it_is_told(cast, told):
    cast.person("manager")
    taken = take(cast)
    for word in ("advisor", "auditor", "abroad", "nobody"):
        with pytest.raises(WrongUse, match="not yours to end"):
            elevation_end(actor=cast.person(word).public_id, elevation=taken, at=timezone.now())
    elevation_end(actor="p-manager", elevation=taken, at=timezone.now())
    assert told[-1][:2] == ("access.elevation.ended", ["p-global"])
    assert not any(one.elevated for one in cast.actor("global").held)
    with pytest.raises(WrongUse, match="over already"):
        elevation_end(actor="p-manager", elevation=taken, at=timezone.now())


def test_every_page_asked_for_with_a_taken_role_leaves_a_trace_and_no_more_than_that(cast):
    client = cast.client("global")
    client.get("/search/?q=secret-word")
    assert not entries_search(action="access.elevated.request").entries, "without one there is none"
    taken = take(cast)
    client.get("/search/?q=secret-word")
    client.get("/help/explanation/trust/")
    client.post("/language/", {"language": "fr"})
    found = entries_search(action="access.elevated.request").entries
    assert [(one.subject, one.actor, one.content) for one in reversed(found)] == [
        (f"elevation {taken.id}", "p-global", {"route": "search", "key": ""}),
        (f"elevation {taken.id}", "p-global", {"route": "help_page", "key": "explanation/trust"}),
        (f"elevation {taken.id}", "p-global", {"route": "set_language", "key": ""}),
    ]
    elevation_end(actor="p-global", elevation=taken, at=timezone.now())
    client.get("/search/")
    assert len(entries_search(action="access.elevated.request").entries) == 3


def test_a_page_that_refuses_her_is_written_down_too(cast):
    take(cast)
    assert cast.client("global").get("/metrics").status_code == 404
    assert len(entries_search(action="access.elevated.request").entries) == 1


def test_what_cannot_be_written_down_is_not_shown(cast, monkeypatch):
    take(cast)
    client = cast.client("global")

    def fails(**more):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr("betterwork.foundation.access.middleware.elevated_request_note", fails)
    with pytest.raises(RuntimeError):
        client.get("/help/explanation/trust/")
