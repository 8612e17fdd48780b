"""Giving and withdrawing, with what the ledger and the database keep of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.releases.models import Release, Withdrawal
from betterwork.foundation.releases.queries import documents_for, releases_for, with_state
from betterwork.foundation.releases.rules import STATES, Recipient, state_on
from betterwork.foundation.releases.services import release_withdraw
from betterwork.foundation.releases.tests.giving import AT, TODAY, given

pytestmark = [pytest.mark.django_db]
WHY = "the figures of one table were wrong"


@pytest.mark.capability("I3")
def test_a_release_is_an_entry_of_its_own_kind(paper):
    release = given(paper)
    entry = Entry.objects.get(kind="release")
    assert (entry.action, entry.subject, entry.actor) == ("release.made", f"release {release.pk}", "p-global")
    content = entries_search(subject=entry.subject).entries[0].content
    assert content["document"] == paper.digest
    assert content["section_digest"] == paper.sections["committee"]
    assert (content["audience"], content["scope"]) == ("committee", "country:VN")
    assert (content["authority"], content["rule"]) == ("Decision 12 of the committee", "paper.endorse")
    assert (content["starts"], content["ends"]) == ("2026-11-22", None)


def test_the_same_is_not_given_twice_to_the_same_for_one_day(paper):
    given(paper, ends=TODAY)
    with pytest.raises(WrongUse, match="already"):
        given(paper)
    given(paper, starts=TODAY + timedelta(days=1))
    given(paper, to=Recipient("committee", "country:JO"))
    assert Release.objects.count() == 3


def test_after_a_withdrawal_it_can_be_given_again(paper):
    release_withdraw(actor="p-global", release=given(paper), reason=WHY, at=AT)
    given(paper)
    assert Release.objects.count() == 2


def test_what_is_refused_leaves_nothing_behind(paper):
    for wrong in (
        {"section": "programme"},
        {"section": ""},
        {"title": " "},
        {"authority": ""},
        {"rule": ""},
        {"kind": "secret"},
        {"starts": TODAY - timedelta(days=1)},
        {"ends": TODAY - timedelta(days=1)},
        {"to": Recipient("committee", "country:VN", role="buyer")},
        {"document": None, "section": "", "file_digest": "nothing"},
    ):
        with pytest.raises(WrongUse):
            given(paper, **wrong)
    assert not Release.objects.exists()
    assert not Entry.objects.filter(kind="release").exists()


def test_withdrawing_takes_it_back_at_once_and_says_why(paper, cast):
    release, actor = given(paper), cast.actor("workers", AT)
    assert list(releases_for(actor, AT)) == [release]
    release_withdraw(actor="p-global", release=release, reason=WHY, at=AT + timedelta(minutes=1))
    assert not releases_for(actor, AT).exists()
    assert with_state(Release.objects.all(), AT).get().withdrawn_reason == WHY
    entry = entries_search(subject=f"release {release.pk}").entries[0]
    assert entry.action == "release.withdrawn"
    assert WHY not in str(bytes(Entry.objects.get(action="release.withdrawn").content))
    with pytest.raises(WrongUse, match="already"):
        release_withdraw(actor="p-global", release=release, reason=WHY, at=AT)
    assert Withdrawal.objects.count() == 1


def test_a_withdrawal_without_a_reason_is_refused(paper):
    release = given(paper)
    with pytest.raises(WrongUse):
        release_withdraw(actor="p-global", release=release, reason="why not", at=AT)
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize("table", ["releases_release", "releases_withdrawal"])
def test_the_database_refuses_to_change_what_was_given(paper, table):
    release = given(paper)
    release_withdraw(actor="p-global", release=release, reason=WHY, at=AT)
    for words in (f"DELETE FROM {table}", f"UPDATE {table} SET {'rule' if table[-7:] == 'release' else 'reason'}='x'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
    assert Release.objects.get().rule == "paper.endorse"


def test_who_receives_what(paper, cast):
    to_committee = given(paper)
    to_donors = given(paper, section="public", to=Recipient("public", "world", role="donor"))
    to_all = given(paper, section="public", to=Recipient("public"))
    to_her = given(paper, section="public", to=Recipient("own person", person="p-buyer"))
    wanted = {
        "workers": {to_committee, to_all},
        "government": {to_committee, to_all},
        "donor": {to_donors, to_all},
        "buyer": {to_her, to_all},
        "advisor": {to_all},
        "committee": {to_all},  # that of a factory is not that of the country
        "stranger": {to_all},
    }
    for word, releases in wanted.items():
        assert set(releases_for(cast.actor(word, AT), AT)) == releases, word
    assert documents_for(cast.actor("workers", AT), AT).count() == 1


def test_a_role_over_an_organisation_in_the_country_receives_too(paper, cast):
    from betterwork.foundation.doors.actor import Actor, Held

    given(paper)
    union = Actor("p-union", frozenset({Held("workers-representative", "organisation:union")}))
    elsewhere = Actor("p-other", frozenset({Held("workers-representative", "country:JO")}))
    assert releases_for(union, AT).exists()
    assert not releases_for(elsewhere, AT).exists()


def test_what_the_national_committee_is_given_is_not_for_every_committee_of_the_country(paper, cast, monkeypatch):
    """A round table, or the committee of one factory called by its own name, lies in the country too."""
    from betterwork.foundation.access import scopes
    from betterwork.foundation.doors.actor import Actor, Held

    monkeypatch.setitem(scopes.PARENTS, "committee", lambda scope: ("country:VN",))
    monkeypatch.delitem(scopes.EXISTS, "committee", raising=False)
    given(paper)
    seated = Actor("p-seated", frozenset({Held("committee-member", "committee:vn-1")}))
    assert not releases_for(seated, AT).exists()
    hers = given(paper, to=Recipient("committee", "committee:vn-1"))
    assert set(releases_for(seated, AT)) == {hers}


def test_the_list_and_the_rule_say_the_same_state(paper):
    first = given(paper, ends=TODAY + timedelta(days=1))
    second = given(paper, starts=TODAY + timedelta(days=2))
    third = given(paper, to=Recipient("committee", "country:JO"))
    release_withdraw(actor="p-global", release=third, reason=WHY, at=AT)
    seen = set()
    for days in range(5):
        at = AT + timedelta(days=days)
        for row in with_state(Release.objects.all(), at):
            expected = state_on(at.date(), starts=row.starts, ends=row.ends, withdrawn=row.pk == third.pk)
            assert row.state == expected
            seen.add(row.state)
    assert seen == set(STATES)
    assert {first.starts, second.starts} == {TODAY, TODAY + timedelta(days=2)}
