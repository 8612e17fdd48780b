"""The command `betterwork person`."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.commands import ACTOR, NotAllowed, commands_without_door
from betterwork.foundation.people.commands import person as person_group
from betterwork.foundation.people.models import Person

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("A4")]
Make = Callable[..., Person]


def run(*arguments: str, actor: Actor | None = None) -> Result:
    result = CliRunner().invoke(
        person_group, arguments, catch_exceptions=False, obj=None, **({} if actor is None else {"meta": {}})
    )
    assert result.exit_code == 0, result.output
    return result


def test_every_command_says_who_may_run_it() -> None:
    assert commands_without_door(person_group) == []


def test_somebody_is_invited_listed_and_lets_go(db: None) -> None:
    assert "is invited" in run("invite", "new@factory.example", "--name", "New One", "--language", "vi").output
    found = Person.objects.get()
    assert (found.invited_by, found.language) == ("operator", "vi")
    assert run("list").output == f"{found.public_id}\tinvited\tnew@factory.example\tNew One\n"
    assert run("list", "--state", "left").output == ""
    assert "sent the invitation again" in run("send-again", "new@factory.example").output
    assert "has left" in run("leave", found.public_id).output
    assert "invited back" in run("return", "NEW@factory.example").output
    assert run("sessions", found.public_id, "--end").output == "0 sessions ended\n"


def test_nobody_of_that_name_is_said_in_one_line() -> None:
    with pytest.raises(WrongUse, match="there is nobody"):
        run("leave", "who@factory.example")


@pytest.mark.capability("P5")
def test_export_writes_a_file_that_only_the_operator_reads_and_erase_erases(member: Make, tmp_path: Path) -> None:
    found, file = member(), tmp_path / "kept.json"
    run("export", found.email, "-o", str(file))
    assert json.loads(file.read_text(encoding="utf-8"))["rooms"]["people"]["kept"]["name"] == "Member One"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(run("export", found.public_id).stdout)["person"] == found.public_id
    with pytest.raises(BetterWorkError, match="leave first"):
        run("erase", found.email, "--reason", "asked", "--yes")
    run("leave", found.email)
    assert "is erased" in run("erase", found.email, "--reason", "asked", "--yes").output
    assert "is erased" in run("erase", found.public_id, "--reason", "again", "--yes").output
    assert Person.objects.get().state == Person.ERASED


@pytest.mark.capability("P5")
def test_an_export_over_a_file_that_others_could_read_is_hidden_from_them(member: Make, tmp_path: Path) -> None:
    found, file = member(), tmp_path / "kept.json"
    file.write_text("{}")
    file.chmod(0o644)
    run("export", found.email, "-o", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text(encoding="utf-8"))["person"] == found.public_id


def test_a_person_named_with_as_runs_only_what_is_hers(cast) -> None:
    import click

    cast.person("abroad")

    def invoke(word: str, *arguments: str) -> None:
        with click.Context(person_group, info_name="person") as context:
            context.meta[ACTOR] = cast.actor(word)
            name, *rest = arguments
            command = person_group.get_command(context, name)
            assert command is not None
            with command.make_context(name, rest, parent=context) as inner:
                command.invoke(inner)

    for word, arguments in (
        ("advisor", ("list",)),
        ("auditor", ("invite", "a@b.example")),
        ("global", ("export", "p-abroad")),
        ("global", ("erase", "p-abroad", "--reason", "x")),
        ("manager", ("leave", "p-abroad")),
    ):
        with pytest.raises(NotAllowed):
            invoke(word, *arguments)
    assert Person.objects.get(public_id="p-abroad").state == Person.ACTIVE
    invoke("global", "leave", "p-abroad")
    assert Person.objects.get(public_id="p-abroad").state == Person.LEFT
