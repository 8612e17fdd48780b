from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from betterwork.entry.demonstration.levels import published_levels
from betterwork.entry.demonstration.tests.conftest import Programme as Reader
from betterwork.entry.demonstration.tests.recount import NEEDED, Programme
from betterwork.entry.demonstration.tests.support import COUNTRIES

WORLDS = [("small", 2014), ("small", 1), ("small", 77), ("full", 2014)]


@pytest.fixture(scope="module")
def counted(programme: Reader):  # type: ignore[no-untyped-def]
    @cache
    def get(size: str, seed: int) -> Programme:
        return Programme(programme(size, seed, NEEDED))

    return get


def _where(values: pd.Series) -> set[str]:
    return set(values.index[values])


@pytest.mark.capability("I4")
@pytest.mark.parametrize(("size", "seed"), WORLDS)
def test_safety_noncompliance_is_halved_in_haiti_jordan_and_viet_nam_and_nowhere_else(counted, size, seed):
    for singles in (False, True):
        ratio = counted(size, seed).safety_ratio(singles=singles)
        assert len(ratio) == len(COUNTRIES)
        assert _where(ratio <= 0.5) == {"Haiti", "Jordan", "Viet Nam"}
        assert not ratio.between(0.47, 0.58).any(), "too near the line to be sure"


@pytest.mark.capability("I4")
@pytest.mark.parametrize(("size", "seed"), WORLDS)
def test_after_two_years_all_pay_in_full_in_jordan_and_nowhere_else(counted, size, seed):
    shares = counted(size, seed).paid_in_full()
    assert _where(shares == 1) == {"Jordan"}
    assert shares.drop("Jordan").max() < 0.9
    assert len(shares) >= len(COUNTRIES) - 1  # in the small programme Bangladesh has no factory of two years


@pytest.mark.capability("I4")
@pytest.mark.parametrize(("size", "seed"), WORLDS)
def test_nine_in_ten_factories_changed_their_contracts_in_haiti_and_fewer_elsewhere(counted, size, seed):
    shares = counted(size, seed).contracts_changed()
    assert len(shares) == len(COUNTRIES)
    assert 0.91 <= shares["Haiti"] <= 0.925
    assert shares.drop("Haiti").max() <= 0.75


@pytest.mark.capability("I4")
@pytest.mark.parametrize(("size", "seed"), WORLDS)
def test_no_hiv_case_is_left_in_lesotho_and_some_are_elsewhere(counted, size, seed):
    found = counted(size, seed).hiv_findings()
    assert len(found) == len(COUNTRIES)
    assert found.loc["Lesotho", "latest"] == 0
    assert (found["before"] > 0).all()
    assert (found.drop("Lesotho")["latest"] > 0).all()


@pytest.mark.parametrize(("size", "seed"), WORLDS)
@pytest.mark.parametrize("level", published_levels(), ids=lambda level: f"{level.country}-{level.code}-{level.start}")
def test_a_published_level_comes_out_as_near_as_whole_factories_can(counted, size, seed, level):
    country = COUNTRIES[level.country].name
    column = {"question": "code", "point": "point", "cluster": "cluster"}[level.level]
    number, share = counted(size, seed).share(country, level.start, level.end, column, level.code)
    assert number >= 8
    assert abs(share - level.share) <= 0.5 / number + 1e-9
