"""Known answers are published ones, each with its source; the rest are properties and an independent program."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from betterwork.core.statistics import mcnemar_exact, normal_quantile, wilson_interval, wilson_intervals

counts = st.integers(min_value=1, max_value=100_000).flatmap(
    lambda n: st.tuples(st.integers(min_value=0, max_value=n), st.just(n))
)


@pytest.mark.capability("I2")
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_reproduces_the_published_examples(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (Wilson without correction)."""
    assert wilson_interval(successes, n) == pytest.approx((low, high), abs=0.00005)


def test_the_quantile_of_95_percent_is_the_tabled_one() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959963984540054, abs=1e-13)


@given(counts, st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999]))
def test_wilson_agrees_with_statsmodels(pair: tuple[int, int], confidence: float) -> None:
    theirs = proportion_confint(*pair, alpha=1 - confidence, method="wilson")
    assert wilson_interval(*pair, confidence) == pytest.approx(theirs, abs=1e-12)


@given(counts)
def test_an_interval_lies_between_0_and_1_and_holds_the_share(pair: tuple[int, int]) -> None:
    low, high = wilson_interval(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1
    assert low < high


@given(st.integers(min_value=1, max_value=1_000_000))
def test_the_ends_are_exact_when_nothing_or_everything_was_found(n: int) -> None:
    assert wilson_interval(0, n)[0] == 0.0
    assert wilson_interval(n, n)[1] == 1.0
    assert 0 < wilson_interval(n, n)[0] < 1
    assert 0 < wilson_interval(0, n)[1] < 1
    low, high = wilson_intervals([0, n], n)
    assert (low[0], high[1]) == (0.0, 1.0)


@given(counts)
def test_counting_the_compliant_instead_mirrors_the_interval(pair: tuple[int, int]) -> None:
    successes, n = pair
    low, high = wilson_interval(successes, n)
    mirrored_low, mirrored_high = wilson_interval(n - successes, n)
    assert (low, high) == pytest.approx((1 - mirrored_high, 1 - mirrored_low), abs=1e-12)


@given(counts)
def test_one_more_finding_moves_both_ends_up(pair: tuple[int, int]) -> None:
    successes, n = pair
    low, high = wilson_interval(successes, n + 1)
    more_low, more_high = wilson_interval(successes + 1, n + 1)
    assert more_low > low
    assert more_high > high


@given(counts)
def test_more_confidence_is_a_wider_interval(pair: tuple[int, int]) -> None:
    narrow, wide = wilson_interval(*pair, 0.8), wilson_interval(*pair, 0.99)
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


@given(st.lists(counts, min_size=1, max_size=20), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_two_versions_agree(pairs: list[tuple[int, int]], confidence: float) -> None:
    low, high = wilson_intervals([p[0] for p in pairs], [p[1] for p in pairs], confidence)
    one_by_one = [wilson_interval(*pair, confidence) for pair in pairs]
    assert np.allclose(low, [one[0] for one in one_by_one], rtol=0, atol=1e-12)
    assert np.allclose(high, [one[1] for one in one_by_one], rtol=0, atol=1e-12)


def test_nothing_asked_has_no_interval() -> None:
    assert all(math.isnan(end) for end in wilson_interval(0, 0))
    low, high = wilson_intervals([0, 5], [0, 10])
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == pytest.approx(wilson_interval(5, 10))


def test_counts_that_cannot_be_are_refused() -> None:
    for successes, n in [(-1, 5), (6, 5), (0, -1)]:
        with pytest.raises(ValueError, match="between 0 and asked"):
            wilson_interval(successes, n)
        with pytest.raises(ValueError, match="between 0 and asked"):
            wilson_intervals([successes], [n])
    for fixed, relapsed in [(-1, 3), (3, -1)]:
        with pytest.raises(ValueError, match="not negative"):
            mcnemar_exact(fixed, relapsed)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.5, 95.0, math.nan])
def test_a_confidence_outside_0_to_1_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        wilson_interval(1, 2, confidence)


@pytest.mark.capability("I2")
@pytest.mark.parametrize(
    ("fixed", "relapsed", "p"),
    [
        # Vignette "exactMcNemar" of R's package exact2x2 (M. Fay): 9 and 2, p-value 0.06543.
        (2, 9, 0.06543),
        # Five one way and none the other: the sign test's textbook case, 2 / 2**5.
        (5, 0, 0.0625),
        (6, 0, 0.03125),
    ],
)
def test_mcnemar_reproduces_published_answers(fixed: int, relapsed: int, p: float) -> None:
    assert mcnemar_exact(fixed, relapsed) == pytest.approx(p, abs=0.000005)


@given(st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=400))
def test_mcnemar_agrees_with_statsmodels(fixed: int, relapsed: int) -> None:
    theirs = mcnemar([[10, fixed], [relapsed, 10]], exact=True).pvalue if fixed + relapsed else 1.0
    assert mcnemar_exact(fixed, relapsed) == pytest.approx(min(theirs, 1.0), rel=1e-9, abs=1e-300)


@given(st.integers(min_value=0, max_value=2000), st.integers(min_value=0, max_value=2000))
def test_which_way_is_called_fixed_does_not_matter(fixed: int, relapsed: int) -> None:
    p = mcnemar_exact(fixed, relapsed)
    assert p == mcnemar_exact(relapsed, fixed)
    assert 0 <= p <= 1


@given(st.integers(min_value=1, max_value=300), st.integers(min_value=0, max_value=300))
def test_a_more_one_sided_change_is_less_likely_by_chance(changed: int, fixed: int) -> None:
    fixed = min(fixed, changed // 2)
    if fixed:
        assert mcnemar_exact(fixed - 1, changed - fixed + 1) <= mcnemar_exact(fixed, changed - fixed)


def test_no_change_at_all_has_p_1() -> None:
    assert mcnemar_exact(0, 0) == 1.0
    assert mcnemar_exact(1, 0) == 1.0
    assert mcnemar_exact(7, 7) == 1.0


def test_big_counts_stay_exact() -> None:
    fixed, relapsed = 1300, 1200
    tail = sum(math.comb(fixed + relapsed, k) for k in range(relapsed + 1))
    assert mcnemar_exact(fixed, relapsed) == float(Fraction(2 * tail, 2 ** (fixed + relapsed)))
    assert mcnemar_exact(1000, 0) == 2.0**-999
    assert mcnemar_exact(30_000, 0) == 0.0  # smaller than the smallest float, and no error
