"""The small sample on every level in both rule sets, against pandas straight from the file."""

from __future__ import annotations

import importlib.util
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from betterwork.modules.evidence import queries
from betterwork.modules.evidence.queries import Choice, Store, Table
from betterwork.modules.evidence.tests.sample import ROOT, SMALL

LABELS = ROOT / "src" / "betterwork" / "modules" / "instruments" / "data" / "label_changes.csv"
RULES = pytest.mark.parametrize("manual", [False, True], ids=["our rules", "manual rules"])
LEVEL = pytest.mark.parametrize("by", ["question", "point", "cluster"])
RENAMED = {"compliance_point": "point", "question_code": "code", "period": "year", "cycle": "cycle_number",
           "factory": "name", "factory_id": "factory"}  # fmt: skip


@cache
def other_way() -> Any:
    spec = importlib.util.spec_from_file_location("independent_pandas", ROOT / "tests" / "independent_pandas.py")
    assert spec and spec.loader
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Sample(SMALL, LABELS)


def assert_same(table: Table, frame: Any, keys: tuple[str, ...], values: tuple[str, ...]) -> None:
    """Every row of the one is in the other: counts exactly, shares within 1e-12."""
    ours = {
        tuple(record[key] for key in keys): [record[value] for value in values] for record in table.records()
    }  # fmt: skip
    assert len(ours) == len(table.rows)
    theirs = {
        tuple(row[RENAMED.get(key, key)] for key in keys): [row[value] for value in values]
        for row in frame.to_dict("records")
    }
    assert ours.keys() == theirs.keys()
    for key, row in ours.items():
        for name, one, other in zip(values, row, theirs[key], strict=True):
            if isinstance(one, int):
                assert one == other, (key, name)
            else:
                assert one == pytest.approx(other, abs=1e-12), (key, name)


COUNTED = ("assessments", "noncompliant", "rate", "rate_low", "rate_high")


def level_keys(by: str) -> tuple[str, ...]:
    return {
        "question": ("country", "cluster", "compliance_point", "question_code"),
        "point": ("country", "cluster", "compliance_point"),
        "cluster": ("country", "cluster"),
    }[by]


@pytest.mark.capability("I1")
@RULES
@LEVEL
def test_rates_agree_with_a_calculation_made_another_way(small_store: Store, by: str, manual: bool) -> None:
    table = queries.rates(small_store, by, Choice(manual_rules=manual))
    values = (*COUNTED, "points", "mean_point_rate") if by == "cluster" else COUNTED
    assert_same(table, other_way().rates(by, manual), level_keys(by), values)


@pytest.mark.capability("I1")
@RULES
def test_factory_rates_agree_with_a_calculation_made_another_way(small_store: Store, manual: bool) -> None:
    table = queries.rates(small_store, "factory", Choice(manual_rules=manual))
    keys = ("country", "factory_id", "factory")
    assert_same(table, other_way().factory_rates(manual), keys, ("points", "noncompliant", "rate"))


@pytest.mark.capability("I1")
@RULES
@LEVEL
def test_rates_of_a_window_and_of_a_cycle_agree(small_store: Store, by: str, manual: bool) -> None:
    window = Choice(start=date(2012, 1, 1), end=date(2014, 8, 31), manual_rules=manual)
    table = queries.rates(small_store, by, window)
    assert_same(table, other_way().rates(by, manual, start="2012-01-01", end="2014-08-31"), level_keys(by), COUNTED)
    table = queries.rates(small_store, by, Choice(country="NI", cycle=2, manual_rules=manual))
    assert_same(table, other_way().rates(by, manual, cycle=2, country="Nicaragua"), level_keys(by), COUNTED)


@pytest.mark.capability("I2")
@RULES
@LEVEL
@pytest.mark.parametrize("panel", [2, 3, None], ids=["panel 2", "panel 3", "calendar years"])
def test_trends_agree_with_a_calculation_made_another_way(
    small_store: Store, by: str, manual: bool, panel: int | None
) -> None:
    period = None if panel else "year"
    table = queries.trend(small_store, by, Choice(manual_rules=manual), panel=panel, period=period)
    keys = (*level_keys(by), "cycle" if panel else "period")
    assert_same(table, other_way().trend(by, manual, panel=panel), keys, COUNTED)


@pytest.mark.capability("I2")
@RULES
@LEVEL
def test_effort_agrees_with_a_calculation_made_another_way(small_store: Store, by: str, manual: bool) -> None:
    table = queries.effort(small_store, by, Choice(manual_rules=manual))
    first = table.columns.index("factories")
    assert_same(table, other_way().effort(by, manual), level_keys(by), table.columns[first:])


@pytest.mark.capability("I2")
@RULES
@LEVEL
def test_tenure_agrees_with_a_calculation_made_another_way(small_store: Store, by: str, manual: bool) -> None:
    table = queries.tenure(small_store, by, Choice(manual_rules=manual))
    assert_same(table, other_way().tenure(by, manual), (*level_keys(by), "years"), COUNTED)
