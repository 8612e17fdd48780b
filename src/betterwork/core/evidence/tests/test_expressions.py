"""Expressions on tiny made-up tables, against loops in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest
from conftest import SLOW_EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

from betterwork.core.evidence import expressions as ex
from betterwork.core.evidence.choice import By, Choice
from betterwork.core.evidence.keys import assessment_key, cell_parts, country_number, factory_key

Head = dict[str, Any]
Marks = dict[tuple[int, int], int]


class Engine:
    """DuckDB through Ibis, giving plain rows."""

    def __init__(self) -> None:
        self.backend = ibis.duckdb.connect()

    def execute_rows(self, expression: Any, *columns: str) -> list[tuple[Any, ...]]:
        answer = self.backend.to_pyarrow(expression.select(*columns))
        return [tuple(row.values()) for row in answer.to_pylist()]

    def kept(self, expression: Any) -> Any:
        return ibis.memtable(self.backend.to_pyarrow(expression))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def table(rows: list[dict[str, Any]], types: dict[str, pa.DataType]) -> Any:
    return ibis.memtable(pa.Table.from_pylist(rows, schema=pa.schema(types)))


HEAD_TYPES = {
    "country_number": pa.int16(), "assessment_key": pa.int64(), "assessment": pa.int64(), "factory_key": pa.int64(),
    "factory": pa.string(), "start": pa.date32(), "cycle": pa.int32(), "version": pa.string(), "obsolete": pa.bool_(),
    "incomplete": pa.bool_(),
}  # fmt: skip
MARK_TYPES = {"assessment_key": pa.int64(), "point": pa.int16(), "found": pa.int64()}


@st.composite
def heads(draw: st.DrawFn) -> list[Head]:
    """A few assessments of a few factories in two countries, often on the same day or in the same cycle."""
    rows = []
    for number in range(draw(st.integers(0, 14))):
        country, factory = draw(st.sampled_from(["KH", "VN"])), draw(st.sampled_from("abc"))
        rows.append(
            {
                "country_number": country_number(country),
                "assessment_key": assessment_key(country, number),
                "assessment": number,
                "factory_key": factory_key(country, factory),
                "factory": factory,
                "start": date(2012, 2, 27) + timedelta(days=draw(st.sampled_from([0, 1, 2, 365, 366, 367, 800, 1900]))),
                "cycle": draw(st.integers(1, 12)),
                "version": draw(st.sampled_from(["2009", "2014"])),
                "obsolete": draw(st.integers(0, 9)) == 0,
                "incomplete": False,
            }
        )
    return draw(st.permutations(rows))


choices = st.builds(
    Choice,
    country=st.sampled_from([None, "KH"]),
    start=st.sampled_from([None, date(2012, 2, 28)]),
    end=st.sampled_from([None, date(2013, 2, 28), date(2014, 6, 1)]),
    cycle=st.sampled_from([None, 1, 2]),
    manual_rules=st.booleans(),
)


def by_factory(rows: list[Head]) -> dict[int, list[Head]]:
    found = defaultdict(list)
    for row in rows:
        found[row["factory_key"]].append(row)
    return found


def order(manual: bool) -> Any:
    return (lambda one: one["assessment"]) if manual else (lambda one: (one["start"], one["cycle"], one["assessment"]))


def loop_eligible(rows: list[Head], choice: Choice) -> list[Head]:
    gone = {row["factory_key"] for row in rows if row["obsolete"]} if not choice.manual_rules else set()
    start, end = choice.window()
    return [
        row
        for row in rows
        if row["factory_key"] not in gone
        and (choice.country is None or row["country_number"] == country_number(choice.country))
        and (start is None or row["start"] >= start)
        and (end is None or row["start"] <= end)
        and (choice.cycle is None or row["cycle"] == choice.cycle)
    ]


def loop_years(rows: list[Head], row: Head) -> int:
    first = min(one["start"] for one in rows if one["factory_key"] == row["factory_key"])
    years, start = 0, row["start"]
    while (first.year + years + 1, first.month, first.day) <= (start.year, start.month, start.day):
        years += 1
    return years


@settings(max_examples=SLOW_EXAMPLES)
@given(rows=heads(), choice=choices)
def test_the_assessment_that_counts_is_each_factorys_latest_in_the_window(
    engine: Any, rows: list[Head], choice: Choice
) -> None:
    history = ex.history(table(rows, HEAD_TYPES))
    chosen = ex.chosen(ex.eligible(history, choice), choice, ex.Cell.YEARS)
    got = {(key, *cell_parts(cell)) for key, cell in engine.execute_rows(chosen, "assessment_key", "cell")}
    expected = set()
    for its in by_factory(loop_eligible(rows, choice)).values():
        last = max(its, key=order(choice.manual_rules))
        expected.add((last["assessment_key"], last["country_number"], min(loop_years(rows, last), 4)))
    assert got == expected


@settings(max_examples=SLOW_EXAMPLES)
@given(rows=heads())
def test_the_previous_and_first_assessment_follow_the_same_order(engine: Any, rows: list[Head]) -> None:
    history = ex.history(table(rows, HEAD_TYPES))
    got = set(engine.execute_rows(history, "assessment_key", "first", "previous", "previous_by_number"))
    expected = set()
    for its in by_factory(rows).values():
        dated, numbered = sorted(its, key=order(False)), sorted(its, key=order(True))
        for row in its:
            at, by_number = dated.index(row), numbered.index(row)
            expected.add(
                (
                    row["assessment_key"],
                    dated[0]["assessment_key"],
                    dated[at - 1]["assessment_key"] if at else None,
                    numbered[by_number - 1]["assessment_key"] if by_number else None,
                )
            )
    assert got == expected


@settings(max_examples=SLOW_EXAMPLES)
@given(rows=heads(), last=st.integers(1, 4))
def test_a_panel_keeps_factories_with_every_cycle_and_says_why_others_are_out(
    engine: Any, rows: list[Head], last: int
) -> None:
    choice = Choice()
    eligible = ex.eligible(ex.history(table(rows, HEAD_TYPES)), choice)
    states = ex.panel(eligible, last, choice)
    got = dict(engine.execute_rows(states, "factory_key", "state"))
    expected = {}
    members = set()
    for factory, its in by_factory(loop_eligible(rows, choice)).items():
        cycles = {row["cycle"] for row in its}
        if set(range(1, last + 1)) <= cycles:
            expected[factory] = ex.MEMBER
            for cycle in range(1, last + 1):
                in_cycle = [row for row in its if row["cycle"] == cycle]
                members.add(max(in_cycle, key=order(False))["assessment_key"])
        else:
            expected[factory] = ex.NEVER_REACHED if max(cycles) < last else ex.GAP
    assert got == expected
    kept = engine.execute_rows(ex.chosen_panel(eligible, states, last, choice), "assessment_key")
    assert {key for (key,) in kept} == members


@settings(max_examples=SLOW_EXAMPLES)
@given(rows=heads(), last=st.integers(1, 11))
def test_the_manuals_panel_compares_cycles_as_text_and_keeps_all_assessments(
    engine: Any, rows: list[Head], last: int
) -> None:
    choice = Choice(manual_rules=True)
    eligible = ex.eligible(ex.history(table(rows, HEAD_TYPES)), choice)
    kept = ex.chosen_panel(eligible, ex.panel(eligible, last, choice), last, choice)
    expected = {
        row["assessment_key"]
        for its in by_factory(rows).values()
        if max(str(row["cycle"]) for row in its) >= str(last)
        for row in its
        if row["cycle"] <= last
    }
    assert {key for (key,) in engine.execute_rows(kept, "assessment_key")} == expected


def marked(draw_found: list[int], rows: list[Head]) -> Marks:
    """Findings for some (assessment, point); 2 stands for not asked."""
    spread = iter(draw_found * (1 + 3 * len(rows)))
    every = {(row["assessment_key"], point): next(spread) for row in rows for point in range(3)}
    return {key: found for key, found in every.items() if found < 2}


found_lists = st.lists(st.integers(0, 2), min_size=1, max_size=40)


@settings(max_examples=SLOW_EXAMPLES)
@given(rows=heads(), spread=found_lists)
def test_counts_and_pairs_are_those_of_a_loop(engine: Any, rows: list[Head], spread: list[int]) -> None:
    choice = Choice()
    marks = marked(spread, rows)
    listed = [{"assessment_key": key, "point": point, "found": found} for (key, point), found in marks.items()]
    chosen = ex.chosen(ex.eligible(ex.history(table(rows, HEAD_TYPES)), choice), choice, ex.Cell.CYCLE)
    chosen = engine.kept(chosen)
    counted = ex.counts(table(listed, MARK_TYPES), chosen, ("point",))
    got = {(cell_parts(c), p): (n, f) for c, p, n, f in engine.execute_rows(counted, "cell", "point", "asked", "found")}
    expected: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    pairs: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for its in by_factory(loop_eligible(rows, choice)).values():
        dated = sorted(its, key=order(False))
        now, before = dated[-1], dated[-2] if len(dated) > 1 else None
        for point in range(3):
            one = marks.get((now["assessment_key"], point))
            if one is not None:
                cell = expected[(now["country_number"], now["cycle"]), point]
                cell[0], cell[1] = cell[0] + 1, cell[1] + one
            other = marks.get((before["assessment_key"], point)) if before else None
            if one is not None and other is not None:
                add = [1, other, one, int(other > one), int(other < one)]
                pair = pairs[now["country_number"], point]
                pair[:] = [a + b for a, b in zip(pair, add, strict=True)]
    assert got == {key: tuple(value) for key, value in expected.items()}
    paired = ex.paired_counts(table(listed, MARK_TYPES), ex.sides(chosen, "previous"), ("point",))
    names = ("country_number", "point", "factories", "before", "now", "fixed", "relapsed")
    rows_got = {row[:2]: row[2:] for row in engine.execute_rows(paired, *names)}
    assert rows_got == {key: tuple(value) for key, value in pairs.items()}


ANSWER_TYPES = {
    "assessment_key": pa.int64(), "question": pa.int16(), "answer": pa.int8(), "repeats": pa.int16(),
    "written_question": pa.string(), "written_cluster": pa.string(), "written_point": pa.string(),
}  # fmt: skip


def test_by_the_manual_repeats_count_in_a_questions_findings_and_not_in_a_points(engine: Any) -> None:
    row = {"assessment_key": 1, "question": 0, "answer": 1, "repeats": 2, "written_question": "A",
           "written_cluster": "C", "written_point": "P"}  # fmt: skip
    answers = table([row, {**row, "question": 1, "written_question": "B", "answer": 3}], ANSWER_TYPES)
    manual = Choice(manual_rules=True)
    questions = engine.execute_rows(ex.marks(answers, None, By.QUESTION, manual), "written_question", "found")
    assert questions == [("A", 3)]
    assert engine.execute_rows(ex.marks(answers, None, By.POINT, manual), "written_point", "found") == [("P", 1)]
    assert engine.execute_rows(ex.marks(answers, None, By.QUESTION, Choice()), "question", "found") == [(0, 1)]
