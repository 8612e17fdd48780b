"""Assessments: a row to find each by. What was found lies in its sealed document, not in rows."""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, PROGRAMME, audiences
from betterwork.foundation.documents.models import SealedDocument
from betterwork.modules.registry.models import Factory


@seen_by(
    id=NOBODY,
    country=audiences(PROGRAMME),
    assessment_id=audiences(PROGRAMME),
    factory=audiences(PROGRAMME),
    document=audiences(PROGRAMME),
    start=audiences(PROGRAMME),
    cycle=audiences(PROGRAMME),
    version=audiences(PROGRAMME),
    incomplete=audiences(PROGRAMME),
)
class Assessment(models.Model):
    """One assessment of one factory, known by (country, ``Quest.ID``). ``document`` is the current one."""

    country = models.CharField(max_length=2)
    assessment_id = models.BigIntegerField()
    factory = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="assessments")
    document = models.OneToOneField(SealedDocument, on_delete=models.PROTECT, related_name="assessment")
    start = models.DateField()
    cycle = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    incomplete = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_row_per_assessment", fields=["country", "assessment_id"]),
            models.CheckConstraint(name="cycles_count_from_one", condition=models.Q(cycle__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.country}/{self.assessment_id}"
