"""Doors of commands: the policy is declared beside the command, and asked before it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import click

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, Actor
from betterwork.foundation.doors.policy import Policy

ACTOR = "betterwork.actor"
"""Where the command line keeps who acts, in click's context."""

C = TypeVar("C", bound=click.Command)


class NotAllowed(BetterWorkError):
    """The person named with ``--as`` may not run this command."""


def command_door(policy: Policy) -> Callable[[C], C]:
    """Declare who may run a command. Stands above ``@group.command(...)``; groups need none."""

    def declared(command: C) -> C:
        command.betterwork_policy = policy  # type: ignore[attr-defined]
        run = command.invoke

        def asked(context: click.Context) -> object:
            actor = actor_of_command(context)
            if not policy.may(actor):
                raise NotAllowed(f"this is not yours to do: {policy.says}")
            return run(context)

        command.invoke = asked  # type: ignore[method-assign,assignment]
        return command

    return declared


def actor_of_command(context: click.Context | None = None) -> Actor:
    """Who acts on the command line: the person of ``--as``, else the operator."""
    found = context or click.get_current_context(silent=True)
    actor = found.meta.get(ACTOR, OPERATOR_ACTOR) if found else OPERATOR_ACTOR
    assert isinstance(actor, Actor)
    return actor


def policy_of(command: click.Command) -> Policy | None:
    """The policy declared for a command."""
    return getattr(command, "betterwork_policy", None)


def commands_under(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below (and with) this one that does something, with the words to type."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from commands_under(found, (*path, name))
        if not command.invoke_without_command:
            return
    yield path, command


def commands_without_door(command: click.Command, path: tuple[str, ...] = ()) -> list[str]:
    """The commands for which nobody said who may run them."""
    return [" ".join(words) for words, found in commands_under(command, path) if policy_of(found) is None]
