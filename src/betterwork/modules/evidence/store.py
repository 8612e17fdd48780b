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
LATEST, BY_YEAR = "latest", "year"  # as in core.evidence.statements, which is slow to import
CountKey = tuple[int, Item]


@dataclass(frozen=True, eq=False)
class Selection:
    """The assessments that count, computed once: ``table`` names the table that holds them.

    ``cells`` maps (cell, version) to assessments; ``years`` are the first and last year of start,
    ``starts`` the first and last day; ``incomplete`` of them lack questions, ``with_earlier`` have
    an assessment of the same factory before them, ``tied`` one that starts on the same day.
    """

    choice: Choice
    kind: str | int
    table: str
    cells: dict[tuple[int, str], int]
    starts: tuple[date, date]
    incomplete: int
    with_earlier: int
    tied: int

    @property
    def key(self) -> tuple[Choice, str | int]:
        """What the selection was made from."""
        return self.choice, self.kind

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


@dataclass(frozen=True, slots=True)
class Sides:
    """Pairs of assessments of a factory: the table of both ends, the years they start in, and how many pairs."""

    table: str
    years: tuple[int, int]
    pairs: int


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

    def parquet(self, table: str, country: str | None, years: tuple[int, int] | None = None) -> str:
        """The name of the table over the partitions that can hold rows of the country and the years; "" without any."""
        since, until = years or (None, None)

        def register() -> str:
            files = self.build.files(self.folder, table, country=country, since=since, until=until)
            name = f"{table}_{country or 'all'}_{since}_{until}" if files else ""
            if files:
                self.engine.register(name, files)
            return name

        return self.once(("parquet", table, country, since, until), register)

    def rows(self, build: Callable[..., Any], *arguments: Any, **inputs: str) -> list[tuple[Any, ...]]:
        """The rows of a statement; ``inputs`` are named without their ``in_``."""
        from betterwork.core.evidence.statements import Statement

        named = {f"in_{name}": table for name, table in inputs.items()}
        return self.engine.rows(Statement(build, arguments), named)

    def keep(self, build: Callable[..., Any], *arguments: Any, **inputs: str) -> str:
        """As :meth:`rows`, held as a table of the engine; its name."""
        from betterwork.core.evidence.statements import Statement

        self._kept["names"] = number = self._kept.get("names", 0) + 1
        named = {f"in_{name}": table for name, table in inputs.items()}
        self.engine.keep(f"kept_{number}", Statement(build, arguments), named)
        return f"kept_{number}"

    def history(self, country: str | None) -> str:
        """The table of each assessment of a country, or of all, with what its factory's others say; "" without any."""
        from betterwork.core.evidence import statements as st

        def make() -> str:
            stored = self.parquet("assessments", country)
            return stored and self.keep(st.history, assessments=stored)

        return self.once(("history", country), make)

    def selection(self, choice: Choice, kind: str | int = LATEST) -> Selection | None:
        """The assessments that count: the ``latest`` of each factory, one a ``year``, or the panel up to a cycle.

        None when there are none.
        """
        base = replace(choice, comparable_only=False, level=ReportingLevel.FACTORY.value)
        return self.once(("selection", base, kind), lambda: self._select(base, kind))

    def _select(self, choice: Choice, kind: str | int) -> Selection | None:
        from betterwork.core.evidence import statements as st

        history = self.history(choice.country)
        if not history:
            return None
        table = self.keep(st.chosen, choice, kind, history=history)
        rows = self.rows(st.selection, choice.manual_rules, chosen=table)
        if not rows:
            return None
        return Selection(
            choice=choice,
            kind=kind,
            table=table,
            cells={(row[0], row[1]): row[2] for row in rows},
            starts=(min(row[3] for row in rows), max(row[4] for row in rows)),
            incomplete=sum(int(row[5]) for row in rows),
            with_earlier=sum(int(row[6]) for row in rows),
            tied=sum(int(row[7]) for row in rows),
        )

    def marked(self, country: str | None, years: tuple[int, int]) -> dict[str, str]:
        """The tables of what was asked and found in the partitions of these years, as inputs of a statement."""
        return {table: self.parquet(table, country, years) for table in ("answers", "points")}

    def counts(self, selection: Selection, by: By, choice: Choice) -> dict[CountKey, Count]:
        """Assessments asked and findings by (cell, item), of the reporting level asked for."""
        from betterwork.core.evidence import statements as st

        def make() -> dict[CountKey, Count]:
            inputs = {**self.marked(choice.country, selection.years), "chosen": selection.table}
            rows = self.rows(st.counts, by, choice.manual_rules, choice.comparable_only, **inputs)
            return {(row[0], row[1:-2]): Count(row[-2], int(row[-1])) for row in rows}

        every = self.once(("counts", selection.key, by, choice.comparable_only), make)
        return {key: count for key, count in every.items() if self.wanted(by, key[1], choice)}

    def paired(self, selection: Selection, by: By, choice: Choice, earlier: str) -> dict[CountKey, PairedCount]:
        """Paired counts by (country number, item), of the reporting level asked for.

        ``earlier`` names the other end: ``previous``, ``previous_by_number`` or ``first``.
        """
        from betterwork.core.evidence import statements as st

        def make() -> dict[CountKey, PairedCount]:
            sides = self.sides(selection, earlier)
            found = {}
            for code, number in self._parts(choice) if sides.pairs else ():
                marked = self.marked(code, sides.years)
                if not marked["points"]:
                    continue
                words = (by, choice.manual_rules, choice.comparable_only, number)
                for row in self.rows(st.paired, *words, sides=sides.table, **marked):
                    found[row[0], row[1:-5]] = PairedCount(*(int(n) for n in row[-5:]))
            return found

        every = self.once(("paired", selection.key, by, choice.comparable_only, earlier), make)
        return {key: count for key, count in every.items() if self.wanted(by, key[1], choice)}

    def _parts(self, choice: Choice) -> list[tuple[str | None, int | None]]:
        """All at once, or country by country where a join of all of them would not fit in memory.

        Each part is the country whose partitions are read, and the number that pairs are restricted to.
        """
        if choice.country or sum(one.rows["answers"] for one in self.build.partitions) < self.joined_at_once:
            return [(choice.country, None)]
        return [(code, country_number(code)) for code in self.countries_here()]

    def sides(self, selection: Selection, earlier: str) -> Sides:
        """Both ends of each factory's pair as a kept table."""
        from betterwork.core.evidence import statements as st

        def make() -> Sides:
            table = self.keep(st.sides, earlier, chosen=selection.table)
            history = self.history(selection.choice.country)
            first, last, pairs = self.rows(st.sides_span, history=history, sides=table)[0]
            return Sides(table, (first or 0, last or 0), int(pairs or 0))

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
