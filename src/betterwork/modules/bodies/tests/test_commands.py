"""`betterwork body`, as the operator and as a person."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, Actor
from betterwork.foundation.doors.commands import ACTOR, NotAllowed, commands_without_door
from betterwork.modules.bodies.commands import body
from betterwork.modules.bodies.deciding import NotDecided
from betterwork.modules.bodies.models import Decision
from betterwork.modules.bodies.tests.worlds import WHAT, committee, trial_declared

pytestmark = [pytest.mark.django_db, pytest.mark.capability("L2")]


def run(*words: str, actor: Actor = OPERATOR_ACTOR) -> list[str]:
    """The lines that a command prints; what it raises is raised."""
    group: Any = body
    with CliRunner().isolation() as (out, *_rest):
        with group.make_context("body", list(words)) as context:
            context.meta[ACTOR] = actor
            group.invoke(context)
        return out.getvalue().decode().splitlines()


def test_from_an_empty_platform_to_a_sealed_decision(cast):
    from betterwork.modules.bodies.deciding import matter_bring

    for word in ("government", "employers", "workers"):
        cast.person(word)
    trial_declared()
    day, first = f"{timezone.now():%Y-%m-%d}", f"{timezone.now():%Y}-01-01"
    (key,) = run("found", "national-committee", "PAC", "--country", "vn", "--from", first)
    seats = {
        side: run(
            "seat",
            key,
            f"{side}@cast.example",
            side,
            "--from",
            first,
            *(["--chair"] if side == "government" else []),
        )[0]
        for side in ("government", "employers", "workers")
    }
    matter = matter_bring(
        actor="operator", kind=WHAT, subject="t-1", title="Approve one", url="", country="VN", at=timezone.now()
    )
    assert run("matters")[0].startswith(matter.id)
    with pytest.raises(NotDecided, match="has not decided on it yet"):
        run("require", WHAT, "t-1", "--country", "VN")
    (meeting,) = run("meeting", key, day, "--place", "Ministry", "--matter", matter.id)
    lines = run("present", meeting, seats["government"], seats["employers"])
    assert lines == ["2 of 3 members heard, 2 needed", "No member of the workers' side is present."]
    decide = ("decide", meeting, "The trial is approved.", "--outcome", "approved", "--matter", matter.id)
    with pytest.raises(WrongUse, match=r"there is no quorum\. No member of the workers' side is present\."):
        run(*decide)
    run("present", meeting, seats["employers"], seats["workers"])
    with pytest.raises(WrongUse, match=r"The chair is absent\."):
        run(*decide)
    assert run("present", meeting, *seats.values())[-1] == "There is a quorum."
    with pytest.raises(WrongUse, match="is no vote"):
        run(*decide, "--way", "members", "--vote", "x=perhaps")
    votes = [word for one in seats.values() for word in ("--vote", f"{one}=yes")]
    (line,) = run(*decide, "--way", "members", *votes)
    assert "decision 1  approved  sealed as" in line and Decision.objects.get().id in line
    assert run("require", WHAT, "t-1", "--country", "VN")[0].startswith(Decision.objects.get().id)
    shown = run("show", key)
    assert "side workers: 1 of 3 seats taken" in shown and any(line.startswith("meeting: ") for line in shown)


def test_persons_command_what_they_may_and_no_more(cast):
    found, _seats = committee(cast)
    assert run("list", actor=cast.actor("manager"))[0].startswith(found.id)
    assert run("list", actor=cast.actor("abroad")) == []
    with pytest.raises(WrongUse, match="no such committee that you may see"):
        run("show", found.id, actor=cast.actor("abroad"))
    with pytest.raises(NotAllowed):
        run("list", actor=cast.actor("workers"))
    with pytest.raises(WrongUse, match="your own country only"):
        run("found", "national-committee", "x", "--country", "JO", "--from", "2026-01-01", actor=cast.actor("manager"))
    with pytest.raises(NotAllowed):
        run("meeting", found.id, "2026-12-01", actor=cast.actor("advisor"))
    with pytest.raises(WrongUse, match="no such meeting"):
        run("present", "nothing", actor=cast.actor("manager"))
    assert commands_without_door(body) == []
