"""The paper's four headline facts (GB.320/POL/6, ¶15), made to hold in one simulated country and fail in another.

The answers drawn already lean that way; what is done here makes it sure for every seed and size. Where a fact is
made to hold, the paper says it of that country; that it fails elsewhere is INVENTED.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from betterwork.entry.demonstration.answers import Answers
from betterwork.entry.demonstration.setting import asked_and_found, findings_clear, findings_set

SAFETY_HALVED = ("HT", "JO", "VN")
PAID_IN_FULL = ("JO",)
PAY_POINTS = ("CMP-1", "CMP-6", "CMP-7")
PAY_YEARS = 2
CONTRACTS_CHANGED = ("HT",)
CONTRACTS_POINT = "CHR-1"
CONTRACTS_SHARE = 0.91
CONTRACTS_ELSEWHERE = 0.75
"""No other country's share of changed contracts is above this."""
NO_HIV_CASE = ("LS",)
HIV_CASES_END = np.datetime64("2013-01-01")
"""Where no case is left, none is found from this day on."""
HALVED_TO, HALVED_WITH_SINGLES, NOT_HALVED = 0.44, 0.45, 0.62
"""The ratio of safety non-compliance is at most the first where it was halved (the second when factories assessed
once are counted on both sides), and at least the third elsewhere."""


@dataclass(frozen=True)
class _Pairs:
    """First and latest assessment of each factory with two or more that is not obsolete: places of equal length."""

    first: np.ndarray
    last: np.ndarray


def headline_facts_set(answers: Answers, country: str, locked: np.ndarray) -> None:
    """Make the four facts hold or fail in ``country``. ``locked`` questions (boolean) carry a published level."""
    pairs = _pairs(answers)
    _safety(answers, pairs, holds=country in SAFETY_HALVED, locked=locked)
    _pay(answers, pairs, holds=country in PAID_IN_FULL, locked=locked)
    _contracts(answers, pairs, holds=country in CONTRACTS_CHANGED, locked=locked)
    _hiv(answers, pairs, holds=country in NO_HIV_CASE, locked=locked)


def _pairs(answers: Answers) -> _Pairs:
    visits = answers.visits
    first = np.flatnonzero(visits.first & answers.usual)
    last = np.flatnonzero(visits.last & answers.usual)
    more = last > first
    return _Pairs(first[more], last[more])


def _safety(answers: Answers, pairs: _Pairs, *, holds: bool, locked: np.ndarray) -> None:
    """Clear or set findings of safety points in latest assessments until the ratio latest / first is in its range."""
    questions = answers.questions
    alone = np.setdiff1d(np.flatnonzero(answers.visits.first & answers.usual), pairs.first)
    names = sorted({q.point_code for q in questions.asked if q.cluster_code == "OSH" and q.point_code != "OSH-7"})
    for name in names:
        columns = questions.of_point(name) & questions.in_all
        before = int(asked_and_found(answers, pairs.first, columns)[1].sum())
        now = int(asked_and_found(answers, pairs.last, columns)[1].sum())
        once = int(asked_and_found(answers, alone, columns)[1].sum())
        most = max(0, int(min(HALVED_TO * before, HALVED_WITH_SINGLES * (before + once) - once)))
        if holds and now > most:
            findings_set(answers, pairs.last, columns, most, locked)
        elif not holds and now < NOT_HALVED * before:
            findings_set(answers, pairs.last, columns, ceil(NOT_HALVED * before), locked)


def _pay(answers: Answers, pairs: _Pairs, *, holds: bool, locked: np.ndarray) -> None:
    """Minimum wage, paid leave and social security: nothing found after two whole years, or something left."""
    columns = answers.questions.of_point(*PAY_POINTS)
    if holds:
        findings_clear(answers, np.flatnonzero(answers.visits.years >= PAY_YEARS - 0.02), columns)
        return
    rows = pairs.last[answers.visits.years[pairs.last] >= PAY_YEARS + 0.02]
    for point in PAY_POINTS:
        _at_least(answers, rows, answers.questions.of_point(point), 0.1, locked)


def _contracts(answers: Answers, pairs: _Pairs, *, holds: bool, locked: np.ndarray) -> None:
    """Of the factories with non-compliant contracts at first, the share compliant at the latest assessment."""
    point = answers.questions.of_point(CONTRACTS_POINT)
    lasting = point & answers.questions.in_all
    if not holds:
        rows = pairs.last[asked_and_found(answers, pairs.first, lasting)[1]]
        _at_least(answers, rows, lasting, 1 - CONTRACTS_ELSEWHERE, locked)
        return
    findings_clear(answers, np.arange(len(answers.value)), point & ~lasting)
    base = _base_for_share(len(pairs.first))
    findings_set(answers, pairs.first, lasting, base)
    breached = asked_and_found(answers, pairs.first, lasting)[1]
    findings_clear(answers, np.flatnonzero(~answers.visits.first), point)  # changed at once, and for good
    unchanged = base - ceil(CONTRACTS_SHARE * base)
    findings_set(answers, pairs.last[breached], lasting, unchanged)
    last = pairs.last[asked_and_found(answers, pairs.last, lasting)[1]]
    rows = np.flatnonzero(np.isin(answers.visits.factory, answers.visits.factory[last]) & ~answers.visits.first)
    findings_set(answers, rows, lasting, len(rows))
    alone = np.setdiff1d(np.flatnonzero(answers.visits.first), pairs.first)
    findings_clear(answers, alone, point)


def _base_for_share(most: int) -> int:
    """The largest number up to ``most`` of which a whole number of factories is 91 per cent, rounded."""
    for base in range(most, 0, -1):
        if round(100 * ceil(CONTRACTS_SHARE * base) / base) in (91, 92):
            return base
    return most


def _hiv(answers: Answers, pairs: _Pairs, *, holds: bool, locked: np.ndarray) -> None:
    """Discrimination over HIV: found at first, then never again; or still found in some latest assessments."""
    columns = np.array([q.point_code == "DIS-4" and "HIV" in q.text for q in answers.questions.asked])
    lasting = columns & answers.questions.in_all
    if not holds:
        _at_least(answers, pairs.first, lasting, 0.1, locked)
        _at_least(answers, pairs.last, lasting, 0.04, locked)
        return
    early = pairs.first[answers.visits.day[pairs.first] < HIV_CASES_END]
    _at_least(answers, early, lasting, 0.4, locked)
    findings_clear(answers, np.setdiff1d(np.arange(len(answers.value)), early), columns)


def _at_least(answers: Answers, rows: np.ndarray, columns: np.ndarray, share: float, locked: np.ndarray) -> None:
    """At least ``share`` of the assessments ``rows``, and one when there are any, are non-compliant on ``columns``."""
    wanted = ceil(share * len(rows))
    if int(asked_and_found(answers, rows, columns)[1].sum()) < wanted:
        findings_set(answers, rows, columns, wanted, locked)
