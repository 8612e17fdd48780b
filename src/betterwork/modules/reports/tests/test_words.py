"""Numbers as a reader sees them."""

from __future__ import annotations

from datetime import date

import pytest

from betterwork.modules.reports import words
from betterwork.modules.reports.content import findings


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.86, "86 %"), (0.0, "0 %"), (0.004, "<1 %"), (0.995, ">99 %"), (1.0, "100 %"), (0.285, "29 %"), (None, "")],
)
def test_a_share_is_whole_per_cent_and_never_reads_none_or_all_when_it_is_neither(
    value: float | None, said: str
) -> None:
    assert words.share(value).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.07, "+7 pts"), (-0.07, "−7 pts"), (0.01, "+1 pt"), (0.0, "0 pts"), (-0.004, "−<1 pt"), (0.145, "+15 pts")],
)
def test_a_difference_has_its_sign_and_a_real_minus(value: float, said: str) -> None:
    assert words.points(value).replace("\u00a0", " ") == said


def test_a_period_of_whole_months_is_said_in_months() -> None:
    assert words.period(date(2014, 2, 1), date(2015, 2, 28)) == "February 2014 to February 2015"
    assert words.period(date(2014, 2, 1), date(2014, 2, 28)) == "February 2014"
    assert words.period(date(2014, 2, 3), date(2015, 2, 28)) == "3 February 2014 to 28 February 2015"


def test_a_list_reads_as_a_sentence() -> None:
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert words.factories(1) == "1 factory"
    assert words.count(119002) == "119,002"


def test_a_sentence_names_every_one_of_those_that_share_the_first_place() -> None:
    rows = [{"point": name, "rate": rate} for name, rate in [("A", 0.5), ("B", 0.9), ("C", 0.9), ("D", 0.1)]]
    assert findings._with_rate(rows, 0.9, "point") == "B and C"
    assert findings._with_rate(rows, 0.1, "point") == "D"
    same = [{"point": str(number), "rate": 0.2} for number in range(5)]
    assert findings._with_rate(same, 0.2, "point") == "5 of them"
