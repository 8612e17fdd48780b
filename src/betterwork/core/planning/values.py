"""The words of planning: what is due, who can go, what must hold, and what a plan says. Light: no numpy, no scipy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from betterwork.core.errors import WrongUse

Value = str | int | tuple[str, ...]
Data = Mapping[str, Value]
"""Plain data from which a sentence can be made: keys, codes, days as ISO text, numbers."""


class BadProblem(WrongUse):
    """What is asked cannot be planned as written: a key twice, a day that is no Monday, a number below nothing."""


class Rule(StrEnum):
    """The hard rules. A plan never breaks one; an unplaced factory names those that stopped it."""

    PAIR = "pair"
    """As many different advisors of the problem as a visit takes (two)."""
    LEAD = "lead"
    """At least one of them works alone already: two beginners are not sent together."""
    LANGUAGE = "language"
    """For each language that is needed one of them interviews in it."""
    COMPETENCE = "competence"
    """For each competence that is needed one of them has it."""
    CONFLICT = "conflict"
    """None has a conflict of interest with the factory."""
    ROTATION = "rotation"
    """None is barred because of having assessed it the last times."""
    LEAVE = "leave"
    """None is away in that week."""
    CAPACITY = "capacity"
    """None has more visits than allowed in a week or in all."""
    WINDOW = "window"
    """The week is one of the plan's and inside the factory's window."""
    ONCE = "once"
    """A factory has one visit in a plan. Nothing is ever unplaced because of it."""


class Cause(StrEnum):
    """What a sentence about an unplaced factory says; the detail that goes with it is named here."""

    TOO_FEW_ADVISORS = "too-few-advisors"
    """PAIR: ``advisors`` there are, ``needed`` for a visit."""
    NOBODY_INTERVIEWS = "nobody-interviews"
    """LANGUAGE: in ``languages`` no advisor interviews at all."""
    NOBODY_LEFT_INTERVIEWS = "nobody-left-interviews"
    """LANGUAGE: ``advisors`` interview in ``languages``, but no team with them meets the other rules in ``weeks``."""
    NOBODY_HAS = "nobody-has"
    """COMPETENCE: ``competences`` no advisor has."""
    NOBODY_LEFT_HAS = "nobody-left-has"
    """COMPETENCE: ``advisors`` have ``competences``, but no team with them meets the other rules in ``weeks``."""
    NOBODY_LEADS = "nobody-leads"
    """LEAD: of the ``advisors`` who work alone none can be in the team; empty: there is none."""
    IN_CONFLICT = "in-conflict"
    """CONFLICT: ``advisors`` have one with this factory."""
    BARRED = "barred"
    """ROTATION: ``advisors`` assessed it the last times."""
    AWAY = "away"
    """LEAVE: ``advisors`` are away in some of ``weeks``."""
    FULL = "full"
    """CAPACITY: nobody suitable has room in ``weeks``; ``advisors`` would do; ``other_week`` (may be missing) is the
    nearest week outside the window in which it could be placed."""
    NO_WEEK = "no-week"
    """WINDOW: no week of the plan from ``earliest`` to ``latest`` will do; ``other_week`` (may be missing) would."""


class Because(StrEnum):
    """Why a visit is proposed as it is; the detail that goes with it is named here."""

    OVERDUE = "overdue"
    """Due ``since`` (day), ``weeks`` overdue in the week of the visit (whole weeks, at least 1)."""
    DUE = "due"
    """Falls due on ``since`` (day): in the week of the visit or later."""
    LANGUAGES = "languages"
    """One entry for each language needed: the advisors of the team who interview in it."""
    COMPETENCES = "competences"
    """One entry for each competence needed: the advisors of the team who have it."""
    OTHERS_THAN_LAST = "others-than-last"
    """None of ``last`` (the advisors of the last time) comes again."""
    AGAIN = "again"
    """``advisors`` come again though they came the last time: allowed, and nothing better was found."""
    SAME_PLACE = "same-place"
    """``factories`` at ``place`` are visited in the same week; ``advisors`` of this team visit one of them, too."""
    LOAD = "load"
    """One entry for each advisor of the team: how many visits that makes so far in the plan's order."""


@dataclass(frozen=True, slots=True)
class Due:
    """A factory to be assessed once in the weeks of the plan."""

    key: str
    since: date | None
    """The day it was or falls due by the country's rule; None: no day is known (never assessed)."""
    earliest: date
    latest: date
    """First and last day on which its week may start (both inside)."""
    place: str = ""
    """Where it is, for travel together; "" is nowhere and like no other place."""
    languages: frozenset[str] = frozenset()
    competences: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    """Advisors who may not: they assessed it in the last N times."""
    last: frozenset[str] = frozenset()
    """Advisors of the last time: others are preferred, these are allowed unless barred."""
    weight: int = 1
    """What placing it counts, at least 1. Among equals the longest overdue goes first anyway."""


@dataclass(frozen=True, slots=True)
class Advisor:
    """Somebody who assesses."""

    key: str
    interviews: frozenset[str] = frozenset()
    """Languages she interviews workers in."""
    competences: frozenset[str] = frozenset()
    alone: bool = True
    """Works alone already: can lead a team. False: still learning."""
    away: frozenset[date] = frozenset()
    """Mondays of weeks in which she cannot visit."""
    most_a_week: int = 1
    most_in_all: int = 52
    conflicts: frozenset[str] = frozenset()
    """Keys of factories she must not assess."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the country; what each wish weighs against the others; how long to look."""

    advisors_a_visit: int = 2
    workload: int = 2
    """How much an even share of visits weighs."""
    travel: int = 3
    """How much a journey saved weighs."""
    rotation: int = 3
    """How much it weighs to send others than the last time."""
    seconds: int = 120
    """Most seconds to look for better plans. When they run out, the best plan so far is given and says so."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Work that stands already (a visit agreed, a training): takes room in a week, and is not moved."""

    advisors: frozenset[str]
    week: date
    place: str = ""
    factory: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan is made from. The order of its parts does not matter."""

    weeks: tuple[date, ...]
    """Mondays."""
    factories: tuple[Due, ...]
    advisors: tuple[Advisor, ...]
    rules: Rules = Rules()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a proposal, in plain data."""

    because: Because
    detail: Data = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit: proposed with its reasons, or somebody's own idea without."""

    factory: str
    pair: tuple[str, ...]
    """Keys of the advisors in order of the alphabet."""
    week: date
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A factory for which the plan has no visit, and the rule that stopped it.

    Without ``rule`` and all of ``also`` together (for this factory alone, everything else as planned) it could be
    placed, and none of them can be left away from the list. Each of ``instead`` would do alone in place of ``rule``.
    """

    factory: str
    rule: Rule
    cause: Cause
    detail: Data = field(default_factory=dict, hash=False)
    also: tuple[Rule, ...] = ()
    instead: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the plan is known to be. Says nothing of the clock, so the same plan has the same quality."""

    placed: int
    """Sum of the weights of the factories placed."""
    at_most: int
    """No plan can place more than this."""
    seconds: int
    """The limit that was given."""
    out_of_time: bool
    """The limit ended the search: another run may find another plan. Hard rules hold all the same."""
    whole: bool
    """All factories were weighed at once and the best plan is proven; else in pieces, each against the rest."""
    overdue: int
    """Sum of the squares of the weeks overdue, over all factories: what is minimised second."""
    wishes: int
    """The weighed sum of uneven work, journeys and advisors who come again: what is minimised third."""

    @property
    def gap(self) -> float:
        """Share of weight that a better plan could place at most in addition; 0 where none can."""
        return (self.at_most - self.placed) / self.at_most if self.at_most else 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Visits by week and factory, and what could not be placed by factory. Together they name every factory once."""

    visits: tuple[Planned, ...]
    unplaced: tuple[Unplaced, ...]
    quality: Quality


@dataclass(frozen=True, slots=True)
class Broken:
    """A hard rule that a visit breaks."""

    rule: Rule
    factory: str
    advisors: tuple[str, ...] = ()
    """Those who are concerned, where the rule is about persons."""
    detail: Data = field(default_factory=dict, hash=False)
