"""What may be told of the sources of a determination, so that nobody who spoke can be found out.

The rule, in one sentence: *what others are told is what they would be told if groups of workers or union below the
minimum had never spoken.* So nothing that goes further can depend on such a group, whatever else a reader knows: which
documents were asked for, where the advisors walked, or the country's rule on the mix of sources. Why this and nothing
weaker: ``docs/algorithms/sources-shown.md``.

Here *others* are everybody but the visit's own advisors. *Can be told* are the sources without such groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from betterwork.core.capture.fields import INTERVIEW, PROTECTED, SOURCES, Asked
from betterwork.core.capture.merging import State
from betterwork.core.capture.triangulation import NOTHING_NEEDED, Mix, MixRule, mix_missing, mix_needed
from betterwork.core.errors import WrongUse


class Telling(StrEnum):
    """How the sources of a determination are told."""

    NAMED = "named"
    MORE_THAN_ONE = "more than one source"
    CANNOT_GO_FURTHER = "cannot go further"


@dataclass(frozen=True, slots=True)
class Told:
    """What others are told. ``names`` only where they are named. Says nothing of why: that is for the team."""

    telling: Telling
    names: tuple[str, ...] = ()

    @property
    def cannot_go_further(self) -> bool:
        """Whether the determination itself may not leave the visit's advisors."""
        return self.telling is Telling.CANNOT_GO_FURTHER


CANNOT_GO_FURTHER: Final = Told(Telling.CANNOT_GO_FURTHER)


class Wanting(StrEnum):
    """For the team alone: why a determination cannot go further."""

    NO_SOURCE = "no-source"
    MIX_NOT_MET = "mix-not-met"
    RESTS_ON_TOO_FEW = "rests-on-too-few"


@dataclass(frozen=True, slots=True)
class Interview:
    """What the minimum needs to know of an interview: with whom and how many. Never who, never what."""

    id: str
    source: str
    size: int
    withdrawn: bool = False


def sources_that_can_be_told(sources: Iterable[str], sizes: Mapping[str, int], minimum: int) -> tuple[str, ...]:
    """The sources without workers and union whose group is below the minimum (or not known), in the list's order."""
    _minimum_check(minimum)
    held = set(sources)
    return tuple(one for one in SOURCES if one in held and (one not in PROTECTED or sizes.get(one, 0) >= minimum))


def sources_told(sources: Iterable[str], sizes: Mapping[str, int], minimum: int, mix: Mix = NOTHING_NEEDED) -> Told:
    """What others are told of a determination that rests on ``sources``.

    ``sizes``: how many workers (union) it rests on; what is not there counts as nobody. ``mix``: what the country's
    rule wants for this determination. Of the sources that can be told:

    - none, or too few for the mix: it cannot go further;
    - one: it is named, for the rule is content with it;
    - several, with workers or union among them: all are named;
    - several, without: "more than one source", whether or not a few workers spoke as well.

    Raises :class:`WrongUse` where the minimum is below 1.
    """
    told = sources_that_can_be_told(sources, sizes, minimum)
    if not told or not mix_missing(mix, told).met:
        return CANNOT_GO_FURTHER
    if len(told) == 1 or set(told) & set(PROTECTED):
        return Told(Telling.NAMED, told)
    return Told(Telling.MORE_THAN_ONE)


def wanting(
    sources: Iterable[str], sizes: Mapping[str, int], minimum: int, mix: Mix = NOTHING_NEEDED
) -> Wanting | None:
    """For the team alone: why it cannot go further; None where it can."""
    held = set(sources) & set(SOURCES)
    if not sources_told(held, sizes, minimum, mix).cannot_go_further:
        return None
    if not held:
        return Wanting.NO_SOURCE
    return Wanting.RESTS_ON_TOO_FEW if mix_missing(mix, held).met else Wanting.MIX_NOT_MET


def may_go_along(name: str, told: Told) -> bool:
    """Whether a field of a question may go further with what is told of its sources.

    What belongs to one source (``note.workers``, ``sample.documents``) only where that source is named, and the size
    of a group of workers or union never.
    """
    if told.cannot_go_further:
        return False
    stem, _, source = name.partition(".")
    if stem not in {"source", "note", "sample"}:
        return True
    return source in told.names and not (stem == "sample" and source in PROTECTED)


def _minimum_check(minimum: int) -> None:
    if minimum < 1:
        raise WrongUse("The smallest group of which anything is told is 1 or more.")


# -- from what was written down ---------------------------------------------------------------------


def interviews_of(state: State) -> tuple[Interview, ...]:
    """The interviews in a state (a device's, or the vault's), by id. What is in conflict counts as nobody."""
    found = []
    for about in state.abouts():
        kind, _, key = about.partition(":")
        if kind == INTERVIEW:
            values = state.values(about)
            size = sum(values.get(name, 0) for name in ("women", "men", "not_said"))
            unsure = state.register(about, "withdrawn").conflict
            found.append(Interview(key, values.get("source", ""), size, unsure or "withdrawn" in values))
    return tuple(found)


def group_sizes(interviews: Iterable[Interview]) -> dict[str, int]:
    """How many were heard on the visit, by source. Withdrawn interviews count nobody. Their order says nothing."""
    sizes = dict.fromkeys(PROTECTED, 0)
    for one in interviews:
        if one.source in sizes and not one.withdrawn:
            sizes[one.source] += one.size
    return sizes


def question_sizes(values: Mapping[str, Any], heard: Mapping[str, int]) -> dict[str, int]:
    """How many workers (union) one determination rests on: as its sample says, and never more than were heard.

    ``values`` are the question's values. Without a sample nobody knows, and nobody is counted.
    """
    sizes = {}
    for source in PROTECTED:
        sample = values.get(f"sample.{source}")
        sizes[source] = min(sample["looked"], heard.get(source, 0)) if sample else 0
    return sizes


def sources_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The sources that are marked for a question, in the list's order."""
    return tuple(one for one in SOURCES if values.get(f"source.{one}"))


@dataclass(frozen=True, slots=True)
class QuestionTold:
    """What others may be told of one question. A determination that cannot go further is not there at all:
    it looks like a question nobody has determined."""

    code: str
    determination: str | None
    told: Told


def question_told(
    state: State, asked: Asked, *, heard: Mapping[str, int], minimum: int, rules: Iterable[MixRule]
) -> QuestionTold:
    """What others may be told of one question of a state."""
    values = state.values(asked.about)
    determination = values.get("determination")
    mix = mix_needed(rules, determination, asked.cluster)
    told = sources_told(sources_of(values), question_sizes(values, heard), minimum, mix)
    if determination is None or told.cannot_go_further:
        return QuestionTold(asked.code, None, CANNOT_GO_FURTHER)
    return QuestionTold(asked.code, determination, told)


def day_kept(moment: str, *, minutes_from_utc: int = 0) -> str:
    """The day of a moment (``2026-11-23T05:40:12Z``) where the visit is, and nothing finer: ``2026-11-23``."""
    return (datetime.fromisoformat(moment) + timedelta(minutes=minutes_from_utc)).date().isoformat()
