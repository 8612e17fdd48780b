"""The ledger, and the keys under which it holds personal values."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.ledger.rules import KINDS


@seen_by(
    number=audiences(PROGRAMME, OWN_PERSON),
    at=audiences(PROGRAMME, OWN_PERSON),
    kind=audiences(PROGRAMME, OWN_PERSON),
    action=audiences(PROGRAMME, OWN_PERSON),
    actor=audiences(PROGRAMME, OWN_PERSON),
    subject=audiences(PROGRAMME, OWN_PERSON),
    content=audiences(PROGRAMME),
    previous=audiences(PROGRAMME),
    digest=audiences(PROGRAMME),
)
class Entry(models.Model):
    """One entry of the chain. The database itself refuses to update or delete a row (see ``seals``)."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS])
    action = models.CharField(max_length=80)
    actor = models.CharField(max_length=64)
    subject = models.CharField(max_length=250)
    content = models.BinaryField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(name="entries_count_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(name="entry_of_a_known_kind", condition=Q(kind__in=KINDS)),
        ]
        indexes = [
            models.Index(name="ledger_by_actor", fields=["actor", "number"]),
            models.Index(name="ledger_by_subject", fields=["subject", "number"]),
            models.Index(name="ledger_by_action", fields=["action", "number"]),
            models.Index(name="ledger_by_moment", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"


@seen_by(person=NOBODY, wrapped=NOBODY, made_at=NOBODY)
class PersonKey(models.Model):
    """The key of one person's values, wrapped by the key of the instance. Deleting it erases the values."""

    person = models.CharField(max_length=64, primary_key=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.person


@seen_by(
    id=NOBODY,
    at=audiences(PROGRAMME),
    actor=audiences(PROGRAMME),
    number=audiences(PROGRAMME),
    digest=audiences(PROGRAMME),
    faults=audiences(PROGRAMME),
    first_fault=audiences(PROGRAMME),
    anchored=audiences(PROGRAMME),
)
class Verification(models.Model):
    """That somebody looked whether the chain holds, and what was found.

    Sealed, and beside the chain: looking moves no head.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=64)
    number = models.BigIntegerField()
    """The last entry that was looked at."""
    digest = models.CharField(max_length=64)
    faults = models.PositiveIntegerField()
    first_fault = models.CharField(max_length=300, blank=True)
    anchored = models.BooleanField()
    """Whether the chain was held against a head kept elsewhere."""

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} up to {self.number}: {self.faults} faults"
