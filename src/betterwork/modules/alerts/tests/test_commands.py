"""The command: what one answers without what it says, who is named, which countries have too few."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from betterwork.foundation.doors.commands import ACTOR, NotAllowed
from betterwork.modules.alerts.commands import alert
from betterwork.modules.alerts.models import NamedPerson
from betterwork.modules.alerts.tests.concerns import ID, name, raised

pytestmark = [pytest.mark.django_db, pytest.mark.capability("H1")]


def run(*words: str, actor: Any = None) -> Any:
    context = alert.make_context("alert", list(words)) if actor is None else None
    runner = CliRunner()
    if actor is None:
        assert context is not None
        return runner.invoke(alert, list(words))
    import click

    @click.group()
    @click.pass_context
    def root(context: click.Context) -> None:
        context.meta[ACTOR] = actor

    root.add_command(alert, "alert")
    return runner.invoke(root, ["alert", *words])


def test_the_operator_reads_no_concern_and_who_answers_reads_no_content(cast: Any) -> None:
    name(cast, "leader", "partner")
    raised(cast)
    assert isinstance(run("list").exception, NotAllowed)
    found = run("list", "--open", actor=cast.actor("leader")).output
    assert found.startswith(f"{ID}\tVN\topen\t") and "child" not in found
    assert run("list", actor=cast.actor("manager")).output == ""


def test_the_operator_sees_who_is_named_and_which_countries_have_too_few(cast: Any) -> None:
    name(cast, "leader", "partner")
    assert run("named", "list", "--country", "vn").output.count("counts") == 2
    found = run("named", "check")
    assert found.exit_code == 1
    assert "JO\tnobody is named" in found.output and "VN" not in found.output


def test_a_manager_names_and_ends_in_her_country_alone(cast: Any) -> None:
    manager, leader = cast.actor("manager"), cast.person("leader")
    cast.person("abroad")
    assert run("named", "add", "VN", leader.email, "--from", "2026-01-01", actor=manager).exit_code == 0
    refused = run("named", "add", "JO", "abroad@cast.example", "--from", "2026-01-01", actor=manager)
    assert "that you manage" in str(refused.exception)
    naming = NamedPerson.objects.get()
    assert isinstance(run("named", "end", naming.pk, actor=cast.actor("leader")).exception, NotAllowed)
    assert run("named", "end", naming.pk, actor=manager).exit_code == 0
    assert NamedPerson.objects.get().ended_at is not None
