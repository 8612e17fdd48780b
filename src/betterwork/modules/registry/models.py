"""Factories and what is kept of them besides the dated steps of ``steps.py``: headcounts, cycles, contacts, merges."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import F, Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, FACTORY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.files.models import StoredFile
from betterwork.modules.registry.steps import (
    STAFF,
    STAFF_FACTORY,
    Exporting,
    FactoryName,
    Grouping,
    Office,
    Ownership,
    Registration,
    Site,
    Standing,
    Step,
    Written,
    written,
)

__all__ = [
    "Contact",
    "Enrolment",
    "Exporting",
    "Factory",
    "FactoryImport",
    "FactoryName",
    "Grouping",
    "ImportRow",
    "Merge",
    "Office",
    "OutsideId",
    "Ownership",
    "Registration",
    "SectorTotal",
    "Site",
    "Split",
    "Standing",
    "Step",
    "Workforce",
]


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=STAFF_FACTORY,
    country=EVERYBODY,
    outside_id=STAFF_FACTORY,
    name=EVERYBODY,  # name and place are open by the terms of registration (DOMAIN b 1)
    obsolete=STAFF_FACTORY,
)
class Factory(models.Model):
    """A factory as its country's programme numbers it: known by (country, outside id), never by name.

    ``name`` is the name that holds now; the others stand in :class:`FactoryName`.
    """

    country = models.CharField(max_length=2)
    outside_id = models.CharField(max_length=64)
    name = models.CharField(max_length=500)
    obsolete = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_factory_per_outside_id", fields=["country", "outside_id"])]
        indexes = [
            models.Index(name="factories_in_order", fields=["country", "name", "id"]),
            models.Index(name="factories_by_name", fields=["name", "country", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.country}/{self.outside_id}"


@seen_by(**written(factory=STAFF_FACTORY, system=STAFF_FACTORY, number=STAFF_FACTORY))
class OutsideId(Written):
    """Another number by which a system outside knows the factory: customs, a portal, an open directory."""

    system = models.CharField(max_length=40)
    number = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_factory_per_number_of_a_system",
                fields=["system", "number"],
                condition=Q(withdrawn_at__isnull=True),
            )
        ]


@seen_by(
    **written(
        factory=STAFF_FACTORY,
        on=STAFF_FACTORY,
        women=STAFF_FACTORY,
        men=STAFF_FACTORY,
        not_said=STAFF_FACTORY,
        workers=STAFF_FACTORY,
        by_contract=STAFF_FACTORY,
        source=STAFF_FACTORY,
    )
)
class Workforce(Written):
    """A headcount of one day, full-time, by sex, and by contract where that is known.

    ``by_contract``: kind of contract → [women, men, not said]; adds up to the three columns, or is empty.
    """

    on = models.DateField()
    women = models.PositiveIntegerField()
    men = models.PositiveIntegerField()
    not_said = models.PositiveIntegerField(default=0)
    workers = models.PositiveIntegerField()
    by_contract = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_headcount_of_a_day", fields=["factory", "on"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_headcount_adds_up", condition=Q(workers=F("women") + F("men") + F("not_said"))
            ),
        ]
        indexes = [models.Index(name="headcounts_of_a_factory", fields=["factory", "-on", "workers"])]


@seen_by(
    **written(
        factory=STAFF_FACTORY,
        cycle=STAFF_FACTORY,
        starts=STAFF_FACTORY,
        ends=STAFF_FACTORY,
        end_reason=STAFF,
        ended_by=STAFF,
        ended_at=STAFF,
    )
)
class Enrolment(Written):
    """One cycle in which a factory takes part; cycles are counted from 1. Both days are inside."""

    cycle = models.PositiveIntegerField()
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_cycle_begins_once", fields=["factory", "cycle"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(name="a_cycle_counts_from_one", condition=Q(cycle__gte=1)),
            models.CheckConstraint(
                name="a_cycle_ends_after_it_starts", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
        ]
        indexes = [models.Index(name="cycles_of_a_factory", fields=["factory", "-starts", "cycle"])]


_CONTACT = audiences(PROGRAMME, FACTORY, OWN_PERSON)


@seen_by(
    **written(
        factory=STAFF_FACTORY,
        place=STAFF_FACTORY,
        person=_CONTACT,
        key=audiences(PROGRAMME),
        name=_CONTACT,
        job_title=_CONTACT,
        phone=_CONTACT,
        email=_CONTACT,
    )
)
class Contact(Written):
    """One of the two persons whom the factory names. A person: her data go when she asks.

    ``key`` is an opaque id of its own, under which the ledger hides what it says of her. ``person`` is the id of her
    account, where she has one under this address.
    """

    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64, default=new_id)
    person = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_contact_in_a_place", fields=["factory", "place"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(name="contacts_are_two", condition=Q(place__in=(1, 2))),
        ]


@seen_by(
    id=STAFF,
    kept=STAFF,
    gone=STAFF,
    kind=STAFF,
    since=STAFF,
    reason=STAFF,
    merged_by=STAFF,
    merged_at=STAFF,
    undone_by=STAFF,
    undone_at=STAFF,
    undo_reason=STAFF,
)
class Merge(models.Model):
    """A pointer from one factory's record to another's: nothing of either is changed, so undoing it restores both."""

    SAME, JOINED = "same", "joined"
    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    kept = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="merges_as_kept")
    gone = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="merges_as_gone")
    kind = models.CharField(max_length=10, default=SAME)
    """``same``: two records of one factory, at all times. ``joined``: two factories that became one on ``since``."""
    since = models.DateField(null=True, blank=True)
    reason = models.TextField()
    merged_by = models.CharField(max_length=64)
    merged_at = models.DateTimeField()
    undone_by = models.CharField(max_length=64, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_record_is_merged_into_one", fields=["gone"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="a_record_is_not_merged_into_itself", condition=~Q(kept=F("gone"))),
            models.CheckConstraint(
                name="what_joined_did_so_on_a_day",
                condition=Q(kind="same", since__isnull=True) | Q(kind="joined", since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


@seen_by(**written(factory=STAFF, source=STAFF, on=STAFF, reason=STAFF))
class Split(Written):
    """A factory (``factory``) that came of a part of another one (``source``) on a day."""

    source = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    reason = models.TextField()


@seen_by(
    id=STAFF,
    country=EVERYBODY,
    on=EVERYBODY,
    factories=EVERYBODY,
    workers=EVERYBODY,
    source=EVERYBODY,
    written_by=STAFF,
    written_at=STAFF,
    withdrawn_by=STAFF,
    withdrawn_at=STAFF,
)
class SectorTotal(models.Model):
    """How many factories and workers the whole sector of a country has, from a day on, and who says so."""

    country = models.CharField(max_length=2)
    on = models.DateField()
    factories = models.PositiveIntegerField(null=True, blank=True)
    workers = models.PositiveIntegerField(null=True, blank=True)
    source = models.TextField()
    written_by = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_total_of_a_day", fields=["country", "on"], condition=Q(withdrawn_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.on}"


@seen_by(
    id=STAFF,
    file=STAFF,
    name=STAFF,
    state=STAFF,
    digest=STAFF,
    added=STAFF,
    changed=STAFF,
    unchanged=STAFF,
    refused=STAFF,
    problem=STAFF,
    made_by=STAFF,
    made_at=STAFF,
    taken_at=STAFF,
)
class FactoryImport(models.Model):
    """A list of factories from a file: first looked through row by row, then taken or left."""

    READING, READ, TAKING, TAKEN, FAILED = "reading", "read", "taking", "taken", "failed"
    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=READING)
    digest = models.CharField(max_length=64, blank=True)
    """Of what each row would do: what is taken is what was shown, or nothing."""
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


@seen_by(
    id=STAFF,
    of=STAFF,
    number=STAFF,
    verdict=STAFF,
    country=STAFF,
    outside_id=STAFF,
    name=STAFF,
    changes=STAFF,
    reasons=STAFF,
)
class ImportRow(models.Model):
    """What one row of a list would do: add a factory, change some of it, nothing, or be refused and why."""

    of = models.ForeignKey(FactoryImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    country = models.CharField(max_length=2, blank=True)
    outside_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=500, blank=True)
    changes = models.JSONField(default=list)
    """[field, before, after] of each thing that would change."""
    reasons = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(name="rows_of_an_import", fields=["of", "number"])]

    def __str__(self) -> str:
        return f"row {self.number}: {self.verdict}"
