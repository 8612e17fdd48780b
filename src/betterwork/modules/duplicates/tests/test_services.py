"""Pairs: found, merged, refused, put off, taken apart again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.duplicates import rules
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.queries import pairs_waiting, side_by_side
from betterwork.modules.duplicates.searching import country_search
from betterwork.modules.duplicates.services import (
    NewPair,
    merge_follow,
    pair_merge,
    pair_put_off,
    pair_refuse,
    pair_unmerge,
    pairs_keep,
)
from betterwork.modules.registry.models import Factory, Merge
from betterwork.modules.registry.queries import factory_facts
from betterwork.modules.registry.services import factories_ensure, factory_merge, factory_rename

pytestmark = pytest.mark.capability("A5")
AT = datetime(2016, 5, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def factories(*names: str, country: str = "VN") -> list[Factory]:
    wanted = {(country, str(number)): name for number, name in enumerate(names, start=1)}
    return list(factories_ensure(actor="operator", wanted=wanted, at=AT).values())


def new(left: Factory, right: Factory, facts: str = "one", score: float = 7.0) -> NewPair:
    return NewPair(left.pk, right.pk, score, True, (("name.same", 3.0), ("owner.other", -4.0)), facts)


def a_pair() -> Pair:
    left, right = factories("Sao Mai", "Sao Mai Garment")
    pairs_keep(actor="operator", country="VN", found=[new(left, right)], at=AT)
    return Pair.objects.get()


def test_what_was_decided_comes_back_only_with_other_facts() -> None:
    for state in ("refused", "unmerged"):
        assert rules.state_when_found(state, facts_changed=False) == state
        assert rules.state_when_found(state, facts_changed=True) == "open"
    assert rules.state_when_found("merged", facts_changed=True) == "merged"
    assert rules.state_when_found("gone", facts_changed=False) == "open"


@given(st.sampled_from(["open", "merged", "refused", "unmerged", "gone"]), st.booleans())
def test_finding_again_and_not_finding_changes_no_decision(state: str, changed: bool) -> None:
    found = rules.state_when_found(state, facts_changed=changed)
    assert rules.state_when_found(found, facts_changed=False) == found
    gone = rules.state_when_not_found(state)
    assert gone == ("gone" if state == "open" else state)


@pytest.mark.django_db
def test_a_second_search_that_finds_the_same_changes_nothing_and_writes_nothing() -> None:
    pair = a_pair()
    entries = len(entries_search(action="duplicates.found").entries)
    kept = pairs_keep(actor="operator", country="VN", found=[new(pair.right, pair.left)], at=LATER)
    assert (kept.new, kept.back, kept.gone, Pair.objects.count()) == (0, 0, 0, 1)
    assert len(entries_search(action="duplicates.found").entries) == entries


@pytest.mark.django_db
def test_a_refused_pair_stays_refused_until_its_facts_change() -> None:
    pair = pair_refuse(actor="p-1", pair=a_pair(), reason="Two owners, two gates", at=AT)
    pairs_keep(actor="operator", country="VN", found=[new(pair.left, pair.right)], at=LATER)
    assert Pair.objects.get().state == "refused"
    kept = pairs_keep(actor="operator", country="VN", found=[new(pair.left, pair.right, facts="other")], at=LATER)
    again = Pair.objects.get()
    assert (kept.back, again.state, again.reason, again.decided_by) == (1, "open", "", "")


@pytest.mark.django_db
def test_an_open_pair_that_is_found_no_more_is_gone_and_a_refused_one_stays() -> None:
    pair = a_pair()
    assert pairs_keep(actor="operator", country="VN", found=[], at=LATER).gone == 1
    assert Pair.objects.get().state == "gone"
    pairs_keep(actor="operator", country="VN", found=[new(pair.left, pair.right)], at=LATER)
    pair_refuse(actor="p-1", pair=pair, reason="two", at=LATER)
    pairs_keep(actor="operator", country="VN", found=[], at=LATER)
    assert Pair.objects.get().state == "refused"


@pytest.mark.django_db
def test_a_search_of_one_country_leaves_the_pairs_of_others() -> None:
    a_pair()
    pairs_keep(actor="operator", country="KH", found=[], at=LATER)
    assert Pair.objects.get().state == "open"


@pytest.mark.django_db
def test_merge_and_take_apart_leave_both_factories_as_they_were() -> None:
    pair = a_pair()
    before = list(Factory.objects.order_by("pk").values())
    facts = list(factory_facts([pair.left_id, pair.right_id]))
    merged = pair_merge(actor="p-1", pair=pair, kept=pair.right_id, reason="same gate", at=AT)
    assert (merged.state, merged.kept) == ("merged", pair.right_id)
    merge = Merge.objects.get()
    assert (merge.pk, merge.kept_id, merge.gone_id) == (merged.merge, pair.right_id, pair.left_id)
    apart = pair_unmerge(actor="p-2", pair=pair, reason="not so", at=LATER)
    assert apart.state == "unmerged"
    assert list(Factory.objects.order_by("pk").values()) == before
    assert list(factory_facts([pair.left_id, pair.right_id])) == facts


@pytest.mark.django_db
def test_what_cannot_be_decided_is_refused_in_words() -> None:
    pair = a_pair()
    with pytest.raises(WrongUse, match="why"):
        pair_refuse(actor="p-1", pair=pair, reason="  ", at=AT)
    with pytest.raises(WrongUse, match="longer"):
        pair_merge(actor="p-1", pair=pair, kept=pair.left_id, reason="x" * 501, at=AT)
    with pytest.raises(WrongUse, match="which of the two"):
        pair_merge(actor="p-1", pair=pair, kept=99_999, reason="same", at=AT)
    with pytest.raises(WrongUse, match="not merged"):
        pair_unmerge(actor="p-1", pair=pair, reason="x", at=AT)
    with pytest.raises(WrongUse, match="day to come"):
        pair_put_off(actor="p-1", pair=pair, until=AT.date(), at=AT)
    pair_refuse(actor="p-1", pair=pair, reason="two", at=AT)
    with pytest.raises(WrongUse, match="meanwhile"):  # the caller still holds the row as it was
        pair_merge(actor="p-2", pair=pair, kept=pair.left_id, reason="same", at=AT)
    assert not Merge.objects.exists()


@pytest.mark.django_db
def test_a_pair_put_off_waits_again_on_its_day() -> None:
    pair = pair_put_off(actor="p-1", pair=a_pair(), until=date(2016, 5, 9), at=AT)
    for day, waits in ((date(2016, 5, 8), False), (date(2016, 5, 9), True)):
        assert pairs_waiting(Pair.objects.all(), day).exists() is waits
        assert rules.waits(pair.state, pair.later_until, day) is waits


@pytest.mark.django_db
def test_a_merge_made_on_the_registers_pages_is_followed_and_so_is_its_undoing() -> None:
    one, two, three = factories("A", "B", "C")
    pairs_keep(actor="operator", country="VN", found=[new(one, two), new(two, three)], at=AT)
    merge = factory_merge(actor="p-1", kept=one, gone=two, reason="same", at=AT)
    for _twice in range(2):
        merge_follow(actor="operator", merge=merge.pk, at=AT)
    states = dict(Pair.objects.values_list("right", "state"))
    assert states == {two.pk: "merged", three.pk: "gone"}
    pair_unmerge(actor="p-1", pair=Pair.objects.get(right=two), reason="no", at=LATER)
    merge_follow(actor="operator", merge=merge.pk, at=LATER)
    assert Pair.objects.get(right=two).state == "unmerged"


@pytest.mark.django_db
@pytest.mark.capability("P2")
def test_each_decision_is_in_the_ledger() -> None:
    pair = a_pair()
    pair_put_off(actor="p-1", pair=pair, until=date(2016, 6, 1), at=AT)
    pair_merge(actor="p-1", pair=pair, kept=pair.left_id, reason="same gate", at=AT)
    pair_unmerge(actor="p-1", pair=pair, reason="no", at=LATER)
    for action in ("put-off", "merged", "unmerged"):
        entry = entries_search(action=f"duplicates.pair.{action}").entries[0]
        assert (entry.actor, entry.subject) == ("p-1", f"duplicate-pair {pair.pk}")


@pytest.mark.django_db
def test_the_search_finds_two_spellings_of_one_name_and_not_two_units() -> None:
    first, second, *_others = factories(
        "Công ty TNHH May Lúa Vàng Hải Âu", "Cong ty TNHH May Lua Vang Hai Au", "Hoàng Gia Unit 1", "Hoàng Gia Unit 2"
    )
    factory_owned(first, second)
    kept = country_search(actor="operator", country="VN", at=AT)
    pair = Pair.objects.get()
    assert (kept.new, {pair.left_id, pair.right_id}) == (1, {first.pk, second.pk})
    assert ["name.same", pytest.approx(3.66, abs=2)] in pair.reasons
    lines = {line.title: line for line in side_by_side(pair)}
    assert lines["Name"].reason.startswith("same name") and lines["Owner"].left == lines["Owner"].right != ""


@pytest.mark.django_db
def test_a_refused_pair_comes_back_after_a_rename_and_a_merged_record_is_compared_no_more() -> None:
    first, second = factories("Công ty TNHH May Lúa Vàng Hải Âu", "Cong ty TNHH May Lua Vang Hai Au")
    factory_owned(first, second)
    country_search(actor="operator", country="VN", at=AT)
    pair = pair_refuse(actor="p-1", pair=Pair.objects.get(), reason="two", at=AT)
    assert country_search(actor="operator", country="VN", at=AT).back == 0
    factory_rename(actor="p-1", factory=second, name="Lua Vang Hai Au JSC", since=AT.date(), reason="new law", at=AT)
    assert country_search(actor="operator", country="VN", at=LATER).back == 1
    pair_merge(actor="p-1", pair=pair, kept=first.pk, reason="same after all", at=LATER)
    country_search(actor="operator", country="VN", at=LATER)
    assert Pair.objects.get().state == "merged"


def factory_owned(*some: Factory) -> None:
    """All of one SIMULATED owner."""
    from betterwork.modules.registry.models import Ownership

    for one in some:
        Ownership.objects.create(
            factory=one, legal_name="Silver Loom Holdings", since=AT.date(), written_by="operator", written_at=AT
        )
