"""The same expressions on Spark: counts exactly those of DuckDB, shares within 1e-12."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from betterwork.modules.evidence import queries
from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.queries import Choice, Store, Table, store_of_build


def _missing() -> str:
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "Spark needs Java 17, and no java is on this machine"
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed: the extra betterwork[spark]"
    return ""


pytestmark = pytest.mark.skipif(bool(_missing()), reason=_missing() or "-")


@pytest.fixture(scope="module")
def spark_store(small_build: tuple[Any, Folder]) -> Iterator[Store]:
    with store_of_build(*small_build, engine="spark") as store:
        yield store


def assert_same(one: Table, other: Table) -> None:
    assert one.columns == other.columns and len(one.rows) == len(other.rows) > 0
    assert (one.definition, one.notes, one.rules, one.snapshot) == (
        other.definition, other.notes, other.rules, other.snapshot
    )  # fmt: skip
    for left, right in zip(one.rows, other.rows, strict=True):
        for a, b in zip(left, right, strict=True):
            assert type(a) is type(b)
            assert a == b or (isinstance(a, float) and abs(a - b) <= 1e-12)


@pytest.mark.capability("P4")
@pytest.mark.parametrize("manual", [False, True], ids=["our rules", "manual rules"])
@pytest.mark.parametrize("by", ["question", "point", "cluster", "factory"])
def test_every_table_is_the_same_on_spark(spark_store: Store, small_store: Store, by: str, manual: bool) -> None:
    choice = Choice(manual_rules=manual)
    assert_same(queries.rates(spark_store, by, choice), queries.rates(small_store, by, choice))
    if by == "factory":
        return
    for table, words in (
        (queries.trend, {"panel": 2}), (queries.trend, {"period": "year"}), (queries.effort, {}), (queries.tenure, {})
    ):  # fmt: skip
        assert_same(table(spark_store, by, choice, **words), table(small_store, by, choice, **words))  # type: ignore[operator]


@pytest.mark.capability("P4")
def test_overview_and_headline_facts_are_the_same_on_spark(spark_store: Store, small_store: Store) -> None:
    choice = Choice(country="HT")
    assert queries.overview(spark_store, choice) == queries.overview(small_store, choice)
    ours, theirs = (queries.headline_facts(store, choice) for store in (small_store, spark_store))
    assert ours == theirs
