"""The plain part of a sync: operations of questions and of the visit, each exactly once, in one transaction.

What is done inside the transaction is as little as can be, for devices of a whole country wait for each other here:
what a batch changes is worked out before it (``folding.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction

from betterwork.core.capture.fields import Refusal
from betterwork.core.capture.operations import Operation, operation_read
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.capture.alone import in_turn
from betterwork.modules.capture.folding import CONTENT, Held, Ready, Sent, batch_ready, sent_prepared
from betterwork.modules.capture.models import (
    HANDED_OVER,
    Capture,
    CaptureDevice,
    CaptureOperation,
    RefusedOperation,
)
from betterwork.modules.capture.rules import MOST_GIVEN, Refused, as_text, is_plain
from betterwork.modules.capture.tools import Tool, tool_of
from betterwork.modules.capture.writing import ANSWERS, OPERATIONS, rows_write

_COLUMNS = ("number", *CONTENT)


@dataclass(slots=True)
class Judged:
    """A batch as it was read: what are operations, and what is refused already; plain ones and those for the vault."""

    plain: list[Operation] = field(default_factory=list)
    plain_refused: list[Refused] = field(default_factory=list)
    interviews: list[Operation] = field(default_factory=list)
    interviews_refused: list[Refused] = field(default_factory=list)


@dataclass(slots=True)
class Synced:
    """What became of the plain part."""

    state: str
    taken: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    before: int = 0
    now: int = 0
    """The number of the last operation before this batch, and after it."""
    fresh: int = 0


def batch_judge(raws: Sequence[Any], *, tool: Tool, by: str) -> Judged:
    """Read what a device sent, each thing by itself: one that is wrong does not stand in the way of the others."""
    judged, questions, fields = Judged(), tool.questions, tool.fields
    for raw in raws:
        plain = is_plain(raw)
        try:
            one = operation_read(raw, questions=questions, by=by, fields=fields)
        except Refusal as error:
            wrong = _refused(raw, error.reason)
            (judged.plain_refused if plain else judged.interviews_refused).append(wrong)
        else:
            (judged.plain if plain else judged.interviews).append(one)
    return judged


def _refused(raw: Any, reason: str) -> Refused:
    known = raw if isinstance(raw, dict) else {}
    return Refused(_id(known.get("id")), reason, as_text(raw), _id(known.get("device")))


def _id(value: Any) -> str:
    is_id = isinstance(value, str) and len(value) == 32 and value.isascii() and value.isalnum()
    return value if is_id else ""


def tool_asked(capture: Capture) -> Tool:
    """The tool that is asked on a capture's visit."""
    return tool_of(capture.tool, capture.version, capture.digest)


def plain_take(
    *,
    actor: str,
    capture: Capture,
    device: str,
    operations: Sequence[Operation],
    refused: Sequence[Refused],
    at: datetime,
) -> Synced:
    """Take plain operations, each once by its id; what was taken before is told again as taken.

    One transaction, with one entry of counts in the ledger. After the hand-over what is new is refused and kept.
    """
    sent = sent_prepared(capture, operations, at)
    for ready in (batch_ready(capture, sent, tool_asked(capture)), None):
        try:
            with in_turn(), transaction.atomic():
                return _taken(actor, capture, device, sent, refused, ready, at)
        except IntegrityError:  # one of the ids was taken in another capture meanwhile
            if ready is None:
                raise
    raise AssertionError("the second turn returns or raises")


def _taken(
    actor: str,
    capture: Capture,
    device: str,
    sent: Sequence[Sent],
    refused: Sequence[Refused],
    ready: Ready | None,
    at: datetime,
) -> Synced:
    """Write a batch as it was made ready, where the capture stands as it did then; else make it ready here."""
    stands = _locked(capture)
    if ready is None or stands != (ready.before.state, ready.before.number):
        ready = batch_ready(capture, sent, tool_asked(capture))
    done = Synced(
        state=ready.before.state,
        taken=[*ready.known, *ready.fresh],
        refused=[*refused, *ready.refused],
        before=ready.before.number,
        now=ready.after.number,
        fresh=len(ready.fresh),
    )
    if ready.fresh:
        rows_write(OPERATIONS, ready.operations)
        rows_write(ANSWERS, ready.answers)
        _held_write(capture, ready.after, at)
    kept = _refused_write(capture, done.refused, by=actor, at=at)
    _beside(capture, device, done.taken if ready.fresh else [], at)
    if ready.fresh or kept:
        _relations_checked()
        entry_append(
            kind=AUDIT,
            action="capture.synced",
            actor=actor,
            subject=f"capture {capture.pk}",
            content={"taken": len(ready.fresh), "refused": kept},
            at=at,
            checked=True,
        )
    return done


def _locked(capture: Capture) -> tuple[str, int]:
    """Lock a capture; how it stands, and the number of its last operation."""
    sql = "SELECT state, number FROM capture_capture WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR UPDATE" if connection.features.has_select_for_update else sql, [capture.pk])
        found = cursor.fetchone()
    if found is None:
        raise Capture.DoesNotExist
    return found[0], found[1]


def _relations_checked() -> None:
    """Let PostgreSQL look now whether what the rows lead to is there, and not while all wait for the ledger."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _held_write(capture: Capture, held: Held, at: datetime) -> None:
    sql = (
        "UPDATE capture_capture SET number = %s, counts = %s, answered = %s, conflicts = %s, last_day = %s "
        "WHERE id = %s"
    )
    counts = orjson.dumps(held.counts).decode()
    with connection.cursor() as cursor:
        cursor.execute(sql, [held.number, counts, held.answered, held.conflicts, at.date().isoformat(), capture.pk])


# -- writing ----------------------------------------------------------------------------------------


def _refused_write(capture: Capture, refused: Sequence[Refused], *, by: str, at: datetime) -> int:
    """Keep what was refused; what is kept already is not kept twice. How many are new."""
    if not refused:
        return 0
    known = set(
        RefusedOperation.objects.filter(capture=capture, digest__in=[one.digest for one in refused]).values_list(
            "operation", "digest", "reason"
        )
    )
    new = {
        (one.id, one.digest, one.reason): RefusedOperation(
            capture=capture,
            operation=one.id,
            content=one.content,
            digest=one.digest,
            reason=one.reason,
            device=one.device,
            by=by,
            at=at,
        )
        for one in refused
    }
    rows = [row for key, row in new.items() if key not in known]
    RefusedOperation.objects.bulk_create(rows)
    return len(rows)


def _beside(capture: Capture, device: str, taken: Sequence[str], at: datetime) -> None:
    """What goes with a batch and seldom changes anything: asked in one question, written only where it does.

    What was refused because the visit was handed over is settled where it is taken now. That a device showed itself is
    kept by the day, and what it confirmed before holds no more.
    """
    asked = (
        "SELECT EXISTS(SELECT 1 FROM capture_refusedoperation "
        "WHERE capture_id = %s AND reason = %s AND settled_at IS NULL), "
        "EXISTS(SELECT 1 FROM capture_capturedevice "
        "WHERE capture_id = %s AND device = %s AND (last_day <> %s OR confirmed_at IS NOT NULL))"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [capture.pk, HANDED_OVER, capture.pk, device, at.date().isoformat()])
        waiting, stale = cursor.fetchone()
    if waiting and taken:
        rows = RefusedOperation.objects.filter(capture=capture, reason=HANDED_OVER, settled_at__isnull=True)
        rows.filter(operation__in=taken).update(settled_at=at)
    if stale:
        CaptureDevice.objects.filter(capture=capture, device=device).update(last_day=at.date(), confirmed_at=None)


# -- giving -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """What others wrote: operations in the order in which they were taken, and where to go on."""

    operations: list[dict[str, Any]]
    cursor: int
    more: bool


def operations_given(*, capture: Capture, after: int, synced: Synced, sent: Collection[str]) -> Given:
    """The operations of a capture after a number, up to those that came with this very batch. One query at most."""
    if after >= synced.before:
        return Given([], synced.now, False)
    rows = CaptureOperation.objects.filter(capture=capture, number__gt=after, number__lte=synced.before)
    found = list(rows.order_by("number").values(*_COLUMNS)[: MOST_GIVEN + 1])
    more = len(found) > MOST_GIVEN
    found = found[:MOST_GIVEN]
    given = [one for one in found if one["id"] not in sent]
    return Given(given, found[-1]["number"] if more else synced.now, more)
