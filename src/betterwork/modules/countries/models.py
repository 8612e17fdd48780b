"""Country programmes, their life and their settings as rows that are only added to."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import COMMITTEE, EVERYBODY, PROGRAMME, audiences
from betterwork.modules.countries.rules import CANDIDATE, CLOSED, FORTHCOMING, LONGEST_VALUE, RUNNING

STAFF = audiences(PROGRAMME)
STAFF_AND_COMMITTEE = audiences(PROGRAMME, COMMITTEE)
"""The rules of a country are its committee's business too; who typed them is not."""

STATE_WORDS = (
    (CANDIDATE, _("Candidate")),
    (FORTHCOMING, _("Forthcoming")),
    (RUNNING, _("Running")),
    (CLOSED, _("Closed")),
)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(code=EVERYBODY, name=EVERYBODY, added_by=STAFF, added_at=STAFF)
class Programme(models.Model):
    """The programme of a country: ISO 3166-1 alpha-2 code, and the country's name as the programme writes it."""

    code = models.CharField(primary_key=True, max_length=2)
    name = models.CharField(max_length=80)
    added_by = models.CharField(max_length=64, blank=True)
    """Who added it; empty for those that are shipped."""
    added_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_programme_per_name", fields=["name"])]

    def __str__(self) -> str:
        return self.code


@seen_by(
    id=EVERYBODY,
    programme=EVERYBODY,
    state=EVERYBODY,
    first=EVERYBODY,
    source=STAFF_AND_COMMITTEE,
    entered_by=STAFF,
    entered_at=STAFF,
    withdrawn_by=STAFF,
    withdrawn_at=STAFF,
    withdrawn_reason=STAFF,
)
class ProgrammeState(models.Model):
    """A state of a programme from a day on, until the day before the next one's. A mistaken one is withdrawn."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=12, choices=STATE_WORDS)
    first = models.DateField()
    source = models.TextField()
    entered_by = models.CharField(max_length=64, blank=True)
    """Empty for what is shipped."""
    entered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_state_of_a_programme_begins_on_a_day",
                fields=["programme", "first"],
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.state} from {self.first}"


@seen_by(
    id=STAFF_AND_COMMITTEE,
    programme=EVERYBODY,
    name=STAFF_AND_COMMITTEE,
    value=STAFF_AND_COMMITTEE,
    cleared=STAFF_AND_COMMITTEE,
    first=STAFF_AND_COMMITTEE,
    last=STAFF_AND_COMMITTEE,
    source=STAFF_AND_COMMITTEE,
    entered_by=STAFF,
    entered_at=STAFF_AND_COMMITTEE,
)
class CountrySetting(models.Model):
    """A value of a setting entered for some days, never changed: the one entered last for a day decides on it.

    Without a programme it is the rule for every country that has none of its own. ``cleared`` takes the country's own
    away for these days.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="settings")
    name = models.CharField(max_length=80)
    value = models.CharField(max_length=LONGEST_VALUE, blank=True)
    cleared = models.BooleanField(default=False)
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    source = models.TextField()
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "programme"], name="setting_of_a_country")]
        constraints = [
            models.CheckConstraint(
                name="a_setting_ends_after_it_begins",
                condition=models.Q(last__isnull=True) | models.Q(last__gte=models.F("first")),
            ),
            models.CheckConstraint(
                name="a_setting_has_a_value_or_is_cleared",
                condition=(models.Q(cleared=True) & models.Q(value=""))
                | (models.Q(cleared=False) & ~models.Q(value="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id or 'every country'}/{self.name} from {self.first}"
