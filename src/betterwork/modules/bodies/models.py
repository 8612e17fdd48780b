"""Committees, who sits in them, when they met and what they decided. Persons are named by their opaque ids."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import F, Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import COMMITTEE, NOBODY, PROGRAMME, Audiences, audiences
from betterwork.modules.bodies.rules import OUTCOMES, WAYS

STAFF = audiences(PROGRAMME)
MEMBERS_TOO = audiences(PROGRAMME, COMMITTEE)
KINDS = ["national-committee", "management-group", "advisory-committee", "factory-committee", "round-table"]
CALLED, HELD, MINUTED, CANCELLED = "called", "held", "minuted", "cancelled"
WAITS, DECIDED, WITHDRAWN = "waits", "decided", "withdrawn"
OPEN, DONE, DROPPED = "open", "done", "dropped"
COOPERATION, MEMORANDUM = "cooperation", "memorandum"
ELECTED, NAMED_BY_UNION, NAMED = "elected", "union", "named"


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


def _seen(names: str, by: Audiences = MEMBERS_TOO) -> dict[str, Audiences]:
    return dict.fromkeys(names.split(), by)


def _id() -> models.CharField[str, str]:
    return models.CharField(primary_key=True, max_length=40, default=new_id, editable=False)


def _person() -> models.CharField[str, str]:
    return models.CharField(max_length=64)


def _known(name: str, field: str, words: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": words}))


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(end__isnull=True) | Q(end__gte=F("start")))


class Kept(models.Model):
    """What is called by its id and nothing else: it may speak of a person."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


@seen_by(
    **_seen("id kind country factory name start end workers_chosen"),
    **_seen("founded_by founded_at", STAFF),
)
class Body(models.Model):
    """A committee. ``country`` empty: of the whole programme. ``factory``: the scope of the factory it belongs to."""

    id = models.CharField(primary_key=True, max_length=40, editable=False)
    """Begins with its country (``vn-…``), so that what lies in what is told without asking the database."""
    kind = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)
    factory = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200)
    workers_chosen = models.CharField(max_length=12, blank=True)
    """Of a factory committee: whether the workers' members are named by their union or elected."""
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    founded_by = _person()
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [
            _known("a_body_is_of_a_known_kind", "kind", KINDS),
            _in_order("a_body_ends_after_it_starts"),
            models.UniqueConstraint(
                name="one_body_of_a_kind",
                fields=["kind", "country", "factory"],
                condition=Q(end__isnull=True) & ~Q(kind="round-table"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@seen_by(
    **_seen("id kind country start end rules source"),
    **_seen("set_by set_at", STAFF),
)
class BodyRule(models.Model):
    """How a country wants a kind of committee composed and deciding, from a day, with where that is written."""

    id = _id()
    kind = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    rules = models.JSONField()
    source = models.TextField()
    set_by = _person()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            _known("a_rule_is_of_a_known_kind", "kind", KINDS),
            _in_order("a_rule_ends_after_it_starts"),
            models.CheckConstraint(name="a_rule_says_where_it_is_written", condition=~Q(source="")),
            models.UniqueConstraint(name="one_rule_begins_a_day", fields=["kind", "country", "start"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.country} from {self.start}"


@seen_by(
    **_seen("id body person organisation side nominator chosen start end alternate_for"),
    **_seen("sex end_reason seated_by seated_at", STAFF),
)
class Member(Kept):
    """One person's term in a committee: for a side, named by whom, from when to when, perhaps as an alternate."""

    id = _id()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    person = models.CharField(max_length=64, db_index=True)
    organisation = models.CharField(max_length=64, blank=True, db_index=True)
    """The key of the organisation she speaks for."""
    side = models.CharField(max_length=20)
    nominator = models.CharField(max_length=200, blank=True)
    """Who named or elected her, in words."""
    chosen = models.CharField(max_length=12, default=NAMED)
    alternate_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="alternates"
    )
    sex = models.CharField(max_length=1, blank=True)
    """For the share of women: f, m, or empty where it is not known or she was erased."""
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    seated_by = _person()
    seated_at = models.DateTimeField()

    class Meta:
        constraints = [_in_order("a_term_ends_after_it_starts")]


@seen_by(
    **_seen("id body member start end"),
    **_seen("seated_by seated_at", STAFF),
)
class Chair(Kept):
    """Who chairs a committee from a day until a day."""

    id = _id()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="chairs")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="chairs")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    seated_by = _person()
    seated_at = models.DateTimeField()

    class Meta:
        constraints = [_in_order("a_chair_ends_after_it_starts")]


@seen_by(
    **_seen("id body kind subject title url country state brought_at"),
    **_seen("brought_by closed_at why", STAFF),
)
class Matter(models.Model):
    """Something another room needs decided. ``subject`` is that room's own name of it."""

    id = _id()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=128)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=12, default=WAITS)
    brought_by = _person()
    brought_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            _known("a_matter_waits_or_is_closed", "state", [WAITS, DECIDED, WITHDRAWN]),
            models.UniqueConstraint(
                name="a_matter_waits_once", fields=["kind", "subject", "country"], condition=Q(state=WAITS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


@seen_by(
    **_seen("id body number day begins place remote written state"),
    **_seen("minutes minutes_document adopted_on"),
    **_seen("called_by called_at why", STAFF),
)
class Meeting(Kept):
    """A meeting, or a written procedure that ends on ``day``. ``minutes`` is the draft until they are adopted."""

    id = _id()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    day = models.DateField()
    begins = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    remote = models.BooleanField(default=False)
    written = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=CALLED)
    minutes = models.TextField(blank=True)
    minutes_document = models.OneToOneField(
        "documents.SealedDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_on = models.DateField(null=True, blank=True)
    called_by = _person()
    called_at = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            _known("a_meeting_is_in_a_known_state", "state", [CALLED, HELD, MINUTED, CANCELLED]),
            models.UniqueConstraint(name="meetings_are_numbered", fields=["body", "number"]),
        ]


@seen_by(**_seen("id meeting order title note matter"))
class AgendaItem(models.Model):
    """One point of the agenda, perhaps about a matter that waits."""

    id = _id()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint(name="items_are_in_order", fields=["meeting", "order"])]

    def __str__(self) -> str:
        return self.title


@seen_by(**_seen("id meeting member remote"), **_seen("noted_by noted_at", STAFF))
class Attendance(Kept):
    """A member or alternate who is present at a meeting."""

    id = _id()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="attendances")
    remote = models.BooleanField(default=False)
    noted_by = _person()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_is_present_once", fields=["meeting", "member"])]


@seen_by(
    **_seen("id body number meeting item matter day text outcome"),
    **_seen("reasons conditions way votes quorum supersedes why taken_at"),
    document=STAFF,
    recorded_by=STAFF,
)
class Decision(models.Model):
    """What a committee decided or advised. The database refuses to change or remove a row; a later one supersedes."""

    id = _id()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    day = models.DateField()
    text = models.TextField()
    outcome = models.CharField(max_length=12)
    reasons = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    way = models.CharField(max_length=12)
    votes = models.JSONField(default=list)
    """[[term that spoke or name of the side, side, vote], …]: names stand in no sealed row."""
    quorum = models.JSONField(default=dict)
    document = models.OneToOneField("documents.SealedDocument", on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    why = models.TextField(blank=True)
    """Why it takes the place of an earlier one."""
    recorded_by = _person()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            _known("a_decision_has_a_known_outcome", "outcome", [*OUTCOMES]),
            _known("a_decision_was_taken_in_a_known_way", "way", [*WAYS]),
            models.UniqueConstraint(name="decisions_are_numbered", fields=["body", "number"]),
            models.CheckConstraint(
                name="a_later_decision_says_why",
                condition=Q(supersedes__isnull=True, why="") | Q(supersedes__isnull=False) & ~Q(why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.number} of {self.body_id}"


@seen_by(**_seen("decision text in_name_of answered_at"), id=NOBODY, answered_by=MEMBERS_TOO)
class Answer(Kept):
    """What came back to a piece of advice. As sealed as the advice."""

    id = _id()
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField()
    in_name_of = models.CharField(max_length=200)
    answered_by = _person()
    answered_at = models.DateTimeField()


@seen_by(
    **_seen("id kind title parties country signed start end reference note"),
    **_seen("noted_by noted_at", STAFF),
)
class Agreement(models.Model):
    """The Agreement of Cooperation or a memorandum: between whom, signed when, in force from when to when."""

    id = _id()
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=300)
    parties = models.CharField(max_length=300)
    country = models.CharField(max_length=2, blank=True)
    signed = models.DateField()
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=300)
    """Where its text is to be found."""
    note = models.TextField(blank=True)
    noted_by = _person()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            _known("an_agreement_is_of_a_known_kind", "kind", [COOPERATION, MEMORANDUM]),
            _in_order("an_agreement_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.title


@seen_by(**_seen("id session day text reference noted_by noted_at", STAFF))
class Remark(models.Model):
    """A comment of the Governing Body on the programme, to be taken into account."""

    id = _id()
    session = models.CharField(max_length=40)
    day = models.DateField()
    text = models.TextField()
    reference = models.CharField(max_length=300, blank=True)
    noted_by = _person()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.session} {self.day}"


@seen_by(
    **_seen("id body decision what owner due state note closed_at"),
    **_seen("remark added_by added_at", STAFF),
)
class FollowUp(Kept):
    """Something to be done after a decision, or after a comment of the Governing Body: by whom, by when."""

    id = _id()
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    remark = models.ForeignKey(Remark, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    what = models.TextField()
    owner = models.CharField(max_length=64, db_index=True)
    due = models.DateField()
    state = models.CharField(max_length=12, default=OPEN)
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    added_by = _person()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [_known("a_follow_up_is_open_or_closed", "state", [OPEN, DONE, DROPPED])]
