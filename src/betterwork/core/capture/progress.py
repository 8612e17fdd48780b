"""How far a capture is: what is answered, missing, to come back to, in conflict; and what each answer still lacks.

For the visit's advisors. Counts by cluster may be told to those who lead; which question lacks what may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from betterwork.core.capture.fields import INTERVIEW, VISIT, Asked, fields_of
from betterwork.core.capture.merging import State
from betterwork.core.capture.minimum_groups import (
    Wanting,
    group_sizes,
    interviews_of,
    question_sizes,
    sources_of,
    wanting,
)
from betterwork.core.capture.triangulation import SHIPPED, MixRule, mix_needed
from betterwork.core.instrument import Kind


class Gap(StrEnum):
    """What is missing for an answer to be whole. The app and the server have a sentence for each."""

    NO_ANSWER = "no-answer"
    CONFLICT = "conflict"
    COME_BACK = "come-back"
    NO_REASON = "no-reason"  # not compliant, or not assessed, and nothing says why
    NO_SOURCE = "no-source"
    NO_SAMPLE = "no-sample"  # of how many documents, workers, union members
    MIX_NOT_MET = "mix-not-met"
    RESTS_ON_TOO_FEW = "rests-on-too-few"
    NO_CONCERN = "no-concern"  # a matter of zero tolerance, and no concern was raised
    NOTHING_SAID = "nothing-said"  # a field of the visit or an interview that is needed
    NO_GROUP = "no-group"  # an interview with nobody


REASON_WANTED = frozenset({"non-compliant", "not-assessed"})
JUDGED = frozenset({"compliant", "non-compliant"})
SAMPLE_WANTED = ("documents", "workers", "union")


@dataclass(frozen=True, slots=True)
class Rules:
    """The country's rules that completeness asks for."""

    minimum_group: int = 5
    mixes: tuple[MixRule, ...] = SHIPPED


@dataclass(slots=True)
class Counts:
    """Of one cluster, or of all. ``answered`` + ``missing`` = ``questions``; ``conflicts`` counts fields."""

    questions: int = 0
    answered: int = 0
    missing: int = 0
    later: int = 0
    conflicts: int = 0
    whole: int = 0
    """Answered, and nothing lacks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far all is, each cluster (in the tool's order), and what each thing lacks (things that lack nothing are
    left out): about → codes."""

    all: Counts
    clusters: Mapping[str, Counts]
    gaps: Mapping[str, tuple[Gap, ...]] = field(default_factory=dict)


def progress(questions: Iterable[Asked], state: State, rules: Rules | None = None) -> Progress:
    """How far a capture is, over the questions of its tool in their order.

    Looks at interviews where the state has them: without them no group reaches the minimum.
    """
    rules = rules or Rules()
    values, conflicts = _by_about(state)
    heard = group_sizes(interviews_of(state))
    total, clusters, gaps = Counts(), dict[str, Counts](), dict[str, tuple[Gap, ...]]()
    for asked in questions:
        found = values.get(asked.about, {})
        lacks = _question_gaps(asked, found, conflicts.get(asked.about, 0), heard, rules)
        _count(total, found, conflicts.get(asked.about, 0), lacks)
        _count(clusters.setdefault(asked.cluster, Counts()), found, conflicts.get(asked.about, 0), lacks)
        if lacks:
            gaps[asked.about] = lacks
    for about in (VISIT, *(one for one in state.abouts() if one.startswith(f"{INTERVIEW}:"))):
        lacks = _thing_gaps(about, values.get(about, {}), conflicts.get(about, 0))
        total.conflicts += conflicts.get(about, 0)
        if lacks:
            gaps[about] = lacks
    return Progress(total, clusters, gaps)


def _by_about(state: State) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    values: dict[str, dict[str, Any]] = {}
    conflicts: dict[str, int] = {}
    for (about, name), register in state.registers.items():
        if register.conflict:
            conflicts[about] = conflicts.get(about, 0) + 1
        elif register.value is not None:
            values.setdefault(about, {})[name] = register.value
    return values, conflicts


def _count(counts: Counts, values: Mapping[str, Any], conflicts: int, lacks: tuple[Gap, ...]) -> None:
    answered = "determination" in values or "answer" in values
    counts.questions += 1
    counts.answered += answered
    counts.missing += not answered
    counts.later += "later" in values
    counts.conflicts += conflicts
    counts.whole += not lacks


def _question_gaps(
    asked: Asked, values: Mapping[str, Any], conflicts: int, heard: Mapping[str, int], rules: Rules
) -> tuple[Gap, ...]:
    gaps = []
    if conflicts:
        gaps.append(Gap.CONFLICT)
    if "later" in values:
        gaps.append(Gap.COME_BACK)
    determination = values.get("determination")
    if ("answer" if asked.kind is Kind.FACT else "determination") not in values:
        return (*gaps, Gap.NO_ANSWER)
    if determination in REASON_WANTED and "reason" not in values:
        gaps.append(Gap.NO_REASON)
    if determination in JUDGED:
        sources = sources_of(values)
        mix = mix_needed(rules.mixes, determination, asked.cluster)
        if any(one in sources and f"sample.{one}" not in values for one in SAMPLE_WANTED):
            gaps.append(Gap.NO_SAMPLE)
        lacking = wanting(sources, question_sizes(values, heard), rules.minimum_group, mix)
        if lacking is not None:
            gaps.append(_OF_WANTING[lacking])
    if asked.serious and determination == "non-compliant" and "serious" not in values:
        gaps.append(Gap.NO_CONCERN)
    return tuple(gaps)


_OF_WANTING = {
    Wanting.NO_SOURCE: Gap.NO_SOURCE,
    Wanting.MIX_NOT_MET: Gap.MIX_NOT_MET,
    Wanting.RESTS_ON_TOO_FEW: Gap.RESTS_ON_TOO_FEW,
}
_NEEDED = {about: tuple(one.name for one in fields_of(about) if one.needed) for about in (VISIT, INTERVIEW)}


def _thing_gaps(about: str, values: Mapping[str, Any], conflicts: int) -> tuple[Gap, ...]:
    """What the visit itself, or an interview, lacks. Nothing is wanted of an interview that was withdrawn."""
    kind = about.partition(":")[0]
    gaps = [Gap.CONFLICT] if conflicts else []
    if kind == INTERVIEW and "withdrawn" in values:
        return tuple(gaps)
    if any(name not in values for name in _NEEDED[kind]):
        gaps.append(Gap.NOTHING_SAID)
    if kind == VISIT and values.get("access", "unrestricted") != "unrestricted" and "access_note" not in values:
        gaps.append(Gap.NO_REASON)
    if kind == INTERVIEW and not sum(values.get(name, 0) for name in ("women", "men", "not_said")):
        gaps.append(Gap.NO_GROUP)
    return tuple(gaps)
