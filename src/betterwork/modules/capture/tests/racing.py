"""Two devices at the very same moment. Also started as ``python -m betterwork.modules.capture.tests.racing``: the
SQLite of the tests lies in memory, for one writer; there each race is run on a file, in a home of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Begin all of it together, each in a thread with connections of its own; the first error is raised."""
    from django.db import connections

    barrier, found, errors = threading.Barrier(len(work)), dict[int, Any](), list[BaseException]()

    def begin(place: int, one: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=60)
            found[place] = one()
        except BaseException as error:  # noqa: BLE001 - told to the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=(place, one)) for place, one in enumerate(work)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    if errors:
        raise errors[0]
    return [found[place] for place in range(len(work))]


def the_same_operations(number: int) -> None:
    """From two devices at once: taken once."""
    from betterwork.modules.capture.interviewing import interviews_open
    from betterwork.modules.capture.models import CaptureOperation
    from betterwork.modules.capture.tests.making import (
        AT,
        LAPTOP,
        ONE,
        TABLET,
        TWO,
        Device,
        advisor,
        codes,
        interview,
        operation,
        taken,
        visit_made,
    )

    capture, code = taken(visit_made(outside_id=f"race-{number}")), codes()[0]
    said = [operation(n, f"SIMULATED {n}", field="reason", code=code) for n in range(1, 30)]
    heard = [interview(n, f"SIMULATED {n}") for n in range(40, 44)]
    devices = [Device(capture, ONE, TABLET), Device(capture, TWO, LAPTOP)]
    for turn in range(3):
        batch = [*said[turn * 9 : turn * 9 + 9], heard[turn]]
        done = at_once(*(lambda one=one, batch=batch: one.sync(*batch) for one in devices))
        for one in done:
            assert sorted(one.taken) == sorted(each["id"] for each in batch)
            assert one.refused == []
    rows = list(CaptureOperation.objects.filter(capture=capture).order_by("number").values_list("number", flat=True))
    assert rows == list(range(1, 28))
    capture.refresh_from_db()
    assert capture.number == 27
    gathered = interviews_open(actor=advisor(), capture=capture, at=AT)
    assert sorted(gathered.operations) == sorted(one["id"] for one in heard[:3])


def the_same_field(number: int) -> None:
    """Written at once: both values stand."""
    from betterwork.modules.capture.tests.making import (
        LAPTOP,
        ONE,
        TABLET,
        TWO,
        Device,
        codes,
        operation,
        taken,
        visit_made,
    )

    capture, code = taken(visit_made(outside_id=f"race-{number}")), codes()[1]
    one, two = Device(capture, ONE, TABLET), Device(capture, TWO, LAPTOP)
    at_once(
        lambda: one.sync(operation(51, "compliant", code=code)),
        lambda: two.sync(operation(52, "non-compliant", code=code, device=LAPTOP)),
    )
    capture.refresh_from_db()
    assert (capture.number, capture.conflicts, capture.answered) == (2, 1, 0)


def the_same_visit(number: int) -> None:
    """Taken at once: shared."""
    from betterwork.modules.capture.models import Capture, CaptureDevice
    from betterwork.modules.capture.tests.making import LAPTOP, ONE, TABLET, TWO, taken, visit_made

    visit = visit_made(outside_id=f"race-{number}")
    at_once(lambda: taken(visit, ONE, TABLET), lambda: taken(visit, TWO, LAPTOP))
    capture = Capture.objects.get(visit=visit.pk)
    assert CaptureDevice.objects.filter(capture=capture).count() == 2


RACES: tuple[Callable[[int], None], ...] = (the_same_operations, the_same_field, the_same_visit)


def _ready() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    Path(os.environ["BETTERWORK_HOME"]).mkdir(exist_ok=True)
    django.setup()
    from django.core.management import call_command

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)


if __name__ == "__main__":
    _ready()
    for place, race in enumerate(RACES):
        race(place)
