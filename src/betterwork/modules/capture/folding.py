"""What a batch changes, worked out while nobody waits: what stands after it, what it counts, the rows to be written.

A capture's ``number`` grows with every batch that brings anything. It is read first; whoever finds the same number once
the capture is locked knows that nothing came in between, and writes what was made ready. Otherwise it is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from betterwork.core.capture.fields import QUESTION, about_kind
from betterwork.core.capture.merging import Raw, raw_take, register_read
from betterwork.core.capture.operations import Operation, operation_trusted
from betterwork.modules.capture.models import HANDED_OVER, Capture, CaptureOperation
from betterwork.modules.capture.rules import OTHER_CONTENT, Refused, as_text
from betterwork.modules.capture.tools import Tool

CONTENT = ("id", "about", "field", "value", "bases", "device", "made", "by")


@dataclass(frozen=True, slots=True)
class Sent:
    """An operation with its digest, and its row without a number."""

    of: Operation
    digest: str
    row: tuple[Any, ...]

    def refused(self, reason: str) -> Refused:
        """It is not taken, and kept whole."""
        return Refused(self.of.id, reason, as_text(self.of.content()), self.of.device)


@dataclass(frozen=True, slots=True)
class Held:
    """What a capture counts."""

    state: str
    number: int
    counts: Mapping[str, int]
    answered: int
    conflicts: int


@dataclass(slots=True)
class Ready:
    """What will be written of a batch, as long as the capture still stands as it did in ``before``."""

    before: Held
    after: Held
    known: list[str] = field(default_factory=list)
    """Those that were taken before."""
    fresh: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    operations: list[tuple[Any, ...]] = field(default_factory=list)
    answers: list[tuple[Any, ...]] = field(default_factory=list)


def sent_prepared(capture: Capture, operations: Sequence[Operation], at: datetime) -> list[Sent]:
    """Operations with all that depends on nothing else."""
    taken_at = at.isoformat() if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(at)
    found = []
    for one in operations:
        value = None if one.value is None else orjson.dumps(one.value).decode()
        bases, digest = orjson.dumps(one.bases).decode(), one.digest()
        row = (one.id, capture.pk, one.about, one.field, value, bases, one.device, one.by, one.made, taken_at, digest)
        found.append(Sent(one, digest, row))
    return found


def batch_ready(capture: Capture, sent: Sequence[Sent], tool: Tool) -> Ready:
    """Make ready what a batch changes. After the hand-over what is new is refused."""
    before = capture_held(capture)  # first: what is read after it is as new, or the number will be another
    ready = Ready(before, before)
    fresh = _fresh(capture, sent, ready)
    if before.state == HANDED_OVER:
        ready.refused += [one.refused(HANDED_OVER) for one in fresh]
    elif fresh:
        ready.fresh = [one.of.id for one in fresh]
        ready.operations = [(*one.row, number) for number, one in enumerate(fresh, before.number + 1)]
        _folded(capture, ready, [one.of for one in fresh], tool)
    return ready


def capture_held(capture: Capture) -> Held:
    """What a capture counts now. Past Django's rows, as the other statements of a batch."""
    sql = "SELECT state, number, counts, answered, conflicts FROM capture_capture WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [capture.pk])
        found = cursor.fetchone()
    if found is None:
        raise Capture.DoesNotExist
    return Held(found[0], found[1], orjson.loads(found[2]), found[3], found[4])


def _fresh(capture: Capture, sent: Sequence[Sent], ready: Ready) -> list[Sent]:
    """Those not taken before, in the order sent. The others are told: taken, or refused."""
    if not sent:
        return []
    known = _operations_held([one.of.id for one in sent])
    stored, fresh = set(known), []
    for one in sent:
        name, content = one.of.id, (capture.pk, one.digest)
        if known.setdefault(name, content) != content:
            ready.refused.append(one.refused(OTHER_CONTENT))
        elif name in stored:
            ready.known.append(name)
        else:
            stored.add(name)
            fresh.append(one)
    return fresh


def _operations_held(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Id → (capture, digest) of those that are here, in whichever capture."""
    asked, given = f"id IN ({', '.join(['%s'] * len(ids))})", list(ids)
    if connection.vendor == "postgresql":  # one text: the driver takes a while over each value by itself
        asked, given = "id = ANY(string_to_array(%s, ' '))", [" ".join(ids)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, capture_id, digest FROM capture_captureoperation WHERE {asked}", given)  # noqa: S608
        return {name: (of, digest) for name, of, digest in cursor.fetchall()}


# -- what stands ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Answer:
    """What stands of one thing, being brought up to date."""

    registers: dict[str, Raw]
    answered: bool = False
    conflicts: int = 0


def _folded(capture: Capture, ready: Ready, fresh: Sequence[Operation], tool: Tool) -> None:
    """Bring what stands up to date, and the counts of the capture with it."""
    held = _answers_held(capture, {one.about for one in fresh})
    changed: dict[str, dict[str, Raw]] = {}
    for number, one in enumerate(fresh):
        answer = held.get(one.about)
        if answer is None:
            answer = held[one.about] = _Answer({})
        registers = changed.get(one.about)
        if registers is None:
            registers = changed[one.about] = dict(answer.registers)
        registers[one.field] = raw_take(registers.get(one.field), one, _everything(capture, one.place, fresh, number))
    counts, answered, conflicts = dict(ready.before.counts), ready.before.answered, ready.before.conflicts
    for about, registers in changed.items():
        small = _small(registers)
        ready.answers.append((capture.pk, about, orjson.dumps(registers).decode(), *small.values()))
        conflicts += small["conflicts"] - held[about].conflicts
        kind, code = about_kind(about)
        more = int(small["answered"]) - int(held[about].answered)
        if kind == QUESTION and more:
            cluster = tool.cluster_of[code]
            counts[cluster] = counts.get(cluster, 0) + more
            answered += more
    number = ready.before.number + len(fresh)
    ready.after = replace(ready.before, number=number, counts=counts, answered=answered, conflicts=conflicts)


def _answers_held(capture: Capture, abouts: Collection[str]) -> dict[str, _Answer]:
    """What stood of these things. Past Django's rows: reading JSON is most of the time that they take."""
    places = ", ".join(["%s"] * len(abouts))
    asked = (
        "SELECT about, registers, answered, conflicts FROM capture_captureanswer "  # noqa: S608 - places alone
        f"WHERE capture_id = %s AND about IN ({places})"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [capture.pk, *abouts])
        return {one[0]: _Answer(orjson.loads(one[1]), bool(one[2]), one[3]) for one in cursor.fetchall()}


def _everything(
    capture: Capture, place: tuple[str, str], fresh: Sequence[Operation], until: int
) -> Callable[[], Iterable[Operation]]:
    """All operations of a register that were taken before this one: stored, and of this batch."""

    def read() -> list[Operation]:
        rows = CaptureOperation.objects.filter(capture=capture, about=place[0], field=place[1])
        stored = [operation_trusted(one) for one in rows.values(*CONTENT)]
        return [*stored, *(one for one in fresh[:until] if one.place == place)]

    return read


def _small(registers: Mapping[str, Raw]) -> dict[str, Any]:
    """What lists ask for of one thing."""
    conflicts, values = 0, {}
    for name, raw in registers.items():
        standing = raw["standing"]
        if len(standing) > 1 and register_read(raw).conflict:
            conflicts += 1
        elif standing and standing[0]["value"] is not None:
            values[name] = standing[0]["value"]
    return {
        "determination": values.get("determination", ""),
        "answered": "determination" in values or "answer" in values,
        "conflicts": conflicts,
        "later": "later" in values,
        "serious": "serious" in values,
        "files": sum(name.startswith("file.") for name in values),
    }
