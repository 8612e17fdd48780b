"""What the demonstration knows of its staff, and the draft of a tool that they are writing. SIMULATED."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from betterwork.core.errors import BetterWorkError
from betterwork.modules.instruments.drafts import draft_read
from betterwork.modules.instruments.models import ToolDraft
from betterwork.modules.instruments.queries import tool_called, tool_versions
from betterwork.modules.instruments.services import (
    draft_create,
    draft_question_add,
    draft_question_edit,
    draft_question_split,
)
from betterwork.modules.staff.rules import COMPETENCE, CONFLICT, LANGUAGE, LEAVE
from betterwork.modules.staff.services import fact_enter

COMPETENCES = (
    ("advisor.vietnam", "assessment", "coaches"),
    ("advisor.vietnam", "fire-and-building", "alone"),
    ("advisor.vietnam", "wages-and-hours", "with-another"),
    ("partner.vietnam", "assessment", "with-another"),
    ("partner.vietnam", "freedom-of-association", "alone"),
    ("partner.vietnam", "training", "learning"),
    ("leader.vietnam", "assessment", "coaches"),
)
LANGUAGES = (
    ("advisor.vietnam", "vi", "first"),
    ("advisor.vietnam", "en", "interviews"),
    ("partner.vietnam", "vi", "first"),
    ("partner.vietnam", "zh", "understands"),
    ("advisor.cambodia", "km", "first"),
    ("advisor.bangladesh", "bn", "first"),
)
VERSION, COUNTRY, BASE = "2027-VN", "VN", "2014"
WATER = "Is there enough free, safe drinking water within a short walk of every place of work?"


def staff_facts_enter(persons: Mapping[str, str], factory: str, at: datetime) -> int:
    """Enter competence by the manager; languages, a leave to come and a conflict of interest by herself."""
    began = date(at.year - 1, 1, 15)
    for word, about, level in COMPETENCES:
        _entered(persons, "manager.vietnam", word, COMPETENCE, began, at, about=about, level=level)
    for word, about, level in LANGUAGES:
        _entered(persons, word, word, LANGUAGE, began, at, about=about, level=level)
    away = at.date() + timedelta(days=12)
    fact_enter(
        actor=persons["partner.vietnam"],
        person=persons["partner.vietnam"],
        kind=LEAVE,
        starts=away,
        ends=away + timedelta(days=9),
        at=at,
    )
    note = "Her sister works in the office of this factory (simulated)."
    _entered(persons, "advisor.vietnam", "advisor.vietnam", CONFLICT, began, at, about=factory, note=note)
    return len(COMPETENCES) + len(LANGUAGES) + 2


def _entered(
    persons: Mapping[str, str],
    by: str,
    word: str,
    kind: str,
    starts: date,
    at: datetime,
    *,
    about: str,
    level: str = "",
    note: str = "",
) -> None:
    person = persons[word]
    fact_enter(actor=persons[by], person=person, kind=kind, about=about, level=level, note=note, starts=starts, at=at)


def draft_make(persons: Mapping[str, str], at: datetime) -> ToolDraft:
    """Begin the next version for Viet Nam from the shipped one: one question reworded, one added, one split."""
    tool = tool_called("garment")
    base = next((one for one in tool_versions("garment") if one.version == BASE), None)
    if tool is None or base is None:
        raise BetterWorkError(f"the tool ships with version {BASE}, and it is not here")
    manager, leader = persons["manager.vietnam"], persons["leader.vietnam"]
    draft = draft_create(actor=manager, tool=tool, version=VERSION, country=COUNTRY, based_on=base, at=at)
    draft = draft_question_edit(
        actor=leader,
        draft=draft,
        code="OSH-6-03",
        changes={"text": WATER},
        reason="Water was there, but far from the sewing lines.",
        at=at,
    )
    room = draft_read(draft).by_code["OSH-6-05"]
    draft = draft_question_add(
        actor=leader,
        draft=draft,
        question=replace(room, code="OSH-6-31", text="Can milk be kept cool and clean there?", guidance="", source=""),
        after="OSH-6-05",
        reason="A room alone does not help a mother who comes back to work.",
        at=at,
    )
    return draft_question_split(
        actor=manager,
        draft=draft,
        code="OSH-6-08",
        parts=[
            ("OSH-6-32", "Are changing rooms provided where required?"),
            ("OSH-6-33", "Are lockers provided where required?"),
        ],
        reason="Asked as one, a finding did not say which of the two is missing.",
        at=at,
    )
