"""An opened store: one build, one engine, and what was counted before on this connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from betterwork.core.evidence.choice import By, Choice
from betterwork.core.evidence.keys import country_code, country_number
from betterwork.core.evidence.results import Count, Item, PairedCount
from betterwork.core.evidence.tables import Stamp
from betterwork.core.instrument import ReportingLevel
from betterwork.modules.evidence.builds import Build
from betterwork.modules.evidence.engine import Engine
from betterwork.modules.evidence.layout import Folder

T = TypeVar("T")
LATEST, BY_YEAR = "latest", "year"
CountKey = tuple[int, Item]


@dataclass(frozen=True, eq=False)
class Selection:
    """The assessments that count, computed once: ``table`` holds them.

    ``cells`` maps (cell, version) to assessments; ``years`` are the first and last year of start,
    ``starts`` the first and last day; ``incomplete`` of them lack questions, ``with_earlier`` have
    an assessment of the same factory before them, ``tied`` one that starts on the same day.
    """

    key: tuple[Any, ...]
    choice: Choice
    eligible: Any
    table: Any
    cells: dict[tuple[int, str], int]
    starts: tuple[date, date]
    incomplete: int
    with_earlier: int
    tied: int

    @property
    def years(self) -> tuple[int, int]:
        """The first and last year of start: other partitions need not be read."""
        return self.starts[0].year, self.starts[1].year

    @property
    def assessments(self) -> int:
        """How many count."""
        return sum(self.cells.values())

    def versions(self, country: int) -> set[str]:
        """The tool versions that the counted assessments of a country (by number) used."""
        from betterwork.core.evidence.keys import cell_parts

        return {version for cell, version in self.cells if cell_parts(cell)[0] == country}


@dataclass
class Store:
    """One build opened for reading. ``notice`` is a sentence a person should see, or nothing.

    Pairs in a build of more than ``joined_at_once`` answers are counted country by country.
    """

    build: Build
    folder: Folder
    engine: Engine
    stamp: Stamp
    notice: str = ""
    joined_at_once: int = 20_000_000
    _kept: dict[Any, Any] = field(default_factory=dict)

    def country_name(self, number: int) -> str:
        """The country as the programme writes it, from its number in the store."""
        code = country_code(number)
        return self.build.countries.get(code, code)

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What ``make`` returns, made the first time only."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def parquet(self, table: str, country: str | None, years: tuple[int, int] | None = None) -> Any:
        """The Ibis table over the partitions that can hold rows of the country and the years; None without any."""
        since, until = years or (None, None)

        def register() -> Any:
            files = self.build.files(self.folder, table, country=country, since=since, until=until)
            return self.engine.table(f"{table}_{country or 'all'}_{since}_{until}", files) if files else None

        return self.once(("parquet", table, country, since, until), register)

    def keep(self, expression: Any) -> Any:
        """The expression's rows as a table of the engine, under a name of its own."""
        self._kept["names"] = number = self._kept.get("names", 0) + 1
        return self.engine.keep(f"kept_{number}", expression)

    def history(self, country: str | None) -> Any:
        """Each assessment of a country, or of all, with what its factory's others say; None without any."""
        from betterwork.core.evidence import expressions as ex

        def make() -> Any:
            stored = self.parquet("assessments", country)
            return None if stored is None else self.keep(ex.history(stored))

        return self.once(("history", country), make)

    def selection(self, choice: Choice, kind: str | int = LATEST) -> Selection | None:
        """The assessments that count: the ``latest`` of each factory, one a ``year``, or the panel up to a cycle.

        None when there are none.
        """
        base = replace(choice, comparable_only=False, level=ReportingLevel.FACTORY.value)
        return self.once(("selection", base, kind), lambda: self._select(base, kind))

    def _select(self, choice: Choice, kind: str | int) -> Selection | None:
        from betterwork.core.evidence import expressions as ex

        history = self.history(choice.country)
        if history is None:
            return None
        eligible = ex.eligible(history, choice)
        if isinstance(kind, int):
            chosen = ex.chosen_panel(eligible, ex.panel(eligible, kind, choice), kind, choice)
        elif kind == BY_YEAR:
            chosen = ex.chosen(eligible, choice, ex.Cell.YEAR, one_per_cell=True)
        else:
            chosen = ex.chosen(eligible, choice, ex.Cell.YEARS)
        table = self.keep(chosen)
        rows = self.engine.rows(ex.selection_counts(table, choice))
        if not rows:
            return None
        return Selection(
            key=(choice, kind),
            choice=choice,
            eligible=eligible,
            table=table,
            cells={(row[0], row[1]): row[2] for row in rows},
            starts=(min(row[3] for row in rows), max(row[4] for row in rows)),
            incomplete=sum(int(row[5]) for row in rows),
            with_earlier=sum(int(row[6]) for row in rows),
            tied=sum(int(row[7]) for row in rows),
        )

    def marks(self, by: By, choice: Choice, years: tuple[int, int]) -> Any:
        """The expression of what was asked and found in the partitions of these years."""
        from betterwork.core.evidence import expressions as ex

        answers = self.parquet("answers", choice.country, years)
        points = self.parquet("points", choice.country, years)
        return ex.marks(answers, points, by, choice)

    def counts(self, selection: Selection, by: By, choice: Choice) -> dict[CountKey, Count]:
        """Assessments asked and findings by (cell, item), of the reporting level asked for."""
        from betterwork.core.evidence import expressions as ex

        def make() -> dict[CountKey, Count]:
            expression = ex.counts(
                self.marks(by, choice, selection.years), selection.table, ex.item_columns(by, choice)
            )
            return {(row[0], row[1:-2]): Count(row[-2], int(row[-1])) for row in self.engine.rows(expression)}

        every = self.once(("counts", selection.key, by, choice.comparable_only), make)
        return {key: count for key, count in every.items() if self.wanted(by, key[1], choice)}

    def paired(self, selection: Selection, by: By, choice: Choice, earlier: str) -> dict[CountKey, PairedCount]:
        """Paired counts by (country number, item), of the reporting level asked for.

        ``earlier`` names the other end: ``previous``, ``previous_by_number`` or ``first``.
        """
        from betterwork.core.evidence import expressions as ex

        def make() -> dict[CountKey, PairedCount]:
            sides, years = self.sides(selection, earlier)
            if years is None:
                return {}
            items, found = ex.item_columns(by, choice), {}
            for code in self._parts(choice):
                if self.parquet("points", code, years) is None:
                    continue
                whole = code is None or code == choice.country
                ends = sides if whole else sides.filter(sides.country_number == country_number(str(code)))
                part = choice.of_country(code)
                for row in self.engine.rows(ex.paired_counts(self.marks(by, part, years), ends, items)):
                    found[row[0], row[1:-5]] = PairedCount(*(int(n) for n in row[-5:]))
            return found

        every = self.once(("paired", selection.key, by, choice.comparable_only, earlier), make)
        return {key: count for key, count in every.items() if self.wanted(by, key[1], choice)}

    def _parts(self, choice: Choice) -> list[str] | list[str | None]:
        """The choice's country or all (None), or each where a join of all of them would not fit in memory."""
        if choice.country or sum(one.rows["answers"] for one in self.build.partitions) < self.joined_at_once:
            return [choice.country]
        return self.countries_here()

    def sides(self, selection: Selection, earlier: str) -> tuple[Any, tuple[int, int] | None]:
        """Both ends of each factory's pair as a kept table, and the years they start in (None without pairs)."""
        from betterwork.core.evidence import expressions as ex

        def make() -> tuple[Any, tuple[int, int] | None]:
            table = self.keep(ex.sides(selection.table, earlier))
            history = self.history(selection.choice.country)
            starts = history.select("assessment_key", "year").semi_join(table, "assessment_key")
            first, last = self.engine.rows(starts.agg(first=starts.year.min(), last=starts.year.max()))[0]
            return table, None if first is None else (first, last)

        return self.once(("sides", selection.key, earlier), make)

    def wanted(self, by: By, item: Item, choice: Choice) -> bool:
        """Whether an item is of the level, and comparable where only those are asked for. By the manual all are."""
        if choice.manual_rules:
            return True
        dimensions = self.build.dimensions
        if by is By.QUESTION:
            question = dimensions.questions[item[0]]
            return question.level == choice.level and (question.comparable or not choice.comparable_only)
        of_level = dimensions.points if by is By.POINT else dimensions.clusters
        return bool(of_level[item[0]].level == choice.level)

    def labels(self, by: By, item: Item, choice: Choice) -> tuple[str, ...]:
        """The level columns of an item's row."""
        dimensions = self.build.dimensions
        if choice.manual_rules:
            return (*item, dimensions.texts.get(item[2], "")) if by is By.QUESTION else item
        if by is By.CLUSTER:
            return (dimensions.clusters[item[0]].label,)
        question = dimensions.questions[item[0]] if by is By.QUESTION else None
        point = dimensions.points[question.point if question else item[0]]
        labels = (dimensions.clusters[point.cluster].label, point.label)
        return (*labels, question.code, question.text) if question else labels

    def countries_here(self) -> list[str]:
        """ISO codes of the countries that have assessments in the build, by the programme's name."""
        codes = {one.country for one in self.build.partitions}
        return sorted(codes, key=lambda code: self.country_name(country_number(code)))
