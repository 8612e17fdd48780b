"""What becomes of a pair: pure decisions."""

from __future__ import annotations

from datetime import date

OPEN, MERGED, REFUSED, UNMERGED, GONE = "open", "merged", "refused", "unmerged", "gone"
DECIDED = frozenset({REFUSED, UNMERGED})
"""A person said that these are two factories."""
LONGEST_REASON = 500


def state_when_found(state: str, *, facts_changed: bool) -> str:
    """The state of a pair that was found again.

    What a person refused or took apart comes back only with other facts; a merged pair stays merged.
    """
    if state == MERGED:
        return MERGED
    if state in DECIDED and not facts_changed:
        return state
    return OPEN


def state_when_not_found(state: str) -> str:
    """The state of a pair that is found no more: it no longer waits. What was decided stays as it was decided."""
    return GONE if state == OPEN else state


def decide_problem(state: str, reason: str) -> str:
    """Why a pair cannot be decided, as a code; empty when it can: ``decided``, ``no-reason``, ``long-reason``."""
    if state != OPEN:
        return "decided"
    return reason_problem(reason)


def reason_problem(reason: str) -> str:
    """What is wrong with a reason: ``no-reason``, ``long-reason``, or nothing."""
    if not reason.strip():
        return "no-reason"
    return "long-reason" if len(reason) > LONGEST_REASON else ""


def waits(state: str, later_until: date | None, on: date) -> bool:
    """Whether a pair waits for somebody on a day."""
    return state == OPEN and (later_until is None or later_until <= on)
