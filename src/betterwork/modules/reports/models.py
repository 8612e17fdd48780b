"""Reports that were asked for and kept: their files by content, and the sealed document that names them."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, NOBODY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.files.models import StoredFile

_STAFF = audiences(PROGRAMME)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=EVERYBODY,  # a release leads to it, and a release may go to any audience
    country=EVERYBODY,
    starts=EVERYBODY,
    ends=EVERYBODY,
    snapshot=EVERYBODY,
    document=EVERYBODY,
    made_at=EVERYBODY,
    job=_STAFF,
    asked_by=audiences(PROGRAMME, OWN_PERSON),
    asked_at=_STAFF,
)
class Report(models.Model):
    """One synthesis report of a country and a period (days, both inside), made by a job from a named snapshot."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    starts = models.DateField()
    ends = models.DateField()
    snapshot = models.CharField(max_length=100, blank=True)
    """Empty until the newest evidence was sealed for it."""
    document = models.ForeignKey(SealedDocument, null=True, on_delete=models.PROTECT, related_name="reports")
    made_at = models.DateTimeField(null=True)
    job = models.UUIDField(null=True)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="reports_of_a_country", fields=["country", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_period_ends_after_it_starts", condition=models.Q(ends__gte=models.F("starts"))
            )
        ]

    def __str__(self) -> str:
        return f"report {self.id}"


@seen_by(key=EVERYBODY, report=EVERYBODY, path=EVERYBODY, file=NOBODY, media_type=EVERYBODY, size=EVERYBODY)
class ReportFile(models.Model):
    """One file of a report, by its path inside the report."""

    key = models.CharField(primary_key=True, max_length=200)
    """The report's id and the path: what stands in an address, so that the page's own links lead to its tables."""
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=150)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key
