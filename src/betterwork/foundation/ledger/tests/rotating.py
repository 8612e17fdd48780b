"""Change the key of BETTERWORK_HOME and be killed at a step.

Started by tests as ``python -m betterwork.foundation.ledger.tests.rotating STEP``: ``begun`` (persons are told of,
nothing else), or one of ``STEPS``, before which the process kills itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
STEPS = ("beside", "persons", "rooms", "entry", "commit", "adopt", "end")


def killed(*_: Any, **__: Any) -> Any:
    """What stands in the place of a step."""
    os.kill(os.getpid(), signal.SIGKILL)


def begun() -> None:
    """Tell of persons, so that there are keys to bring along."""
    from django.core.management import call_command
    from django.db import connections, transaction

    from betterwork.foundation.ledger.personal import personal
    from betterwork.foundation.ledger.services import entry_append

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    with transaction.atomic():
        for person in range(250):  # more than are rewrapped at once
            who = personal(f"p-{person}", f"Name {person}")
            entry_append(
                kind="audit", action="role.given", actor="p-0", subject="role p-1", content={"who": who}, at=AT
            )


def rotate(step: str) -> None:
    """Change the key, and be killed before ``step``."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    from betterwork.foundation.ledger import instance_key, rotations, services

    places: dict[str, tuple[Any, str]] = {
        "beside": (services, "key_put_beside"),
        "persons": (services, "persons_rewrap"),
        "entry": (services, "entry_append"),
        "adopt": (services, "key_adopt"),
        "end": (instance_key.keys, "folder_sync"),
    }
    if step == "commit":
        commit: Callable[..., Any] = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]
        BaseDatabaseWrapper._commit = killed if commit else None  # type: ignore[attr-defined]
    elif step == "rooms":
        rotations.rotation_add("a room", killed)
    elif step == "end":
        beside = services.key_put_beside
        services.key_put_beside = lambda key: (beside(key), setattr(*places["end"], killed))[0]  # type: ignore[assignment]
    elif step in places:
        setattr(*places[step], killed)
    services.instance_key_rotate(actor="operator", at=AT)


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "betterwork.entry.settings"
    django.setup()
    begun() if sys.argv[1] == "begun" else rotate(sys.argv[1])
