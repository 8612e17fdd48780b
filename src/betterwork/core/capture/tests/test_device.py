"""What a device does with answers, one at a time: the simulation tries all of it together."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from betterwork.core.capture.device import (
    Disk,
    again_writes,
    answer_writes,
    chunk,
    confirmation,
    operation_write,
    request,
    state_of,
)
from betterwork.core.capture.generators import World
from betterwork.core.capture.operations import Operation

pytestmark = pytest.mark.capability("C2")

PLACE = ("question:OSH-8-07", "reason")


@pytest.fixture
def world() -> World:
    return World(Random(2), devices=2, places=1)


def disk_with(*operations: Operation) -> Disk:
    disk = Disk()
    for one in operations:
        done(disk, operation_write(one))
    return disk


def done(disk: Disk, writes: list[Any]) -> Disk:
    for one in writes:
        disk.write(one)
    return disk


def answer(**given: Any) -> dict[str, Any]:
    return {"taken": [], "refused": [], "operations": [], "cursor": 0, "interviews_cursor": 0, "more": False, **given}


def test_what_was_taken_leaves_the_queue_and_is_still_shown(world: World) -> None:
    one = world.make(PLACE, (), 0, "x")
    disk = disk_with(one)
    asked = request(disk, "d")
    assert asked["operations"] == [one.content()]
    before = state_of(disk).canonical()
    done(disk, answer_writes(disk, asked, answer(taken=[one.id], cursor=1)))
    assert not disk.queue
    assert disk.cursor("plain") == 1
    assert state_of(disk).canonical() == before


def test_what_was_refused_is_kept_and_shown_apart_and_can_be_sent_again(world: World) -> None:
    one = world.make(PLACE, (), 0, "x")
    disk = disk_with(one)
    refused = [{"id": one.id, "reason": "handed-over", "words": "…"}]
    done(disk, answer_writes(disk, request(disk, "d"), answer(refused=refused)))
    assert state_of(disk).canonical() == []
    assert disk.refused[one.id].reason == "handed-over"
    done(disk, again_writes(disk, [one.id, "unknown"]))
    assert list(disk.queue) == [one.id]
    assert not disk.refused


def test_a_late_answer_moves_no_number_back_and_an_early_one_none_forward(world: World) -> None:
    disk = Disk()
    first, second = request(disk, "d"), {**request(disk, "d"), "after": 5}
    done(disk, answer_writes(disk, second, answer(cursor=9)))
    assert disk.cursor("plain") == 0, "what lies between is not here"
    done(disk, answer_writes(disk, first, answer(cursor=6)))
    done(disk, answer_writes(disk, first, answer(cursor=3)))
    assert disk.cursor("plain") == 6


def test_an_own_operation_that_comes_back_was_taken(world: World) -> None:
    one = world.make(PLACE, (), 0, "x")
    disk = disk_with(one)
    done(disk, answer_writes(disk, request(disk, "d"), answer(operations=[{**one.content(), "by": "p", "number": 1}])))
    assert not disk.queue
    assert disk.seen[one.id].by == "p"


def test_another_operation_under_an_own_id_sets_the_own_one_apart(world: World) -> None:
    own = world.make(PLACE, (), 0, "mine")
    disk = disk_with(own)
    other = {**own.content(), "value": "theirs", "by": "p", "number": 1}
    done(disk, answer_writes(disk, request(disk, "d"), answer(operations=[other])))
    assert state_of(disk).value(*PLACE) == "theirs"
    assert disk.refused[own.id].operation.value == "mine"


def test_nothing_is_confirmed_while_something_waits_and_only_own_operations_are_counted(world: World) -> None:
    own, other = world.make(PLACE, (), 0, "x"), world.make(PLACE, (), 1, "y")
    disk = disk_with(own)
    assert confirmation(disk, own.device) is None
    given = [{**other.content(), "by": "q", "number": 1}]
    done(disk, answer_writes(disk, request(disk, own.device), answer(taken=[own.id], operations=given, cursor=2)))
    body = confirmation(disk, own.device)
    assert body is not None
    assert body["operations"]["count"] == 1


def test_a_batch_holds_the_oldest_and_no_more_than_it_may(world: World) -> None:
    those = [world.make(PLACE, (), 0, str(at)) for at in range(300)]
    sent = request(disk_with(*those), "d")["operations"]
    assert [one["id"] for one in sent] == [one.id for one in those[:250]]


def test_a_file_goes_on_where_it_stopped() -> None:
    assert chunk(600_000, 0) == (0, 262_144)
    assert chunk(600_000, 524_288) == (524_288, 600_000)
    assert chunk(600_000, 600_000) is None
