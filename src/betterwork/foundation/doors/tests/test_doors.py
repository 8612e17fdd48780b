"""Nothing opens without a door: pages, addresses of packages, commands."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import click
import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse
from django.urls import include, path

import betterwork
from betterwork.core.errors import BetterWorkError
from betterwork.foundation.access.models import Grant
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME, PUBLIC
from betterwork.foundation.audiences.presentations import Leak
from betterwork.foundation.doors import commands
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, STRANGER, Actor, Held
from betterwork.foundation.doors.checks import addresses, doors_required, without_door
from betterwork.foundation.doors.pages import Door, page, page_render, thing_found
from betterwork.foundation.doors.policy import (
    EVERYBODY_MAY,
    OPERATOR_ONLY,
    POLICIES,
    SIGNED_IN,
    STAFF_ONLY,
    Policy,
    ThingPolicy,
)
from betterwork.foundation.doors.roles import ROLES

pytestmark = pytest.mark.capability("A4")
HOUSE = Path(betterwork.__path__[0])


@page(SIGNED_IN, audience=OWN_PERSON)
def behind_a_door(request):
    """A page with a door."""
    return page_render(request, "entry/none.html", {})


def without_any(request):
    """A page whose author forgot."""
    return HttpResponse("everybody reads this")


@pytest.fixture
def urls(monkeypatch, settings):
    """Put other addresses in place of the platform's."""
    import sys

    def put(*patterns):
        module = ModuleType("urls_of_a_test")
        module.urlpatterns = list(patterns)
        monkeypatch.setitem(sys.modules, "urls_of_a_test", module)
        settings.ROOT_URLCONF = "urls_of_a_test"

    return put


def test_the_platform_as_it_stands_starts():
    assert without_door() == []
    doors_required()


@pytest.mark.parametrize(
    "patterns",
    [
        [path("forgotten/", without_any, name="forgotten")],
        [path("forgotten/", without_any)],
        [path("deep/", include(([path("forgotten/", without_any, name="forgotten")], "room")))],
        [path("fine/", behind_a_door, name="fine"), path("forgotten/", without_any, name="forgotten")],
    ],
    ids=["named", "without a name", "inside a room", "beside a sound one"],
)
def test_a_view_without_a_policy_stops_the_start(urls, patterns):
    urls(*patterns)
    with pytest.raises(ImproperlyConfigured, match=r"forgotten/.* declares no door"):
        doors_required()
    assert "doors.E001" in {message.id for message in run_checks()}


def test_a_view_with_a_policy_starts(urls):
    urls(path("fine/", behind_a_door, name="fine"))
    doors_required()


@pytest.mark.django_db
def test_a_view_without_a_policy_answers_nobody_even_where_no_check_was_made(urls, cast):
    urls(path("", include("betterwork.entry.urls")), path("forgotten/", without_any, name="forgotten"))
    for word in ("stranger", "nobody", "global"):
        assert cast.client(word).get("/forgotten/").status_code == 404


def test_every_address_of_the_platform_has_a_policy_with_a_sentence():
    found = list(addresses())
    assert len(found) > 20
    for one in found:
        assert one.door is not None and len(str(one.door.policy.says)) > 10, one.route


def test_a_page_for_an_audience_that_is_none_or_a_thing_without_rows_is_refused_at_import():
    with pytest.raises(ValueError, match="no audience"):
        page(SIGNED_IN, audience="everyone")
    with pytest.raises(ValueError, match="says nothing of rows"):
        page(SIGNED_IN, audience=PUBLIC, thing=("grant", "id"))


@pytest.mark.django_db
def test_who_is_not_signed_in_is_asked_to_and_whom_the_policy_keeps_out_finds_nothing(urls, cast):
    staff = page(STAFF_ONLY, audience=PROGRAMME)(lambda request: HttpResponse("for the staff"))
    urls(path("", include("betterwork.entry.urls")), path("for-the-staff/", staff, name="for-the-staff"))
    asked = cast.client("stranger").get("/for-the-staff/").headers["Location"]
    assert asked.startswith("/account/login/?next=/for-the-staff/")
    assert cast.client("factory").get("/for-the-staff/").status_code == 404
    assert cast.client("advisor").get("/for-the-staff/").content == b"for the staff"
    assert cast.client("advisor").post("/for-the-staff/").status_code == 405
    assert cast.client("advisor").head("/for-the-staff/").status_code == 200


@pytest.mark.django_db
def test_a_thing_is_found_among_those_visible_and_nowhere_else(cast):
    from betterwork.foundation.access.policy import GRANTS_OWN

    for word in ("advisor", "partner"):
        cast.person(word)
    door = Door(GRANTS_OWN, OWN_PERSON, ("grant", "id"))
    own, other = (Grant.objects.get(person=name) for name in ("p-advisor", "p-partner"))
    assert thing_found(door, cast.actor("advisor"), own.id) == own
    for key in (other.id, "no such", "", "\x00", 10**30, None, {"a": 1}, "' OR 1=1 --"):
        with pytest.raises(Http404):
            thing_found(door, cast.actor("advisor"), key)


@pytest.mark.django_db
def test_a_page_that_was_given_a_row_fails_instead_of_showing_it(urls, cast):
    def leaking(request):
        return page_render(request, "entry/home.html", {"tasks": list(Grant.objects.all())})

    urls(path("leak/", page(SIGNED_IN, audience=OWN_PERSON)(leaking), name="leak"))
    cast.person("advisor")
    with pytest.raises(Leak):
        cast.client("advisor").get("/leak/")


def test_no_page_renders_past_the_door():
    """Templates of pages are filled by ``page_render`` alone: whatever else fills one is found here."""
    past = {"render", "TemplateResponse", "SimpleTemplateResponse", "render_to_string", "get_template", "Template"}
    allowed = {("foundation/doors/pages.py", "render"), ("entry/web/gallery.py", "get_template")}
    found = set()
    for file in HOUSE.rglob("*.py"):
        name = file.relative_to(HOUSE).as_posix()
        if "/web/" not in name and not name.endswith(("/api.py", "doors/pages.py")):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
                found |= {(name, one.name) for one in node.names if one.name in past}
    assert found - allowed == set()


def test_doors_of_rooms_write_nothing_themselves():
    """A page or a command calls a service: no ``.save()``, no ``.create()`` in doors."""
    writes = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
    found = set()
    for file in HOUSE.rglob("*.py"):
        name = file.relative_to(HOUSE).as_posix()
        if "/tests/" in name or not ("/web/" in name or "/commands/" in name):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes:
                found.add(f"{name}:{node.lineno} {node.func.attr}")
    assert found == set()


def test_a_command_without_a_door_is_found():
    @click.group()
    def room():
        pass

    @room.command("forgotten")
    def forgotten():
        pass

    @commands.command_door(OPERATOR_ONLY)
    @room.command("sound")
    def sound():
        pass

    @room.group("inner")
    def inner():
        pass

    @inner.command("deep")
    def deep():
        pass

    @room.group("acts", invoke_without_command=True)
    def acts():
        pass

    assert commands.commands_without_door(room, ("room",)) == ["room acts", "room forgotten", "room inner deep"]


def test_a_command_asks_its_policy_before_it_runs():
    ran = []

    @commands.command_door(STAFF_ONLY)
    @click.command("staff")
    def staff():
        ran.append(commands.actor_of_command().id)

    for actor, may in ((OPERATOR_ACTOR, True), (Actor("p-a", frozenset({Held("advisor", "country:VN")})), True)):
        staff.main([], standalone_mode=False, obj=None, parent=None) if actor is OPERATOR_ACTOR else _run(staff, actor)
        assert may
    assert ran == ["operator", "p-a"]
    for actor in (Actor("p-b", frozenset({Held("buyer", "organisation:1")})), STRANGER):
        with pytest.raises(commands.NotAllowed, match="not yours"):
            _run(staff, actor)
    assert ran == ["operator", "p-a"]
    assert issubclass(commands.NotAllowed, BetterWorkError)


def _run(command: click.Command, actor: Actor) -> None:
    with command.make_context("staff", []) as context:
        context.meta[commands.ACTOR] = actor
        command.invoke(context)


def test_every_command_of_the_platform_declares_who_may_run_it():
    from betterwork.entry.command_line import ROOMS, main_group

    context = click.Context(main_group)
    seen = 0
    for name in ROOMS:
        try:
            command = main_group.get_command(context, name)
        except (ImportError, AttributeError):  # a room that is not there yet
            continue
        assert commands.commands_without_door(command, (name,)) == []
        seen += 1
    assert seen > 3


def test_strangers_enter_where_it_is_said_and_nowhere_else():
    assert EVERYBODY_MAY.may(STRANGER)
    for policy in POLICIES.values():
        if not policy.open_to_strangers:
            assert not policy.may(STRANGER), policy.name
        if isinstance(policy, ThingPolicy) or policy.open_to_strangers:
            continue
        assert policy.may(OPERATOR_ACTOR) == policy.operator


def test_two_policies_are_not_called_alike():
    with pytest.raises(ValueError, match="two policies"):
        Policy("staff", "Another.", lambda actor: True)


@pytest.mark.django_db
def test_a_policy_is_not_asked_of_a_row_of_another_model(cast):
    from betterwork.foundation.access.policy import GRANTS_READ

    with pytest.raises(TypeError, match="speaks of Grant"):
        GRANTS_READ.may(cast.actor("global"), cast.person("advisor"))


def test_every_role_has_words_scopes_and_an_audience():
    from betterwork.foundation.doors.audience_table import BY_ROLE

    for role in ROLES.values():
        assert str(role.title) and str(role.does).endswith(".") and role.scopes
        assert role.name in BY_ROLE
    assert all(role.confidential for role in ROLES.values() if role.powerful), "what can do much needs a second factor"


@pytest.mark.parametrize(("word", "reaches"), [("advisor", {"VN"}), ("abroad", {"JO"}), ("factory", set())])
@pytest.mark.django_db
def test_an_actor_tells_the_keys_of_her_scopes(cast, word, reaches):
    assert cast.actor(word).keys("country", "advisor", "factory-manager") == frozenset(reaches)


@pytest.mark.django_db
def test_an_address_with_a_nul_in_a_name_leads_nowhere(urls, cast):
    named = page(SIGNED_IN, audience=OWN_PERSON)(lambda request, name: HttpResponse(name))
    urls(path("", include("betterwork.entry.urls")), path("named/<str:name>/", named, name="named"))
    assert cast.client("advisor").get("/named/ab/").content == b"ab"
    assert cast.client("advisor").get("/named/a%00b/").status_code == 404
