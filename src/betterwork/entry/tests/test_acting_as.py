"""The operator may act as somebody on the command line, and she reads that it was not she who typed."""

from __future__ import annotations

import json

import click
import pytest

from betterwork.core.errors import WrongUse
from betterwork.entry.command_line import act_as, main_group
from betterwork.foundation.doors.commands import actor_of_command
from betterwork.foundation.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P2")]


def context_of(command: str) -> click.Context:
    context = click.Context(main_group)
    context.invoked_subcommand = command
    return context


def test_acting_for_somebody_stands_in_her_own_trail(cast) -> None:
    person = cast.person("advisor")
    context = context_of("people")
    act_as(context, "Advisor@cast.example")
    assert actor_of_command(context).id == person.public_id
    entry = Entry.objects.latest("number")
    assert (entry.actor, entry.action, entry.subject) == ("operator", "person.acted-for", "person p-advisor")
    assert json.loads(bytes(entry.content)) == {"command": "people"}


def test_nobody_acts_for_who_is_not_there(cast) -> None:
    with pytest.raises(WrongUse, match="nobody active here"):
        act_as(context_of("people"), "unknown@cast.example")
