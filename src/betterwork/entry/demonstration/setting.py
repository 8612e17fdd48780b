"""Setting levels: the fewest answers change so that a share comes out where it should."""

from __future__ import annotations

import numpy as np

from betterwork.core.instrument import Determination
from betterwork.entry.demonstration.answers import Answers
from betterwork.entry.demonstration.levels import PublishedLevel

FINDING, NONE = int(Determination.NONCOMPLIANT), int(Determination.COMPLIANT)


def latest_in_window(answers: Answers, start: np.datetime64, end: np.datetime64) -> np.ndarray:
    """Places of the latest assessment of each factory that is not obsolete, among those from ``start`` to ``end``."""
    visits = answers.visits
    inside = np.flatnonzero((visits.day >= start) & (visits.day <= end) & answers.usual)
    if not len(inside):
        return inside
    factory = visits.factory[inside]
    return inside[np.r_[factory[1:] != factory[:-1], True]]  # sorted by factory and date


def asked_and_found(answers: Answers, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per assessment of ``rows``: whether any question of ``columns`` was asked, and whether any was a finding."""
    block = answers.value[np.ix_(rows, columns)]
    found = (block == FINDING).any(axis=1)
    return found | (block == NONE).any(axis=1), found


def findings_set(
    answers: Answers, rows: np.ndarray, columns: np.ndarray, wanted: int, locked: np.ndarray | None = None
) -> None:
    """Make exactly ``wanted`` of the assessments ``rows`` non-compliant on the questions ``columns`` (any of them).

    ``rows`` are places, ``columns`` and ``locked`` booleans over questions; answers to locked questions stay. When
    locked findings alone are more than ``wanted``, or too few assessments were asked, it comes as near as it can.
    """
    free = columns if locked is None else columns & ~locked
    asked, found = asked_and_found(answers, rows, columns)
    block = answers.value[np.ix_(rows, free)]
    can = (block == NONE) | (block == FINDING)
    strain = np.where(can, answers.strain[np.ix_(rows, free)], np.inf)
    nearest = strain.min(axis=1, initial=np.inf)
    missing = wanted - int(found.sum())
    places = np.flatnonzero(free)
    if missing > 0:
        candidates = np.flatnonzero(~found & asked & np.isfinite(nearest))
        for row in candidates[np.argsort(nearest[candidates], kind="stable")][:missing]:
            answers.value[rows[row], places[strain[row].argmin()]] = FINDING
    elif missing < 0:
        fixed = asked_and_found(answers, rows, columns & ~free)[1]
        candidates = np.flatnonzero(found & ~fixed)
        for row in candidates[np.argsort(-nearest[candidates], kind="stable")][:-missing]:
            findings_clear(answers, rows[[row]], free)


def findings_clear(answers: Answers, rows: np.ndarray, columns: np.ndarray) -> None:
    """No finding is left on ``columns`` (boolean over questions) in the assessments at ``rows`` (places)."""
    block = answers.value[np.ix_(rows, columns)]
    answers.value[np.ix_(rows, columns)] = np.where(block == FINDING, NONE, block)


def published_levels_set(answers: Answers, levels: tuple[PublishedLevel, ...]) -> np.ndarray:
    """Meet the levels of one country as nearly as whole factories can. Returns the questions locked by it.

    Questions come first and are locked, then points, then clusters, so that a wider level does not undo a narrower.
    """
    locked = np.zeros(len(answers.questions.asked), dtype=bool)
    for kind in ("question", "point", "cluster"):
        reached = locked.copy()
        for level in (each for each in levels if each.level == kind):
            rows = latest_in_window(answers, np.datetime64(level.start), np.datetime64(level.end))
            columns = np.array([level.covers(question) for question in answers.questions.asked])
            asked, _ = asked_and_found(answers, rows, columns)
            findings_set(answers, rows, columns, round(level.share * int(asked.sum())), locked)
            reached |= columns
        locked = reached
    return locked
