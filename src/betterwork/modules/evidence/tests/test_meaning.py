"""Levels, comparability and headline facts on made-up assessments."""

from __future__ import annotations

from typing import Any

import pytest

from betterwork.core.errors import WrongUse
from betterwork.core.evidence.tests.made_up_tool import catalogue, question, version
from betterwork.modules.evidence import queries
from betterwork.modules.evidence.engine import statement_sql
from betterwork.modules.evidence.queries import Choice, Store
from betterwork.modules.evidence.tests.conftest import Made
from betterwork.modules.evidence.tests.sample import made_up

Answers = dict[str, int]


def seen(store: Store, by: str, choice: Choice) -> dict[str, tuple[int, int]]:
    last = {"question": "question_code", "point": "compliance_point", "cluster": "cluster"}[by]
    table = queries.rates(store, by, choice)
    return {row[last]: (row["assessments"], row["noncompliant"]) for row in table.records()}


@pytest.fixture
def national_store(store_made: Made) -> Store:
    """A tool whose question N speaks of national law since version 2014, in one point with factory question A."""
    tool = catalogue(
        version("2009", question("A"), question("N"), question("B", "P2")),
        version("2014", question("A"), question("N", level="national"), question("B", "P2")),
    )
    old = made_up("JO", 1, "x", "2012-01-01", 1, "2009", {"A": 0, "N": 1, "B": 0})
    new = [made_up("JO", n, f"f{n}", "2015-01-01", 1, "2014", {"A": 0, "N": 1, "B": n % 2}) for n in (2, 3, 4)]
    return store_made([old, *new], tool)


@pytest.mark.capability("B2")
def test_national_questions_stay_out_of_factory_scores_and_are_shown_apart(national_store: Store) -> None:
    after = Choice(start=_day("2014-01-01"))
    assert seen(national_store, "question", after) == {"A": (3, 0), "B": (3, 1)}
    assert seen(national_store, "point", after) == {"Point P1": (3, 0), "Point P2": (3, 1)}
    assert seen(national_store, "cluster", after) == {"Cluster C1": (3, 1)}
    assert [row["rate"] for row in queries.rates(national_store, "factory", after).records()] == [0.0, 0.5, 0.0]
    apart = Choice(start=_day("2014-01-01"), level="national")
    assert seen(national_store, "question", apart) == {"N": (3, 3)}
    assert seen(national_store, "point", apart) == {"Point P1": (3, 3)}
    assert [row["points"] for row in queries.rates(national_store, "factory", apart).records()] == [1, 1, 1]


def test_a_question_counts_at_the_level_that_its_own_version_gives_it(national_store: Store) -> None:
    everything = Choice()
    assert seen(national_store, "question", everything)["N"] == (1, 1)
    assert seen(national_store, "point", everything)["Point P1"] == (4, 1)


def test_the_manual_knows_no_levels(national_store: Store) -> None:
    assert seen(national_store, "question", Choice(manual_rules=True))["N"] == (4, 4)


def _day(text: str) -> Any:
    return queries.window_day(text, last=False)


@pytest.mark.capability("B2")
def test_a_trend_over_two_versions_says_what_may_be_compared(small_store: Store) -> None:
    rows = queries.trend(small_store, "question", Choice(country="HT"), panel=2).records()
    found = {row["question_code"]: (row["comparable"], row["note"]) for row in rows}
    assert found["DIS-1-03"] == (False, "DIS-1-03 asked only since version 2014")
    assert found["OSH-8-90"] == (False, "OSH-8-90 split into OSH-8-06, OSH-8-07 in version 2014")
    assert found["OSH-8-06"] == (False, "OSH-8-06 split from OSH-8-90 in version 2014")
    assert found["CMP-2-01"] == (False, "CMP-2-01 merged from CMP-2-91, CMP-2-92 in version 2014")
    assert found["CMP-1-01"] == (True, "reworded in version 2014, meaning kept")
    assert found["CHL-1-01"] == (True, "")
    points = queries.trend(small_store, "point", Choice(country="HT"), panel=2).records()
    by_point = {row["compliance_point"]: (row["comparable"], row["note"]) for row in points}
    assert by_point["Overtime Wages"] == (True, ""), "merged inside the point"
    assert by_point["Race and Origin"] == (False, "DIS-1-03 asked only since version 2014")
    assert by_point["Emergency Preparedness"][0] is False and "OSH-8-09" in by_point["Emergency Preparedness"][1]
    only = queries.trend(small_store, "point", Choice(country="HT", comparable_only=True), panel=2)
    assert all(row["comparable"] for row in only.records()) and len(only.rows) == len(points)
    assert any(note.startswith("Comparable questions only: ") for note in only.notes)


def test_a_country_with_one_version_is_comparable_throughout(small_store: Store) -> None:
    for by in ("question", "point", "cluster"):
        rows = queries.trend(small_store, by, Choice(country="BD"), period="year").records()
        assert rows and all(row["comparable"] and row["note"] == "" for row in rows)


def test_comparable_only_counts_a_finding_on_an_added_question_no_more(store_made: Made) -> None:
    old = made_up("KH", 1, "a", "2012-01-01", 1, "2009", {"DIS-1-01": 0})
    new = made_up("KH", 2, "a", "2015-01-01", 2, "2014", {"DIS-1-01": 0, "DIS-1-03": 1})
    store = store_made([old, new])
    assert seen(store, "point", Choice()) == {"Race and Origin": (1, 1)}
    assert seen(store, "point", Choice(comparable_only=True)) == {"Race and Origin": (1, 0)}
    assert seen(store, "question", Choice(comparable_only=True)) == {"DIS-1-01": (1, 0)}


def assessed(number: int, factory: str, year: int, cycle: int, found: Answers) -> dict[str, Any]:
    asked = {"OSH-3-01": 0, "OSH-4-01": 0, "OSH-3-13": 0, "CMP-1-01": 0, "CMP-6-02": 0, "CMP-7-01": 0, "CHR-1-02": 0,
             "DIS-4-02": 0}  # fmt: skip
    return made_up("LS", number, factory, f"{year}-03-01", cycle, "2014", {**asked, **found})


def test_a_second_store_of_the_process_translates_nothing_again(small_build: tuple[Any, Any]) -> None:
    def tables() -> int:
        with queries.store_of_build(*small_build, engine="duckdb") as store:
            for by in ("question", "point", "cluster"):
                queries.rates(store, by, Choice(country="LS"))
                queries.effort(store, by, Choice(country="LS"))
                queries.trend(store, by, Choice(country="LS"), panel=2)
        return statement_sql.cache_info().misses

    assert tables() == tables() > 0


@pytest.mark.parametrize("manual", [False, True])
def test_pairs_are_the_same_when_a_large_store_counts_them_country_by_country(
    small_store: Store, small_build: tuple[Any, Any], manual: bool
) -> None:
    choice = Choice(manual_rules=manual)
    with queries.store_of_build(*small_build, engine="duckdb") as store:
        store.joined_at_once = 1
        for by in ("question", "cluster"):
            assert queries.effort(store, by, choice) == queries.effort(small_store, by, choice)


@pytest.mark.capability("I4")
def test_the_headline_facts_hold_where_the_data_bear_them_out(store_made: Made) -> None:
    store = store_made(
        [
            assessed(1, "a", 2012, 1, {"OSH-3-01": 1, "OSH-4-01": 1, "CHR-1-02": 1, "DIS-4-02": 1}),
            assessed(2, "a", 2014, 2, {"OSH-3-13": 1}),
            assessed(3, "b", 2012, 1, {"OSH-3-01": 1, "CHR-1-02": 1, "CMP-1-01": 1}),
            assessed(4, "b", 2015, 2, {"OSH-4-01": 1}),
            assessed(5, "c", 2015, 1, {"CMP-7-01": 1, "CHR-1-02": 1}),
        ]
    )
    halved, full, contracts, none_left = queries.headline_facts(store, Choice(country="LS"))
    # Worker protection 1 → 0 (the added OSH-3-13 does not count), working environment 1/2 → 1/2.
    assert halved.value == pytest.approx((0 + 0.5) / (1 + 0.5)) and halved.holds
    assert (halved.n, halved.base) == (2, 2)
    assert (full.value, full.n, full.base, full.holds) == (1.0, 2, 2, True), "c is in its first year"
    assert (contracts.value, contracts.n, contracts.base, contracts.holds) == (1.0, 2, 2, True), "c was seen once"
    assert (none_left.n, none_left.base, none_left.holds) == (0, 3, True)
    assert not queries.safety_halved(store, Choice(country="LS"), at_most=0.2).holds
    assert not queries.no_case_left(store, Choice(country="LS"), questions=["CMP-7-01"], issue="pensions").holds


@pytest.mark.capability("I4")
def test_the_headline_facts_fail_where_they_do_not(store_made: Made) -> None:
    store = store_made(
        [
            assessed(1, "a", 2012, 1, {"OSH-3-01": 1, "CHR-1-02": 1}),
            assessed(2, "a", 2014, 2, {"OSH-3-01": 1, "CMP-1-01": 1, "CHR-1-02": 1, "DIS-4-02": 1}),
        ]
    )
    facts = queries.headline_facts(store, Choice(country="LS"))
    assert [fact.holds for fact in facts] == [False] * 4
    assert [fact.value for fact in facts] == [1.0, 0.0, 0.0, 1.0]
    table = queries.headline_table(store)
    assert [row["country"] for row in table.records()] == ["Lesotho"] * 4


def test_an_unknown_question_or_point_of_a_headline_fact_is_refused(small_store: Store) -> None:
    with pytest.raises(WrongUse, match="XXX-1-01"):
        queries.no_case_left(small_store, Choice(country="LS"), questions=["XXX-1-01"])
    with pytest.raises(WrongUse, match="XXX-1"):
        queries.contracts_changed(small_store, Choice(country="LS"), point="XXX-1")
