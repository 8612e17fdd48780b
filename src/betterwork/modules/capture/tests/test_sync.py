"""Each operation exactly once, in any order, any number of times; conflicts shown and decided."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from betterwork.foundation.ledger.models import Entry
from betterwork.modules.capture.models import Capture, CaptureAnswer, CaptureOperation, RefusedOperation
from betterwork.modules.capture.queries import registers_of
from betterwork.modules.capture.services import conflict_decide
from betterwork.modules.capture.tests.making import AT, LAPTOP, TWO, Device, advisor, codes, identifier, operation

pytestmark = pytest.mark.capability("C2")


def test_an_answer_is_taken_once_and_told_again_as_taken(capture: Capture) -> None:
    device = Device(capture)
    first = device.sync(operation(1))
    again = device.sync(operation(1))
    assert first.taken == again.taken == [identifier(1)]
    assert CaptureOperation.objects.count() == 1
    capture.refresh_from_db()
    assert (capture.number, capture.answered, sum(capture.counts.values())) == (1, 1, 1)


def test_the_other_device_is_given_what_the_first_wrote_and_not_her_own(capture: Capture) -> None:
    first, second = Device(capture), Device(capture, TWO, LAPTOP)
    first.sync(operation(1))
    done = second.sync(operation(2, field="later", value=True, device=LAPTOP))
    assert [one["id"] for one in done.given.operations] == [identifier(1)]
    assert done.given.operations[0]["by"] == "p-advisor"
    assert [one["id"] for one in first.sync().given.operations] == [identifier(2)]
    assert first.sync().given.operations == []


def test_different_fields_merge_and_the_same_field_conflicts(capture: Capture) -> None:
    first, second = Device(capture), Device(capture, TWO, LAPTOP)
    first.sync(operation(1, "compliant"), operation(2, "SIMULATED reason", field="reason"))
    second.sync(operation(3, "non-compliant", device=LAPTOP), operation(4, True, field="serious", device=LAPTOP))
    capture.refresh_from_db()
    row = CaptureAnswer.objects.get(capture=capture)
    assert (capture.conflicts, row.conflicts, row.answered, row.serious) == (1, 1, False, True)
    assert capture.answered == 0
    registers = registers_of(capture)[row.about]
    assert registers["determination"].values == ("compliant", "non-compliant")
    made = conflict_decide(
        actor=advisor(),
        capture=capture,
        about=row.about,
        field="determination",
        chosen=identifier(3),
        seen=[identifier(1), identifier(3)],
        at=AT,
    )
    capture.refresh_from_db()
    assert (capture.conflicts, capture.answered) == (0, 1)
    assert CaptureAnswer.objects.get(capture=capture).determination == "non-compliant"
    assert made in {one["id"] for one in second.sync().given.operations}


def test_any_order_gives_the_same_state_also_with_bases_that_come_late(db: None) -> None:
    from betterwork.modules.capture.tests.making import taken, visit_made

    code = codes()[0]
    said = [
        operation(1, "compliant", code=code),
        operation(2, "non-compliant", bases=(identifier(1),), code=code),
        operation(3, "not-assessed", bases=(identifier(1),), code=code),
        operation(4, "compliant", bases=(identifier(2), identifier(3)), code=code),
    ]
    states: list[Any] = []
    for turn, order in enumerate(itertools.permutations(range(4))):
        capture = taken(visit_made(outside_id=f"{turn + 1}"))
        device = Device(capture)
        for place in order:
            shift, one = turn * 16, said[place]
            bases = sorted(identifier(_of(base) + shift) for base in one["bases"])
            one = {**one, "id": identifier(place + 1 + shift), "bases": bases}
            device.sync(one)
            device.sync(one)
        row = CaptureAnswer.objects.get(capture=capture)
        states.append((row.determination, row.conflicts, row.answered, len(row.registers["determination"]["standing"])))
        capture.refresh_from_db()
        assert (capture.answered, capture.conflicts) == (1, 0)
    assert set(states) == {("compliant", 0, True, 1)}


def _of(name: str) -> int:
    return int(name[17:], 16)


def test_the_same_number_with_other_content_is_refused_and_kept(capture: Capture) -> None:
    device = Device(capture)
    device.sync(operation(1, "compliant"))
    done = device.sync(operation(1, "non-compliant"), operation(1, "non-compliant"))
    device.sync(operation(1, "non-compliant"))
    assert {one.reason for one in done.refused} == {"other-content"}
    assert RefusedOperation.objects.count() == 1
    assert CaptureAnswer.objects.get().determination == "compliant"


@pytest.mark.parametrize(
    "wrong",
    [
        7,
        {},
        {"about": "visit"},
        {"about": "question:NO-SUCH", "id": "a" * 32, "field": "determination", "value": 1.5, "bases": [], "made": ""},
    ],
)
def test_what_is_no_operation_is_refused_alone_and_kept_whole(capture: Capture, wrong: Any) -> None:
    device = Device(capture)
    done = device.sync(wrong, operation(1))
    assert done.taken == [identifier(1)]
    assert len(done.refused) == 1


def test_a_batch_leaves_one_entry_of_counts_and_nothing_new_leaves_none(capture: Capture) -> None:
    device = Device(capture)
    entries = Entry.objects.filter(action="capture.synced")
    device.sync(operation(1), operation(2, True, field="later"))
    assert entries.count() == 1
    assert bytes(entries.get().content) == b'{"refused":0,"taken":2}'
    device.sync(operation(1))
    device.sync()
    assert entries.count() == 1


def test_more_than_a_thousand_come_in_several_answers(capture: Capture) -> None:
    first, second = Device(capture), Device(capture, TWO, LAPTOP)
    some = codes()
    wrote = [operation(n, f"SIMULATED {n}", field="reason", code=some[n % len(some)]) for n in range(1, 1301)]
    for start in range(0, 1300, 250):
        first.sync(*wrote[start : start + 250])
    assert second.sync().given.more
    assert not second.sync().given.more
    assert set(second.seen) == {one["id"] for one in wrote}
