"""The sentences that stand under tables: what is counted, of what, and what an interval means."""

from __future__ import annotations

from betterwork.core.evidence.choice import LATEST_BY, By, Choice

INTERVAL = (
    "rate_low and rate_high are Wilson 95 % intervals. All members of the programme are assessed: as a census the "
    "rate has no sampling error, and an interval means something only when these factories are read as examples of "
    "a wider or later group."
)
MANUAL = (
    "Rules of the analysts' manual, for reconciliation: fact rows dropped and nothing else cleaned; labels as "
    "written; exact duplicates counted in findings; the assessment that counts is the largest Quest.ID in the window."
)
RATE = {
    By.QUESTION: "noncompliant: assessments with a finding on the question; assessments: those in which it was asked.",
    By.POINT: (
        "noncompliant: assessments with at least one finding on a question of the compliance point; "
        "assessments: those in which at least one of its questions was asked."
    ),
    By.CLUSTER: (
        "noncompliant: assessments with at least one finding on any point of the cluster; "
        "assessments: those in which at least one of its questions was asked."
    ),
    By.FACTORY: "rate: compliance points non-compliant (noncompliant) over points asked (points) in the assessment.",
}
MANUAL_QUESTION = "noncompliant: the sum of findings; assessments: distinct assessments in which it was asked."


def counting(choice: Choice) -> str:
    """Which assessments count, in one sentence."""
    if choice.manual_rules:
        return MANUAL
    scope = []
    start, end = choice.window()
    if start or end:
        scope.append(f"that start{f' from {start}' if start else ''}{f' until {end}' if end else ''}")
    if choice.cycle is not None:
        scope.append(f"of cycle {choice.cycle}")
    among = f" among those {' and '.join(scope)}" if scope else ""
    level = "national" if choice.level == "national" else "factory"
    asked = " Only questions that every tool version asks." if choice.comparable_only else ""
    return (
        f"Counted: the latest assessment of each factory{among} (latest by {LATEST_BY}); "
        f"obsolete factories left out; {level}-level questions.{asked}"
    )


def of_rates(by: By, choice: Choice) -> str:
    """Under ``evidence rates``."""
    what = MANUAL_QUESTION if choice.manual_rules and by is By.QUESTION else RATE[by]
    mean = " points and mean_point_rate: points asked and the plain mean of their rates." if by is By.CLUSTER else ""
    return f"{what}{mean} {counting(choice)}" + ("" if by is By.FACTORY else f" {INTERVAL}")


def of_trend(by: By, choice: Choice, panel: int | None) -> str:
    """Under ``evidence trend``."""
    what = MANUAL_QUESTION if choice.manual_rules and by is By.QUESTION else RATE[by]
    if panel is None:
        cells = "One assessment of each factory in each year of its start."
    elif choice.manual_rules:
        cells = f"Panel: factories whose largest cycle, compared as text, is at least {panel}; all their assessments."
    else:
        cells = f"Balanced panel: factories with every cycle from 1 to {panel}, one assessment in each."
    compare = (
        "comparable: the tool versions used ask the same by lineage; the note says where not."
        if not choice.manual_rules
        else "comparable: not examined by the manual; true where one tool version was used."
    )
    return f"{what} {cells} {counting(choice)} {compare} {INTERVAL}"


def of_effort(by: By, choice: Choice) -> str:
    """Under ``evidence effort``."""
    before = "by Quest.ID" if choice.manual_rules else "before it, whenever that was"
    return (
        f"Per factory the assessment that counts (now) and the previous one {before}, on items asked in both. "
        "improvement = before_rate - now_rate, positive is better (the published compliance effort). fixed and "
        "relapsed: factories that changed; p_value: McNemar's exact test, two-sided, 1 when none changed. "
        f"{RATE[by]} {counting(choice)}"
    )


def of_tenure(by: By, choice: Choice) -> str:
    """Under ``evidence tenure``."""
    what = MANUAL_QUESTION if choice.manual_rules and by is By.QUESTION else RATE[by]
    return (
        f"years: whole years from the factory's first assessment to the one that counts, 4+ for four and more. "
        f"{what} {counting(choice)} {INTERVAL}"
    )
