"""Quorum, voices, majorities, terms: properties over made-up committees, each against a second reading of the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.modules.bodies.kinds import kinds
from betterwork.modules.bodies.rules import (
    ABSTAINS,
    BY_CONSENSUS,
    BY_MEMBER,
    BY_SIDE,
    CONSENSUS,
    EACH_SIDE,
    MAJORITY,
    NO,
    YES,
    Ballot,
    Composition,
    Seat,
    Side,
    ballot_refusal,
    composition_content,
    composition_of,
    members_on,
    quorum_of,
    voices,
)
from betterwork.modules.bodies.terms import most_at_once, overlaps, seat_refusal, standing_of, term_end

pytestmark = pytest.mark.capability("L1")
DAY = date(2026, 11, 22)
NAMES = ["government", "employers", "workers"]
days = st.integers(-20, 20).map(lambda number: DAY + timedelta(days=number))
votes = st.sampled_from([YES, NO, ABSTAINS])


@st.composite
def compositions(draw: st.DrawFn) -> Composition:
    sides = []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
        seats = draw(st.integers(1, 4))
        sides.append(Side(name, seats, draw(st.integers(0, seats))))
    return Composition(
        tuple(sides),
        alternate_chairs=draw(st.booleans()),
        quorum_percent=draw(st.integers(0, 100)),
        quorum_chair=draw(st.booleans()),
        majority=draw(st.sampled_from([CONSENSUS, MAJORITY, EACH_SIDE])),
    )


@st.composite
def seatings(draw: st.DrawFn) -> tuple[Composition, list[Seat], str]:
    """A committee with members, alternates and a chair, some of them out of office on the day."""
    rules = draw(compositions())
    names = [side.name for side in rules.sides]
    members = [
        Seat(
            f"m{number}",
            draw(st.sampled_from(names)),
            f"p{number}",
            draw(days),
            draw(st.none() | days.map(lambda d: d + timedelta(days=40))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    alternates = []
    for number in range(draw(st.integers(0, 3)) if members else 0):
        of = draw(st.sampled_from(members))
        alternates.append(Seat(f"a{number}", of.side, f"q{number}", of.start, of.end, of.id))
    chair = draw(st.sampled_from(["", *(one.id for one in members)]))
    return rules, [*members, *alternates], chair


@st.composite
def meetings(draw: st.DrawFn) -> tuple[Composition, list[Seat], str, set[str], set[str]]:
    """The same with who is present, and with some more who come."""
    rules, seats, chair = draw(seatings())
    ids = [one.id for one in seats]
    here = set(draw(st.lists(st.sampled_from(ids), unique=True))) if ids else set()
    more = set(draw(st.lists(st.sampled_from(ids), unique=True))) if ids else set()
    return rules, seats, chair, here, here | more


@given(meetings())
def test_more_people_never_undo_a_quorum(meeting):
    rules, seats, chair, here, more = meeting
    few = quorum_of(rules, seats, here, DAY, chair=chair)
    many = quorum_of(rules, seats, more, DAY, chair=chair)
    assert many.heard >= few.heard and many.needed == few.needed
    if few.reached:
        assert many.reached


@given(meetings())
def test_the_quorum_is_what_a_slow_count_says(meeting):
    rules, seats, chair, here, _more = meeting
    found = quorum_of(rules, seats, here, DAY, chair=chair)
    in_office = {one.id: one for one in seats if one.start <= DAY and (one.end is None or one.end >= DAY)}
    heard = []
    for one in in_office.values():
        if not one.alternate_for:
            deputies = [other.id for other in in_office.values() if other.alternate_for == one.id]
            if one.id in here or any(name in here for name in deputies):
                heard.append(one)
    members = [one for one in in_office.values() if not one.alternate_for]
    enough = 100 * len(heard) >= rules.quorum_percent * len(members) and len(heard) >= 1
    sides = all(sum(one.side == side.name for one in heard) >= side.least for side in rules.sides)
    by_deputy = rules.alternate_chairs and any(one.id == chair for one in heard)
    chaired = not rules.quorum_chair or (chair in here and chair in in_office) or by_deputy
    assert found.reached == (enough and sides and chaired)
    assert found.heard == len(heard) and found.members == len(members)


@given(meetings())
def test_an_alternate_speaks_only_while_her_member_is_away_and_a_seat_has_one_voice(meeting):
    _rules, seats, _chair, here, _more = meeting
    found = voices(seats, here, DAY)
    by_id = {one.id: one for one in seats}
    assert len({one.seat for one in found}) == len(found) == len({one.speaker for one in found})
    for one in found:
        assert one.speaker in here and by_id[one.speaker].holds_on(DAY) and by_id[one.seat].holds_on(DAY)
        if one.speaker != one.seat:
            assert by_id[one.speaker].alternate_for == one.seat and one.seat not in here
    speaking = {one.speaker for one in found}
    for name in here:
        if by_id[name].alternate_for and by_id[name].alternate_for in here:
            assert name not in speaking


@given(meetings(), st.data())
def test_one_more_vote_for_it_never_undoes_a_majority(meeting, data):
    rules, seats, _chair, here, _more = meeting
    heard = voices(seats, here, DAY)
    ballot = {one.speaker: data.draw(votes) for one in heard}
    if ballot and ballot_refusal(rules, heard, Ballot(BY_MEMBER, ballot)) is None:
        changed = data.draw(st.sampled_from(sorted(ballot)))
        assert ballot_refusal(rules, heard, Ballot(BY_MEMBER, {**ballot, changed: YES})) is None


@given(meetings(), st.data())
def test_each_sides_majority_is_a_majority_and_nobody_against_is_consensus(meeting, data):
    rules, seats, _chair, here, _more = meeting
    heard = voices(seats, here, DAY)
    ballot = Ballot(BY_MEMBER, {one.speaker: data.draw(votes) for one in heard})

    def carries(majority):
        return ballot_refusal(replace(rules, majority=majority), heard, ballot) is None

    assert not carries(EACH_SIDE) or carries(MAJORITY)
    assert carries(CONSENSUS) == (YES in ballot.votes.values() and NO not in ballot.votes.values())
    assert not carries(CONSENSUS) or carries(MAJORITY)
    yes, no = (list(ballot.votes.values()).count(one) for one in (YES, NO))
    assert carries(MAJORITY) == (yes > no)


@given(meetings(), st.sampled_from(["stranger", "m5", "a0"]))
def test_who_is_not_heard_does_not_vote(meeting, name):
    rules, seats, _chair, here, _more = meeting
    heard = voices(seats, here, DAY)
    if name not in {one.speaker for one in heard}:
        assert "Only members who are present vote" in (
            ballot_refusal(rules, heard, Ballot(BY_MEMBER, {name: YES})) or ""
        )


@given(compositions(), st.dictionaries(st.sampled_from(NAMES), votes))
def test_sides_speak_with_one_voice_where_the_rules_let_them(rules, spoken):
    refused = ballot_refusal(rules, [], Ballot(BY_SIDE, spoken))
    names = {one.name for one in rules.sides}
    every = set(spoken) == names
    if rules.majority == MAJORITY:
        assert refused
    elif rules.majority == EACH_SIDE:
        assert (refused is None) == (every and set(spoken.values()) == {YES})
    else:
        assert (refused is None) == (every and NO not in spoken.values() and YES in spoken.values())


def test_by_consensus_nobody_votes():
    rules = Composition((Side("workers", 1),))
    assert ballot_refusal(rules, [], Ballot(BY_CONSENSUS, {})) is None
    assert ballot_refusal(rules, [], Ballot(BY_CONSENSUS, {"a": YES}))
    assert ballot_refusal(rules, [], Ballot("shouting", {})) and ballot_refusal(
        rules, [], Ballot(BY_MEMBER, {"a": "x"})
    )


@given(
    compositions(), st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 4), days, st.none() | days), max_size=12)
)
def test_terms_that_were_taken_never_overfill_a_side_or_seat_somebody_twice(rules, wanted):
    taken: list[Seat] = []
    for number, (side, person, start, end) in enumerate(wanted):
        seat = Seat(f"m{number}", side, f"p{person}", start, end)
        if seat_refusal(rules, taken, seat) is None:
            taken.append(seat)
    for number in range(-45, 46):
        day = DAY + timedelta(days=number)
        now = members_on(taken, day)
        assert len({one.person for one in now}) == len(now)
        for one in rules.sides:
            assert sum(seat.side == one.name for seat in now) <= one.seats


@given(st.lists(st.tuples(days, st.none() | days), max_size=6), days, st.none() | days)
def test_the_most_at_once_is_what_counting_each_day_says(periods, start, end):
    terms = [Seat(str(number), "workers", "p", one, last) for number, (one, last) in enumerate(periods)]
    last = end or DAY + timedelta(days=60)
    each = [start + timedelta(days=number) for number in range(max(0, (last - start).days + 1))]
    counted = max((sum(one.holds_on(day) for one in terms) for day in each), default=0)
    if end is None or start <= end:
        assert most_at_once([one for one in terms if one.end is None or one.start <= one.end], start, end) == counted


@given(days, st.none() | days, days, st.none() | days)
def test_two_terms_overlap_when_they_share_a_day(first, last, start, end):
    one = Seat("a", "workers", "p", first, last)
    far = DAY + timedelta(days=60)
    mine = {first + timedelta(days=number) for number in range(max(0, ((last or far) - first).days + 1))}
    its = {start + timedelta(days=number) for number in range(max(0, ((end or far) - start).days + 1))}
    if mine and its:
        assert overlaps(one, start, end) == bool(mine & its)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 15), 36, date(2029, 1, 14)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 10), 1, date(2027, 1, 9)),
        (date(2026, 12, 10), 0, None),
    ],
)
def test_a_term_of_months_ends_the_day_before(start, months, end):
    assert term_end(start, months) == end


def test_alternates_are_of_the_side_and_the_term_of_their_member():
    rules = kinds()["national-committee"].shipped[0].value
    member = Seat("m", "workers", "p", DAY, DAY + timedelta(days=100))
    alternate = Seat("a", "workers", "q", DAY, DAY + timedelta(days=100), "m")
    assert seat_refusal(rules, [member], alternate) is None
    for wrong in (
        replace(alternate, side="employers"),
        replace(alternate, start=DAY - timedelta(days=1)),
        replace(alternate, end=None),
        replace(alternate, person="p"),
        replace(alternate, alternate_for="nobody"),
    ):
        assert seat_refusal(rules, [member], wrong), wrong
    assert seat_refusal(replace(rules, alternates=False), [member], alternate)


def test_how_a_committee_stands_against_its_rule():
    rules = kinds()["national-committee"].shipped[0].value
    seats = [Seat("a", "workers", "p", DAY), Seat("b", "workers", "q", DAY), Seat("c", "employers", "r", DAY)]
    found = standing_of(rules, seats, {"a"}, {"a", "b", "c"}, DAY, chair=False)
    assert [one.empty for one in found.sides] == [3, 2, 1]
    assert (found.women_percent, found.women_short) == (33, False)
    assert standing_of(rules, seats, set(), {"a"}, DAY, chair=False).women_short
    assert standing_of(rules, seats, set(), set(), DAY, chair=False).women_percent is None


@given(compositions())
def test_rules_come_back_from_the_store_as_they_were(rules):
    assert composition_of(composition_content(rules)) == rules


@pytest.mark.parametrize(
    "wrong",
    [
        {"sides": ()},
        {"sides": (Side("martians", 1),)},
        {"sides": (Side("workers", 1), Side("workers", 2))},
        {"sides": (Side("workers", 0),)},
        {"sides": (Side("workers", 1, 2),)},
        {"chair_side": "employers"},
        {"quorum_percent": 101},
        {"majority": "loudest"},
    ],
)
def test_rules_that_nobody_could_follow_are_refused(wrong):
    content = composition_content(replace(Composition((Side("workers", 1),)), **wrong))
    with pytest.raises(WrongUse):
        composition_of(content)
    with pytest.raises(WrongUse, match="not complete"):
        composition_of({"words": "x"})


def test_the_kinds_that_are_shipped():
    found = {one.name: one.shipped[0] for one in kinds().values()}
    pac, group = found["national-committee"].value, found["management-group"].value
    assert [one.name for one in pac.sides] == NAMES and pac.chair_side == "government" and pac.quorum_chair
    assert [(one.name, one.seats) for one in group.sides] == [("ilo", 2), ("ifc", 2)]
    advisory = found["advisory-committee"].value
    assert {one.name for one in advisory.sides} == {"donors", "employers", "workers", "buyers", "experts"}
    assert not advisory.decides and set(found) == {*found} and all(one.source for one in found.values())
    assert {one.name for one in found["factory-committee"].value.sides} == {"management", "workers"}
