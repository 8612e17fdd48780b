"""The notes under a table: who was left out and why, ties, what may not be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from betterwork.core.evidence.choice import By, Choice
from betterwork.core.evidence.comparability import series_comparable
from betterwork.core.evidence.results import Item
from betterwork.modules.evidence.store import Selection, Store

TIES_LISTED = 20


@dataclass(frozen=True, slots=True)
class Tie:
    """Assessments of one factory that start on the same day; the last of ``assessments`` counts."""

    country: str
    factory: str
    start: date
    assessments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PanelCount:
    """Factories in a balanced panel up to a cycle, and those left out by reason."""

    cycle: int
    kept: int
    never_reached: int
    missing_between: int


def years(value: int) -> str:
    """Whole years as tables write them."""
    from betterwork.core.evidence.expressions import MOST_YEARS

    return f"{value}+" if value >= MOST_YEARS else str(value)


def comparable(store: Store, by: By, item: Item, choice: Choice, versions: set[str]) -> tuple[bool, str]:
    """The last two columns of a trend."""
    dimensions = store.build.dimensions
    if choice.manual_rules:
        used = [version for version in dimensions.versions if version in versions]
        note = f"labels as written over tool versions {', '.join(used)}" if len(used) > 1 else ""
        return len(used) < 2, note
    found, note = series_comparable(dimensions, by, item[0], versions)
    if choice.comparable_only and not found:
        return True, "over the questions that every version asks"
    return found, note


def obsolete(store: Store, choice: Choice) -> tuple[int, int]:
    """Obsolete factories and their assessments that the choice would else have used."""
    from betterwork.core.evidence import statements as st

    def make() -> tuple[int, int]:
        history = store.history(choice.country)
        if not history:
            return 0, 0
        row = store.rows(st.obsolete, choice, history=history)[0]
        return int(row[0]), int(row[1])

    return store.once(("obsolete", choice.country, *choice.window(), choice.cycle), make)


def ties(store: Store, selection: Selection) -> tuple[Tie, ...]:
    """Where the date alone did not say which assessment counts. By the manual's rules dates do not matter."""
    from betterwork.core.evidence import statements as st

    if not selection.tied:
        return ()

    def make() -> tuple[Tie, ...]:
        history = store.history(selection.choice.country)
        rows = store.rows(st.ties, selection.choice, selection.kind, history=history, chosen=selection.table)
        groups: dict[tuple[int, str, date], set[tuple[int, int]]] = {}
        for number, factory, start, cycle, assessment in rows:
            groups.setdefault((number, factory, start), set()).add((cycle, assessment))
        return tuple(
            Tie(store.country_name(number), factory, start, tuple(one for _, one in sorted(found)))
            for (number, factory, start), found in sorted(groups.items())
        )

    return store.once(("ties", selection.key), make)


def panel_counts(store: Store, choice: Choice) -> tuple[PanelCount, ...]:
    """For each cycle that a factory reached: who would be in a balanced panel up to it (not by the manual)."""
    from betterwork.core.evidence import statements as st

    def make() -> tuple[PanelCount, ...]:
        history = store.history(choice.country)
        if not history:
            return ()
        rows = store.rows(st.reach, choice, history=history)
        last = max((reached for reached, _, _ in rows), default=0)
        # A cycle typed as 4,000,000,000 must not make a list of that length.
        cycles = sorted({reached for reached, _, _ in rows} | set(range(1, min(last, 50) + 1)))
        return tuple(
            PanelCount(
                cycle=k,
                kept=sum(n for _, unbroken, n in rows if unbroken >= k),
                never_reached=sum(n for reached, unbroken, n in rows if reached < k and unbroken < k),
                missing_between=sum(n for reached, unbroken, n in rows if reached >= k and unbroken < k),
            )
            for k in cycles
        )

    return store.once(("panels", choice.country, *choice.window(), choice.cycle), make)


def manual_panel(store: Store, choice: Choice, last: int) -> tuple[int, int]:
    """Factories kept and left out of the manual's panel."""
    from betterwork.core.evidence import statements as st
    from betterwork.core.evidence.expressions import MEMBER, NEVER_REACHED

    history = store.history(choice.country)
    if not history:
        return 0, 0
    rows = dict(store.rows(st.panel_states, choice, last, history=history))
    return int(rows.get(MEMBER, 0)), int(rows.get(NEVER_REACHED, 0))


def of_selection(store: Store, choice: Choice, kind: str | int) -> tuple[str, ...]:
    """The notes that every table of this choice carries."""
    selection = store.selection(choice, kind)
    said = [f"{_many(selection.assessments if selection else 0, 'assessment', 'assessments')} counted."]
    if choice.manual_rules:
        said.append("Obsolete factories and exact duplicates are kept, as the manual does.")
    else:
        factories, assessments = obsolete(store, choice)
        said.append(f"Left out as obsolete: {_many(factories, 'factory', 'factories')}, "
                    f"{_many(assessments, 'assessment', 'assessments')}.")  # fmt: skip
    if isinstance(kind, int):
        said.append(_panel_note(store, choice, kind))
    if selection:
        short = selection.incomplete
        if short:
            said.append(f"Incomplete: {_many(short, 'counted assessment', 'counted assessments')}; "
                        "what is missing counts as not asked.")  # fmt: skip
        said += _tie_notes(ties(store, selection))
    if choice.comparable_only:
        every = [one for one in store.build.dimensions.questions if one.level == choice.level]
        kept = sum(one.comparable_in_point for one in every)
        said.append(f"Comparable questions only: {kept} of {len(every)}; a split or merged question counts as either.")
    return tuple(said)


def of_pairs(selection: Selection) -> tuple[str, ...]:
    """How many of the counted factories have an earlier assessment to compare with."""
    pairs, alone = selection.with_earlier, selection.assessments - selection.with_earlier
    return (f"{_many(pairs, 'factory has', 'factories have')} an earlier assessment; {alone} assessed once left out.",)


def _panel_note(store: Store, choice: Choice, last: int) -> str:
    if choice.manual_rules:
        kept, left = manual_panel(store, choice, last)
        return f"Panel up to cycle {last}: {_many(kept, 'factory', 'factories')}; {left} left out."
    found = {one.cycle: one for one in panel_counts(store, choice)}
    every = sum((one.kept + one.never_reached + one.missing_between) for one in list(found.values())[:1])
    one = found.get(last, PanelCount(last, 0, every, 0))
    return (
        f"Panel up to cycle {last}: {_many(one.kept, 'factory', 'factories')}; left out: {one.never_reached} never "
        f"reached cycle {last}, {one.missing_between} with a cycle missing in between."
    )


def _tie_notes(found: tuple[Tie, ...]) -> list[str]:
    said = [
        f"Tie on {tie.start}: factory {tie.factory} ({tie.country}), assessments "
        f"{', '.join(map(str, tie.assessments))}; {tie.assessments[-1]} counts."
        for tie in found[:TIES_LISTED]
    ]
    if len(found) > TIES_LISTED:
        said.append(f"And {len(found) - TIES_LISTED} more ties.")
    return said


def _many(n: int, one: str, more: str) -> str:
    return f"{n} {one if n == 1 else more}"
