"""The four achievements that the programme's paper of 2014 names, in words a reader can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from betterwork.modules.reports.values import Headline
from betterwork.modules.reports.words import count, factories, plural

if TYPE_CHECKING:
    from betterwork.core.evidence.headline import HeadlineFact

SAFETY = "Occupational Safety and Health"
NOBODY_TWICE = "no factory has been assessed twice"


def headlines(
    *, safety: HeadlineFact, full: HeadlineFact, contracts: HeadlineFact, case: HeadlineFact, two_years: int
) -> tuple[Headline, ...]:
    """The computed facts with their statements. A fact that nobody could be asked about cannot be said to hold.

    ``two_years`` are the counted factories that have been in the programme for two years or more.
    """
    return (
        Headline(
            name="safety_halved",
            title="Safety and health",
            statement="Non-compliance in occupational safety and health has been cut in half since the factories' "
            "first assessments.",
            holds=safety.holds,
            size=safety.base,
            base=f"{factories(safety.base)} assessed at both ends" + _no_safety(safety),
            nobody=NOBODY_TWICE,
            values=_values(safety, "safety non-compliance now, as a part of that at the first assessments"),
            definition=safety.definition,
            clusters=(SAFETY,),
        ),
        Headline(
            name="full_compliance_after_two_years",
            title="Pay, leave and social security after two years",
            statement="Factories two years and more in the programme fully comply on minimum wages, paid leave and "
            "social security.",
            holds=full.holds,
            size=full.base,
            base=f"{factories(full.base)} of two years and more, {_told(full, 'in full compliance')}",
            nobody=_nobody_for_years(two_years),
            values=_values(full, "share of factories with no finding on the three points"),
            definition=full.definition,
        ),
        Headline(
            name="contracts_changed",
            title="Employment contracts",
            statement="Nine in ten factories whose contracts did not comply have changed them so that they do.",
            holds=contracts.holds,
            size=contracts.base,
            base=f"{factories(contracts.base)} not in compliance on contracts at first, "
            + _told(contracts, "in compliance now"),
            nobody=_nobody_out(contracts, safety),
            among=contracts.asked,
            values=_values(contracts, "share of factories that changed to compliant contracts"),
            definition=contracts.definition,
        ),
        Headline(
            name="no_case_left",
            title="Discrimination over HIV/AIDS",
            statement="There are no longer cases of discrimination over HIV/AIDS.",
            holds=case.holds,
            size=case.base,
            base=f"{factories(case.base)} asked, {_told(case, 'found with a case now')}",
            nobody="no factory was asked about it",
            earlier=case.earlier,
            values=_values(case, "share of factories with a case now"),
            definition=case.definition,
        ),
    )


def rests_on(headline: Headline) -> str:
    """What a fact rests on, in words: its base, and what was found before."""
    if headline.earlier is None:
        return headline.base
    before = plural(headline.earlier, "earlier assessment") if headline.earlier else "no earlier assessment"
    return f"{headline.base}; {before} found one"


def _told(fact: HeadlineFact, what: str) -> str:
    """How many of the base, with words of their own for none, all and a base of one."""
    if fact.base == 1:
        return what if fact.n else f"not {what}"
    return f"{'none' if not fact.n else 'all' if fact.n == fact.base else count(fact.n)} of them {what}"


def _no_safety(safety: HeadlineFact) -> str:
    if safety.value is not None:
        return ""
    return "; no safety finding was made at first" if safety.n else "; no safety point was asked at both"


def _nobody_for_years(two_years: int) -> str:
    return (
        "no factory of two years and more was asked about all three points"
        if two_years
        else "no factory has been in the programme for two years"
    )


def _nobody_out(contracts: HeadlineFact, safety: HeadlineFact) -> str:
    if contracts.asked:
        return "no factory was out of compliance on contracts at first"
    return "no factory was asked about contracts both at first and now" if safety.base else NOBODY_TWICE


def _values(fact: HeadlineFact, meaning: str) -> tuple[tuple[str, float], ...]:
    return () if fact.value is None else ((meaning, float(fact.value)),)
