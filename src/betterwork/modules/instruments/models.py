"""Tools and their sealed versions: a row to find each by, the document that is the version, where it is in force.

What is being written is in ``draft_models``, the law that questions rest on in ``law_models``.
"""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import COMMITTEE, EVERYBODY, NOBODY, PROGRAMME, audiences
from betterwork.foundation.documents.models import SealedDocument

_STAFF = audiences(PROGRAMME)


@seen_by(id=_STAFF, code=EVERYBODY, title=EVERYBODY, instrument=EVERYBODY, country=EVERYBODY, about=EVERYBODY)
class Tool(models.Model):
    """An instrument: what it is called, what kind it is, and whether it is every country's or one country's.

    ``code`` is the name by which versions, drafts and files know it.
    """

    COMPLIANCE, INSPECTION, SELF_DIAGNOSIS, COMMITTEE, OTHER = (
        "compliance",
        "inspection",
        "self-diagnosis",
        "committee",
        "other",
    )
    KINDS = (COMPLIANCE, INSPECTION, SELF_DIAGNOSIS, COMMITTEE, OTHER)

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    instrument = models.CharField(max_length=20, choices=[(one, one) for one in KINDS], default=COMPLIANCE)
    country = models.CharField(max_length=2, blank=True)
    about = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


@seen_by(id=NOBODY, tool=EVERYBODY, version=EVERYBODY, in_force_from=EVERYBODY, approval=EVERYBODY, document=EVERYBODY)
class ToolVersion(models.Model):
    """One sealed version of a tool. The row is sealed too: the database refuses to change it."""

    tool = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    in_force_from = models.DateField()
    approval = models.CharField(max_length=200)
    document = models.OneToOneField(SealedDocument, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_row_per_tool_version", fields=["tool", "version"])]
        ordering = ["tool", "in_force_from", "version"]

    def __str__(self) -> str:
        return f"{self.tool} {self.version}"


@seen_by(
    id=NOBODY,
    tool=audiences(PROGRAMME),
    country=audiences(PROGRAMME),
    name=audiences(PROGRAMME),
    version=audiences(PROGRAMME),
)
class NamedVersion(models.Model):
    """What a country's exports call a version (``TQ.Name``)."""

    tool = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_version_per_name", fields=["tool", "country", "name"])]

    def __str__(self) -> str:
        return f"{self.country} {self.name}"


@seen_by(
    id=NOBODY,
    tool=EVERYBODY,
    version=EVERYBODY,
    country=EVERYBODY,
    starts=EVERYBODY,
    until=EVERYBODY,
    decision=EVERYBODY,
    decided_at=audiences(PROGRAMME, COMMITTEE),
)
class ToolInForce(models.Model):
    """From when until when a version is asked, in one country or (``country`` empty) wherever none of its own is.

    Days are whole and both ends are inside; no end: still. ``decision`` names the body's decision, or says that the
    approval was never recorded.
    """

    tool = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)
    starts = models.DateField()
    until = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=300)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_version_begins_a_day", fields=["tool", "country", "starts"]),
            models.UniqueConstraint(
                name="one_version_still_in_force", fields=["tool", "country"], condition=models.Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="in_force_until_after_from",
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("starts")),
            ),
        ]
        ordering = ["tool", "country", "starts"]

    def __str__(self) -> str:
        return f"{self.tool} {self.version} {self.country} {self.starts}"


from betterwork.modules.instruments.draft_models import (  # noqa: E402
    DraftChange,
    DraftLegal,
    DraftLineage,
    DraftMark,
    DraftQuestion,
    ToolDraft,
)
from betterwork.modules.instruments.law_models import LegalReference, VersionLegal  # noqa: E402

__all__ = [
    "DraftChange",
    "DraftLegal",
    "DraftLineage",
    "DraftMark",
    "DraftQuestion",
    "LegalReference",
    "NamedVersion",
    "Tool",
    "ToolDraft",
    "ToolInForce",
    "ToolVersion",
    "VersionLegal",
]
