"""Made-up captures: operations as devices make them, and as no device ever should. For the vectors and the properties.

Chance comes in as an argument. Of it only ``random()`` is asked, which gives the same in every version of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeVar

from betterwork.core.capture.fields import CAUSES, SOURCES, Asked
from betterwork.core.capture.merging import State
from betterwork.core.capture.operations import DAY_IN_MILLISECONDS, Operation
from betterwork.core.instrument import AnswerKind, Kind

T = TypeVar("T")

QUESTIONS: Final[tuple[Asked, ...]] = (
    Asked("OSH-8-07", cluster="OSH", serious=True),
    Asked("CHL-1-01", cluster="CHL", serious=True),
    Asked("FAC-2-03", cluster="FAC"),
    Asked("F-01", Kind.FACT, "OSH", AnswerKind.NUMBER, least="0", most="100000"),
    Asked("F-02", Kind.FACT, "OSH", AnswerKind.SHARE),
    Asked("F-03", Kind.FACT, "FAC", AnswerKind.YES_NO),
    Asked("F-04", Kind.FACT, "FAC", AnswerKind.DAY, least="1950-01-01", most="2026-12-31"),
    Asked("F-05", Kind.FACT, "CHL", AnswerKind.CHOICE, choices=("day shift", "night shift")),
    Asked("F-06", Kind.FACT, "CHL", AnswerKind.TEXT),
)
BY_CODE: Final = {one.code: one for one in QUESTIONS}

TEXTS: Final = (
    "Exit B2, second floor, chained at 10:40.",
    "ទ្វារចេញត្រូវបានចាក់សោ",
    "باب الطوارئ مغلق ٣",
    "Cửa thoát hiểm bị khóa",
    "দরজা বন্ধ ছিল",
    "one\ttwo\nthree",
    "e\u0301".replace("e\u0301", "\u00e9"),
    "\U0001f6aa and \U0002070e",
    'quotes " and \\ and / and <b>',
    "\u2028 and \u200f and \ufeff",
    "8.5",
    "null",
)
MADE: Final = ("2026-11-23T05:40:12Z", "2026-11-23T05:40:11Z", "1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z")
_TODAY: Final = 1_795_392_000_000  # 2026-11-23, in milliseconds
MIDNIGHT: Final = "2026-11-23T00:00:00Z"


def pick(chance: Random, those: Sequence[T]) -> T:
    """One of them."""
    return those[int(chance.random() * len(those))]


def below(chance: Random, most: int) -> int:
    """A whole number from 0, below ``most``."""
    return int(chance.random() * most)


def shuffled(chance: Random, those: Sequence[T]) -> list[T]:
    """All of them, in some order."""
    left, found = list(those), []
    while left:
        found.append(left.pop(below(chance, len(left))))
    return found


def hexadecimal(chance: Random, digits: int) -> str:
    """So many hexadecimal digits."""
    return "".join("0123456789abcdef"[below(chance, 16)] for _ in range(digits))


def operation_id(chance: Random, serial: int, *, by_the_day: bool = False) -> str:
    """A UUIDv7, from clocks that do not agree; for an interview the day alone. ``serial`` keeps any two apart."""
    at = _TODAY + (0 if by_the_day else below(chance, DAY_IN_MILLISECONDS))
    return f"{at:012x}7{hexadecimal(chance, 3)}{pick(chance, '89ab')}{hexadecimal(chance, 10)}{serial:05x}"


def interview_id(chance: Random) -> str:
    """An id made by chance alone (UUID version 4)."""
    return f"{hexadecimal(chance, 12)}4{hexadecimal(chance, 3)}{pick(chance, '89ab')}{hexadecimal(chance, 15)}"


def sha(chance: Random) -> str:
    """The name of a file."""
    return hexadecimal(chance, 64)


def value_for(chance: Random, about: str, name: str) -> Any:
    """A value that this field takes; now and then None, which clears."""
    if chance.random() < 0.12:
        return None
    return _value(chance, about, name)


def _value(chance: Random, about: str, name: str) -> Any:
    stem = name.partition(".")[0]
    if stem == "answer":
        return _answer(chance, BY_CODE[about.partition(":")[2]])
    if stem == "source" and "." not in name:
        return pick(chance, ("workers", "union", "managers"))
    fixed: dict[str, Sequence[Any]] = {
        "determination": ("compliant", "non-compliant", "not-applicable", "not-assessed"),
        "source": (True,),
        "serious": (True,),
        "later": (True,),
        "withdrawn": (True,),
        "documents_on_time": (True, False),
        "access": ("unrestricted", "delayed", "restricted"),
        "method": ("alone", "group", "outside the factory", "telephone"),
        "day": ("2026-11-22", "2026-11-23"),
        "cause": tuple(one.code for one in CAUSES),
        "affected": (0, 1, 120, 4000),
        "women": (0, 1, 3, 12),
        "men": (0, 2, 5),
        "not_said": (0, 1),
        "sample": (
            {"looked": 12, "of": None},
            {"looked": 3, "of": 240},
            {"looked": 6, "of": 6},
        ),
        "file": (
            {"name": "exit B2.jpg", "type": "image/jpeg", "size": 120331, "caption": None},
            {"name": "សៀវភៅ.pdf", "type": "application/pdf", "size": 1, "caption": "page 3"},
        ),
    }
    return pick(chance, fixed.get(stem, TEXTS))


def _answer(chance: Random, asked: Asked) -> Any:
    values: dict[AnswerKind, Sequence[Any]] = {
        AnswerKind.NUMBER: ("0", "8.5", "1250", "99999.999999"),
        AnswerKind.SHARE: ("0", "33.3", "100"),
        AnswerKind.YES_NO: (True, False),
        AnswerKind.DAY: ("2026-02-28", "1999-12-31"),
        AnswerKind.CHOICE: asked.choices,
    }
    return pick(chance, values.get(asked.answer, TEXTS))


QUESTION_FIELDS: Final = (
    "determination",
    "reason",
    *(f"source.{one}" for one in SOURCES),
    *(f"note.{one}" for one in SOURCES),
    *(f"sample.{one}" for one in ("documents", "workers", "union")),
    *("affected", "cause", "cause_note", "serious", "later"),
)
FACT_FIELDS: Final = ("answer", "reason", "later", "source.documents")
VISIT_FIELDS: Final = (
    *("access", "access_note", "documents_on_time", "integrity_note", "managers_met", "not_covered", "summary"),
)
INTERVIEW_FIELDS: Final = ("source", "women", "men", "not_said", "method", "day", "words", "withdrawn")


@dataclass(slots=True)
class World:
    """Several devices that work on one capture, each with what it has seen, and all that was ever written."""

    chance: Random
    devices: int = 2
    places: int = 4
    """In how many registers they meet: few, so that they do meet."""
    names: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    written: list[Operation] = field(default_factory=list)
    where: list[tuple[str, str]] = field(default_factory=list)
    made: int = 0

    def __post_init__(self) -> None:
        self.names = [f"{hexadecimal(self.chance, 31)}{at:x}" for at in range(self.devices)]
        self.states = [State() for _ in range(self.devices)]
        self.where = [self.place() for _ in range(self.places)]

    def place(self) -> tuple[str, str]:
        """A register, of a question, a fact, a file, the visit or an interview."""
        roll = self.chance.random()
        if roll < 0.5:
            return f"question:{pick(self.chance, QUESTIONS[:3]).code}", pick(self.chance, QUESTION_FIELDS)
        if roll < 0.65:
            return f"question:{pick(self.chance, QUESTIONS[3:]).code}", pick(self.chance, FACT_FIELDS)
        if roll < 0.73:
            return f"question:{pick(self.chance, QUESTIONS).code}", f"file.{sha(self.chance)}"
        if roll < 0.87:
            return "visit", pick(self.chance, VISIT_FIELDS)
        return f"interview:{interview_id(self.chance)}", pick(self.chance, INTERVIEW_FIELDS)

    def make(self, place: tuple[str, str], bases: Sequence[str], device: int, value: Any = ...) -> Operation:
        """An operation there."""
        about, name = place
        private = about.startswith("interview:")
        self.made += 1
        return Operation(
            id=operation_id(self.chance, self.made, by_the_day=private),
            about=about,
            field=name,
            value=value_for(self.chance, about, name) if value is ... else value,
            bases=tuple(sorted(bases)),
            device=self.names[device],
            made=MIDNIGHT if private else pick(self.chance, MADE),
        )

    def write(self, device: int | None = None) -> Operation:
        """Somebody writes in one of the places, on what stands on her device."""
        at = below(self.chance, self.devices) if device is None else device
        place = pick(self.chance, self.where)
        one = self.make(place, self.states[at].bases(*place), at)
        self.states[at].take(one)
        self.written.append(one)
        return one

    def decide(self, place: tuple[str, str], device: int) -> Operation:
        """Somebody settles what stands in a place, by one of its values."""
        register = self.states[device].register(*place)
        one = self.make(place, register.bases, device, pick(self.chance, register.values))
        self.states[device].take(one)
        self.written.append(one)
        return one

    def meet(self, one: int, other: int) -> None:
        """Two devices tell each other all they know."""
        mine, yours = self.states[one], self.states[other]
        known = list(mine.operations.values())
        mine.take_all(list(yours.operations.values()))
        yours.take_all(known)

    def live(self, steps: int) -> list[Operation]:
        """So many things happen; everything written, in the order of writing."""
        for _ in range(steps):
            roll = self.chance.random()
            if roll < 0.2 and self.devices > 1:
                one = below(self.chance, self.devices)
                self.meet(one, (one + 1 + below(self.chance, self.devices - 1)) % self.devices)
            elif roll < 0.3:
                at = below(self.chance, self.devices)
                conflicts = self.states[at].conflicts()
                if conflicts:
                    self.decide(pick(self.chance, conflicts)[0], at)
            else:
                self.write()
        return list(self.written)

    def ring(self, length: int) -> list[Operation]:
        """Operations that name each other in a ring, some also what stood. Only a bad device makes them."""
        place = pick(self.chance, self.where)
        ids = [self.make(place, (), 0).id for _ in range(length)]
        stood = self.states[0].bases(*place)
        found = []
        for at, one in enumerate(ids):
            bases = {ids[(at + 1) % length], *(stood if self.chance.random() < 0.3 else ())}
            made = self.make(place, sorted(bases), below(self.chance, self.devices))
            found.append(Operation(one, *place, made.value, made.bases, made.device, made.made))
        self.written += found
        self.states[0].take_all(found)
        return found


def arrivals(
    chance: Random, operations: Sequence[Operation], *, twice: float = 0.25, lost: float = 0.0
) -> list[Operation]:
    """An order in which they might arrive: shuffled, some of them several times, some never."""
    kept = [one for one in operations if chance.random() >= lost]
    again = [one for one in kept if chance.random() < twice]
    return shuffled(chance, [*kept, *again])
