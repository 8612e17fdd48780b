"""Who knows of a concern: she who raised it, who answers it now, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from betterwork.foundation.access.models import Grant
from betterwork.foundation.people.models import Person
from betterwork.foundation.vault.rules import NothingHere
from betterwork.foundation.vault.services import vault_open
from betterwork.modules.alerts.models import Concern
from betterwork.modules.alerts.naming import named_end
from betterwork.modules.alerts.policy import CONCERNS_OWN, CONCERNS_RAISE, CONCERNS_READ, CONCERNS_WORK, NAMED_KEEP
from betterwork.modules.alerts.queries import told_of
from betterwork.modules.alerts.tests.concerns import ID, WORDS, name, raised

pytestmark = [pytest.mark.django_db, pytest.mark.capability("H1")]


def knows(cast: Any, concern: Concern) -> set[str]:
    """Who of the whole cast knows of a concern: both answers of the policy agree."""
    found = set()
    for word in cast.everybody():
        actor = cast.actor(word)
        may = CONCERNS_READ.may(actor, concern)
        assert CONCERNS_READ.visible_to(actor).filter(pk=concern.pk).exists() is may, word
        if may:
            found.add(word)
    return found


def answers(cast: Any, concern: Concern) -> set[str]:
    return {word for word in cast.everybody() if CONCERNS_WORK.may(cast.actor(word), concern)}


def opens(cast: Any, concern: Concern) -> set[str]:
    """Who can open the words: asked of the vault itself."""
    found = set()
    for word in cast.everybody():
        try:
            opened = vault_open(actor=cast.actor(word), item_id=concern.id, at=timezone.now())
        except NothingHere:
            continue
        assert opened.content["words"] == WORDS
        found.add(word)
    return found


def everybody_is_there(cast: Any) -> None:
    for word in cast.everybody():
        if word != "stranger":
            cast.person(word)


def test_who_is_named_and_who_raised_it_know_of_it_and_nobody_else_in_the_house(cast: Any) -> None:
    everybody_is_there(cast)
    name(cast, "leader", "partner")
    concern = raised(cast)
    assert knows(cast, concern) == opens(cast, concern) == {"advisor", "leader", "partner"}
    assert answers(cast, concern) == {"leader", "partner"}


def test_where_nobody_is_named_managers_and_global_staff_answer(cast: Any) -> None:
    everybody_is_there(cast)
    concern = raised(cast)
    assert answers(cast, concern) == {"manager", "global", "second"}
    assert opens(cast, concern) == {"manager", "global", "second", "advisor"}


def test_it_follows_who_is_named_now_and_not_who_was_then(cast: Any) -> None:
    everybody_is_there(cast)
    first, _second = name(cast, "leader", "partner")
    concern = raised(cast)
    named_end(actor="operator", naming=first, at=timezone.now())
    assert opens(cast, concern) == {"advisor", "partner"}
    name(cast, "global")
    assert opens(cast, concern) == {"advisor", "partner", "global"}


def test_who_lost_her_role_does_not_count_and_reads_nothing(cast: Any) -> None:
    everybody_is_there(cast)
    name(cast, "leader")
    concern = raised(cast)
    Grant.objects.filter(person="p-leader").update(ended_at=timezone.now())
    assert answers(cast, concern) == {"manager", "global", "second"}, "a concern was left to somebody who reads nothing"
    Person.objects.filter(public_id="p-advisor").update(state=Person.LEFT, is_active=False)
    cast.person("advisor").refresh_from_db()
    assert "advisor" not in knows(cast, concern)


def test_she_who_raised_it_alone_is_named_so_others_answer_it_too(cast: Any) -> None:
    everybody_is_there(cast)
    name(cast, "advisor")
    concern = raised(cast)
    assert answers(cast, concern) == {"advisor", "manager", "global", "second"}


def test_whom_it_is_about_learns_nothing_though_she_is_named_or_manages(cast: Any) -> None:
    everybody_is_there(cast)
    name(cast, "leader")
    about_named = raised(cast, set_aside_person="p-leader")
    assert answers(cast, about_named) == {"manager", "global", "second"}
    about_manager = raised(cast, concern_id="b" * 32, set_aside_person="p-manager")
    assert answers(cast, about_manager) == {"leader"}


@pytest.mark.parametrize("named", [(), ("leader",), ("leader", "partner"), ("advisor",), ("manager",), ("global",)])
@pytest.mark.parametrize("aside", ["", "p-leader", "p-manager"])
def test_those_who_are_told_are_those_who_answer(cast: Any, named: tuple[str, ...], aside: str) -> None:
    everybody_is_there(cast)
    name(cast, *named)
    concern = raised(cast, set_aside_person=aside)
    told = {one.removeprefix("p-") for one in told_of("VN", timezone.now(), raised_by="p-advisor", set_aside=aside)}
    assert told == answers(cast, concern) - {"advisor"}
    assert told, "a concern was told to nobody"


def test_a_token_of_another_country_reaches_nothing_that_is_hers_by_her_id(cast: Any) -> None:
    from dataclasses import replace

    concern = raised(cast, by="global")
    narrowed = replace(cast.actor("global"), within="country:JO")
    assert CONCERNS_OWN.may(cast.actor("global"), concern)
    assert not CONCERNS_OWN.may(narrowed, concern)


def test_staff_raise_and_nobody_else(cast: Any) -> None:
    may = {word for word in cast.everybody() if CONCERNS_RAISE.may(cast.actor(word))}
    assert may == {"global", "second", "manager", "leader", "advisor", "partner", "abroad"}


def test_the_manager_of_the_country_and_global_staff_say_who_is_named(cast: Any) -> None:
    (naming,) = name(cast, "leader")
    assert {word for word in cast.everybody() if NAMED_KEEP.may(cast.actor(word), naming)} == {
        "global", "second", "manager",
    }  # fmt: skip


def test_a_day_to_come_and_a_day_that_is_over_do_not_count(cast: Any) -> None:
    everybody_is_there(cast)
    now = timezone.now()
    (naming,) = name(cast, "leader")
    concern = raised(cast)
    type(naming).objects.filter(pk=naming.pk).update(first=now.date() + timedelta(days=1))
    assert "leader" not in answers(cast, concern)
    type(naming).objects.filter(pk=naming.pk).update(first=now.date(), last=now.date())
    assert answers(cast, concern) == {"leader"}
    type(naming).objects.filter(pk=naming.pk).update(
        first=now.date() - timedelta(days=9), last=now.date() - timedelta(days=1)
    )
    assert "leader" not in answers(cast, concern)
    assert Concern.objects.get().id == ID
