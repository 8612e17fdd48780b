"""What an entry is, and what breaks a chain: over made-up chains, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.rules import (
    GENESIS,
    BadEntry,
    Head,
    Stored,
    chain_faults,
    entry_check,
    entry_digest,
    head_from_text,
    moment,
)

TEXT = ("at", "kind", "action", "actor", "subject", "previous", "digest")
words = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=12)
drafts = st.lists(
    st.tuples(st.datetimes(timezones=st.just(UTC)), words, words, words, words, st.binary(min_size=1, max_size=20)),
    min_size=1,
    max_size=8,
)


def chained(drafts) -> list[Stored]:
    rows: list[Stored] = []
    for at, kind, action, actor, subject, content in drafts:
        row = Stored(len(rows) + 1, moment(at), kind, action, actor, subject, content, GENESIS, "")
        rows.append(replace(row, previous=rows[-1].digest if rows else GENESIS))
        rows[-1] = redigested(rows[-1])
    return rows


def redigested(row: Stored) -> Stored:
    columns = {name: getattr(row, name) for name in Stored.__slots__ if name != "digest"}
    return replace(row, digest=entry_digest(**columns))


def rechained(rows: list[Stored], start: int) -> list[Stored]:
    """The forger's work: everything from ``start`` on agrees with itself again."""
    done = rows[:start]
    for row in rows[start:]:
        previous = done[-1].digest if done else GENESIS
        done.append(redigested(replace(row, number=len(done) + 1, previous=previous)))
    return done


def head(rows: list[Stored]) -> Head:
    return Head(rows[-1].number, rows[-1].digest)


@given(drafts)
def test_an_untouched_chain_has_no_faults(drafts) -> None:
    rows = chained(drafts)
    assert list(chain_faults(rows)) == []
    assert list(chain_faults(rows, expect=head(rows))) == []
    assert list(chain_faults(rows, expect=Head(1, rows[0].digest))) == []


@pytest.mark.capability("P2")
@given(drafts, st.data())
def test_any_single_change_of_a_chain_is_found_where_it_is(drafts, data) -> None:
    rows = chained(drafts)
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from([*TEXT, "content", "number"]))
    value = getattr(rows[place], column)
    if column == "number":
        changed = data.draw(st.integers(-3, 12))
    elif column == "content":
        at = data.draw(st.integers(0, len(value) - 1))
        changed = value[:at] + data.draw(st.binary(min_size=1, max_size=1)) + value[at + 1 :]
    else:
        at = data.draw(st.integers(0, len(value) - 1))
        changed = value[:at] + data.draw(st.characters(exclude_categories=["Cs"])) + value[at + 1 :]
    assume(changed != value)
    rows[place] = replace(rows[place], **{column: changed})
    faults = list(chain_faults(rows))
    assert faults
    if column != "number":
        assert [fault.number for fault in faults] == [place + 1]


@pytest.mark.capability("P2")
@given(drafts, st.data())
def test_a_missing_entry_is_found_by_its_number(drafts, data) -> None:
    rows = chained(drafts)
    assume(len(rows) > 1)
    place = data.draw(st.integers(0, len(rows) - 2))
    del rows[place]
    assert [(fault.number, fault.what) for fault in chain_faults(rows)] == [(place + 1, "missing")]


@pytest.mark.capability("P2")
@given(drafts, st.data())
def test_two_entries_in_each_others_place_are_found(drafts, data) -> None:
    rows = chained(drafts)
    assume(len(rows) > 1)
    one, other = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    rows[one], rows[other] = replace(rows[other], number=one + 1), replace(rows[one], number=other + 1)
    assert {one + 1, other + 1} <= {fault.number for fault in chain_faults(rows)}


@given(drafts, st.data())
def test_an_entry_forged_with_its_digest_is_found_by_the_next_one(drafts, data) -> None:
    rows = chained(drafts)
    assume(len(rows) > 1)
    place = data.draw(st.integers(0, len(rows) - 2))
    rows[place] = redigested(replace(rows[place], content=rows[place].content + b"x"))
    assert [fault.number for fault in chain_faults(rows)] == [place + 2]


@pytest.mark.capability("P2")
@given(drafts, st.data())
def test_a_tail_cut_off_or_chained_anew_is_found_by_a_head_kept_elsewhere_and_by_nothing_else(drafts, data) -> None:
    rows = chained(drafts)
    kept = head(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    assert list(chain_faults(rows[:place])) == []
    assert [fault.number for fault in chain_faults(rows[:place], expect=kept)] == [place + 1]
    rows[place] = replace(rows[place], actor=rows[place].actor + "x")
    forged = rechained(rows, place)
    assert list(chain_faults(forged)) == []
    assert [fault.number for fault in chain_faults(forged, expect=kept)] == [kept.number]


def test_a_number_used_twice_or_below_1_is_out_of_order() -> None:
    rows = chained([(datetime(2015, 3, 1, tzinfo=UTC), "audit", "a.b", "p", "k 1", b"{}")] * 3)
    assert "out of order" in str(next(chain_faults([rows[0], rows[0], rows[1], rows[2]])))
    assert "out of order" in str(next(chain_faults([replace(rows[0], number=0), *rows])))


def test_a_moment_is_written_in_utc_with_microseconds() -> None:
    there = timezone(timedelta(hours=7))
    assert moment(datetime(2015, 3, 1, 2, 0, tzinfo=there)) == "2015-02-28T19:00:00.000000Z"
    with pytest.raises(BadEntry, match="has no zone"):
        moment(datetime(2015, 3, 1))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "rumour"}, "not one of audit, seal, release"),
        ({"action": "sealed"}, "must look like"),
        ({"actor": "Chan Sokha"}, "opaque id"),
        ({"actor": "sokha@example.org"}, "opaque id"),
        ({"subject": "visit"}, "a kind and a key"),
        ({"subject": "visit 1\n2"}, "a kind and a key"),
        ({"subject": "visit " + "1" * 250}, "a kind and a key"),
    ],
)
def test_an_entry_that_could_not_be_found_again_or_names_a_person_is_refused(changed, message) -> None:
    good = {"kind": "audit", "action": "visit.planned", "actor": "operator", "subject": "visit 2015-3"}
    entry_check(**good)
    with pytest.raises(BadEntry, match=message):
        entry_check(**good | changed)


@pytest.mark.parametrize("text", ["", "7", "7:", ":" + "a" * 64, "7:" + "A" * 64, "-1:" + "a" * 64, "9" * 30 + ":0"])
def test_what_is_no_head_is_refused(text) -> None:
    with pytest.raises(WrongUse, match="NUMBER:DIGEST"):
        head_from_text(text)


def test_a_head_reads_back_as_it_was_printed() -> None:
    one = Head(7, "a" * 64)
    assert head_from_text(f" {one}\n") == one
