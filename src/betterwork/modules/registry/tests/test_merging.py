"""Merging and un-merging restore every byte of both factories: random histories against a world without merges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.events.models import Event
from betterwork.modules.registry.models import Factory, Merge
from betterwork.modules.registry.queries import factories_kept, factories_within, factory_kept, pointers
from betterwork.modules.registry.rules import kept_of, within
from betterwork.modules.registry.services import (
    factories_ensure,
    factory_enrol,
    factory_merge,
    factory_set,
    factory_unmerge,
    workforce_set,
)
from betterwork.modules.registry.writing import plain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A5")]
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAYS = [date(2015, 1, 1) + timedelta(days=200 * n) for n in range(20)]
COUNT = 4


def bytes_of(factory: int) -> bytes:
    """Every row of the register that speaks of a factory, byte for byte, but for merges; numbers of rows left out."""
    rows: list[Any] = []
    for model in apps.get_app_config("registry").get_models():
        if model is Merge:
            continue
        names = [one.attname for one in model._meta.concrete_fields if one.attname not in {"id", "factory_id"}]
        if model is Factory:
            found = model.objects.filter(pk=factory)
        elif "factory_id" in {one.attname for one in model._meta.concrete_fields}:
            found = model._base_manager.filter(factory=factory).order_by("pk")
        else:
            continue
        rows += [[model.__name__, [str(plain(getattr(row, name))) for name in names]] for row in found]
    return canonical_bytes(rows)


numbers = st.integers(0, COUNT - 1)
edits = st.one_of(
    st.tuples(st.just("name"), numbers, st.sampled_from(DAYS), st.sampled_from(["Alpha", "Beta", "ក", "=Gamma"])),
    st.tuples(st.just("site"), numbers, st.sampled_from(DAYS), st.sampled_from(["Huế", "Đà Nẵng"])),
    st.tuples(st.just("group"), numbers, st.sampled_from(DAYS), st.sampled_from(["Group 1", ""])),
    st.tuples(st.just("standing"), numbers, st.sampled_from(DAYS), st.sampled_from(["closed", "open"])),
    st.tuples(st.just("workforce"), numbers, st.sampled_from(DAYS), st.integers(0, 9)),
    st.tuples(st.just("enrol"), numbers, st.sampled_from(DAYS), st.just(0)),
    st.tuples(st.just("import"), numbers, st.just(AT.date()), st.sampled_from(["Alpha", "Delta (Obsolete)"])),
)
moves = st.one_of(
    edits,
    st.tuples(st.just("merge"), numbers, numbers, st.booleans()),
    st.tuples(st.just("unmerge"), numbers, st.just(0), st.just(0)),
)


class World:
    """Some factories under numbers of their own."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        keys = {("VN", f"{mark}{n}"): f"Works {n}" for n in range(COUNT)}
        self.rows = list(factories_ensure(actor="p-1", wanted=keys, at=AT).values())

    def edit(self, what: str, number: int, on: date, value: Any) -> bool:
        """Do it, and say whether it was taken."""
        factory = self.rows[number]
        try:
            with transaction.atomic():
                if what == "workforce":
                    workforce_set(actor="p-1", factory=factory, on=on, women=value, men=1, at=AT)
                elif what == "enrol":
                    factory_enrol(actor="p-1", factory=factory, starts=on, at=AT)
                elif what == "import":
                    factories_ensure(actor="p-1", wanted={("VN", factory.outside_id): value}, at=AT)
                else:
                    field = {"name": "name", "site": "town", "group": "name", "standing": "state"}[what]
                    factory_set(
                        actor="p-1", factory=factory, what=what, values={field: value}, since=on, reason="so", at=AT
                    )
        except WrongUse:
            return False
        return True

    def bytes(self) -> list[bytes]:
        """Of each factory, with the mark of this world taken out."""
        return [bytes_of(one.pk).replace(f'"{self.mark}'.encode(), b'"') for one in self.rows]


def test_random_histories_leave_what_they_would_have_left_without_any_merge(db) -> None:
    @given(st.lists(moves, max_size=25))
    def holds(history) -> None:
        with transaction.atomic():
            real, without = World("real-"), World("bare-")
            merged: dict[int, int] = {}  # by number, as this test keeps it: gone → kept
            for what, number, other, value in history:
                before = real.bytes()
                if what == "merge":
                    merged_now = merge(real, number, other, joined=value)
                    free = number != other and number not in merged and other not in merged
                    assert merged_now == free
                    if merged_now:
                        merged[number] = other
                    assert real.bytes() == before
                elif what == "unmerge":
                    row = Merge.objects.filter(gone=real.rows[number], undone_at__isnull=True).first()
                    assert (row is not None) == (number in merged)
                    if row is not None:
                        factory_unmerge(actor="p-1", merge=row, reason="two after all", at=AT)
                        del merged[number]
                    assert real.bytes() == before
                elif number not in merged or what == "import":
                    assert real.edit(what, number, other, value) == without.edit(what, number, other, value)
                else:
                    assert not real.edit(what, number, other, value)
                    assert real.bytes() == before
                reads_agree(real, merged)
            for row in Merge.objects.filter(undone_at__isnull=True, kept__in=real.rows):
                factory_unmerge(actor="p-1", merge=row, reason="all undone", at=AT)
            assert real.bytes() == without.bytes()
            reads_agree(real, {})
            transaction.set_rollback(True)

    holds()


def merge(world: World, gone: int, kept: int, *, joined: bool) -> bool:
    try:
        with transaction.atomic():
            factory_merge(
                actor="p-1",
                kept=world.rows[kept],
                gone=world.rows[gone],
                reason="one gate",
                joined_on=DAYS[3] if joined else None,
                at=AT,
            )
    except WrongUse:
        return False
    return True


def reads_agree(world: World, merged: dict[int, int]) -> None:
    """What other rooms read follows the pointers to their end."""
    for number, row in enumerate(world.rows):
        end = number
        while end in merged:
            end = merged[end]
        assert factory_kept(row).pk == world.rows[end].pk
        inside = {world.rows[one].pk for one in range(COUNT) if _leads(merged, one, number)}
        assert set(factories_within(row)) == inside and factories_within(row)[0] == row.pk
    standing = set(factories_kept(Factory.objects.filter(pk__in=[one.pk for one in world.rows])).values_list("pk"))
    assert standing == {(row.pk,) for number, row in enumerate(world.rows) if number not in merged}


def _leads(merged: dict[int, int], one: int, wanted: int) -> bool:
    while one != wanted and one in merged:
        one = merged[one]
    return one == wanted


def test_a_chain_is_undone_in_any_order() -> None:
    rows = World("c-").rows
    a, b, c = rows[:3]
    before = [digest(bytes_of(one.pk)) for one in rows]
    first = factory_merge(actor="p-1", kept=b, gone=a, reason="same", at=AT)
    factory_merge(actor="p-1", kept=c, gone=b, reason="same", at=AT)
    assert factory_kept(a).pk == c.pk and factories_within(c) == [c.pk, b.pk, a.pk]
    factory_unmerge(actor="p-1", merge=first, reason="not the same", at=AT)
    assert factory_kept(a).pk == a.pk and factory_kept(b).pk == c.pk
    with pytest.raises(WrongUse, match="already"):
        factory_unmerge(actor="p-1", merge=first, reason="again", at=AT)
    again = factory_merge(actor="p-1", kept=c, gone=a, reason="with the last one", at=AT)
    assert again.pk != first.pk
    assert before == [digest(bytes_of(one.pk)) for one in rows]
    told = list(Event.objects.order_by("number").values_list("name", flat=True))
    merges = [one for one in told if "merged" in one]
    assert merges == ["registry.factories.merged"] * 2 + ["registry.factories.unmerged", "registry.factories.merged"]


def test_a_merge_needs_a_reason_and_one_country() -> None:
    rows = World("d-").rows
    abroad = factories_ensure(actor="p-1", wanted={("JO", "1"): "Works 0"}, at=AT)["JO", "1"]
    for kept, reason in ((rows[1], " "), (abroad, "same name"), (rows[0], "itself")):
        with pytest.raises(WrongUse):
            factory_merge(actor="p-1", kept=kept, gone=rows[0], reason=reason, at=AT)
    with pytest.raises(WrongUse, match="to come"):
        factory_merge(actor="p-1", kept=rows[1], gone=rows[0], reason="x", joined_on=date(2030, 1, 1), at=AT)
    assert not pointers()


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 9)))
def test_pointers_lead_to_one_end_or_are_said_to_lead_in_a_circle(found) -> None:
    for start in found:
        try:
            end = kept_of(found, start)
        except ValueError:
            continue
        assert end not in found
        assert start == end or start in within(found, end)
