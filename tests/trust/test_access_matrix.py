"""Who gets in where: asked, said by the policy, and written in the documentation; all three alike."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import EVERYTHING, HEAVY

from betterwork.entry.command_line import ROOMS, main_group
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.audience_table import ASSESSES, IS_SHE, audiences_for
from betterwork.foundation.doors.checks import addresses
from betterwork.foundation.doors.commands import commands_without_door
from betterwork.foundation.doors.policy import ThingPolicy
from tests.trust.crawl import ask
from tests.trust.matrix import NO, PAGE, SAYS_NO_ITSELF, Line, all_lines, page_of
from tests.trust.owners import team_of
from tests.trust.ways import garbled
from tests.trust.world import KINDS, World

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("A4")]

FEW = ["stranger", "global", "factory", "manager"]
"""Who types nonsense where not everybody does: hardly anything of it depends on who asks."""
ROOT = Path(__file__).parents[2]
MADE_FOR_SEVERAL = {
    "files:download": "A file is for the audience of the kind of thing it hangs on.",
    "files:picture": "A file is for the audience of the kind of thing it hangs on.",
    "access:taken": "The survey's custodian reads it too, as the owner of what was opened; every field names her.",
    "access:elevation": "The survey's custodian reads it too, as the owner of what was opened; every field names her.",
    "alerts:words": "Its words are for who answers a concern and who raised it: the vault opens them for nobody else.",
    "bodies:follow_up": "The secretariat closes follow-up too; every field of it is for both.",
}
"""URLs whose door names one audience and lets in another, each with its reason; the canaries look at what they show."""


@pytest.fixture(scope="module")
def lines(standing: World) -> list[Line]:
    return all_lines(standing)


def test_everybody_is_answered_as_the_policy_says(lines: list[Line]) -> None:
    wrong = [
        f"{line.shown} ({line.name}): {word} got {line.got[word]!r}; {line.policy.name} says {line.expected[word]!r}"
        for line in lines
        for word in KINDS
        if line.got[word] != line.expected[word] and not (line.name in SAYS_NO_ITSELF and line.got[word] == NO)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_committed_page_is_what_the_run_says(lines: list[Line]) -> None:
    page = page_of(lines)
    if os.environ.get("WRITE_ACCESS_MATRIX"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.exists() and PAGE.read_text(encoding="utf-8") == page, (
        "docs/reference/access-matrix.md is not what the platform does: look at the change, then run "
        "python -m tests.trust"
    )


def test_every_role_of_the_programme_is_asked_as() -> None:
    from betterwork.foundation.doors.roles import ROLES
    from tests.plugins.cast import CAST

    assert {CAST[word][0] for word in KINDS if word != "stranger"} == {*ROLES, ""}


def test_a_page_lets_in_only_those_it_is_made_for(world: World) -> None:
    """What is made for one audience is not shown to another, even where the policy of the page would let it in."""
    wrong = []
    for address in addresses():
        door = address.door
        if door is None or address.name in MADE_FOR_SEVERAL or address.name.startswith("api:"):
            continue
        for word in KINDS:
            actor = world.sight(word).actor
            gets_in = door.policy.may(actor)
            if door.thing and isinstance(door.policy, ThingPolicy):
                gets_in = door.policy.visible_to(actor).exists()
            facts = [IS_SHE, *([ASSESSES] if gets_in and _assesses_all(door.policy, actor) else [])]
            if gets_in and door.audience not in audiences_for(actor, *facts):
                wrong.append(f"{address.route} is made for {door.audience}, and {door.policy.name} lets {word} in")
    assert not wrong, "\n".join(wrong)


def _assesses_all(policy: Any, actor: Actor) -> bool:
    """Whether somebody is on the team of whatever a policy lets her reach."""
    rows = policy.visible_to(actor) if isinstance(policy, ThingPolicy) else ()
    return isinstance(policy, ThingPolicy) and all(actor.id in team_of(row) for row in rows)


@pytest.mark.parametrize("word", KINDS if EVERYTHING else FEW if HEAVY else FEW[:3])
def test_nonsense_in_an_address_is_answered_calmly(world: World, word: str) -> None:
    wrong = []
    for number, address in enumerate(addresses()):
        for way in few(garbled(address), number):
            for method in ("get", "post") if EVERYTHING or word == "global" else ("get",):
                given = ask(world, word, way.url, method=method, place=f"{way.url[:80]} ({address.name})")
                if given.status >= 500 or given.status == 403:
                    wrong.append(f"{given.place}: {given.status} {given.fault}")
    assert not wrong, "\n".join(wrong)


def few(nonsense: list[Any], number: int) -> list[Any]:
    """With HEAVY=2 all of it, else three of each address: other ones of the next."""
    if EVERYTHING or not nonsense:
        return nonsense
    return [nonsense[(number + 4 * place) % len(nonsense)] for place in range(3)]


NONSENSE = [
    "page=-1",
    "page=x",
    "page=99999999999999999999",
    "order=-nothing",
    "q=%00",
    "q=%F0%9F",
    "format=xml",
    "q=%25",
]


@pytest.mark.parametrize("word", KINDS if EVERYTHING else FEW if HEAVY else ["global"])
def test_nonsense_behind_the_question_mark_is_answered_calmly(world: World, word: str) -> None:
    wrong = []
    for number, address in enumerate(addresses()):
        door = address.door
        if "<" in address.route or door is None or "GET" not in door.methods:
            continue
        for asked in few(NONSENSE, number):
            given = ask(world, word, f"{address.route}?{asked}", place=f"{address.route}?{asked}")
            if given.status >= 500:
                wrong.append(f"{given.place}: {given.status} {given.fault}")
    assert not wrong, "\n".join(wrong)


def test_every_command_can_be_loaded_and_says_who_may_run_it() -> None:
    import click

    for name in ROOMS:
        command = main_group.get_command(click.Context(main_group), name)
        assert command is not None, f"betterwork {name} leads nowhere"
        assert not commands_without_door(command, (name,))


def test_a_held_role_is_all_that_lets_in(world: World) -> None:
    """The actor of a policy is a plain value: a role that was not read from the database lets nobody in."""
    made_up = Actor(id="p-made-up", held=frozenset({Held("global-staff", "world")}))
    assert made_up.holds("global-staff")
    assert ask(world, "nobody", "/people/").status == 404


VIEW_WITHOUT_A_DOOR = """
from django.http import HttpResponse
from django.urls import path
from betterwork.entry.urls import urlpatterns as ours

def forgotten(request):
    return HttpResponse("everything")

urlpatterns = [*ours, path("forgotten/", forgotten, name="forgotten")]
"""


def test_a_view_without_a_policy_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "urls_with_a_hole.py").write_text(VIEW_WITHOUT_A_DOOR)
    (tmp_path / "settings_with_a_hole.py").write_text(
        "from betterwork.entry.settings import *\nROOT_URLCONF = 'urls_with_a_hole'\n"
    )
    environment = {
        **os.environ,
        "BETTERWORK_HOME": str(tmp_path / "home"),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
    }
    start = [sys.executable, "-c", "import betterwork.entry.wsgi"]
    whole = {**environment, "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings"}
    fine = subprocess.run(start, env=whole, capture_output=True, text=True, cwd=tmp_path)
    assert fine.returncode == 0, fine.stderr
    holed = {**environment, "DJANGO_SETTINGS_MODULE": "settings_with_a_hole"}
    refused = subprocess.run(start, env=holed, capture_output=True, text=True, cwd=tmp_path)
    assert refused.returncode != 0
    assert "the platform does not start" in refused.stderr
    assert "/forgotten/ (forgotten) declares no door" in refused.stderr
