"""What is known of a member of staff for a time."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME, audiences

STAFF_AND_SHE = audiences(PROGRAMME, OWN_PERSON)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=STAFF_AND_SHE,
    person=STAFF_AND_SHE,
    kind=STAFF_AND_SHE,
    about=STAFF_AND_SHE,
    level=STAFF_AND_SHE,
    starts=STAFF_AND_SHE,
    ends=STAFF_AND_SHE,
    note=STAFF_AND_SHE,
    entered_by=STAFF_AND_SHE,
    entered_at=STAFF_AND_SHE,
    withdrawn_by=STAFF_AND_SHE,
    withdrawn_at=STAFF_AND_SHE,
    withdrawn_why=STAFF_AND_SHE,
)
class StaffFact(models.Model):
    """One competence, language, leave or conflict of interest of one person. Days are whole, both ends inside."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    person = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=200, blank=True)
    """Which competence, which language, the scope of what a conflict is with; empty for leave."""
    level = models.CharField(max_length=20, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    """What a conflict consists in, where a competence was shown."""
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "about"], name="facts_by_what")]
        constraints = [
            models.CheckConstraint(
                name="a_fact_ends_after_it_starts",
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
