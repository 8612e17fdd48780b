"""Which assessments count, who is left out, and what the notes say of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from betterwork.core.errors import WrongUse
from betterwork.modules.evidence import queries
from betterwork.modules.evidence.queries import Choice, Table
from betterwork.modules.evidence.tests.conftest import Made
from betterwork.modules.evidence.tests.sample import made_up

ASKED = "CMP-1-01"


def one(number: int, factory: str, start: str, finding: int, *, cycle: int = 1, **more: Any) -> dict[str, Any]:
    return made_up("KH", number, factory, start, cycle, "2014", {ASKED: finding}, **more)


def counted(table: Table) -> tuple[int, int]:
    """(assessments, noncompliant) of the only row."""
    (row,) = table.records()
    return row["assessments"], row["noncompliant"]


@pytest.mark.capability("I1")
def test_the_latest_by_date_counts_even_when_its_number_is_smaller(store_made: Made) -> None:
    store = store_made([one(20, "a", "2013-01-01", 0), one(10, "a", "2014-01-01", 1, cycle=2)])
    assert counted(queries.rates(store, "question")) == (1, 1)
    assert counted(queries.rates(store, "question", Choice(manual_rules=True))) == (1, 0)


def test_a_tie_goes_to_the_higher_cycle_then_the_larger_number_and_is_listed(store_made: Made) -> None:
    store = store_made(
        [
            one(30, "a", "2013-01-01", 0, cycle=1),
            one(20, "a", "2013-01-01", 1, cycle=2),
            one(41, "b", "2013-01-01", 0),
            one(42, "b", "2013-01-01", 1),
            one(50, "c", "2013-01-01", 1),
        ]
    )
    table = queries.rates(store, "question")
    assert counted(table) == (3, 3)
    assert "Tie on 2013-01-01: factory a (Cambodia), assessments 30, 20; 20 counts." in table.notes
    assert "Tie on 2013-01-01: factory b (Cambodia), assessments 41, 42; 42 counts." in table.notes
    assert not any("factory c" in note for note in table.notes)
    assert [tie.assessments for tie in queries.overview(store, Choice()).ties] == [(30, 20), (41, 42)]


def test_an_earlier_tie_that_does_not_decide_anything_is_not_listed(store_made: Made) -> None:
    store = store_made([one(1, "a", "2013-01-01", 0), one(2, "a", "2013-01-01", 0), one(3, "a", "2014-01-01", 0)])
    assert queries.overview(store, Choice()).ties == ()
    year = queries.trend(store, "question", period="year")
    assert any(note.startswith("Tie on 2013-01-01: factory a") for note in year.notes)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2014, 2, 1), date(2014, 2, 28), (2, 2)),
        (date(2014, 2, 2), date(2014, 2, 28), (1, 1)),
        (date(2014, 2, 1), date(2014, 2, 27), (1, 1)),
        (date(2014, 3, 1), None, (1, 0)),
        (None, date(2014, 1, 31), (1, 0)),
    ],
)
def test_both_ends_of_a_window_are_inside(store_made: Made, start: Any, end: Any, expected: tuple[int, int]) -> None:
    store = store_made(
        [
            one(1, "a", "2014-01-31", 0),
            one(2, "a", "2014-02-01", 1, cycle=2),
            one(3, "b", "2014-02-28", 1),
            one(4, "b", "2014-03-01", 0, cycle=2),
        ]
    )
    assert counted(queries.rates(store, "question", Choice(start=start, end=end))) == expected


def test_a_cycle_of_two_digits_is_after_nine(store_made: Made) -> None:
    store = store_made([one(n, "a", f"20{n:02d}-05-01", int(n == 10), cycle=n) for n in range(1, 12)])
    assert counted(queries.rates(store, "question", Choice(cycle=10))) == (1, 1)
    trend = queries.trend(store, "question", panel=11)
    assert [row["cycle"] for row in trend.records()] == list(range(1, 12))
    assert [row["noncompliant"] for row in trend.records()] == [0] * 9 + [1, 0]
    # The manual's defect is kept on purpose: "9" is the largest cycle as text, and "9" >= "11".
    manual = queries.trend(store, "question", Choice(manual_rules=True), panel=11)
    assert len(manual.rows) == 11
    two = queries.trend(store, "question", Choice(manual_rules=True, end=date(2010, 12, 31)), panel=10)
    assert len(two.rows) == 10


def test_one_obsolete_name_makes_the_whole_factory_obsolete_in_any_spelling(store_made: Made) -> None:
    store = store_made(
        [
            one(1, "a", "2013-01-01", 1, name="Alpha (OBSOLETE)"),
            one(2, "a", "2014-01-01", 1, cycle=2, name="Alpha"),
            one(3, "b", "2014-01-01", 0),
        ]
    )
    table = queries.rates(store, "question")
    assert counted(table) == (1, 0)
    assert "Left out as obsolete: 1 factory, 2 assessments." in table.notes
    assert counted(queries.rates(store, "question", Choice(manual_rules=True))) == (2, 1)
    later = queries.rates(store, "question", Choice(start=date(2014, 1, 1)))
    assert counted(later) == (1, 0), "the name of 2013 marks the factory also in a window of 2014"
    assert "Left out as obsolete: 1 factory, 1 assessment." in later.notes


def test_not_applicable_not_assessed_and_blank_are_not_asked(store_made: Made) -> None:
    answers = {"CMP-1-01": 2, "CMP-1-02": 3, "CMP-1-03": 4, "CMP-2-01": 0}
    store = store_made([made_up("KH", 1, "a", "2014-01-01", 1, "2014", answers)])
    assert [row["question_code"] for row in queries.rates(store, "question").records()] == ["CMP-2-01"]
    assert [row["compliance_point"] for row in queries.rates(store, "point").records()] == ["Overtime Wages"]
    (factory,) = queries.rates(store, "factory").records()
    assert factory["points"] == 1


@pytest.mark.capability("I2")
def test_a_panel_says_how_many_factories_were_left_out_and_why(store_made: Made) -> None:
    contents = [
        *(one(10 + k, "whole", f"201{k}-01-01", 0, cycle=k) for k in (1, 2, 3)),
        *(one(20 + k, "gap", f"201{k}-01-01", 1, cycle=k) for k in (1, 3)),
        *(one(30 + k, "late", f"201{k}-01-01", 1, cycle=k) for k in (2, 3)),
        one(41, "short", "2011-01-01", 1),
    ]
    store = store_made(contents)
    table = queries.trend(store, "question", panel=3)
    assert [(row["cycle"], row["assessments"], row["noncompliant"]) for row in table.records()] == [
        (1, 1, 0), (2, 1, 0), (3, 1, 0)
    ]  # fmt: skip
    assert (
        "Panel up to cycle 3: 1 factory; left out: 1 never reached cycle 3, 2 with a cycle missing in between."
        in table.notes
    )
    panels = {panel.cycle: panel for panel in queries.overview(store, Choice()).panels}
    assert (panels[2].kept, panels[2].never_reached, panels[2].missing_between) == (1, 1, 2)
    nobody = queries.trend(store, "question", panel=9)
    assert nobody.rows == [] and any("4 never reached cycle 9" in note for note in nobody.notes)


@pytest.mark.capability("I2")
def test_years_in_the_programme_are_whole_years_since_the_first_assessment(store_made: Made) -> None:
    starts = {"a": "2013-01-09", "b": "2013-01-10", "c": "2014-01-10", "d": "2016-02-01", "e": "2019-02-01"}
    contents = [one(1000 + n, name, "2012-01-10", 0) for n, name in enumerate(starts)]
    contents += [one(n, name, start, 0, cycle=2) for n, (name, start) in enumerate(starts.items())]
    store = store_made(contents)
    table = queries.tenure(store, "question", Choice(start=date(2012, 6, 1)))
    assert [(row["years"], row["assessments"]) for row in table.records()] == [("0", 1), ("1", 1), ("2", 1), ("4+", 2)]


@pytest.mark.capability("I2")
def test_effort_compares_with_the_previous_assessment_whenever_it_was(store_made: Made) -> None:
    store = store_made(
        [
            one(1, "a", "2010-01-01", 0, cycle=1),
            one(2, "a", "2011-01-01", 1, cycle=2),
            one(3, "a", "2014-01-01", 0, cycle=3),
            one(4, "b", "2014-01-01", 1),
        ]
    )
    table = queries.effort(store, "question", Choice(start=date(2013, 1, 1)))
    (row,) = table.records()
    assert (row["factories"], row["before_rate"], row["now_rate"], row["improvement"]) == (1, 1.0, 0.0, 1.0)
    assert (row["fixed"], row["relapsed"], row["p_value"]) == (1, 0, 1.0)
    assert "1 factory has an earlier assessment; 1 assessed once left out." in table.notes


def test_incomplete_assessments_are_counted_and_said(store_made: Made) -> None:
    store = store_made([one(1, "a", "2014-01-01", 0, incomplete=True), one(2, "b", "2014-01-01", 0)])
    assert any(note.startswith("Incomplete: 1 counted assessment;") for note in queries.rates(store, "point").notes)
    assert queries.overview(store, Choice()).incomplete == 1


def test_workers_are_summed_over_the_counted_assessments_that_tell(store_made: Made) -> None:
    store = store_made(
        [
            one(1, "a", "2013-01-01", 0, facts={"F-01": "999"}),
            one(2, "a", "2014-01-01", 0, cycle=2, facts={"F-01": "500"}),
            one(3, "b", "2014-01-01", 0, facts={"F-01": "about 70"}),
            one(4, "c", "2014-01-01", 0, facts={"F-01": "40", "F-02": "80"}),
        ]
    )
    found = queries.overview(store, Choice())
    assert (found.workers, found.workers_known, found.assessments) == (540, 2, 3)
    assert (found.first_start, found.last_start) == (date(2014, 1, 1), date(2014, 1, 1))


def test_a_country_without_assessments_gives_tables_without_rows(store_made: Made) -> None:
    store = store_made([one(1, "a", "2014-01-01", 0)])
    nowhere, never = Choice(country="VN"), Choice(start=date(2030, 1, 1))
    for choice in (nowhere, never):
        for by in ("question", "point", "cluster", "factory"):
            assert queries.rates(store, by, choice).rows == []
        assert queries.trend(store, "point", choice, panel=2).rows == []
        assert queries.effort(store, "point", choice).rows == []
        assert queries.tenure(store, "point", choice).rows == []
        assert queries.overview(store, choice).assessments == 0
        assert not any(fact.holds for fact in queries.headline_facts(store, choice))


def test_a_trend_needs_either_a_panel_or_a_period(store_made: Made) -> None:
    store = store_made([one(1, "a", "2014-01-01", 0)])
    wrong: list[dict[str, Any]] = [{}, {"panel": 2, "period": "year"}, {"period": "month"}, {"panel": 0}]
    for words in wrong:
        with pytest.raises(WrongUse):
            queries.trend(store, "point", **words)
    with pytest.raises(WrongUse, match="by factory there are rates only"):
        queries.effort(store, "factory")
