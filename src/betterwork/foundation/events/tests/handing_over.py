"""Deliver events in the database of BETTERWORK_HOME; with DIE, kill this very process in the middle of a handler.

Started by tests as ``python -m betterwork.foundation.events.tests.handing_over publish|deliver|die NUMBER``. The
handler writes a row of its own: the number of an event it received, as a subscription that nobody else uses.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
NAME = "visit.report.submitted"


@dataclass(frozen=True)
class Submitted:
    visit: str


def main(what: str, number: int) -> None:
    """Publish ``number`` events, deliver what is due, or die while handling event ``number``."""
    from django.core.management import call_command
    from django.db import transaction

    from betterwork.foundation.events.models import Subscription
    from betterwork.foundation.events.registry import Happened, subscribe
    from betterwork.foundation.events.services import event_publish, events_deliver

    def handle(event: Happened, at: datetime) -> None:
        Subscription.objects.create(name=f"seen.{event.number}", subscriber="mark", after=event.number, since=at)
        if what == "die" and event.number == number:
            os.kill(os.getpid(), signal.SIGKILL)

    subscribe(NAME, "tests.plans", handle)
    if what == "publish":
        call_command("migrate", verbosity=0, interactive=False)
        for one in range(number):
            with transaction.atomic():
                event_publish(name=NAME, content=Submitted(f"v-{one}"), at=AT)
    else:
        delivered = events_deliver(at=AT + timedelta(minutes=1 if what == "die" else 60))
        sys.stdout.write(f"{delivered.handled} {delivered.failed}\n")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
