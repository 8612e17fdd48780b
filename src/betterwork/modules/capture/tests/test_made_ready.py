"""What is worked out before a capture is locked is written only where the capture still stands as it did then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from betterwork.core.capture.operations import Operation
from betterwork.foundation.ledger.queries import ledger_faults
from betterwork.modules.capture import folding, syncing
from betterwork.modules.capture.models import Capture, CaptureAnswer, CaptureOperation
from betterwork.modules.capture.queries import registers_of
from betterwork.modules.capture.services import capture_hand_over
from betterwork.modules.capture.tests.making import (
    AT,
    LAPTOP,
    TWO,
    Device,
    advisor,
    codes,
    identifier,
    operation,
    taken,
    visit_made,
)
from betterwork.modules.capture.writing import ANSWERS, OPERATIONS, rows_write

pytestmark = pytest.mark.capability("C2")


def meanwhile(patch: pytest.MonkeyPatch, does: Callable[[], Any]) -> list[folding.Ready]:
    """Do something once, after the first batch was made ready and before anything is locked. What was made ready."""
    made: list[folding.Ready] = []

    def ready(*given: Any) -> folding.Ready:
        found = folding.batch_ready(*given)
        made.append(found)
        if len(made) == 1:
            does()
        return found

    patch.setattr(syncing, "batch_ready", ready)
    return made


def test_what_came_meanwhile_is_seen_and_conflicts(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Device(capture), Device(capture, TWO, LAPTOP)
    made = meanwhile(monkeypatch, lambda: second.sync(operation(2, "non-compliant", device=LAPTOP)))
    done = first.sync(operation(1, "compliant"))
    assert done.taken == [identifier(1)]
    assert [one.before.number for one in made] == [0, 0, 1], "the first one is made ready a second time"
    row = CaptureAnswer.objects.get(capture=capture)
    assert registers_of(capture)[row.about]["determination"].values == ("compliant", "non-compliant")
    capture.refresh_from_db()
    assert (capture.number, capture.conflicts, capture.answered) == (2, 1, 0)
    assert not list(ledger_faults())


def test_the_same_operation_sent_twice_at_once_is_taken_once(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Device(capture)
    meanwhile(monkeypatch, lambda: other.sync(operation(1)))
    assert Device(capture).sync(operation(1)).taken == [identifier(1)]
    assert CaptureOperation.objects.count() == 1


def test_a_visit_handed_over_meanwhile_takes_nothing_more(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: capture_hand_over(actor=advisor(), capture=capture, at=AT))
    done = Device(capture).sync(operation(1))
    assert (done.taken, done.state) == ([], "handed-over")
    assert [one.reason for one in done.refused] == ["handed-over"]


def test_an_id_taken_in_another_capture_meanwhile_is_refused_and_kept(
    capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Device(taken(visit_made(outside_id="77")))
    meanwhile(monkeypatch, lambda: elsewhere.sync(operation(1)))
    done = Device(capture).sync(operation(1), operation(2, True, field="later"))
    assert [(one.id, one.reason) for one in done.refused] == [(identifier(1), "other-content")]
    assert done.taken == [identifier(2)]
    assert CaptureOperation.objects.get(pk=identifier(1)).capture_id != capture.pk


def test_no_sign_in_a_text_moves_a_value_into_another_column(capture: Capture) -> None:
    signs = 'SIMULATED "quoted" \\ back \\N \\. tab\tline\nend, comma; {"a": 1} \u1780 \u0000'.replace("\u0000", "")
    Device(capture).sync(operation(1, signs, field="reason"), operation(2, "\\.", field="cause_note"))
    values = dict(CaptureOperation.objects.values_list("id", "value"))
    assert values == {identifier(1): signs, identifier(2): "\\."}


def test_what_holds_the_signs_between_values_is_not_copied_and_written_all_the_same(capture: Capture) -> None:
    one = Operation(identifier(1), f"question:{codes()[0]}", "reason", "x", (), "d\x1fd", "2026-11-23T00:00:00Z", "p-x")
    (sent,) = folding.sent_prepared(capture, [one], AT)
    assert OPERATIONS.as_copy([(*sent.row, 1)]) is None
    rows_write(OPERATIONS, [(*sent.row, 1)])
    assert CaptureOperation.objects.get().device == "d\x1fd"


def test_rows_are_written_alike_whichever_way_they_go(capture: Capture) -> None:
    said = [operation(1, {"looked": 1, "of": None}, field="sample.documents"), operation(2, None, field="reason")]
    Device(capture).sync(*said)
    copied = list(CaptureOperation.objects.order_by("number").values())
    assert [one["value"] for one in copied] == [{"looked": 1, "of": None}, None]
    if connection.vendor != "postgresql":
        return
    CaptureOperation.objects.all().delete()
    judged = syncing.batch_judge(said, tool=syncing.tool_asked(capture), by="p-advisor")
    rows = [(*one.row, n) for n, one in enumerate(folding.sent_prepared(capture, judged.plain, AT), 1)]
    with connection.cursor() as cursor:
        cursor.execute(OPERATIONS.sql("postgresql"), [OPERATIONS.as_json(rows)])
    assert list(CaptureOperation.objects.order_by("number").values()) == copied
    assert ANSWERS.unique, "answers are replaced, and never copied"
