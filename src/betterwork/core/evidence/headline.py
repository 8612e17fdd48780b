"""The headline facts of the programme's paper (GB.320/POL/6, paragraph 15) as formulas. Pure.

Each is a claim that a country's data may or may not bear out; ``holds`` says which, ``n`` and
``base`` of how many, and ``value`` None that there was nobody to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from betterwork.core.evidence.results import PairedCount

SAFETY_CLUSTER = "OSH"
FULL_COMPLIANCE_POINTS = ("CMP-1", "CMP-6", "CMP-7")
CONTRACTS_POINT = "CHR-1"
HIV_QUESTIONS = tuple(f"DIS-4-0{n}" for n in range(1, 8))
HALF = 0.5
MIN_YEARS = 2
HAITI_SHARE = 0.91


@dataclass(frozen=True, slots=True)
class HeadlineFact:
    """One claim: its ``value``, ``n`` of ``base``, what was computed, and whether it ``holds``.

    ``holds`` is None where nothing can be said: nobody could be asked, or there was nothing to end.
    ``definition`` says what was computed and never what came out: it is printed where results are
    withheld. ``asked`` are the factories asked at both ends, of whom ``base`` were non-compliant;
    ``earlier`` the earlier assessments with a finding. Each is None where a fact does not rest on it.
    """

    name: str
    value: float | None
    n: int
    base: int
    definition: str
    holds: bool | None
    asked: int | None = None
    earlier: int | None = None


def safety_halved_of(points: Sequence[PairedCount], factories: int, *, at_most: float = HALF) -> HeadlineFact:
    """Mean point rate of the safety cluster now, as a share of that at the factories' first assessments.

    ``points`` has the paired counts of each of its compliance points over comparable questions.
    ``n`` is the number of points, ``base`` that of factories seen at both ends.
    """
    before = sum(one.before / one.factories for one in points)
    now = sum(one.now / one.factories for one in points)
    value = now / before if before > 0 else None
    return HeadlineFact(
        name="safety non-compliance halved",
        value=value,
        n=len(points),
        base=factories,
        definition=(
            "Mean rate of the compliance points of Occupational Safety and Health at the factories' counted "
            "assessments divided by that at their first assessments, over comparable questions, on the factories "
            f"seen at both ends (base) and points asked at both (n); holds at {at_most:g} or less."
        ),
        holds=None if value is None else value <= at_most,
    )


def full_compliance_of(
    compliant: int, factories: int, *, years: int = MIN_YEARS, at_least: float = 1.0
) -> HeadlineFact:
    """Share of factories with ``years`` whole years or more that have no finding on wage, leave and social security."""
    value = compliant / factories if factories else None
    return HeadlineFact(
        name="full compliance on minimum wage, paid leave and social security",
        value=value,
        n=compliant,
        base=factories,
        definition=(
            f"Factories with {years} whole years in the programme or more whose counted assessment has no finding on "
            "minimum wages, paid leave, and social security and other benefits (n), of those where all three points "
            f"were asked (base); holds at {at_least:.0%} or more."
        ),
        holds=None if value is None else value >= at_least,
    )


def contracts_changed_of(pairs: PairedCount | None, *, at_least: float = HAITI_SHARE) -> HeadlineFact:
    """Share of the factories non-compliant on contracts at their first assessment that are compliant now."""
    n, base = (pairs.fixed, pairs.before) if pairs else (0, 0)
    value = n / base if base else None
    return HeadlineFact(
        name="non-compliant contracts changed",
        value=value,
        n=n,
        base=base,
        definition=(
            "Factories compliant on Employment Contracts at their counted assessment (n), of those non-compliant on it "
            f"at their first (base); holds at {at_least:.0%} or more, the share the paper gives for Haiti."
        ),
        holds=None if value is None else value >= at_least,
        asked=pairs.factories if pairs else 0,
    )


def no_case_left_of(earlier: int, now: int, asked: int, *, issue: str, codes: Sequence[str]) -> HeadlineFact:
    """Whether an issue that was found before is found in no counted assessment.

    ``earlier`` and ``now`` are assessments with a finding; ``value`` is the share of the counted
    assessments that still have one, ``n`` their number, ``base`` those in which it was asked.
    """
    return HeadlineFact(
        name=f"no case left: {issue}",
        value=now / asked if asked else None,
        n=now,
        base=asked,
        definition=(
            f"Counted assessments with a finding on {', '.join(codes)} (n), of those in which it was asked (base). "
            "Holds when earlier assessments had some and none is left; cannot be said where there never was one."
        ),
        holds=(now == 0) if asked and (earlier or now) else None,
        earlier=earlier,
    )
