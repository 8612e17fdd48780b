"""The assessment tool as plain values: what is asked, in which version, and how questions descend.

Words: a *cluster* groups *compliance points*; a point groups *questions*. A question's code is
stable over the versions of its tool; *lineage* says how the questions of one version descend
from those of another. A *fact* is information only and never enters a rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a question is for."""

    COMPLIANCE = "compliance"
    FACT = "fact"


class ReportingLevel(StrEnum):
    """Whose conduct a finding speaks of: one factory's, or the country's law and practice."""

    FACTORY = "factory"
    NATIONAL = "national"


class Known(StrEnum):
    """Yes, no, or not known: blank in the source is not a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"


class AnswerKind(StrEnum):
    """What is written down as the answer."""

    FINDING = "finding"
    YES_NO = "yes or no"
    NUMBER = "number"
    SHARE = "share"
    DAY = "day"
    TEXT = "text"
    CHOICE = "choice"


class Relation(StrEnum):
    """How a question of an older version and one of a newer version are related."""

    SAME = "same"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    ADDED = "added"


class Determination(IntEnum):
    """The answer to a compliance question in one assessment. Only 0 and 1 count as asked."""

    COMPLIANT = 0
    NONCOMPLIANT = 1
    NOT_APPLICABLE = 2
    NOT_ASSESSED = 3
    BLANK = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one tool version. Texts are in the tool's own language (English)."""

    code: str
    kind: Kind
    cluster_code: str
    cluster: str
    point_code: str
    point: str
    text: str
    standard_kind: str = ""  # "core" standards or "national" law; empty for facts
    reporting_level: ReportingLevel = ReportingLevel.FACTORY
    noncompliant_answer: str = ""  # "yes" or "no": the direction, for forms that ask yes/no
    legal_basis: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    publicly_reported: bool = False
    zero_tolerance: Known = Known.UNKNOWN
    guidance: str = ""
    only_where_it_applies: bool = False  # the whole point may be missing, for example accommodation
    source: str = ""
    answer: AnswerKind = AnswerKind.FINDING  # what is answered; other than a finding for facts only
    unit: str = ""  # of a number: "workers", "per cent"
    choices: tuple[str, ...] = ()  # of a choice, in the order shown
    least: str = ""  # smallest number or earliest day that can be right, written as the answer is
    most: str = ""


@dataclass(frozen=True, slots=True)
class CountryMark:
    """How one country's rules mark a question; not known means: as the tool says."""

    code: str
    country: str  # ISO alpha-2
    publicly_reported: Known = Known.UNKNOWN
    zero_tolerance: Known = Known.UNKNOWN


@dataclass(frozen=True, slots=True)
class LegalLink:
    """A question and the dated legal reference it rests on, by the reference's key and as it was written then."""

    code: str
    reference: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """An approved translation of one text of a question, sealed with the version."""

    code: str
    field: str  # "text" or "guidance"
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """A link between two versions. ``predecessor`` or ``successor`` is empty when added or withdrawn."""

    from_version: str
    to_version: str
    predecessor: str
    successor: str
    relation: Relation
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LabelChange:
    """An old spelling of a cluster or point and the label it is reported under."""

    level: str  # "cluster" or "point"
    old_label: str
    new_label: str
    reason: str = ""


@dataclass(frozen=True)
class ToolVersion:
    """A sealed version: its questions in the order they are asked."""

    tool: str
    version: str
    in_force_from: str  # ISO date
    approval: str
    questions: tuple[Question, ...]
    digest: str = ""
    country: str = ""
    """ISO alpha-2 of the one country whose version this is; empty for all countries."""
    marks: tuple[CountryMark, ...] = ()
    legal: tuple[LegalLink, ...] = ()
    translations: tuple[TranslatedText, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Question]:
        """Question code → question."""
        return {question.code: question for question in self.questions}

    @cached_property
    def compliance_codes(self) -> tuple[str, ...]:
        """Codes of the compliance questions, in the tool's order."""
        return tuple(q.code for q in self.questions if q.kind is Kind.COMPLIANCE)


@dataclass(frozen=True)
class Catalogue:
    """All versions of a tool with what joins them: what import and evidence need to know of it.

    ``named`` maps (ISO country code, the export's ``TQ.Name``) to a version. ``versions`` runs
    from oldest to newest. Labels reported are those of the newest version that has the question.
    """

    tool: str
    versions: tuple[ToolVersion, ...]
    lineage: tuple[Lineage, ...] = ()
    label_changes: tuple[LabelChange, ...] = ()
    named: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def by_version(self) -> Mapping[str, ToolVersion]:
        """Version name → version."""
        return {version.version: version for version in self.versions}

    @cached_property
    def newest(self) -> Mapping[str, Question]:
        """Question code → the question as the newest version that asks it words and places it.

        Labels of withdrawn questions are brought up to date by ``label_changes``.
        """
        found: dict[str, Question] = {}
        for version in self.versions:
            for question in version.questions:
                found[question.code] = question
        return {code: self._relabelled(question) for code, question in found.items()}

    def _relabelled(self, question: Question) -> Question:
        from dataclasses import replace

        cluster, point = self.harmonised(question.cluster, question.point)
        if (cluster, point) == (question.cluster, question.point):
            return question
        return replace(question, cluster=cluster, point=point)

    def harmonised(self, cluster: str, point: str) -> tuple[str, str]:
        """The labels under which an old cluster and point are reported today."""
        new = {(change.level, change.old_label): change.new_label for change in self.label_changes}
        return new.get(("cluster", cluster), cluster), new.get(("point", point), point)
