"""What stands depends on the set of operations alone, and nothing that was written is lost."""

from __future__ import annotations

from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.capture.fields import Refusal
from betterwork.core.capture.generators import QUESTIONS, World, arrivals, below, operation_id, shuffled
from betterwork.core.capture.merging import EMPTY, Raw, Register, State, fold, raw_take, register_fold, register_read
from betterwork.core.capture.operations import Operation

pytestmark = pytest.mark.capability("C2")

chances = st.randoms(use_true_random=False)
DEVICE = "d" * 32
PLACE = ("question:OSH-8-07", "reason")


def lived(chance: Random, *, rings: bool = True) -> World:
    """A world in which things happened, with a ring now and then."""
    world = World(chance, devices=1 + below(chance, 4), places=1 + below(chance, 4))
    world.live(below(chance, 14))
    if rings and chance.random() < 0.5:
        world.ring(2 + below(chance, 3))
        world.live(below(chance, 4))
    return world


def written(name: str, value: object, *bases: str) -> Operation:
    """An operation by a short name: "a" is the id that ends in a."""
    ids = [f"019aa0000000700080000000000{one:0>5}" for one in (name, *bases)]
    return Operation(ids[0], *PLACE, value, tuple(sorted(ids[1:])), DEVICE, "2026-11-23T05:40:12Z")


# -- properties -------------------------------------------------------------------------------------


@given(chances)
def test_the_order_of_arrival_and_repetition_do_not_matter(chance: Random) -> None:
    operations = lived(chance).written
    assert fold(arrivals(chance, operations)).canonical() == fold(operations).canonical()


@given(chances)
def test_one_by_one_gives_what_all_at_once_gives_in_any_order_with_anything_missing(chance: Random) -> None:
    operations = arrivals(chance, lived(chance).written, lost=0.3 if chance.random() < 0.5 else 0.0)
    state = State()
    for at, one in enumerate(operations):
        state.take(one)
        assert state.canonical() == fold(operations[: at + 1]).canonical()
    assert state == fold(operations)


@given(chances)
def test_what_is_folded_as_json_alone_is_what_registers_give(chance: Random) -> None:
    taken: dict[tuple[str, str], list[Operation]] = {}
    raws: dict[tuple[str, str], Raw] = {}
    for one in {one.id: one for one in arrivals(chance, lived(chance).written)}.values():
        before = taken.setdefault(one.place, [])
        raws[one.place] = raw_take(raws.get(one.place), one, lambda before=before: before)
        before.append(one)
        assert raws[one.place] == register_fold(before).as_json()


@given(chances)
def test_a_register_kept_as_json_between_any_two_operations_gives_the_same(chance: Random) -> None:
    world = lived(chance)
    taken: dict[tuple[str, str], list[Operation]] = {}
    kept: dict[tuple[str, str], dict[str, object]] = {}
    for one in shuffled(chance, world.written):
        before = taken.setdefault(one.place, [])
        kept[one.place] = register_read(kept.get(one.place)).take(one, lambda before=before: list(before)).as_json()  # type: ignore[misc]
        before.append(one)
    assert {place: register_read(raw) for place, raw in kept.items()} == fold(world.written).registers


@given(chances)
def test_it_may_be_cut_anywhere_and_joined_in_either_order(chance: Random) -> None:
    operations = arrivals(chance, lived(chance).written)
    cut = below(chance, len(operations) + 1)
    first, second = fold(operations[:cut]), fold(operations[cut:])
    joined, other = State(), State()
    joined.take_all([*first.operations.values(), *second.operations.values()])
    other.take_all([*second.operations.values(), *first.operations.values()])
    assert joined.canonical() == other.canonical() == fold(operations).canonical()


@given(chances)
def test_a_decision_on_all_that_stands_ends_the_conflict_everywhere(chance: Random) -> None:
    world = World(chance, devices=2 + below(chance, 3), places=1)
    world.live(6)
    everything = fold(world.written)
    if not everything.registers:
        return
    place = next(iter(everything.registers))
    decision = world.make(place, everything.bases(*place), 0)
    for order in (shuffled(chance, [*world.written, decision]), [decision, *world.written]):
        register = fold(order).register(*place)
        assert not register.conflict
        assert register.bases == (decision.id,)
        assert register.value == decision.value


@given(chances)
def test_nothing_written_is_lost_each_operation_stands_or_was_named_by_another_one(chance: Random) -> None:
    operations = arrivals(chance, lived(chance).written, lost=0.2)
    state = fold(operations)
    named: dict[str, set[str]] = {}
    for one in operations:
        for base in one.bases:
            named.setdefault(base, set()).add(one.id)
    for one in operations:
        stands = one.id in state.register(*one.place).bases
        assert stands or named.get(one.id, set()) - {one.id}
        assert one.id in {kept.id for kept in state.history(*one.place)}
    assert all(register.standing for register in state.registers.values())


@given(chances)
def test_different_fields_never_conflict(chance: Random) -> None:
    about = f"question:{QUESTIONS[0].code}"
    fields = shuffled(chance, ["determination", "reason", "later", "source.workers", "affected"])
    world = World(chance, devices=len(fields), places=1)
    operations = [world.make((about, name), (), at) for at, name in enumerate(fields)]
    state = fold(arrivals(chance, operations))
    assert not state.conflicts()
    assert state.values(about) == {one.field: one.value for one in operations if one.value is not None}


@given(chances)
def test_equal_values_do_not_conflict_however_many_wrote_them(chance: Random) -> None:
    world = World(chance, devices=3, places=1)
    first = world.make(PLACE, (), 0)
    state = fold([first, *(world.make(PLACE, (), at, first.value) for at in (1, 2))])
    assert not state.conflicts()
    assert state.value(*PLACE) == first.value
    assert len(state.bases(*PLACE)) == 3


@given(chances)
def test_what_clocks_and_ids_say_decides_nothing(chance: Random) -> None:
    world = lived(chance, rings=False)
    new = {one.id: operation_id(chance, at) for at, one in enumerate(world.written)}
    renamed = [
        Operation(
            new[one.id], *one.place, one.value, tuple(sorted(new[base] for base in one.bases)), one.device, "1999"
        )
        for one in world.written
    ]
    before, after = fold(world.written), fold(renamed)
    assert {(place, frozenset(new[one] for one in register.bases)) for place, register in before.registers.items()} == {
        (place, frozenset(register.bases)) for place, register in after.registers.items()
    }


# -- single cases that can be followed by hand ------------------------------------------------------


def values(*operations: Operation) -> list[object]:
    return [one.value for one in register_fold(operations).standing]


def test_two_that_were_written_on_the_same_stand_beside_each_other() -> None:
    register = register_fold([written("0", "x"), written("a", "one", "0"), written("b", "two", "0")])
    assert register.conflict
    assert register.values == ("one", "two")
    assert register.value is None


def test_clearing_against_writing_is_a_conflict_and_clearing_twice_is_none() -> None:
    start = written("0", "x")
    assert register_fold([start, written("a", None, "0"), written("b", "y", "0")]).values == (None, "y")
    both = register_fold([start, written("a", None, "0"), written("b", None, "0")])
    assert not both.conflict
    assert both.value is None


def test_true_and_one_are_different_values() -> None:
    assert register_fold([written("a", True), written("b", 1)]).conflict


def test_an_operation_that_was_named_before_it_came_is_written_over_already() -> None:
    late = written("0", "old")
    register = register_fold([written("a", "new", "0")])
    assert register.early == (late.id,)
    assert register.take(late, tuple) == register_fold([late, written("a", "new", "0")])
    assert register.take(late, tuple).early == ()


def test_a_ring_stands_whole_and_what_is_written_on_it_ends_it() -> None:
    ring = [written("a", 1, "b"), written("b", 2, "c"), written("c", 3, "a")]
    assert values(*ring) == [1, 2, 3]
    assert values(*ring, written("d", 4, "a", "b", "c")) == [4]
    assert values(*ring, written("d", 4, "a")) == [2, 3, 4], "who saw one of the ring wrote over that one"
    assert values(*ring[:2]) == [1], "not a ring before it is closed"


def test_two_rings_joined_by_one_that_names_both_ways_are_one_ring() -> None:
    both = [written("a", 1, "b"), written("b", 2, "a", "c"), written("c", 3, "d"), written("d", 4, "c", "a")]
    assert values(*both) == [1, 2, 3, 4]
    apart = [written("a", 1, "b"), written("b", 2, "a", "c"), written("c", 3, "d"), written("d", 4, "c")]
    assert values(*apart) == [1, 2, 4], "the first ring was written on c, which is in the second"


def test_a_long_chain_and_a_long_ring_are_no_trouble() -> None:
    names = [f"{at:05x}" for at in range(5_000)]
    chain = [written(name, name, *names[at - 1 : at] if at else ()) for at, name in enumerate(names)]
    assert values(*chain) == [names[-1]]
    ring = [written(name, name, names[at - 1]) for at, name in enumerate(names)]
    assert len(values(*ring)) == 5_000


def test_the_same_id_with_other_content_is_refused_and_the_first_one_stays() -> None:
    state = State()
    state.take(written("a", "first"))
    with pytest.raises(Refusal) as refused:
        state.take(written("a", "second"))
    assert refused.value.reason == "other-content"
    assert state.value(*PLACE) == "first"
    assert not state.take(written("a", "first").written_by("somebody")), "who wrote it is the server's to add"
    with pytest.raises(Refusal):
        fold([written("a", "first"), written("a", "second")])


def test_the_whole_history_is_asked_only_where_it_must_be() -> None:
    def never() -> list[Operation]:
        raise AssertionError("asked")

    register = EMPTY.take(written("a", 1), never).take(written("b", 2, "a"), never).take(written("c", 3), never)
    register = register.take(written("d", 4, "b", "c"), never)
    assert register.bases == (written("d", 4).id,)
    assert register_read(register.as_json()) == register == Register(register.standing)


# -- speed ------------------------------------------------------------------------------------------


def test_a_batch_into_a_full_capture_takes_milliseconds() -> None:
    chance = Random(5)
    world = World(chance, devices=2, places=3_000)
    world.where = [(f"question:{one.code}", f"note.{at}") for at in range(1_000) for one in QUESTIONS[:3]]
    state = fold(world.make(place, (), 0, "x") for place in world.where)
    batch = [world.make(place, state.bases(*place), 1, "y") for place in shuffled(chance, world.where)[:250]]
    began = perf_counter()
    assert state.take_all(batch) == 250
    took = perf_counter() - began
    assert took < 0.05, f"{took * 1000:.1f} ms; about 2 ms where nothing else runs"
