"""What is being written: drafts of a version, their questions, lineage, law, marks, and each change with its undo."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from betterwork.core.instrument import AnswerKind, Kind, Known, Relation, ReportingLevel
from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import COMMITTEE, NOBODY, PROGRAMME, audiences
from betterwork.modules.instruments.law_models import LegalReference

_STAFF = audiences(PROGRAMME)
_READERS = audiences(PROGRAMME, COMMITTEE)
"""The staff who write it, and the body that it is put before."""

DRAFT, SUBMITTED, RETURNED, APPROVED, SEALED, DROPPED = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "sealed",
    "dropped",
)
STATES = (DRAFT, SUBMITTED, RETURNED, APPROVED, SEALED, DROPPED)
OPEN = (DRAFT, RETURNED)
"""States in which it may be changed."""
BEFORE_THE_BODY = (SUBMITTED, APPROVED, RETURNED, SEALED)


def _choices(values: object) -> list[tuple[str, str]]:
    return [(str(one), str(one)) for one in values]  # type: ignore[attr-defined]


@seen_by(
    id=NOBODY,
    key=_READERS,
    tool=_READERS,
    version=_READERS,
    country=_READERS,
    based_on=_READERS,
    state=_READERS,
    revision=_STAFF,
    in_force_from=_READERS,
    made_by=_STAFF,
    made_at=_READERS,
    submitted_by=_STAFF,
    submitted_at=_READERS,
    matter=_READERS,
    body=_READERS,
    answer=_READERS,
    answered_at=_READERS,
    decision=_READERS,
    sealed=_READERS,
)
class ToolDraft(models.Model):
    """A version being written. ``country`` empty: for all. ``revision`` grows with every change.

    ``matter`` is what was put before the ``body`` (its id), ``answer`` what the body said (reasons when it returned
    the draft), ``decision`` names its decision once there is one.
    """

    key = models.CharField(max_length=40, unique=True)
    tool = models.ForeignKey("instruments.Tool", on_delete=models.PROTECT, related_name="drafts")
    version = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)
    based_on = models.ForeignKey(
        "instruments.ToolVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="drafts_from_it"
    )
    state = models.CharField(max_length=10, choices=_choices(STATES), default=DRAFT)
    revision = models.PositiveIntegerField(default=0)
    in_force_from = models.DateField(null=True, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    matter = models.CharField(max_length=60, blank=True)
    body = models.CharField(max_length=60, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=300, blank=True)
    sealed = models.OneToOneField(
        "instruments.ToolVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="made_from"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_draft_of_a_version", fields=["tool", "version"], condition=~Q(state=DROPPED)
            ),
            models.CheckConstraint(name="a_draft_has_a_known_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="a_sealed_draft_names_its_version",
                condition=Q(state=SEALED, sealed__isnull=False) | (~Q(state=SEALED) & Q(sealed__isnull=True)),
            ),
        ]
        ordering = ["tool", "-made_at", "key"]

    def __str__(self) -> str:
        return f"{self.tool_id} {self.version} {self.state}"


@seen_by(
    id=NOBODY,
    draft=_READERS,
    position=_READERS,
    code=_READERS,
    kind=_READERS,
    cluster_code=_READERS,
    cluster=_READERS,
    point_code=_READERS,
    point=_READERS,
    text=_READERS,
    standard_kind=_READERS,
    reporting_level=_READERS,
    noncompliant_answer=_READERS,
    legal_basis=_READERS,
    tags=_READERS,
    publicly_reported=_READERS,
    zero_tolerance=_READERS,
    guidance=_READERS,
    only_where_it_applies=_READERS,
    source=_READERS,
    answer=_READERS,
    unit=_READERS,
    choices=_READERS,
    least=_READERS,
    most=_READERS,
    revision=_STAFF,
)
class DraftQuestion(models.Model):
    """One question of a draft: the fields of ``core.instrument.Question`` by the same names, and where it stands.

    ``revision`` is the draft's revision in which it was last changed: who writes over another one's words is told.
    """

    draft = models.ForeignKey(ToolDraft, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=_choices(Kind), default=Kind.COMPLIANCE)
    cluster_code = models.CharField(max_length=20, blank=True)
    cluster = models.CharField(max_length=200)
    point_code = models.CharField(max_length=20, blank=True)
    point = models.CharField(max_length=200)
    text = models.TextField()
    standard_kind = models.CharField(max_length=20, blank=True)
    reporting_level = models.CharField(max_length=10, choices=_choices(ReportingLevel), default=ReportingLevel.FACTORY)
    noncompliant_answer = models.CharField(max_length=10, blank=True)
    legal_basis = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    publicly_reported = models.BooleanField(default=False)
    zero_tolerance = models.CharField(max_length=10, choices=_choices(Known), default=Known.UNKNOWN)
    guidance = models.TextField(blank=True)
    only_where_it_applies = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    answer = models.CharField(max_length=12, choices=_choices(AnswerKind), default=AnswerKind.FINDING)
    unit = models.CharField(max_length=40, blank=True)
    choices = models.JSONField(default=list)
    least = models.CharField(max_length=20, blank=True)
    most = models.CharField(max_length=20, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="a_code_once_in_a_draft", fields=["draft", "code"])]
        ordering = ["draft", "position", "id"]

    def __str__(self) -> str:
        return self.code


@seen_by(id=NOBODY, draft=_READERS, predecessor=_READERS, successor=_READERS, relation=_READERS, reason=_READERS)
class DraftLineage(models.Model):
    """How a question of the draft descends from the version it is based on. What is the same needs no row."""

    draft = models.ForeignKey(ToolDraft, on_delete=models.CASCADE, related_name="lineage")
    predecessor = models.CharField(max_length=40, blank=True)
    successor = models.CharField(max_length=40, blank=True)
    relation = models.CharField(max_length=10, choices=_choices(Relation))
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_link_of_two_questions", fields=["draft", "predecessor", "successor"]),
            models.CheckConstraint(name="a_link_has_an_end", condition=~(Q(predecessor="") & Q(successor=""))),
        ]
        ordering = ["draft", "id"]

    def __str__(self) -> str:
        return f"{self.predecessor} {self.relation} {self.successor}"


@seen_by(id=NOBODY, draft=_READERS, code=_READERS, reference=_READERS)
class DraftLegal(models.Model):
    """That a question of the draft rests on a reference of the register."""

    draft = models.ForeignKey(ToolDraft, on_delete=models.CASCADE, related_name="legal")
    code = models.CharField(max_length=40)
    reference = models.ForeignKey(LegalReference, on_delete=models.PROTECT, related_name="draft_questions")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_link_of_draft_and_law", fields=["draft", "code", "reference"])]

    def __str__(self) -> str:
        return f"{self.code} {self.reference_id}"


@seen_by(
    id=NOBODY, draft=_READERS, code=_READERS, country=_READERS, publicly_reported=_READERS, zero_tolerance=_READERS
)
class DraftMark(models.Model):
    """How one country marks a question; not known: as the tool says. See ``core.instrument.CountryMark``."""

    draft = models.ForeignKey(ToolDraft, on_delete=models.CASCADE, related_name="marks")
    code = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    publicly_reported = models.CharField(max_length=10, choices=_choices(Known), default=Known.UNKNOWN)
    zero_tolerance = models.CharField(max_length=10, choices=_choices(Known), default=Known.UNKNOWN)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_mark_of_a_country", fields=["draft", "code", "country"])]

    def __str__(self) -> str:
        return f"{self.code} {self.country}"


@seen_by(
    id=NOBODY,
    draft=_STAFF,
    revision=_STAFF,
    action=_STAFF,
    codes=_STAFF,
    before=NOBODY,
    after=NOBODY,
    by=_STAFF,
    at=_STAFF,
    undone=_STAFF,
)
class DraftChange(models.Model):
    """One change of a draft with what it touched, before and after: what undo puts back."""

    draft = models.ForeignKey(ToolDraft, on_delete=models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField()
    action = models.CharField(max_length=20)
    codes = models.JSONField(default=list)
    before = models.JSONField()
    after = models.JSONField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_change_of_a_revision", fields=["draft", "revision"])]
        ordering = ["draft", "-revision"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision} {self.action}"
