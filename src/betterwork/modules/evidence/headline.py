"""The headline facts computed from a store; the formulas are in ``core.evidence.headline``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from betterwork.core.errors import WrongUse
from betterwork.core.evidence.choice import By, Choice
from betterwork.core.evidence.headline import (
    CONTRACTS_POINT,
    FULL_COMPLIANCE_POINTS,
    HAITI_SHARE,
    HALF,
    HIV_QUESTIONS,
    MIN_YEARS,
    SAFETY_CLUSTER,
    HeadlineFact,
    contracts_changed_of,
    full_compliance_of,
    no_case_left_of,
    safety_halved_of,
)
from betterwork.core.evidence.results import PairedCount
from betterwork.modules.evidence.store import Selection, Store

__all__ = ["HeadlineFact", "contracts_changed", "full_compliance", "headline_facts", "no_case_left", "safety_halved"]
FIRST = "first"


def headline_facts(store: Store, choice: Choice) -> tuple[HeadlineFact, ...]:
    """All four facts with the paper's thresholds."""
    return (
        safety_halved(store, choice),
        full_compliance(store, choice),
        contracts_changed(store, choice),
        no_case_left(store, choice),
    )


def safety_halved(store: Store, choice: Choice, *, at_most: float = HALF) -> HeadlineFact:
    """Safety non-compliance since the factories' first assessments: now / then, at most one half."""
    choice = _clean(replace(choice, comparable_only=True))
    selection = store.selection(choice)
    if selection is None:
        return safety_halved_of([], 0, at_most=at_most)
    clusters = {one.index for one in store.build.dimensions.clusters if one.code == SAFETY_CLUSTER}
    inside = {one.index for one in store.build.dimensions.points if one.cluster in clusters}
    points: dict[int, PairedCount] = {}
    for (_, (point,)), pairs in sorted(store.paired(selection, By.POINT, choice, FIRST).items()):
        if point in inside:
            points[point] = _together(points[point], pairs) if point in points else pairs
    return safety_halved_of(list(points.values()), store.sides(selection, FIRST).pairs, at_most=at_most)


def _together(one: PairedCount, other: PairedCount) -> PairedCount:
    return PairedCount(
        one.factories + other.factories,
        one.before + other.before,
        one.now + other.now,
        one.fixed + other.fixed,
        one.relapsed + other.relapsed,
    )


def full_compliance(
    store: Store,
    choice: Choice,
    *,
    years: int = MIN_YEARS,
    points: Sequence[str] = FULL_COMPLIANCE_POINTS,
    at_least: float = 1.0,
) -> HeadlineFact:
    """Factories of two whole years or more with no finding on minimum wage, paid leave and social security."""
    from betterwork.core.evidence import statements as st

    choice = _clean(choice)
    selection = store.selection(choice)
    if selection is None:
        return full_compliance_of(0, 0, years=years, at_least=at_least)
    inputs = store.marked(choice.country, selection.years)
    rows = store.rows(st.clean_on, tuple(_points(store, points)), years, chosen=selection.table, **inputs)
    by_found = {int(found): int(n) for found, n in rows}
    return full_compliance_of(by_found.get(0, 0), sum(by_found.values()), years=years, at_least=at_least)


def contracts_changed(
    store: Store, choice: Choice, *, point: str = CONTRACTS_POINT, at_least: float = HAITI_SHARE
) -> HeadlineFact:
    """Factories that changed from non-compliant to compliant employment contracts."""
    choice = _clean(choice)
    selection = store.selection(choice)
    if selection is None:
        return contracts_changed_of(None, at_least=at_least)
    wanted = set(_points(store, (point,)))
    found: PairedCount | None = None
    for (_, (index,)), pairs in store.paired(selection, By.POINT, choice, FIRST).items():
        if index in wanted:
            found = _together(found, pairs) if found else pairs
    return contracts_changed_of(found, at_least=at_least)


def no_case_left(
    store: Store, choice: Choice, *, questions: Sequence[str] = HIV_QUESTIONS, issue: str = "HIV/AIDS discrimination"
) -> HeadlineFact:
    """Whether questions that had findings in earlier assessments have none in those that count."""
    choice = _clean(choice)
    known = {code: one.index for one in store.build.dimensions.questions for _, code in one.codes}
    unknown = [code for code in questions if code not in known]
    if unknown:
        raise WrongUse(f"no tool version has a question {unknown[0]}: write codes like DIS-4-01")
    selection = store.selection(choice)
    earlier = now = asked = 0
    if selection:
        indexes = sorted({known[code] for code in questions})
        for counted, found, n in _cases(store, selection, choice, indexes):
            earlier += n if found and not counted else 0
            now += n if found and counted else 0
            asked += n if counted else 0
    return no_case_left_of(earlier, now, asked, issue=issue, codes=questions)


def _cases(store: Store, selection: Selection, choice: Choice, indexes: list[int]) -> list[tuple[bool, int, int]]:
    """(whether it counts, whether a case was found, assessments) over all assessments up to the window's end."""
    from betterwork.core.evidence import statements as st

    up_to = replace(choice, start=None, cycle=None)
    history = store.history(choice.country)
    answers = store.parquet("answers", choice.country, (store.build.years[0], store.build.years[-1]))
    inputs = {"history": history, "answers": answers, "chosen": selection.table}
    return store.rows(st.cases, up_to, tuple(indexes), **inputs)


def _points(store: Store, codes: Sequence[str]) -> list[int]:
    by_code = {one.code: one.index for one in store.build.dimensions.points if one.level == "factory"}
    unknown = [code for code in codes if code not in by_code]
    if unknown:
        raise WrongUse(f"no tool version has a compliance point {unknown[0]}: write codes like CHR-1")
    return [by_code[code] for code in codes]


def _clean(choice: Choice) -> Choice:
    return replace(choice, manual_rules=False, level="factory")
