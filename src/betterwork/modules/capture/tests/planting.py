"""A capture with something in every table, for tests that look where planted words appear. SIMULATED."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from betterwork.foundation.doors.actor import Actor
from betterwork.modules.capture.models import Capture, CaptureDevice
from betterwork.modules.capture.of_visits import visit_of
from betterwork.modules.capture.services import capture_take, device_forget, operations_take
from betterwork.modules.capture.tests.making import LAPTOP, TABLET, interview, operation
from betterwork.modules.capture.uploading import file_chunk_take


def capture_planted(*, visit: str, actor: Actor, text: Callable[[], str], at: datetime) -> Capture:
    """Take an agreed visit of ``actor`` onto two devices, and write planted words wherever words can be written."""
    facts = visit_of(visit)
    assert facts is not None
    capture = capture_take(actor=actor, visit=facts, device=TABLET, label=text()[:60], at=at)
    capture_take(actor=actor, visit=facts, device=LAPTOP, label=text()[:60], at=at)
    name = hashlib.sha256(b"SIMULATED\n").hexdigest()
    said = {"name": text()[:100], "type": "text/plain", "size": 10, "caption": text()}
    shift = int(hashlib.sha256(visit.encode()).hexdigest()[:8], 16)
    one: dict[str, Any] = {"device": TABLET}
    operations = [
        operation(shift + 1, "non-compliant", **one),
        operation(shift + 2, "compliant", device=LAPTOP),
        operation(shift + 3, text(), field="reason", **one),
        operation(shift + 4, text(), field="note.workers", **one),
        operation(shift + 5, text(), about="visit", field="summary", **one),
        operation(shift + 6, said, field=f"file.{name}", **one),
        {**operation(shift + 7, text(), field="reason"), "field": "no-such-field"},
        interview(shift + 8, text(), of=shift, **one),
        {"about": "interview:?", "words": text()},
    ]
    operations_take(
        actor=actor, capture=capture, device=TABLET, operations=operations, after=0, interviews_after=0, at=at
    )
    file_chunk_take(
        actor=actor.id, capture=capture, sha256=name, offset=0, size=10, data=b"SIMULATED\n", device=TABLET, at=at
    )
    lost = CaptureDevice.objects.get(capture=capture, device=LAPTOP)
    device_forget(actor=actor.id, device=lost, reason=text(), at=at)
    return capture
