"""What is captured on a visit: one capture a visit, its operations, and what stands because of them.

Interviews are not here. They lie in the vault (``interviewing.py``), and nothing in these tables tells how many there
were, when, or in which order.
"""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import ASSESSING_TEAM, NOBODY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.files.models import StoredFile
from betterwork.modules.registry.models import Factory

TEAM = audiences(ASSESSING_TEAM)
"""Answers, and all that tells of one answer: for those who visit, until what they found is handed over."""
PROGRESS = audiences(ASSESSING_TEAM, PROGRAMME)
"""Counts and days: also for those who lead."""
DEVICE = audiences(ASSESSING_TEAM, OWN_PERSON)

OPEN, HANDED_OVER = "open", "handed-over"
STATES = (OPEN, HANDED_OVER)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=PROGRESS,
    visit=PROGRESS,
    country=PROGRESS,
    factory=PROGRESS,
    tool=PROGRESS,
    version=PROGRESS,
    digest=PROGRESS,
    state=PROGRESS,
    number=NOBODY,
    counts=PROGRESS,
    questions=PROGRESS,
    answered=PROGRESS,
    conflicts=PROGRESS,
    first_day=PROGRESS,
    last_day=PROGRESS,
    interviews=NOBODY,
    taken_by=PROGRESS,
    taken_at=TEAM,
    handed_over_by=PROGRESS,
    handed_over_on=PROGRESS,
    reopened_why=TEAM,
)
class Capture(models.Model):
    """What one visit's team writes down, on as many devices as they carry.

    ``tool``, ``version`` and ``digest`` name the sealed version that is asked. ``interviews`` is the item of the vault
    in which interviews gather; there is one from the beginning, whether or not anybody is ever interviewed.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    visit = models.CharField(max_length=64, unique=True)
    country = models.CharField(max_length=2)
    factory = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="captures")
    tool = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=[(one, one) for one in STATES], default=OPEN)
    number = models.PositiveBigIntegerField(default=0)
    """The number of the last operation taken; operations are counted without gaps."""
    counts = models.JSONField(default=dict)
    """Code of a cluster → how many of its questions are answered."""
    questions = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    """How many registers hold more than one value."""
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    """The last day on which something arrived. Days only: when somebody worked is not kept for those who lead."""
    interviews = models.CharField(max_length=32)
    taken_by = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    handed_over_by = models.CharField(max_length=64, blank=True)
    handed_over_on = models.DateField(null=True, blank=True)
    reopened_why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="captures_of_a_country", fields=["country", "state", "first_day"])]

    def __str__(self) -> str:
        return f"capture {self.id}"

    @property
    def team(self) -> tuple[str, ...]:
        """The visit's team now, by opaque id."""
        from betterwork.modules.capture.of_visits import visit_of

        found = visit_of(self.visit)
        return found.team if found else ()


@seen_by(
    id=TEAM,
    capture=TEAM,
    number=TEAM,
    about=TEAM,
    field=TEAM,
    value=TEAM,
    bases=TEAM,
    device=TEAM,
    by=TEAM,
    made=TEAM,
    taken_at=TEAM,
    digest=NOBODY,
)
class CaptureOperation(models.Model):
    """One thing that somebody wrote on a device: never changed. ``id`` was made there; ``number`` is ours."""

    id = models.CharField(primary_key=True, max_length=32, editable=False)
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="operations", db_index=False)
    number = models.PositiveBigIntegerField()
    about = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    bases = models.JSONField(default=list)
    device = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    made = models.CharField(max_length=20)
    """What the clock of the device said. It decides nothing, so it is kept as it came."""
    taken_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="operations_are_counted", fields=["capture", "number"])]
        indexes = [  # as few as can be: a batch writes 250 rows into each of them while others wait
            models.Index(name="operations_of_a_register", fields=["capture", "about", "field"]),
            models.Index(name="operations_of_a_person", fields=["by"]),
        ]

    def __str__(self) -> str:
        return f"operation {self.id}"


@seen_by(
    id=NOBODY,
    capture=TEAM,
    about=TEAM,
    registers=TEAM,
    determination=TEAM,
    answered=TEAM,
    conflicts=TEAM,
    later=TEAM,
    serious=TEAM,
    files=TEAM,
)
class CaptureAnswer(models.Model):
    """What stands of one question (or of the visit itself), as the set of its operations makes it.

    ``registers``: field → the operations that stand, and the ids named as bases that have not come yet. The small
    columns repeat what lists ask for.
    """

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="answers", db_index=False)
    about = models.CharField(max_length=80)
    registers = models.JSONField(default=dict)
    determination = models.CharField(max_length=20, blank=True)
    answered = models.BooleanField(default=False)
    conflicts = models.PositiveIntegerField(default=0)
    later = models.BooleanField(default=False)
    serious = models.BooleanField(default=False)
    files = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_state_of_a_question", fields=["capture", "about"])]

    def __str__(self) -> str:
        return f"{self.capture_id} {self.about}"


@seen_by(
    id=NOBODY,
    capture=TEAM,
    operation=TEAM,
    content=TEAM,
    digest=NOBODY,
    reason=TEAM,
    device=TEAM,
    by=TEAM,
    at=TEAM,
    settled_at=TEAM,
)
class RefusedOperation(models.Model):
    """An operation that was not taken, whole, with the reason: nothing is lost unsaid."""

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="refused")
    operation = models.CharField(max_length=32, blank=True, db_index=True)
    content = models.TextField()
    """As it came, as JSON."""
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=40)
    device = models.CharField(max_length=32)
    by = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    """When the same operation was taken after all."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="refused_once", fields=["capture", "operation", "digest", "reason"])
        ]

    def __str__(self) -> str:
        return f"refused {self.operation}: {self.reason}"


@seen_by(
    id=TEAM,
    capture=DEVICE,
    device=DEVICE,
    person=DEVICE,
    label=DEVICE,
    taken_at=DEVICE,
    last_day=DEVICE,
    confirmed_at=DEVICE,
    confirmed_number=NOBODY,
    confirmed_turn=NOBODY,
    forgotten_at=DEVICE,
    forgotten_by=TEAM,
    forgotten_why=TEAM,
)
class CaptureDevice(models.Model):
    """A device that carries a visit. ``confirmed_at``: when the server last had all that it held."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="devices")
    device = models.CharField(max_length=32)
    person = models.CharField(max_length=64, db_index=True)
    label = models.CharField(max_length=60)
    taken_at = models.DateTimeField()
    last_day = models.DateField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_number = models.PositiveBigIntegerField(default=0)
    confirmed_turn = models.PositiveBigIntegerField(default=0)
    """Up to which operation, and which turn of the interviews, it confirmed: it answers for what is later."""
    forgotten_at = models.DateTimeField(null=True, blank=True)
    """When somebody said that it is lost, with what it may not have sent."""
    forgotten_by = models.CharField(max_length=64, blank=True)
    forgotten_why = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="a_device_takes_a_visit_once", fields=["capture", "device"])]

    def __str__(self) -> str:
        return f"device {self.device[:8]}"


@seen_by(
    id=NOBODY,
    capture=TEAM,
    sha256=TEAM,
    size=TEAM,
    received=TEAM,
    device=TEAM,
    by=TEAM,
    began_at=TEAM,
    completed_at=TEAM,
    refused=TEAM,
    file=TEAM,
)
class CaptureUpload(models.Model):
    """A photo or document on its way, by the SHA-256 that the device gave; ``file`` is the cleaned one, once whole."""

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    """Bytes that are on the disk for good: what comes next begins here."""
    device = models.CharField(max_length=32, blank=True)
    by = models.CharField(max_length=64, db_index=True)
    began_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=300, blank=True)
    """Why what came was not kept, in words."""
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="captured")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_upload_of_a_content", fields=["capture", "sha256"]),
            models.CheckConstraint(
                name="no_more_received_than_there_is", condition=Q(received__gte=0) & Q(received__lte=models.F("size"))
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.sha256[:12]}"


MODELS: tuple[type[models.Model], ...] = (
    Capture,
    CaptureOperation,
    CaptureAnswer,
    RefusedOperation,
    CaptureDevice,
    CaptureUpload,
)
