"""What a change of law touches: from a provision and a day to questions, versions in force, drafts and more.

Rooms above add what they know of it (open findings, plans) with :func:`touched_add`; each answers for what the actor
may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from betterwork.core.instrument import Question
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.instruments.draft_models import DROPPED, SEALED
from betterwork.modules.instruments.models import (
    DraftLegal,
    LegalReference,
    ToolInForce,
    ToolVersion,
    VersionLegal,
)
from betterwork.modules.instruments.policy import DRAFTS_READ
from betterwork.modules.instruments.queries import tool_versions, version_of_row

THIS, EARLIER, WHOLE, PART = "this text", "an earlier or later text", "the whole instrument", "an article of it"
"""How a question cites what changes: it itself, another text of it, the instrument it stands in, a part of it."""


@dataclass(frozen=True, slots=True)
class TouchedQuestion:
    """A question that rests on the provision, and how it cites it."""

    code: str
    text: str
    point: str
    cites: str


@dataclass(frozen=True, slots=True)
class TouchedVersion:
    """A version with such questions: where it is in force on the day; nowhere when ``countries`` is empty."""

    tool: str
    version: str
    countries: tuple[str, ...]
    in_force: bool
    questions: tuple[TouchedQuestion, ...]


@dataclass(frozen=True, slots=True)
class TouchedDraft:
    """A draft with such questions, that the reader may open."""

    key: str
    tool: str
    version: str
    country: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TouchedMore:
    """What another room says is touched: so many of its things, and where they are seen."""

    title: Any
    count: int
    note: Any = ""
    url: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Touched:
    """All that a change of one provision touches on a day."""

    versions: tuple[TouchedVersion, ...]
    drafts: tuple[TouchedDraft, ...]
    more: tuple[TouchedMore, ...]

    @property
    def questions(self) -> int:
        """How many questions of versions in force are touched, each counted once per tool."""
        return len({(one.tool, q.code) for one in self.versions if one.in_force for q in one.questions})


Questions = Mapping[tuple[str, str], tuple[str, ...]]
"""(tool, version) → codes of the questions touched in it, of every version: what was found was found by one of them."""
Provider = Callable[[Actor, Questions, str, date], Iterable[TouchedMore]]
_PROVIDERS: dict[str, Provider] = {}


def touched_add(name: str, provider: Provider) -> None:
    """Let ``provider(actor, questions, country, on)`` add what of its room a change of law touches.

    ``country`` is the one whose law it is; empty: law of all countries. ``name`` is the room's; adding it again
    replaces it. It must say nothing of what the actor may not see.
    """
    _PROVIDERS[name] = provider


def touched_remove(name: str) -> None:
    """Take a provider out; for tests."""
    _PROVIDERS.pop(name, None)


def law_touches(reference: LegalReference, *, actor: Actor, on: date) -> Touched:
    """What a change of ``reference`` on a day touches, as far as this actor may see it. Bounded queries."""
    cites = _citing(reference)
    linked: dict[tuple[str, str], dict[str, str]] = {}
    rows = VersionLegal.objects.filter(reference__in=list(cites))
    for tool, version, code, key in rows.values_list("tool", "version", "code", "reference_id"):
        found = linked.setdefault((tool, version), {})
        found[code] = _nearer(found.get(code, ""), cites[key])
    held: dict[tuple[str, str], list[str]] = {}
    days = ToolInForce.objects.filter(starts__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))
    for tool, version, country in days.order_by("tool", "country").values_list("tool", "version", "country"):
        held.setdefault((tool, version), []).append(country)
    versions = tuple(
        _version(row, linked[row.tool, row.version], held.get((row.tool, row.version)))
        for row in tool_versions()
        if (row.tool, row.version) in linked
    )
    codes = {(one.tool, one.version): tuple(q.code for q in one.questions) for one in versions}
    more = [said for name in sorted(_PROVIDERS) for said in _PROVIDERS[name](actor, codes, reference.country, on)]
    return Touched(
        tuple(sorted(versions, key=lambda one: (not one.in_force, one.tool, one.version))),
        tuple(_drafts(cites, actor)),
        tuple(sorted(more, key=lambda one: (one.order, str(one.title)))),
    )


def law_life(reference: LegalReference) -> list[LegalReference]:
    """All texts of a provision, oldest first: what it supersedes and what supersedes it."""
    of_it = {one.pk: one for one in _same_instrument(reference).select_related("supersedes")}
    of_it.setdefault(reference.pk, reference)
    later = {one.supersedes_id: one for one in of_it.values() if one.supersedes_id}
    first = of_it[reference.pk]
    while first.supersedes_id in of_it and first.supersedes_id is not None:
        first = of_it[first.supersedes_id]
    life = [first]
    while life[-1].pk in later and len(life) <= len(of_it):
        life.append(later[life[-1].pk])
    return life


def law_state(reference: LegalReference, *, superseded: bool, on: date) -> str:
    """How a text stands on a day: ``later``, ``holds``, ``superseded``, ``repealed`` or ``unknown``."""
    if reference.in_force_until is not None and reference.in_force_until < on:
        return "superseded" if superseded else "repealed"
    if reference.in_force_from is None:
        return "unknown"
    return "later" if reference.in_force_from > on else "holds"


def _same_instrument(reference: LegalReference) -> QuerySet[LegalReference]:
    same = Q(instrument=reference.instrument)
    if reference.number:
        same |= Q(number=reference.number)
    chain = Q(supersedes__instrument=reference.instrument) | Q(superseded_by__instrument=reference.instrument)
    return LegalReference.objects.filter(Q(country=reference.country) & same | chain).distinct()


def _citing(reference: LegalReference) -> dict[int, str]:
    """The references by which a question would be touched, each with how it cites what changes."""
    life = {one.pk for one in law_life(reference)}
    found: dict[int, str] = {}
    for one in _same_instrument(reference):
        if one.pk in life:
            continue
        if not one.article:
            found[one.pk] = WHOLE
        elif not reference.article or _is_part(one.article, reference.article):
            found[one.pk] = PART
        elif _is_part(reference.article, one.article):
            found[one.pk] = WHOLE
    return found | dict.fromkeys(life, EARLIER) | {reference.pk: THIS}


def _is_part(article: str, of: str) -> bool:
    """Whether "Art. 137(2)" is a part of "Art. 137"; "Art. 13" is not one of "Art. 1"."""
    rest = article[len(of) :]
    return article.startswith(of) and bool(rest) and not rest[0].isalnum()


def _nearer(one: str, other: str) -> str:
    order = (THIS, EARLIER, PART, WHOLE, "")
    return min(one, other, key=order.index)


def _version(row: ToolVersion, cites: Mapping[str, str], countries: list[str] | None) -> TouchedVersion:
    content = version_of_row(row)[0]
    asked = [(one, cites[one.code]) for one in content.questions if one.code in cites]
    return TouchedVersion(
        row.tool,
        row.version,
        tuple(countries or ()),
        countries is not None,
        tuple(_question(question, how) for question, how in asked),
    )


def _question(question: Question, cites: str) -> TouchedQuestion:
    return TouchedQuestion(question.code, question.text, question.point, cites)


def _drafts(cites: Mapping[int, str], actor: Actor) -> Iterable[TouchedDraft]:
    if not (DRAFTS_READ.may(actor) or actor.is_operator):
        return
    drafts = {
        one.pk: one for one in DRAFTS_READ.visible_to(actor).exclude(state__in=(DROPPED, SEALED)).select_related("tool")
    }
    codes: dict[int, list[str]] = {}
    rows = DraftLegal.objects.filter(reference__in=list(cites), draft__in=list(drafts)).order_by("code")
    for key, code in rows.values_list("draft_id", "code"):
        if code not in codes.setdefault(key, []):
            codes[key].append(code)
    for key, found in codes.items():
        draft = drafts[key]
        yield TouchedDraft(draft.key, draft.tool.code, draft.version, draft.country, tuple(found))
