"""Pairs of records that may be one factory, and what was decided of each."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import F, Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, PROGRAMME, audiences
from betterwork.modules.registry.models import Factory

_STAFF = audiences(PROGRAMME)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=_STAFF,
    left=_STAFF,
    right=_STAFF,
    country=_STAFF,
    score=_STAFF,
    sure=_STAFF,
    reasons=_STAFF,
    state=_STAFF,
    facts=NOBODY,
    found_at=_STAFF,
    later_until=_STAFF,
    decided_by=_STAFF,
    decided_at=_STAFF,
    reason=_STAFF,
    merge=_STAFF,
    kept=_STAFF,
)
class Pair(models.Model):
    """Two records of one country, the one first registered on the left. One row per pair, for good."""

    OPEN, MERGED, REFUSED, UNMERGED, GONE = "open", "merged", "refused", "unmerged", "gone"
    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    left = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="pairs_as_left")
    right = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="pairs_as_right")
    country = models.CharField(max_length=2)
    score = models.FloatField()
    """Log2 of the odds that both are one factory."""
    sure = models.BooleanField(default=False)
    """Whether the score is far above the threshold: "almost certain" rather than "likely"."""
    reasons = models.JSONField(default=list)
    """[[code of a reason, weight], …], the heaviest first."""
    state = models.CharField(max_length=10, default=OPEN)
    facts = models.CharField(max_length=100)
    """Digest of what was compared: a pair decided comes back only when this changes."""
    found_at = models.DateTimeField()
    later_until = models.DateField(null=True, blank=True)
    """Put off: it waits for nobody before this day."""
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    merge = models.CharField(max_length=32, blank=True)
    """The id of the register's merge."""
    kept = models.BigIntegerField(null=True, blank=True)
    """Which of the two records stayed."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_pair_is_kept_once", fields=["left", "right"]),
            models.CheckConstraint(name="a_pair_stands_in_order", condition=Q(left__lt=F("right"))),
        ]
        indexes = [models.Index(name="pairs_that_wait", fields=["country", "state", "-score", "id"])]

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id}"
