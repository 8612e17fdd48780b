"""What may be said of staff."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.modules.staff.rules import Said, Span, end_refusal, fact_refusal, overlaps

DAY = date(2026, 3, 1)


def said(kind: str, about: str = "", level: str = "", **more: object) -> Said:
    return Said(**{"person": "p-1", "kind": kind, "about": about, "level": level, "starts": DAY, "ends": None,
                   "note": "", **more})  # type: ignore[arg-type]  # fmt: skip


GOOD = {
    "competence": said("competence", "assessment", "alone"),
    "language": said("language", "vi", "first"),
    "leave": said("leave", ends=DAY + timedelta(days=3)),
    "conflict": said("conflict", "factory:VN/1", note="Worked there as a supervisor until 2024."),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_fact_of_every_kind_may_be_entered_by_her_manager(kind: str) -> None:
    assert not fact_refusal(GOOD[kind], actor="p-2", others=[])


@pytest.mark.capability("O3")
def test_nobody_attests_her_own_competence_but_declares_all_else() -> None:
    refused = {kind for kind, one in GOOD.items() if fact_refusal(one, actor="p-1", others=[])}
    assert refused == {"competence"}
    assert {kind for kind in GOOD if end_refusal(kind, actor="p-1", person="p-1")} == {"competence", "conflict"}
    assert not end_refusal("conflict", actor="p-2", person="p-1")


@pytest.mark.parametrize(
    "bad",
    [
        said("competence", "juggling", "alone"),
        said("competence", "assessment", "very well"),
        said("language", "xx", "first"),
        said("leave"),
        said("leave", ends=DAY, note="ill"),
        said("leave", ends=DAY - timedelta(days=1)),
        said("conflict", "factory:VN/1", note="a friend"),
        said("conflict", "country:VN", note="was born there, a long time ago"),
        said("hobby", "chess"),
    ],
)
def test_what_is_no_such_fact_is_refused_in_words(bad: Said) -> None:
    assert str(fact_refusal(bad, actor="p-2", others=[]))


def test_the_same_is_not_said_twice_for_a_day() -> None:
    standing = Span("vi", DAY - timedelta(days=9), DAY)
    assert fact_refusal(GOOD["language"], actor="p-2", others=[standing])
    assert not fact_refusal(GOOD["language"], actor="p-2", others=[Span("vi", DAY - timedelta(9), DAY - timedelta(1))])
    assert not fact_refusal(GOOD["language"], actor="p-2", others=[Span("en", DAY, None)])


def span(start: int, length: int | None) -> Span:
    return Span("x", DAY + timedelta(days=start), None if length is None else DAY + timedelta(days=start + length))


spans = st.builds(span, st.integers(0, 20), st.one_of(st.none(), st.integers(0, 10)))


@given(first=spans, second=spans)
def test_overlap_is_a_shared_day_and_the_same_both_ways(first: Span, second: Span) -> None:
    def days(one: Span) -> set[date]:
        last = one.ends or DAY + timedelta(days=60)
        return {one.starts + timedelta(days=n) for n in range((last - one.starts).days + 1)}

    assert overlaps(first, second) == bool(days(first) & days(second)) == overlaps(second, first)
