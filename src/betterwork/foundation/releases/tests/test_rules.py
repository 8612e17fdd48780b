"""The decisions of releases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.releases.rules import (
    IN_FORCE,
    OVER,
    TO_COME,
    WITHDRAWN,
    Recipient,
    content_refusal,
    day_of,
    overlap,
    period_refusal,
    reason_refusal,
    recipient_refusal,
    state_on,
    words_refusal,
)

DAY = date(2026, 11, 22)
days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
periods = st.tuples(days, st.one_of(st.none(), st.integers(0, 40))).map(
    lambda one: (one[0], None if one[1] is None else one[0] + timedelta(days=one[1]))
)


def test_the_first_and_the_last_day_are_inside():
    ends = DAY + timedelta(days=2)
    seen = [state_on(DAY + timedelta(days=n), starts=DAY, ends=ends, withdrawn=False) for n in range(-1, 4)]
    assert seen == [TO_COME, IN_FORCE, IN_FORCE, IN_FORCE, OVER]
    assert state_on(DAY, starts=DAY, ends=DAY, withdrawn=False) == IN_FORCE
    assert state_on(DAY, starts=DAY, ends=None, withdrawn=True) == WITHDRAWN


@given(periods, periods)
def test_two_periods_overlap_where_a_day_is_in_both(one, other):
    horizon = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]

    def inside(period):
        return {day for day in horizon if state_on(day, starts=period[0], ends=period[1], withdrawn=False) == IN_FORCE}

    assert overlap(one, other) == bool(inside(one) & inside(other)) == overlap(other, one)


def test_a_moment_belongs_to_its_day_of_utc():
    west = datetime.fromisoformat("2026-11-22T23:30:00-05:00")
    assert day_of(west) == date(2026, 11, 23)
    assert day_of(datetime(2026, 11, 22, tzinfo=UTC)) == DAY


def test_only_the_section_of_the_own_audience_or_the_public_one_is_given():
    sections = ["committee", "programme", "public"]

    def why(section, audience="committee"):
        return content_refusal(sections=sections, section=section, file_digest="", audience=audience)

    assert why("committee") is None
    assert why("public") is None
    assert why("programme")
    assert why("buyer")
    assert why("")


def test_a_release_gives_one_thing():
    digest = "a" * 64
    assert content_refusal(sections=None, section="", file_digest=digest, audience="buyer") is None
    assert content_refusal(sections=None, section="", file_digest="short", audience="buyer")
    assert content_refusal(sections=["public"], section="public", file_digest=digest, audience="buyer")
    assert content_refusal(sections=None, section="", file_digest="", audience="buyer")


def test_recipients_that_make_no_sense_are_refused():
    assert recipient_refusal(Recipient("committee", "country:VN")) is None
    assert recipient_refusal(Recipient("public", "world", role="donor")) is None
    assert recipient_refusal(Recipient("everyone", "world"))
    assert recipient_refusal(Recipient("committee", "country:VN", role="buyer"))
    assert recipient_refusal(Recipient("own person", "world"))
    assert recipient_refusal(Recipient("public", "country:VN"))


def test_days_in_the_past_and_turned_round_are_refused():
    assert period_refusal(starts=DAY, ends=DAY, today=DAY) is None
    assert period_refusal(starts=DAY - timedelta(days=1), ends=None, today=DAY)
    assert period_refusal(starts=DAY, ends=DAY - timedelta(days=1), today=DAY)


def test_title_authority_rule_and_reason_are_said():
    assert words_refusal(title="t", authority="a", rule="r") is None
    for missing in ("title", "authority", "rule"):
        assert words_refusal(**{"title": "t", "authority": "a", "rule": "r", missing: "  "})
    assert words_refusal(title="t" * 201, authority="a", rule="r")
    assert reason_refusal("short") and reason_refusal("x" * 501)
    assert reason_refusal("figures were wrong") is None
