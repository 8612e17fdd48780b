"""The commands of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from betterwork.foundation.doors.commands import commands_without_door
from betterwork.foundation.events.commands import events
from betterwork.foundation.events.registry import Happened, subscribe
from betterwork.foundation.events.services import event_publish

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
NAME = "visit.report.submitted"


@dataclass(frozen=True)
class Submitted:
    visit: str


def run(*arguments: str) -> str:
    result = CliRunner().invoke(events, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_command_has_a_door() -> None:
    assert commands_without_door(events) == []


@pytest.mark.django_db
def test_deliver_list_and_replay_tell_what_happened() -> None:
    broken = [True]

    def handle(event: Happened, at: datetime) -> None:
        if broken[0]:
            raise ValueError("one@two.example")

    subscribe(NAME, "plans", handle)
    event = event_publish(name=NAME, content=Submitted("v-secret"), at=AT)
    assert "0 handled, 1 failed" in run("deliver")
    assert "plans  handled 0, waiting 1, failing 1" in run("list")
    failing = run("list", "--failing")
    assert f"{event.number}  {NAME}  plans  tries 1" in failing
    assert "@" not in failing
    broken[0] = False
    assert "1 events will be handed to plans again" in run("replay", "--subscriber", "plans")
    assert "1 handled, 0 failed" in run("deliver", "--all")
    shown = run("list", "--name", NAME)
    assert NAME in shown and "v-secret" not in shown
