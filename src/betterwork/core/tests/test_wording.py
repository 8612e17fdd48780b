"""Numbers as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.wording import per_cent


@given(st.integers(1, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_a_share_is_rounded_half_up_as_on_paper(pair: tuple[int, int]) -> None:
    n, base = pair
    exact = Fraction(n, base) * 100
    on_paper = int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
    if 0 < exact < 1:
        assert per_cent(n / base) == "<1\u00a0%"
    elif 99 < exact < 100:
        assert per_cent(n / base) == ">99\u00a0%"
    else:
        assert per_cent(n / base) == f"{on_paper}\u00a0%"


@pytest.mark.parametrize(("value", "said"), [(-0.07, "\u22127\u00a0%"), (0.0, "0\u00a0%"), (-0.002, "\u2212<1\u00a0%")])
def test_a_difference_carries_a_real_minus(value: float, said: str) -> None:
    assert per_cent(value) == said
