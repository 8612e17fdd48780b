"""What lies in the second database. Content is there as ciphertext only."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import (
    ASSESSING_TEAM,
    CONCERN_CIRCLE,
    NOBODY,
    PROGRAMME,
    SURVEY_CUSTODIAN,
    audiences,
)
from betterwork.foundation.vault.rules import ItemFacts

OUTSIDE = audiences(PROGRAMME, ASSESSING_TEAM, CONCERN_CIRCLE, SURVEY_CUSTODIAN)
"""Who may know that there is an item, of what, and the few facts that its kind lets out."""
INSIDE = audiences(ASSESSING_TEAM, CONCERN_CIRCLE, SURVEY_CUSTODIAN)
"""For whom contents are: of each kind one of these (``kinds.py``)."""


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=OUTSIDE,
    kind=OUTSIDE,
    subject=OUTSIDE,
    openers=INSIDE,
    outside=OUTSIDE,
    ciphertext=NOBODY,
    wrapped=NOBODY,
    version=NOBODY,
    made_at=OUTSIDE,
    made_by=INSIDE,
)
class VaultItem(models.Model):
    """One interview, one person's answers: under a key of its own, which lies under the vault's key."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    openers = models.JSONField()
    outside = models.JSONField()
    ciphertext = models.BinaryField()
    wrapped = models.BinaryField()
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(name="vault_items_of_a_subject", fields=["subject", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def facts(self) -> ItemFacts:
        """What is known without opening it."""
        return ItemFacts(
            id=self.id,
            kind=self.kind,
            subject=self.subject,
            openers=tuple(self.openers),
            outside=self.outside,
            made_at=self.made_at,
            made_by=self.made_by,
            version=self.version,
        )


@seen_by(key=NOBODY, item=NOBODY, person=NOBODY)
class VaultOwner(models.Model):
    """Who is told when an item is opened. Stays when the item is erased: what was done with it stays hers to see."""

    key = models.CharField(primary_key=True, max_length=100)
    item = models.CharField(max_length=32, db_index=True)
    person = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return self.key


@seen_by(item=NOBODY, turn=NOBODY, what=NOBODY, version=NOBODY, row=NOBODY, at=NOBODY)
class VaultChange(models.Model):
    """A change on its way: written here, then decided by its entry in the ledger, then made (``changing.py``)."""

    item = models.CharField(primary_key=True, max_length=32)
    turn = models.CharField(max_length=32)
    what = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    row = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.item}"


@seen_by(id=NOBODY, fingerprint=NOBODY, since=NOBODY)
class VaultKeyUse(models.Model):
    """Which key the vault lies under: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="the_vault_has_one_key", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.fingerprint[:16]


MODELS: tuple[type[models.Model], ...] = (VaultKeyUse, VaultItem, VaultOwner, VaultChange)
"""All that a backup holds."""
