"""When to try again, and when a schedule runs next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.rules import Daily, Every, Progress, again_at
from betterwork.foundation.jobs.schedules import SCHEDULES, daily, every, zone_of_country
from betterwork.foundation.jobs.tests import sample

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(
    [
        "UTC",
        "Asia/Ho_Chi_Minh",
        "Asia/Amman",
        "America/Port-au-Prince",
        "Asia/Dhaka",
        "America/Managua",
        "Asia/Kathmandu",
    ]
)


def again(attempt: int, allowed: int = 4) -> datetime | None:
    first, longest = timedelta(seconds=30), timedelta(minutes=1)
    return again_at(attempt=attempt, allowed=allowed, first=first, longest=longest, at=AT)


def test_a_job_is_tried_again_later_each_time_until_it_was_tried_often_enough() -> None:
    waits = [(moment - AT).seconds if (moment := again(attempt)) else None for attempt in (1, 2, 3, 4, 5)]
    assert waits == [30, 60, 60, None, None]


@given(minutes=st.integers(1, 5000), at=MOMENTS)
def test_every_so_many_minutes_the_next_run_lies_ahead_and_on_the_grid(minutes: int, at: datetime) -> None:
    next_at = Every(minutes).next_after(at)
    assert at < next_at <= at + timedelta(minutes=minutes)
    assert next_at.timestamp() % (60 * minutes) == 0


@given(clock=st.times(), zone=ZONES, at=MOMENTS)
def test_every_day_has_exactly_one_run(clock: time, zone: str, at: datetime) -> None:
    schedule, moment, days = Daily(clock.replace(second=0, microsecond=0), zone), at, []
    for _ in range(6):
        later = schedule.next_after(moment)
        assert later > moment
        moment = later
        days.append(later.astimezone(ZoneInfo(zone)).date())
    assert days == [days[0] + timedelta(days=step) for step in range(6)]
    assert timedelta(0) < schedule.next_after(at) - at <= timedelta(hours=25)


def test_at_a_time_of_the_clock_means_the_clock_of_the_country() -> None:
    seven = Daily(time(7, 0), "Asia/Ho_Chi_Minh")
    assert seven.next_after(AT) == datetime(2015, 3, 2, 0, 0, tzinfo=UTC)
    assert str(seven) == "07:00 Asia/Ho_Chi_Minh"


def test_a_time_that_the_clock_jumps_over_runs_after_the_jump_and_one_it_shows_twice_runs_once() -> None:
    forward = Daily(time(2, 30), "America/Port-au-Prince")  # 12 March 2017: 02:00 becomes 03:00
    spring = datetime(2017, 3, 12, 5, 1, tzinfo=UTC)
    assert forward.next_after(spring) == datetime(2017, 3, 12, 7, 30, tzinfo=UTC)
    assert forward.next_after(spring).astimezone(ZoneInfo(forward.zone)).time() == time(3, 30)
    back = Daily(time(1, 30), "America/Port-au-Prince")  # 5 November 2017: 02:00 becomes 01:00
    first = back.next_after(datetime(2017, 11, 5, 4, 0, tzinfo=UTC))
    assert first == datetime(2017, 11, 5, 5, 30, tzinfo=UTC)
    assert back.next_after(first).astimezone(ZoneInfo(back.zone)).date() == date(2017, 11, 6)


def test_a_country_with_one_zone_needs_no_zone_and_others_do() -> None:
    assert [zone_of_country(one) for one in ("VN", "KH", "LS")] == [
        "Asia/Ho_Chi_Minh",
        "Asia/Phnom_Penh",
        "Africa/Maseru",
    ]
    with pytest.raises(WrongUse, match="Asia/Jakarta"):
        zone_of_country("ID")
    daily("tests.morning", at=time(7), zone="Asia/Jakarta", task=sample.together)
    daily("tests.evening", at=time(18), country="VN", task=sample.together)
    assert str(SCHEDULES["tests.evening"].when) == "18:00 Asia/Ho_Chi_Minh"
    with pytest.raises(WrongUse, match="no zone is called"):
        daily("tests.noon", at=time(12), zone="Asia/Nowhere", task=sample.together)


def test_two_schedules_are_not_called_alike() -> None:
    every("tests.often", minutes=5, task=sample.together)
    every("tests.often", minutes=5, task=sample.together)
    with pytest.raises(WrongUse, match="two schedules"):
        every("tests.often", minutes=6, task=sample.together)
    with pytest.raises(WrongUse):
        every("tests.never", minutes=0, task=sample.together)


@pytest.mark.parametrize(("done", "of"), [(-1, 0), (0, -1), (4, 3)])
def test_nothing_is_further_than_its_end(done: int, of: int) -> None:
    with pytest.raises(WrongUse):
        Progress(done, of)
