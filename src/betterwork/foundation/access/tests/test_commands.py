"""`betterwork access`, as the operator and as a person."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.commands import access
from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.taking import elevation_take
from betterwork.foundation.access.tests.worlds import REASON
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, Actor, Held
from betterwork.foundation.doors.commands import ACTOR, NotAllowed
from betterwork.foundation.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]


def run(*words: str, actor: Actor = OPERATOR_ACTOR) -> list[str]:
    """The lines that a command prints; what it raises is raised."""
    group: Any = access
    with CliRunner().isolation() as (out, *_rest):
        with group.make_context("access", list(words)) as context:
            context.meta[ACTOR] = actor
            group.invoke(context)
        return out.getvalue().decode().splitlines()


def test_an_empty_platform_gets_its_first_two_and_then_asks_for_second_persons(cast):
    for word in ("nobody", "advisor", "factory"):
        cast.person(word)
    (line,) = run("give", "nobody@cast.example", "global-staff", "world", "--reason", "the first of the team")
    assert line.endswith("given")
    run("give", "p-advisor", "global-staff", "world", "--reason", "the second of the team")
    (line,) = run("give", "factory@cast.example", "global-staff", "world", "--reason", "the third of the team")
    assert line.endswith("waits for a second person")
    grant = line.split()[0]
    assert "confirm" not in access.commands, "a second person signs in herself: the operator could act for her"
    assert cast.client("nobody").post(f"/access/grants/{grant}/confirm/").status_code == 302
    assert Held("global-staff", "world") in cast.actor("factory").held


def test_giving_for_a_period_and_ending(cast):
    manager = cast.actor("manager")
    with pytest.raises(WrongUse, match="nobody you see"):
        run("give", cast.person("nobody").public_id, "advisor", "country:VN", actor=manager)
    Person.objects.filter(public_id="p-nobody").update(invited_by="p-manager")
    (line,) = run("give", "p-nobody", "advisor", "country:VN", "--until", "2030-12-31", actor=manager)
    grant = Grant.objects.get(id=line.split()[0])
    assert grant.ends.isoformat() == "2031-01-01T00:00:00+00:00" and grant.given_by == "p-manager"
    with pytest.raises(WrongUse, match="no such grant that is yours"):
        run("end", grant.id, "--reason", "not mine", actor=cast.actor("abroad"))
    assert run("end", grant.id, "--reason", "works elsewhere") == [f"{grant.id}  ended"]
    for words in (["give", "who@cast.example", "advisor", "country:VN"], ["give", "p-nobody", "advisor", "world"]):
        with pytest.raises(WrongUse):
            run(*words)


def test_the_list_shows_what_one_oversees(cast):
    for word in ("advisor", "abroad", "manager", "auditor"):
        cast.person(word)
    assert len(run("list")) == 4
    assert len(run("list", "--role", "advisor", "--state", "counts")) == 2
    assert [line.split("  ")[2] for line in run("list", "--person", "advisor@cast.example")] == ["advisor"]
    assert len(run("list", actor=cast.actor("manager"))) == 2
    with pytest.raises(NotAllowed):
        run("list", actor=cast.actor("advisor"))


def test_what_was_taken_is_listed(cast):
    cast.person("global")
    elevation_take(actor="p-global", role="advisor", scope="country:VN", minutes=5, reason=REASON, at=timezone.now())
    (line,) = run("elevations", "--open", actor=cast.actor("auditor"))
    assert "advisor country:VN" in line and REASON in line
