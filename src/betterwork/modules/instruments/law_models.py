"""The law that questions rest on, as dated objects, and which question of which sealed version rests on which."""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, NOBODY, PROGRAMME, audiences

_STAFF = audiences(PROGRAMME)


@seen_by(
    id=_STAFF,
    key=EVERYBODY,
    kind=EVERYBODY,
    country=EVERYBODY,
    instrument=EVERYBODY,
    number=EVERYBODY,
    article=EVERYBODY,
    title=EVERYBODY,
    link=EVERYBODY,
    summary=EVERYBODY,
    in_force_from=EVERYBODY,
    in_force_until=EVERYBODY,
    source=EVERYBODY,
    supersedes=EVERYBODY,
    revision=_STAFF,
)
class LegalReference(models.Model):
    """One provision as it stood from a day to a day (both inside): a changed article is a new row that supersedes.

    ``number`` is how the field cites the instrument (C138), ``key`` the name by which documents know this row: it is
    never used again for another text. ``in_force_from`` empty: not known, which is never filled with a guess.
    ``source`` says where this row and its dates are written.
    """

    CONVENTION, RECOMMENDATION, LAW, REGULATION, AGREEMENT, PRACTICE = (
        "convention",
        "recommendation",
        "law",
        "regulation",
        "collective agreement",
        "good practice",
    )
    KINDS = (CONVENTION, RECOMMENDATION, LAW, REGULATION, AGREEMENT, PRACTICE)

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in KINDS])
    country = models.CharField(max_length=2, blank=True)
    instrument = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    article = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)
    summary = models.TextField(blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="law_until_after_from",
                condition=models.Q(in_force_until__isnull=True)
                | models.Q(in_force_until__gte=models.F("in_force_from")),
            )
        ]
        ordering = ["country", "instrument", "article", "in_force_from", "id"]

    def __str__(self) -> str:
        return self.key

    @property
    def citation(self) -> str:
        """How it is cited in a question: the number or the instrument, with the article."""
        return ", ".join(part for part in (self.number or self.instrument, self.article) if part)


@seen_by(id=NOBODY, tool=EVERYBODY, version=EVERYBODY, code=EVERYBODY, reference=EVERYBODY)
class VersionLegal(models.Model):
    """That a question of a sealed version rests on a reference: an index; what was sealed stands in the document."""

    tool = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    reference = models.ForeignKey(LegalReference, on_delete=models.PROTECT, related_name="sealed_questions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_link_of_question_and_law", fields=["tool", "version", "code", "reference"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.tool} {self.version} {self.code} {self.reference_id}"
