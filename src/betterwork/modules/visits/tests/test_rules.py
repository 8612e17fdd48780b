"""When a factory is due, which days of a week a visit takes, what may be done when: rules alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.modules.visits import rules
from betterwork.modules.visits.due import each_once
from betterwork.modules.visits.rules import (
    LEAD,
    PARTNER,
    Falls,
    Place,
    arrival_refusal,
    days_in_week,
    falls_due,
    mix,
    monday_of,
    months_later,
    plan_refusal,
    team_refusal,
    time_refusal,
    weeks_between,
    window,
)

pytestmark = pytest.mark.capability("C1")
days = st.dates(min_value=date(2005, 1, 1), max_value=date(2060, 12, 31))


@given(days, st.integers(0, 60))
def test_months_later_is_the_same_day_of_the_month_or_its_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(days, st.one_of(st.none(), days), st.integers(0, 36), st.integers(0, 400))
def test_an_assessment_is_due_after_the_months_and_after_the_advice_and_no_later_than_both(
    began: date, last: date | None, months: int, advice: int
) -> None:
    falls = falls_due(last=last, cycle_began=began, months=months, advice_days=advice)
    assert falls.not_before == began + timedelta(days=advice)
    assert falls.due >= falls.not_before
    if last is not None:
        assert falls.due >= months_later(last, months)
        assert falls.due in (falls.not_before, months_later(last, months))
    else:
        assert falls.due == falls.not_before


def test_the_example_of_the_how_to() -> None:
    falls = falls_due(last=date(2025, 5, 20), cycle_began=date(2026, 3, 1), months=12, advice_days=100)
    assert falls == Falls(due=date(2026, 6, 9), not_before=date(2026, 6, 9))
    year = {"first": date(2026, 1, 5), "last": date(2026, 12, 31)}
    assert window(falls, weeks=4, **year) == (date(2026, 6, 9), date(2026, 7, 7))


@given(days, days, days, st.integers(0, 24), st.integers(0, 200))
def test_who_was_assessed_later_is_never_due_earlier(a: date, b: date, began: date, months: int, advice: int) -> None:
    first, second = sorted((a, b))
    due = [falls_due(last=one, cycle_began=began, months=months, advice_days=advice).due for one in (first, second)]
    assert due[0] <= due[1]


@given(days, st.integers(-400, 400), st.integers(0, 12), st.integers(0, 200))
def test_no_window_opens_while_advice_comes_first_and_what_is_overdue_may_come_in_any_week(
    first: date, ahead: int, weeks: int, advice: int
) -> None:
    last = first + timedelta(days=363)
    due = first + timedelta(days=ahead)
    falls = Falls(due, due - timedelta(days=advice))
    earliest, latest = window(falls, weeks=weeks, first=first, last=last)
    assert earliest >= falls.not_before
    assert earliest <= latest or due < first
    assert latest == (last if due < first else due + timedelta(weeks=weeks))


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 10**6))
def test_from_which_week_on_a_factory_may_come_is_drawn_within_its_window(ahead: int, weeks: int, lot: int) -> None:
    first = date(2026, 1, 5)
    due = first + timedelta(weeks=ahead)
    falls, year = Falls(due, date(2025, 1, 1)), {"first": first, "last": date(2026, 12, 31)}
    earliest, latest = window(falls, weeks=weeks, lot=lot, **year)
    assert (earliest, latest) == (due - timedelta(weeks=weeks - lot % (weeks + 1)), due + timedelta(weeks=weeks))
    assert {window(falls, weeks=weeks, lot=one, **year)[0] for one in range(weeks + 1)} == {
        due - timedelta(weeks=one) for one in range(weeks + 1)
    }
    late = Falls(first - timedelta(days=1), date(2025, 1, 1))
    assert window(late, weeks=weeks, lot=lot, **year) == window(late, weeks=weeks, **year)


@given(days, st.integers(0, 400))
def test_the_weeks_of_a_plan_are_mondays_inside_it_and_none_is_left_out(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    expected = [day for day in rules.days_of(first, last) if day.weekday() == 0]
    assert list(weeks_between(first, last)) == expected


@given(days, st.sets(st.integers(0, 6)), st.sets(st.integers(0, 6)), st.integers(1, 4), st.integers(0, 2**32))
def test_the_days_of_a_visit_follow_each_other_are_worked_and_free(
    day: date, worked: set[int], busy: set[int], length: int, lot: int
) -> None:
    monday = monday_of(day)
    working = [monday + timedelta(days=one) for one in sorted(worked)]
    taken = {monday + timedelta(days=one) for one in busy}
    found = days_in_week(working, length, taken, lot)
    free = worked - busy
    possible = any(set(range(start, start + length)) <= free for start in range(7))
    assert (found is not None) == possible
    if found:
        chosen = set(rules.days_of(*found))
        assert len(chosen) == length
        assert chosen <= set(working) - taken


def test_the_lot_does_not_always_fall_on_monday() -> None:
    working = [date(2026, 11, 23) + timedelta(days=step) for step in range(5)]
    assert {days_in_week(working, 2, (), lot)[0].weekday() for lot in range(9)} == {0, 1, 2, 3}  # type: ignore[index]


def test_what_two_rooms_tell_of_one_assessment_is_one() -> None:
    told = [(date(2026, 3, 10), ("a",)), (date(2026, 3, 12), ("a", "b")), (date(2025, 3, 1), ("c",))]
    assert each_once(told) == [(date(2026, 3, 12), ("a", "b")), (date(2025, 3, 1), ("c",))]


@pytest.mark.parametrize(
    ("team", "joint", "fits"),
    [
        (["lead", "partner"], False, True),
        (["lead"], False, False),
        (["partner", "partner"], False, False),
        (["lead", "lead"], False, False),
        (["lead", "partner", "partner"], False, False),
        (["lead", "partner", "interpreter", "observer"], False, True),
        (["lead", "partner", "inspector"], False, False),
        (["lead", "partner", "inspector"], True, True),
        ([], False, False),
    ],
)
def test_an_assessment_is_made_by_two_of_whom_one_leads(team: list[str], joint: bool, fits: bool) -> None:
    found = [Place(f"p-{number}", part) for number, part in enumerate(team)]
    assert bool(team_refusal(found, kind="assessment", assessors=2, joint=joint)) is not fits


def test_nobody_has_two_parts_and_advice_takes_one() -> None:
    assert team_refusal([Place("p", LEAD), Place("p", PARTNER)], kind="assessment", assessors=2, joint=False)
    assert not team_refusal([Place("p", LEAD)], kind="advice", assessors=2, joint=False)


def test_arrival_is_recorded_on_its_days_and_not_before() -> None:
    first, last = date(2026, 11, 24), date(2026, 11, 25)

    def refused(on: date, today: date, state: str = "planned") -> bool:
        return bool(arrival_refusal(state, first_day=first, last_day=last, on=on, today=today))

    assert not refused(first, first)
    assert not refused(first, first - timedelta(days=1)), "it is tomorrow already where they are"
    assert not refused(first, last + timedelta(days=20)), "there was no network"
    assert refused(first, first - timedelta(days=2))
    assert refused(last + timedelta(days=1), last + timedelta(days=1))
    assert refused(first, last + timedelta(days=40))
    assert refused(first, first, "under-way")
    assert refused(first, first, "proposed")


def test_time_is_entered_for_days_that_were() -> None:
    first, last, today = date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 23)

    def refused(day: date, minutes: int = 60, state: str = "done") -> bool:
        found = time_refusal(state=state, first_day=first, last_day=last, day=day, minutes=minutes, today=today)
        return bool(found)

    assert not refused(first)
    assert not refused(today)
    assert refused(today + timedelta(days=2))
    assert refused(first - timedelta(days=120))
    assert refused(first, 1441)
    assert refused(first, -1)
    assert refused(first, state="proposed")
    assert refused(first, state="cancelled")
    assert not refused(first, 0, state="cancelled"), "what was entered can be taken away"


def test_a_plan_is_for_weeks_to_come_and_a_year_at_most() -> None:
    today = date(2026, 11, 23)
    assert not plan_refusal(date(2027, 1, 4), date(2027, 12, 31), today)
    assert plan_refusal(date(2027, 1, 5), date(2027, 1, 10), today), "no Monday"
    assert plan_refusal(date(2027, 1, 4), date(2028, 3, 1), today)
    assert plan_refusal(date(2026, 1, 5), date(2026, 12, 31), today)


@given(st.dictionaries(st.sampled_from(sorted(rules.KINDS)), st.tuples(st.integers(1, 50), st.integers(1, 10**6))))
def test_the_shares_of_the_mix_add_up_and_inspection_is_none_of_it(entered: dict[str, tuple[int, int]]) -> None:
    meant = {"assessment": 30, "advice": 50, "training": 20}
    shares = mix([(kind, *row) for kind, row in entered.items()], meant)
    assert [one.kind for one in shares] == list(rules.KINDS)
    counted = [one.share for one in shares if one.share is not None]
    assert not counted or abs(sum(counted) - 1) < 1e-9
    assert next(one for one in shares if one.kind == "inspection").share is None
