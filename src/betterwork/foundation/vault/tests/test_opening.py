"""The worked example: an interview of a visit, who opens it, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.purposes import purpose_kind, purpose_scopes
from betterwork.foundation.audiences.names import ASSESSING_TEAM, BUYER, PROGRAMME, SURVEY_CUSTODIAN
from betterwork.foundation.audiences.presentations import Leak, presentation_faults
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.pages import refuse_leaks
from betterwork.foundation.doors.roles import BUYER_ROLE
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.vault import services
from betterwork.foundation.vault.kinds import VAULT_OPENED, kind_of, vault_kind_add
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.policy import VAULT_OPENING
from betterwork.foundation.vault.queries import items_outside, seen_of_mine
from betterwork.foundation.vault.rules import NothingHere, Opening
from betterwork.foundation.vault.services import vault_change, vault_erase, vault_open, vault_put
from betterwork.foundation.vault.tests.interviews import (
    ADVISOR_ONE,
    ADVISOR_TWO,
    AT,
    INTERVIEW,
    LATER,
    MANAGER,
    NOTE,
    OTHER_ADVISOR,
    OUTSIDE,
    REVIEWER,
    WORDS,
    elevation,
    interview_put,
    person,
)

pytestmark = [pytest.mark.django_db(databases=["default", "vault"])]


def opens(actor: Actor, item_id: str, at: Any = AT) -> bool:
    try:
        return bool(vault_open(actor=actor, item_id=item_id, at=at).content == INTERVIEW)
    except NothingHere:
        return False


@pytest.mark.capability("P5")
def test_the_two_advisors_of_a_visit_open_its_interview_and_nobody_else_does() -> None:
    item = interview_put()
    assert opens(ADVISOR_ONE, item.id)
    assert opens(ADVISOR_TWO, item.id)
    for other in (REVIEWER, MANAGER, OTHER_ADVISOR, person("p-global", "global-staff", "world"), STRANGER):
        assert not opens(other, item.id), other.id


def test_who_may_not_and_what_is_not_there_look_the_same() -> None:
    item = interview_put()
    with pytest.raises(NothingHere) as there:
        vault_open(actor=MANAGER, item_id=item.id, at=AT)
    with pytest.raises(NothingHere) as nowhere:
        vault_open(actor=MANAGER, item_id="0" * 32, at=AT)
    assert str(there.value) == str(nowhere.value)
    assert entries_search(action="vault.opened").entries == ()


@pytest.mark.capability("P5")
def test_the_operator_of_the_machine_never_opens_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    item = interview_put()
    monkeypatch.setattr("betterwork.foundation.vault.queries.elevated_for", lambda *given: True)
    assert not opens(OPERATOR_ACTOR, item.id)
    assert not VAULT_OPENING.may(OPERATOR_ACTOR)
    with pytest.raises(WrongUse, match="never the operator"):
        vault_put(actor="operator", kind="interview", subject="visit 1", openers=["operator"], content="x", at=AT)


def test_an_advisor_whose_role_ended_or_who_lost_her_second_factor_opens_nothing() -> None:
    item = interview_put()
    assert not opens(Actor(ADVISOR_ONE.id), item.id)
    assert not opens(Actor(ADVISOR_ONE.id, needs_second_factor=True), item.id)
    assert not opens(Actor(ADVISOR_ONE.id, frozenset({Held(BUYER_ROLE, "organisation:1")})), item.id)


@pytest.mark.capability("P5")
def test_a_reviewer_sees_the_note_and_the_size_of_the_group_and_no_word_of_the_interview() -> None:
    interview_put()
    (row,) = items_outside(subject="visit VN/2015-7", kind="interview")
    assert row.outside == {"group_size": 6, "note": NOTE}
    assert row.audience == PROGRAMME
    assert set(row.as_dict()) == {"id", "kind", "subject", "made_at", "outside"}
    assert WORDS not in str(row.as_dict())


def test_the_outside_knows_nothing_that_the_kind_does_not_name() -> None:
    with pytest.raises(WrongUse, match="may not know who"):
        vault_put(
            actor="p-1", kind="interview", subject="visit 1", openers=["p-1"], content="x", outside={"who": 1}, at=AT
        )
    with pytest.raises(WrongUse, match="takes no diary"):
        vault_put(actor="p-1", kind="diary", subject="visit 1", openers=["p-1"], content="x", at=AT)


@pytest.mark.capability("P5")
def test_an_elevation_lets_the_manager_in_for_its_time_with_its_reason_and_the_owners_see_it() -> None:
    item = interview_put()
    assert not opens(MANAGER, item.id)
    elevation(item.id, minutes=30)
    assert opens(MANAGER, item.id, AT + timedelta(minutes=29))
    assert not opens(MANAGER, item.id, AT + timedelta(minutes=30)), "after its time it is closed again"
    assert not opens(MANAGER, interview_put().id, AT + timedelta(minutes=1)), "for this item and no other"
    assert not opens(OTHER_ADVISOR, item.id, AT + timedelta(minutes=1)), "for her and nobody else"
    for owner in (ADVISOR_ONE, ADVISOR_TWO):
        lines = [one for one in seen_of_mine(person_id=owner.id) if one.who == MANAGER.id]
        assert [(one.what, one.way, one.subject) for one in lines] == [
            ("opened", "elevation", "visit VN/2015-7"),
            ("taken", "elevation", "visit VN/2015-7"),
        ]
        assert lines[1].reason == "A worker may be in danger tonight."
    assert seen_of_mine(person_id=MANAGER.id) == []


def test_an_elevation_reads_and_never_writes() -> None:
    item = interview_put()
    elevation(item.id)
    with pytest.raises(NothingHere):
        vault_change(actor=MANAGER, item_id=item.id, content="other words", at=AT)
    assert opens(ADVISOR_ONE, item.id)


def test_access_knows_which_scopes_hold_an_item_and_whom_to_tell() -> None:
    item = interview_put()
    assert purpose_scopes(f"vault {item.id}") == {"country:VN", "world"}
    kind = purpose_kind(f"vault {item.id}")
    assert kind is not None
    assert list(kind.owners(f"vault {item.id}", AT)) == [ADVISOR_ONE.id, ADVISOR_TWO.id]
    assert purpose_scopes("vault nothing") is None
    vault_kind_add("interview", audience=ASSESSING_TEAM, outside=("group_size", "note"))
    assert purpose_scopes(f"vault {item.id}") is None, "a kind that names no scope is nobody's to take"


@pytest.mark.capability("P2")
def test_the_ledger_has_every_step_and_no_word() -> None:
    item = interview_put()
    vault_open(actor=ADVISOR_TWO, item_id=item.id, at=LATER)
    vault_change(actor=ADVISOR_ONE, item_id=item.id, content=INTERVIEW | {"more": WORDS}, at=LATER)
    vault_erase(actor="operator", item_id=item.id, at=LATER)
    found = entries_search(subject=f"vault-item {item.id}").entries
    assert [(one.action, one.actor) for one in reversed(found)] == [
        ("vault.put", ADVISOR_ONE.id),
        ("vault.opened", ADVISOR_TWO.id),
        ("vault.changed", ADVISOR_ONE.id),
        ("vault.erased", "operator"),
    ]
    everything = " ".join(str(one.content) for one in found)
    assert "canteen" not in everything
    assert NOTE not in everything
    assert not opens(ADVISOR_ONE, item.id)


def test_owners_are_told_in_the_transaction_of_the_entry_and_one_that_fails_opens_nothing() -> None:
    item, told, others = interview_put(), [], list(VAULT_OPENED)
    VAULT_OPENED.append(told.append)
    try:
        vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT)
        owners = (ADVISOR_ONE.id, ADVISOR_TWO.id)
        assert told == [Opening(item.id, "interview", "visit VN/2015-7", owners, ADVISOR_ONE.id, "opener", AT)]

        def fails(opening: Opening) -> None:
            raise RuntimeError("no notice could be written")

        VAULT_OPENED.append(fails)
        with pytest.raises(RuntimeError, match="no notice"):
            vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT)
        assert len(entries_search(action="vault.opened").entries) == 1
    finally:
        VAULT_OPENED[:] = others


@pytest.mark.capability("P2")
def test_nothing_is_deciphered_before_its_entry_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    item = interview_put()

    def cannot(**_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(services, "entry_append", cannot)
    deciphered = []
    monkeypatch.setattr(services, "item_content", lambda **given: deciphered.append(given))
    with pytest.raises(OSError, match="full"):
        vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT)
    assert deciphered == []


def test_inside_a_transaction_where_the_trace_could_be_rolled_back_nothing_opens() -> None:
    item = interview_put()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT)


def test_a_change_of_openers_takes_effect_at_once_and_owners_stay_owners() -> None:
    item = interview_put()
    changed = vault_change(actor=ADVISOR_ONE, item_id=item.id, openers=[ADVISOR_ONE.id, OTHER_ADVISOR.id], at=AT)
    assert changed.version == 2
    assert opens(OTHER_ADVISOR, item.id)
    assert not opens(ADVISOR_TWO, item.id)
    assert [one.who for one in seen_of_mine(person_id=ADVISOR_TWO.id)] == [OTHER_ADVISOR.id, ADVISOR_ONE.id]


@pytest.mark.capability("P5")
def test_an_opener_put_in_by_hand_opens_nothing() -> None:
    item = interview_put()
    VaultItem.objects.filter(pk=item.id).update(openers=[*item.openers, OTHER_ADVISOR.id])
    with pytest.raises(Exception, match="does not open"):
        vault_open(actor=OTHER_ADVISOR, item_id=item.id, at=AT)


def test_content_put_into_another_item_by_hand_does_not_open() -> None:
    one, two = interview_put(), interview_put({"text": "SIMULATED other words"})
    other = VaultItem.objects.get(pk=two.id)
    VaultItem.objects.filter(pk=one.id).update(ciphertext=other.ciphertext, wrapped=other.wrapped)
    with pytest.raises(Exception, match="does not open"):
        vault_open(actor=ADVISOR_ONE, item_id=one.id, at=AT)


def test_the_length_of_what_was_said_is_not_told() -> None:
    lengths = {len(VaultItem.objects.get(pk=interview_put(text).id).ciphertext) for text in ("yes", "no", "x" * 300)}
    assert len(lengths) == 1


def test_an_opened_item_becomes_a_row_for_the_assessing_team_and_for_no_other() -> None:
    item = interview_put()
    kind = kind_of("interview")
    row = kind.opened.opened_row(vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT))
    assert row.content == INTERVIEW
    refuse_leaks(row, audience=ASSESSING_TEAM)
    for audience in (PROGRAMME, BUYER, SURVEY_CUSTODIAN):
        with pytest.raises(Leak):
            refuse_leaks(row, audience=audience)
    assert not [fault for fault in presentation_faults() if "vault" in fault]
    with pytest.raises(ValueError, match="not for programme"):
        vault_kind_add("interview", audience=PROGRAMME)


@pytest.mark.parametrize("content", [{"rate": 0.5}, {"é": 1}, object()])
def test_content_without_one_form_is_refused_and_nothing_is_put(content: Any) -> None:
    with pytest.raises(WrongUse):
        interview_put(content)
    assert VaultItem.objects.count() == 0
    assert entries_search(action="vault.put").entries == ()


def test_the_tables_of_the_vault_are_in_the_vault_and_no_others() -> None:
    inside = {name for name in connections["vault"].introspection.table_names() if name != "django_migrations"}
    assert inside == {"vault_vaultitem", "vault_vaultowner", "vault_vaultchange", "vault_vaultkeyuse"}
    assert not inside & set(connections["default"].introspection.table_names())


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_owners_have_a_page_of_openings(cast: Any) -> None:
    advisor, manager = cast.actor("advisor"), cast.actor("manager")
    item = vault_put(
        actor=advisor.id,
        kind="interview",
        subject="visit VN/2015-7",
        openers=[advisor.id],
        content=INTERVIEW,
        outside=OUTSIDE,
        at=AT,
    )
    elevation(item.id, manager)
    vault_open(actor=manager, item_id=item.id, at=AT)
    shown = cast.client("advisor").get("/vault/").content.decode()
    assert "Manager of the cast" in shown
    assert "A worker may be in danger tonight." in shown
    assert "canteen" not in shown
    assert "Nobody has opened anything" in cast.client("manager").get("/vault/").content.decode()
    assert cast.client("buyer").get("/vault/").status_code == 404
    assert cast.client("stranger").get("/vault/").status_code == 302
