"""Tables of evidence: rates, trends, effort, tenure, and what stands at the head of a report.

Open a store with :func:`store_open`; every table names its snapshot, rules and definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from betterwork.core.errors import WrongUse
from betterwork.core.evidence import definitions
from betterwork.core.evidence.choice import By, Choice, window_day
from betterwork.core.evidence.keys import cell_parts, country_number
from betterwork.core.evidence.tables import LEVEL_COLUMNS, RATE_COLUMNS, Stamp, Table, rules_of
from betterwork.foundation.documents.models import SealedDocument
from betterwork.modules.evidence import notes
from betterwork.modules.evidence.builds import Build, build_current
from betterwork.modules.evidence.engine import engine_open
from betterwork.modules.evidence.freshness import newest_document
from betterwork.modules.evidence.headline import (
    HeadlineFact,
    contracts_changed,
    full_compliance,
    headline_facts,
    no_case_left,
    safety_halved,
)
from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.notes import PanelCount
from betterwork.modules.evidence.overviews import Overview, overview
from betterwork.modules.evidence.services import snapshot_build, store_folder
from betterwork.modules.evidence.snapshots import SNAPSHOT_KIND, snapshots
from betterwork.modules.evidence.store import BY_YEAR, LATEST, Store

__all__ = [
    "By",
    "Choice",
    "HeadlineFact",
    "Overview",
    "PanelCount",
    "Stamp",
    "Store",
    "Table",
    "contracts_changed",
    "effort",
    "full_compliance",
    "headline_facts",
    "headline_table",
    "no_case_left",
    "overview",
    "rates",
    "safety_halved",
    "snapshots",
    "store_notice",
    "store_of_build",
    "store_open",
    "tenure",
    "trend",
    "window_day",
]  # fmt: skip
CURRENT = "current"


@contextmanager
def store_open(snapshot: str | None = None) -> Iterator[Store]:
    """Open the current build, or one of exactly the documents of a snapshot.

    Raises :class:`BetterWorkError` when nothing was built yet, :class:`WrongUse` for an unknown snapshot.
    """
    folder = store_folder()
    if snapshot is None:
        build = build_current(folder)
        with store_of_build(build, folder, name=CURRENT, notice=store_notice(build)) as store:
            yield store
        return
    sealed = SealedDocument.objects.filter(kind=SNAPSHOT_KIND, key=snapshot).first()
    if sealed is None:
        known = ", ".join(snapshots()) or "none"
        raise WrongUse(f"no snapshot is called {snapshot!r}; known: {known}")
    with store_of_build(snapshot_build(snapshot=sealed), folder, name=snapshot) as store:
        yield store


def store_notice(build: Build) -> str:
    """A sentence when assessments were sealed after this build was made, else nothing."""
    if build.newest == newest_document():
        return ""
    return (
        "the evidence store is older than the assessments in the database and answers for what it holds; "
        "to bring it up to date: betterwork evidence build"
    )


@contextmanager
def store_of_build(
    build: Build, folder: Folder, *, name: str = CURRENT, notice: str = "", engine: str | None = None
) -> Iterator[Store]:
    """Open a build on the engine of the settings, or on the one named."""
    kind = engine or settings.BETTERWORK_ENGINE
    with engine_open(kind, memory_mb=settings.BETTERWORK_MEMORY_MB, spill=folder.spill) as opened:
        yield Store(build=build, folder=folder, engine=opened, stamp=build.stamp(name), notice=notice)


def rates(store: Store, by: By | str, choice: Choice = Choice()) -> Table:  # noqa: B008 - frozen
    """Non-compliance rates of the assessments that count, by question, point, cluster or factory.

    Shares are fractions; columns are those of ``docs/reference/evidence-tables.md``.
    """
    by = By(by)
    if by is By.FACTORY:
        return _factory_rates(store, choice)
    columns = ("country", *LEVEL_COLUMNS[by], *RATE_COLUMNS)
    selection = store.selection(choice)
    rows = []
    if selection:
        from betterwork.core.evidence.results import totals

        means = _cluster_means(store, choice) if by is By.CLUSTER else {}
        for key, count in totals(store.counts(selection, by, choice)).items():
            country = store.country_name(key[0])
            rows.append((country, *store.labels(by, key[1], choice), *count.row, *means.get(key, ())))
    if by is By.CLUSTER:
        columns = (*columns, "points", "mean_point_rate")
    said = notes.of_selection(store, choice, LATEST)
    return _table(store, f"rates by {by}", columns, rows, definitions.of_rates(by, choice), said, choice)


def _cluster_means(store: Store, choice: Choice) -> dict[Any, tuple[int, float]]:
    from betterwork.core.evidence.results import mean_rates, totals

    selection = store.selection(choice)
    assert selection is not None
    points = totals(store.counts(selection, By.POINT, choice))
    if choice.manual_rules:
        return mean_rates(points, {item: item[:1] for _, item in points})
    of_cluster = {(one.index,): (one.cluster,) for one in store.build.dimensions.points}
    return mean_rates(points, of_cluster)


def _factory_rates(store: Store, choice: Choice) -> Table:
    from betterwork.core.evidence import statements as st

    columns = ("country", *LEVEL_COLUMNS[By.FACTORY], "points", "noncompliant", "rate")
    selection = store.selection(choice)
    rows: list[tuple[Any, ...]] = []
    if selection:
        inputs = store.marked(choice.country, selection.years)
        stored = store.parquet("assessments", choice.country, selection.years)
        of_level = tuple(one.index for one in store.build.dimensions.points if one.level == choice.level)
        words = (choice.manual_rules, choice.comparable_only, () if choice.manual_rules else of_level)
        listed = store.rows(st.factories, *words, chosen=selection.table, assessments=stored, **inputs)
        rows = [
            (store.country_name(country), factory, name, asked, int(found), int(found) / asked)
            for country, factory, name, asked, found in listed
        ]
    said = notes.of_selection(store, choice, LATEST)
    definition = definitions.of_rates(By.FACTORY, choice)
    return _table(store, "rates by factory", columns, rows, definition, said, choice)


def trend(
    store: Store,
    by: By | str,
    choice: Choice = Choice(),  # noqa: B008 - frozen
    *,
    panel: int | None = None,
    period: str | None = None,
) -> Table:
    """Rates over the cycles of a balanced panel up to cycle ``panel``, or over calendar years (``period`` "year").

    Raises :class:`WrongUse` unless exactly one of the two is given, or by factory.
    """
    by = _level_of(by)
    if (panel is None) == (period is None) or period not in (None, "year"):
        raise WrongUse("a trend is either on a panel (--panel K) or by calendar year (--period year): give one of them")
    if panel is not None and panel < 1:
        raise WrongUse(f"panel {panel}: cycles are numbered from 1")
    kind = panel if panel is not None else BY_YEAR
    columns = ("country", *LEVEL_COLUMNS[by], "cycle" if panel else "period", *RATE_COLUMNS, "comparable", "note")
    selection = store.selection(choice, kind)
    rows = []
    if selection:
        compared: dict[Any, tuple[bool, str]] = {}
        for (cell, item), count in store.counts(selection, by, choice).items():
            number, value = cell_parts(cell)
            if (number, item) not in compared:
                compared[number, item] = notes.comparable(store, by, item, choice, selection.versions(number))
            compare = compared[number, item]
            rows.append(
                (store.country_name(number), *store.labels(by, item, choice), value, *count.row, *compare)
            )  # fmt: skip
    said = notes.of_selection(store, choice, kind)
    name = f"trend by {by}, {f'panel up to cycle {panel}' if panel else 'calendar years'}"
    return _table(store, name, columns, rows, definitions.of_trend(by, choice, panel), said, choice,
                  panel=panel, period=period)  # fmt: skip


def effort(store: Store, by: By | str, choice: Choice = Choice()) -> Table:  # noqa: B008 - frozen
    """Improvement between each factory's last two assessments, with paired counts and McNemar's exact test."""
    by = _level_of(by)
    columns = (
        "country", *LEVEL_COLUMNS[by], "factories", "before_rate", "now_rate", "improvement", "fixed", "relapsed",
        "unchanged_noncompliant", "unchanged_compliant", "p_value",
    )  # fmt: skip
    selection = store.selection(choice)
    rows = []
    said = notes.of_selection(store, choice, LATEST)
    if selection:
        earlier = "previous_by_number" if choice.manual_rules else "previous"
        for (number, item), pairs in store.paired(selection, by, choice, earlier).items():
            rows.append((store.country_name(number), *store.labels(by, item, choice), *pairs.row))
        said = (*said, *notes.of_pairs(selection))
    return _table(store, f"effort by {by}", columns, rows, definitions.of_effort(by, choice), said, choice)


def tenure(store: Store, by: By | str, choice: Choice = Choice()) -> Table:  # noqa: B008 - frozen
    """Rates by whole years in the programme: 0, 1, 2, 3, 4+."""
    by = _level_of(by)
    columns = ("country", *LEVEL_COLUMNS[by], "years", *RATE_COLUMNS)
    selection = store.selection(choice)
    rows = []
    if selection:
        for (cell, item), count in store.counts(selection, by, choice).items():
            number, years = cell_parts(cell)
            rows.append((store.country_name(number), *store.labels(by, item, choice), notes.years(years), *count.row))
    said = notes.of_selection(store, choice, LATEST)
    return _table(store, f"tenure by {by}", columns, rows, definitions.of_tenure(by, choice), said, choice)


HEADLINE_COLUMNS = ("country", "fact", "value", "n", "base", "holds", "definition")


def headline_table(store: Store, choice: Choice = Choice()) -> Table:  # noqa: B008 - frozen
    """The headline facts of a country, or of each country that has assessments."""
    codes = [choice.country] if choice.country else store.countries_here()
    rows: list[tuple[Any, ...]] = []
    for code in codes:
        of_country = choice.of_country(code)
        if store.selection(of_country) is None:
            continue
        country = store.country_name(country_number(code))
        for one in headline_facts(store, of_country):
            rows.append((country, one.name, one.value, one.n, one.base, one.holds, one.definition))
    definition = (
        "The claims of the programme's paper (GB.320/POL/6, paragraph 15) computed from the assessments that count; "
        f"each row says what n, base and value are. {definitions.counting(choice)}"
    )
    said = notes.of_selection(store, choice, LATEST)
    return _table(store, "headline facts", HEADLINE_COLUMNS, rows, definition, said, choice)


def _level_of(by: By | str) -> By:
    by = By(by)
    if by is By.FACTORY:
        raise WrongUse("this table is by question, point or cluster; by factory there are rates only")
    return by


def _table(
    store: Store,
    name: str,
    columns: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    definition: str,
    said: tuple[str, ...],
    choice: Choice,
    **more: object,
) -> Table:
    rows.sort()
    rules = {**rules_of(choice), **more}
    return Table(name, columns, rows, definition, said, store.stamp, rules)
