"""The four achievements that the programme's paper of 2014 names, in words a reader can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from betterwork.modules.reports.values import Headline
from betterwork.modules.reports.words import factories

if TYPE_CHECKING:
    from betterwork.core.evidence.headline import HeadlineFact

SAFETY = "Occupational Safety and Health"


def headlines(
    *, safety: HeadlineFact, full: HeadlineFact, contracts: HeadlineFact, case: HeadlineFact
) -> tuple[Headline, ...]:
    """The computed facts with their statements. A fact that nobody could be asked about cannot be said to hold."""
    return (
        Headline(
            name="safety_halved",
            title="Safety and health",
            statement="Non-compliance in occupational safety and health has been cut in half since the factories' "
            "first assessments.",
            holds=safety.holds,
            size=safety.base,
            base=f"{factories(safety.base)} assessed at both ends",
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
            base=f"{full.n} of {factories(full.base)} of two years and more",
            values=_values(full, "share of factories with no finding on the three points"),
            definition=full.definition,
        ),
        Headline(
            name="contracts_changed",
            title="Employment contracts",
            statement="Nine in ten factories whose contracts did not comply have changed them so that they do.",
            holds=contracts.holds,
            size=contracts.base,
            base=f"{contracts.n} of {factories(contracts.base)} not in compliance on contracts at first",
            values=_values(contracts, "share of factories that changed to compliant contracts"),
            definition=contracts.definition,
        ),
        Headline(
            name="no_case_left",
            title="Discrimination over HIV/AIDS",
            statement="There are no longer cases of discrimination over HIV/AIDS.",
            holds=case.holds,
            size=case.base,
            base=f"{case.n} of {factories(case.base)} asked"
            + ("; none was found before either" if case.holds is None else ""),
            values=_values(case, "share of factories with a case now"),
            definition=case.definition,
        ),
    )


def _values(fact: HeadlineFact, meaning: str) -> tuple[tuple[str, float], ...]:
    return () if fact.value is None else ((meaning, float(fact.value)),)
