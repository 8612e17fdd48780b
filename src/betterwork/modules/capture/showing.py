"""What pages show of a capture, as plain values: what stands of each question, conflicts with both values, progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.capture.fields import SOURCES
from betterwork.core.capture.merging import Register, State
from betterwork.core.capture.progress import Gap, Rules, progress
from betterwork.core.instrument import Kind
from betterwork.modules.capture.models import Capture, CaptureOperation
from betterwork.modules.capture.queries import Conflict
from betterwork.modules.capture.rules import ClusterProgress, progress_of
from betterwork.modules.capture.tools import Tool
from betterwork.modules.capture.words import WORDS

TAGS = {"compliant": "ok", "non-compliant": "nc", "not-applicable": "none", "not-assessed": "wait"}
GAPS: dict[Gap, Any] = {
    Gap.NO_ANSWER: gettext_lazy("No answer yet"),
    Gap.CONFLICT: gettext_lazy("Two values: decide"),
    Gap.COME_BACK: gettext_lazy("To come back to"),
    Gap.NO_REASON: gettext_lazy("Nothing says why"),
    Gap.NO_SOURCE: gettext_lazy("No source is marked"),
    Gap.NO_SAMPLE: gettext_lazy("Not said how many were looked at"),
    Gap.MIX_NOT_MET: gettext_lazy("The country's rule wants more sources"),
    Gap.RESTS_ON_TOO_FEW: gettext_lazy("Rests on too few people to go further"),
    Gap.NO_CONCERN: gettext_lazy("Serious, and no concern was raised"),
    Gap.NOTHING_SAID: gettext_lazy("Something that is needed is not said"),
    Gap.NO_GROUP: gettext_lazy("Nobody is counted"),
}
_CHOICES = {"determination": "determination", "access": "access", "cause": "cause", "source": "source"}
VISIT_FIELDS = (
    "access",
    "access_note",
    "documents_on_time",
    "managers_met",
    "not_covered",
    "integrity_note",
    "summary",
)


def field_words(name: str) -> str:
    """How a field is called: ``note.workers`` as "Note: Workers"."""
    stem, _point, part = name.partition(".")
    title = str(WORDS.get(f"field-name.{stem}", stem))
    return f"{title}: {WORDS[f'source.{part}']}" if part in SOURCES else title


def value_words(name: str, value: Any) -> str:
    """A value in words."""
    stem = name.partition(".")[0]
    if value is None:
        return _("Nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if stem == "sample":
        whole = value["of"]
        return str(value["looked"]) if whole is None else f"{value['looked']} / {whole}"
    if stem == "file":
        return f"{value['name']}: {value['caption']}" if value["caption"] else str(value["name"])
    if stem in _CHOICES:
        return str(WORDS.get(f"{_CHOICES[stem]}.{value}", value))
    return str(value)


@dataclass(frozen=True, slots=True)
class FileShown:
    """A photo or document of a question."""

    sha256: str
    name: str
    caption: str
    here: bool


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """What stands of one question."""

    code: str
    text: str
    fact: bool
    word: str
    kind: str
    reason: str
    sources: list[str]
    facts: list[tuple[str, str]]
    files: list[FileShown]
    gaps: list[str]
    conflicts: int


@dataclass(frozen=True, slots=True)
class PointShown:
    """A compliance point with what stands of its questions."""

    title: str
    answers: list[AnswerShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClusterShown:
    """A cluster, in the tool's order."""

    code: str
    title: str
    points: list[PointShown] = field(default_factory=list)


Registers = Mapping[str, Mapping[str, Register]]


def answers_shown(tool: Tool, registers: Registers, here: set[str], rules: Rules) -> list[ClusterShown]:
    """What stands of every question, in the tool's order. ``here``: the files that have arrived."""
    gaps = gaps_of(tool, registers, rules)
    clusters: dict[str, ClusterShown] = {}
    points: dict[tuple[str, str], PointShown] = {}
    for one in tool.version.questions:
        code = tool.cluster_of[one.code]
        cluster = clusters.setdefault(code, ClusterShown(code, one.cluster))
        key = (code, one.point_code or one.point)
        if key not in points:
            points[key] = PointShown(one.point)
            cluster.points.append(points[key])
        about = f"question:{one.code}"
        shown = _answer(one.code, one.text, one.kind is Kind.FACT, registers.get(about, {}), here, gaps.get(about, ()))
        points[key].answers.append(shown)
    return list(clusters.values())


def _answer(
    code: str, text: str, fact: bool, held: Mapping[str, Register], here: set[str], gaps: Iterable[Gap]
) -> AnswerShown:
    values = {name: one.value for name, one in held.items() if one.value is not None}
    determination = values.get("determination")
    files = [
        FileShown(name.removeprefix("file."), one["name"], one["caption"] or "", name.removeprefix("file.") in here)
        for name, one in values.items()
        if name.startswith("file.")
    ]
    word = value_words("determination", determination) if determination else ""
    if fact and "answer" in values:
        word = value_words("answer", values["answer"])
    return AnswerShown(
        code=code,
        text=text,
        fact=fact,
        word=word,
        kind=TAGS.get(str(determination), "info"),
        reason=str(values.get("reason", "")),
        sources=[str(WORDS[f"source.{one}"]) for one in SOURCES if values.get(f"source.{one}")],
        facts=[(field_words(name), value_words(name, one)) for name, one in values.items() if _is_fact(name)],
        files=files,
        gaps=[str(GAPS[one]) for one in gaps],
        conflicts=sum(one.conflict for one in held.values()),
    )


def _is_fact(name: str) -> bool:
    stem = name.partition(".")[0]
    return stem in {"note", "sample", "affected", "cause", "cause_note", "serious"}


def gaps_of(tool: Tool, registers: Registers, rules: Rules) -> dict[str, tuple[Gap, ...]]:
    """What each thing lacks. Whether it rests on too few people is known where interviews are, and not here."""
    state = State(registers={(about, name): one for about, held in registers.items() for name, one in held.items()})
    found = progress(tool.questions.values(), state, rules).gaps
    return {about: tuple(one for one in gaps if one is not Gap.RESTS_ON_TOO_FEW) for about, gaps in found.items()}


def visit_shown(registers: Registers) -> list[tuple[str, str]]:
    """How the visit went, in words."""
    held = registers.get("visit", {})
    values = {name: one.value for name, one in held.items() if one.value is not None}
    return [(field_words(name), value_words(name, values[name])) for name in VISIT_FIELDS if name in values]


@dataclass(frozen=True, slots=True)
class ValueShown:
    """One of the values that stand beside each other: the operation, what it says, who wrote it, on which day."""

    id: str
    words: str
    by: str
    day: date | None


@dataclass(frozen=True, slots=True)
class ConflictShown:
    """A conflict with all its values, side by side."""

    about: str
    field: str
    title: str
    text: str
    field_title: str
    values: list[ValueShown]
    seen: str
    """The ids that stand, for the form."""


def conflicts_shown(
    tool: Tool, conflicts: Iterable[Conflict], made: Mapping[str, CaptureOperation], names: Mapping[str, str]
) -> list[ConflictShown]:
    """Conflicts in the tool's order, those of the visit itself first."""
    texts = {one.code: one.text for one in tool.version.questions}
    found = []
    for one in conflicts:
        code = one.about.partition(":")[2]
        values = [
            ValueShown(
                each.id,
                value_words(one.field, each.value),
                names.get(each.by) or _("A colleague"),
                made[each.id].taken_at.date() if each.id in made else None,
            )
            for each in one.register.standing
        ]
        title, text = code or _("The visit"), texts.get(code, "")
        seen = " ".join(one.register.bases)
        found.append(ConflictShown(one.about, one.field, title, text, field_words(one.field), values, seen))
    return sorted(found, key=lambda one: (tool.order.get(one.title, -1), one.field))


def progress_shown(tool: Tool, capture: Capture) -> list[ClusterProgress]:
    """How far each cluster is, in the tool's order."""
    return progress_of(tool.clusters, capture.counts)
