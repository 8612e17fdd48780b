"""A worker of its own, in the database of BETTERWORK_HOME. Started by tests as
``python -m betterwork.foundation.jobs.tests.working migrate|enqueue|schedule|work|once [NAME [COUNT]]``.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import timedelta


def main(what: str, name: str = "", count: str = "1") -> None:
    """Do one thing of those above."""
    from django.core.management import call_command
    from django.utils import timezone

    from betterwork.foundation.events.registry import SUBSCRIBERS
    from betterwork.foundation.jobs import pulse, schedules, worker
    from betterwork.foundation.jobs.services import job_enqueue
    from betterwork.foundation.jobs.tests import sample

    # What other rooms do by the clock, or want to hear, would be jobs beside those of the test.
    schedules.SCHEDULES.clear()
    SUBSCRIBERS.clear()
    if what == "migrate":
        call_command("migrate", verbosity=0, interactive=False)
    elif what == "enqueue":
        for number in range(int(count)):
            given = {"name": f"n{number}"} if name == "together" else {}
            job_enqueue(task=getattr(sample, name), arguments=given, at=timezone.now())
    else:
        # Quicker than in earnest, so that the tests are.
        pulse.GRACE, pulse.LOOKS_EVERY, worker.PAUSE = timedelta(seconds=1), 0.1, 0.1
        if name == "schedule":
            schedules.every("tests.often", minutes=1, task=sample.together, arguments={"name": "often"})

        class Told(worker.Worker):
            def _listen(self) -> None:
                super()._listen()
                sys.stdout.write("ready\n")
                sys.stdout.flush()

        one = Told(lease=timedelta(seconds=float(os.environ.get("TEST_LEASE", "1"))))
        ran = one.work_off() if what == "once" else one.work()
        sys.stdout.write(f"ran {ran}\n")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    django.setup()
    main(*sys.argv[1:])
