"""What may be said of a member of staff, by whom, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

COMPETENCE, LANGUAGE, LEAVE, CONFLICT = "competence", "language", "leave", "conflict"
KINDS: dict[str, Any] = {
    COMPETENCE: _("Competence"),
    LANGUAGE: _("Language"),
    LEAVE: _("Leave"),
    CONFLICT: _("Conflict of interest"),
}
COMPETENCES: dict[str, Any] = {
    "assessment": _("Assessment"),
    "fire-and-building": _("Fire and building safety"),
    "safety-and-health": _("Occupational safety and health"),
    "wages-and-hours": _("Wages and working time"),
    "child-and-forced-labour": _("Child and forced labour"),
    "freedom-of-association": _("Freedom of association and bargaining"),
    "discrimination": _("Discrimination and harassment"),
    "advice": _("Advice and committees"),
    "training": _("Training"),
}
COMPETENCE_LEVELS: dict[str, Any] = {
    "learning": _("Learning"),
    "with-another": _("Together with another"),
    "alone": _("Alone"),
    "coaches": _("Coaches others"),
}
LANGUAGE_LEVELS: dict[str, Any] = {
    "understands": _("Understands"),
    "interviews": _("Leads interviews"),
    "first": _("First language"),
}
SPOKEN = (
    *("ar", "bn", "en", "es", "fr", "ht", "id", "jv", "km", "st", "su", "vi"),
    *("fil", "hi", "ko", "my", "ne", "si", "ta", "th", "ur", "zh"),
)
"""Languages of the countries, and those of managers and workers who came from elsewhere (ISO 639)."""
SHORTEST_NOTE = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as somebody wants to enter it."""

    person: str
    kind: str
    about: str
    level: str
    starts: date
    ends: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a fact that stands."""

    about: str
    starts: date
    ends: date | None


def overlaps(first: Span, second: Span) -> bool:
    """Whether two spans share a day. Both ends are inside; without an end a span goes on."""
    return (first.ends is None or second.starts <= first.ends) and (second.ends is None or first.starts <= second.ends)


def fact_refusal(said: Said, *, actor: str, others: Iterable[Span]) -> Any:
    """Why a fact may not be entered, in words; empty where it may. ``others``: hers of the same kind that stand."""
    return _shape_refusal(said) or _person_refusal(said, actor) or _twice_refusal(said, others)


def _shape_refusal(said: Said) -> Any:
    if said.ends is not None and said.ends < said.starts:
        return _("The last day lies before the first.")
    if said.kind == COMPETENCE and (said.about not in COMPETENCES or said.level not in COMPETENCE_LEVELS):
        return _("Choose a competence and its level.")
    if said.kind == LANGUAGE and (said.about not in SPOKEN or said.level not in LANGUAGE_LEVELS):
        return _("Choose a language and how well it is spoken.")
    if said.kind == LEAVE and (said.ends is None or said.about or said.level or said.note):
        return _("Leave has a first and a last day, and no reason.")
    if said.kind == CONFLICT:
        if said.about.partition(":")[0] not in {"factory", "organisation"}:
            return _("Say with which factory or organisation the conflict is.")
        if len(said.note) < SHORTEST_NOTE:
            return _("Say in a sentence what the conflict consists in.")
    return "" if said.kind in KINDS else _("There is no such kind of fact.")


def _person_refusal(said: Said, actor: str) -> Any:
    if said.kind == COMPETENCE and actor == said.person:
        return _("Nobody attests her own competence: ask your team leader.")
    return ""


def _twice_refusal(said: Said, others: Iterable[Span]) -> Any:
    mine = Span(said.about, said.starts, said.ends)
    if any(one.about == said.about and overlaps(one, mine) for one in others):
        return _("This is said already for some of these days: end the earlier entry first.")
    return ""


def end_refusal(kind: str, *, actor: str, person: str) -> Any:
    """Why somebody may not end or withdraw a fact, in words; empty where she may."""
    if kind in {COMPETENCE, CONFLICT} and actor == person:
        return _("Your manager or team leader ends this entry.")
    return ""
