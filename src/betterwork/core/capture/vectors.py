"""The vectors that both implementations of merging pass: ``data/vectors.json``, made by this module.

``python -m betterwork.core.capture.vectors`` prints the file's content; a test holds the file against it. The seed is
fixed, and only ``random()`` is asked of chance.

The file, as JSON in ASCII::

    {
      "format": "betterwork.capture.vectors/1",
      "seed": 20261123,
      "questions": [{"code", "kind", "cluster", "answer", "choices", "least", "most", "serious"}, …],
      "cases": [
        {
          "name": "…", "kind": "order" | "missing" | "ring" | "conflict" | "decision" | "text" | "refused" | "stored",
          "operations": [raw, …],          in the order in which they arrive; some of them twice or not at all
          "refused": [[index, reason], …], those of the list that are not taken, and by which code
          "state": [                       what stands then: State.canonical
            {"about", "field", "standing": [id, …], "values": [value, …], "conflict": bool, "early": [id, …]}, …
          ],
          "sha256": "…"                    of the canonical bytes of "state" (core/canonical.py: JSON in UTF-8, keys
        }, …                               sorted, no white space)
      ]
    }

To pass a case: begin with nothing; read and take each raw operation in order, noting the index and reason of what is
refused; compare. ``values`` stand beside ``standing``; rows are sorted by (about, field), ids by themselves, both by
their ASCII characters. ``early`` are ids that were named as a base in that register and are not there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any, Final

from betterwork.core.capture.fields import DATA, Asked, Refusal
from betterwork.core.capture.generators import (
    BY_CODE,
    QUESTIONS,
    TEXTS,
    World,
    arrivals,
    below,
    pick,
    shuffled,
)
from betterwork.core.capture.merging import State
from betterwork.core.capture.operations import Operation, operation_read
from betterwork.core.capture.spoiling import SPOILT

FORMAT: Final = "betterwork.capture.vectors/1"
SEED: Final = 20261123
FILE: Final = DATA / "vectors.json"

Case = dict[str, Any]


def question_raw(asked: Asked) -> dict[str, Any]:
    """A question as the package for a device writes it, as far as operations need it."""
    return {
        "code": asked.code,
        "kind": str(asked.kind),
        "cluster": asked.cluster,
        "answer": str(asked.answer),
        "choices": list(asked.choices),
        "least": asked.least,
        "most": asked.most,
        "serious": asked.serious,
    }


def outcome(operations: Iterable[Any], questions: Mapping[str, Asked] = BY_CODE) -> tuple[State, list[list[Any]]]:
    """Take raw operations in order: the state, and [index, reason] of each that was refused."""
    state, refused = State(), []
    for index, raw in enumerate(operations):
        try:
            state.take(operation_read(raw, questions=questions))
        except Refusal as refusal:
            refused.append([index, refusal.reason])
    return state, refused


def case(name: str, kind: str, operations: Sequence[Any]) -> Case:
    """One case with what Python makes of it."""
    raw = [one.content() if isinstance(one, Operation) else one for one in operations]
    state, refused = outcome(raw)
    return {
        "name": name,
        "kind": kind,
        "operations": raw,
        "refused": refused,
        "state": state.canonical(),
        "sha256": state.digest(),
    }


def _order(chance: Random) -> Sequence[Any]:
    world = World(chance, devices=1 + below(chance, 4), places=1 + below(chance, 4))
    return arrivals(chance, world.live(2 + below(chance, 12)))


def _missing(chance: Random) -> Sequence[Any]:
    world = World(chance, devices=1 + below(chance, 3), places=1 + below(chance, 2))
    return arrivals(chance, world.live(4 + below(chance, 10)), lost=0.35)


def _ring(chance: Random) -> Sequence[Any]:
    world = World(chance, devices=2, places=1 + below(chance, 2))
    world.live(below(chance, 5))
    world.ring(2 + below(chance, 4))
    world.live(below(chance, 4))
    if chance.random() < 0.3:
        world.ring(2 + below(chance, 2))
    return arrivals(chance, world.written, lost=0.1 if chance.random() < 0.5 else 0.0)


def _conflict(chance: Random) -> Sequence[Any]:
    world = World(chance, devices=2 + below(chance, 3), places=1)
    world.write(0)
    for other in range(1, world.devices):
        world.meet(0, other)
    for device in range(world.devices):
        for _ in range(1 + below(chance, 2)):
            world.write(device)
    return arrivals(chance, world.written)


def _decision(chance: Random) -> Sequence[Any]:
    world = World(chance, devices=2 + below(chance, 2), places=1)
    for _ in range(1 + below(chance, 2)):
        for device in range(world.devices):
            world.write(device)
    for other in [*range(1, world.devices), *range(1, world.devices)]:
        world.meet(0, other)
    for decider in range(1 if chance.random() < 0.7 else 2):  # now and then two decide at once
        world.decide(world.where[0], decider)
    if chance.random() < 0.3:
        world.meet(0, 1)
        world.write(0)
    return arrivals(chance, world.written)


def _text(chance: Random) -> Sequence[Any]:
    world = World(chance, devices=2, places=1)
    place = (f"question:{pick(chance, QUESTIONS[:3]).code}", "reason")
    world.written += [world.make(place, (), at % 2, text) for at, text in enumerate(shuffled(chance, TEXTS)[:3])]
    if chance.random() < 0.5:  # equal text of two people is no conflict
        first = world.written[0]
        world.written = [first, world.make(place, (), 1, first.value)]
    return arrivals(chance, world.written)


def _stored(chance: Random) -> Sequence[Any]:
    """Another operation under an id that is there: the one that came first stays."""
    world = World(chance, devices=2, places=2)
    operations: list[Any] = [one.content() for one in arrivals(chance, world.live(5 + below(chance, 4)))]
    other = world.make(("visit", "summary"), (), 0, pick(chance, TEXTS)).content()
    changed = {**other, "value": "something else"}
    return [other, *operations, pick(chance, (changed, {**other, "bases": [operations[0]["id"]]})), other]


MAKERS: Final[Mapping[str, tuple[int, Callable[[Random], Sequence[Any]]]]] = {
    "order": (90, _order),
    "missing": (45, _missing),
    "ring": (45, _ring),
    "conflict": (30, _conflict),
    "decision": (30, _decision),
    "text": (25, _text),
    "stored": (10, _stored),
}


def cases() -> list[Case]:
    """All cases. Each has a chance of its own, so that a case added later moves no other."""
    made = [
        case(f"{kind} {number}", kind, maker(Random(f"{SEED} {kind} {number}")))  # noqa: S311 not for secrets
        for kind, (most, maker) in MAKERS.items()
        for number in range(1, most + 1)
    ]
    return made + [_refused(name) for name in SPOILT]


def _refused(name: str) -> Case:
    """A spoilt operation between two good ones, which are taken."""
    chance = Random(f"{SEED} refused {name}")  # noqa: S311 not for secrets
    world = World(chance, devices=1, places=1)
    world.where = [("question:CHL-1-01", "reason")]
    before, spoilt, after = (world.write(0).content() for _ in range(3))
    reason, spoil = SPOILT[name]
    made = case(name, "refused", [before, spoil({**spoilt, "bases": []}), after])
    if made["refused"] != [[1, reason]]:
        raise AssertionError(f"{name} is refused as {made['refused']}, not {reason}")
    return made


def text() -> str:
    """The file's content: a line for each case."""
    head = {"format": FORMAT, "seed": SEED, "questions": [question_raw(one) for one in QUESTIONS]}
    lines = ",\n".join(json.dumps(one, sort_keys=True, separators=(",", ":")) for one in cases())
    return json.dumps(head, sort_keys=True, separators=(",", ":"))[:-1] + ',"cases":[\n' + lines + "\n]}\n"


if __name__ == "__main__":
    sys.stdout.write(text())
