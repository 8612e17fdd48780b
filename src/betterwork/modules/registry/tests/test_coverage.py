"""Coverage: the worked example of its page, and properties on made-up records."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.modules.registry import covering, settings_of
from betterwork.modules.registry.coverage import Method, Record, coverage_on, family_members, year_ends
from betterwork.modules.registry.covering import coverage_of_day, coverage_over_time
from betterwork.modules.registry.services import (
    Cycle,
    Filling,
    Headcount,
    factories_ensure,
    factories_fill,
    factory_close,
    factory_merge,
    factory_unmerge,
    sector_total_set,
)
from betterwork.modules.registry.tests.examples import check_coverage

pytestmark = [pytest.mark.capability("A6")]
PAGE = Path(__file__).parents[5] / "docs" / "algorithms" / "coverage.md"
METHOD = Method(Decimal(4), Decimal(1))
DAY = date(2020, 6, 30)
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def told(day, records, sector=None, method=METHOD, years=3):
    return coverage_on(day, records, sector=sector, method=method, years=Decimal(years))


def test_the_worked_example_of_the_page_comes_out() -> None:
    blocks = re.findall(r"^```json example\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        check_coverage(json.loads(block), Path())


days = st.integers(0, 3000).map(lambda n: date(2015, 1, 1) + timedelta(days=n))
counts = st.lists(st.tuples(days, st.integers(0, 5000)), max_size=4, unique_by=lambda one: one[0])


@st.composite
def worlds(draw: st.DrawFn) -> list[Record]:
    """Records with cycles and headcounts; a merge leads to one of a lower number, so that none is a circle."""
    found = []
    for number in range(draw(st.integers(1, 7))):
        starts = sorted(draw(st.lists(days, max_size=4, unique=True)))
        cycles = [(a, b - timedelta(days=1)) for a, b in zip(starts[::2], starts[1::2], strict=False)]
        cycles += [(starts[-1], None)] if len(starts) % 2 else []
        way = draw(st.sampled_from(["", "same", "joined"])) if number else ""
        into = draw(st.integers(0, number - 1)) if way else 0
        found.append(
            Record(
                number,
                cycles,
                draw(counts),
                same_as=into if way == "same" else None,
                joined=(into, draw(days)) if way == "joined" else None,
            )
        )
    return found


@given(worlds(), days)
def test_merging_never_makes_more_factories_and_the_order_of_records_does_not_matter(records, day) -> None:
    whole = told(day, records)
    apart = told(day, [Record(one.factory, one.cycles, one.counts) for one in records])
    assert whole.factories <= apart.factories
    assert told(day, records[::-1]) == whole
    assert 0 <= whole.counted <= whole.factories
    assert whole.workers <= sum(max((n for _on, n in one.counts), default=0) for one in records)
    if not any(one.same_as is not None or one.joined for one in records):
        assert whole == apart


@given(worlds(), days)
def test_a_closed_factory_and_one_without_a_cycle_count_for_nothing(records, day) -> None:
    bare = [Record(one.factory, (), one.counts, one.same_as, one.joined) for one in records]
    shut = [Record(one.factory, one.cycles, one.counts, closed=[(date.min, None)]) for one in records]
    for some in (bare, shut):
        found = told(day, some)
        assert (found.factories, found.workers, found.counted, found.family) == (0, 0, 0, 0)


def test_of_two_factories_that_joined_the_workers_are_added_until_a_newer_headcount() -> None:
    joined = date(2020, 1, 1)
    one = Record(1, [(date(2019, 1, 1), None)], [(date(2019, 6, 1), 500)])
    two = Record(2, [(date(2019, 1, 1), None)], [(date(2019, 7, 1), 300)], joined=(1, joined))
    assert (told(date(2019, 12, 31), [one, two]).factories, told(date(2019, 12, 31), [one, two]).workers) == (2, 800)
    assert (told(joined, [one, two]).factories, told(joined, [one, two]).workers) == (1, 800)
    newer = Record(1, one.cycles, [*one.counts, (date(2020, 3, 1), 750)])
    assert told(date(2020, 3, 1), [newer, two]).workers == 750
    gone = Record(2, two.cycles, two.counts, same_as=1)
    assert told(joined, [one, gone]).workers == 300, "two records of one factory: the last headcount of either"


def test_an_old_headcount_says_nothing_any_more_and_so_says_the_count() -> None:
    one = Record(1, [(date(2015, 1, 1), None)], [(date(2016, 6, 30), 100)])
    assert told(date(2019, 6, 30), [one]).counted == 1
    late = told(date(2019, 7, 2), [one])
    assert (late.factories, late.counted, late.workers) == (1, 0, 0)


def test_family_members_are_reckoned_to_the_nearest_whole_and_never_below_nothing() -> None:
    assert family_members(1001, Method(Decimal("4.4"), Decimal("1.6"))) == 1752  # 1001 × 1.75 = 1751.75
    assert family_members(10, Method(Decimal(1), Decimal(2))) == 0
    assert family_members(10, None) is None


def test_the_days_that_are_told_end_each_year_and_today() -> None:
    assert year_ends(date(2019, 3, 1), date(2021, 5, 1)) == [date(2019, 12, 31), date(2020, 12, 31), date(2021, 5, 1)]
    assert year_ends(date(2021, 3, 1), date(2021, 12, 31)) == [date(2021, 12, 31)]


@pytest.mark.django_db
def test_the_register_gives_coverage_its_records_in_few_queries(django_assert_max_num_queries) -> None:
    made = factories_ensure(actor="p-1", wanted={("VN", str(n)): f"Works {n}" for n in range(200)}, at=AT)
    fillings = [
        Filling(one, workforce=[Headcount(date(2020, 1, 1), 60, 40)], cycles=[Cycle(1, date(2019, 5, 1))])
        for one in made.values()
    ]
    factories_fill(actor="p-1", fillings=fillings, reason="SIMULATED", at=AT)
    sector_total_set(
        actor="p-1", country="VN", on=date(2020, 1, 1), factories=400, workers=None, source="Yearbook", at=AT
    )
    factory_close(actor="p-1", factory=made["VN", "1"], since=date(2020, 7, 1), reason="closed", at=AT)
    merge = factory_merge(actor="p-1", kept=made["VN", "2"], gone=made["VN", "3"], reason="same", at=AT)
    with django_assert_max_num_queries(20):
        rows = coverage_over_time("VN", date(2021, 12, 31))
    assert [(one.day.year, one.factories, one.workers) for one in rows] == [
        (2019, 199, 0),
        (2020, 198, 19800),
        (2021, 198, 19800),
    ]
    assert rows[0].share_of_factories is None and rows[1].share_of_factories == 198 / 400
    assert rows[1].share_of_workers is None and rows[1].family == 3 * 19800
    factory_unmerge(actor="p-1", merge=merge, reason="two", at=AT)
    assert coverage_of_day("VN", date(2020, 12, 31)).factories == 199
    assert coverage_over_time("JO", DAY) == []


@pytest.mark.django_db
def test_a_setting_that_is_no_number_is_said_by_name(monkeypatch) -> None:
    from betterwork.core.dated import DatedValue

    bad = DatedValue("many", date(2000, 1, 1), None, "somebody")
    monkeypatch.setattr(settings_of, "value_of", lambda country, name, on: bad)
    assert covering.number_of is settings_of.number_of
    with pytest.raises(WrongUse, match="household_size of VN is many"):
        coverage_of_day("VN", DAY)
