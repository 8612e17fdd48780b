"""For the tests of rooms that subscribe: a handler must leave the same rows when it runs again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, router

from betterwork.foundation.events.registry import Handler, Happened


def rows_of_everything() -> dict[str, list[str]]:
    """Every row of every table of the database in which handlers write, as text."""
    return {
        model._meta.label: sorted(repr(row) for row in model._base_manager.values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and router.db_for_read(model) == DEFAULT_DB_ALIAS
    }


def assert_idempotent(handler: Handler, event: Happened, at: datetime) -> None:
    """Run a handler twice. Raises AssertionError naming the tables whose rows the second run changed."""
    handler(event, at)
    once = rows_of_everything()
    handler(event, at)
    twice = rows_of_everything()
    changed = sorted(label for label in twice if once[label] != twice[label])
    assert not changed, f"handled twice, {event.name} leaves other rows in {', '.join(changed)}"


def happened(name: str, at: datetime, **content: Any) -> Happened:
    """An event to try a handler with."""
    return Happened(1, name, content, at)
