"""How operations become what stands: one multi-value register for each field of each thing.

The state is a function of the SET of operations. In a register an operation is *superseded* when another one names it
as a base, and *stands* otherwise; operations that name each other round in a ring all stand, for none of them was
written after the others. One standing value is the value; several different ones are a conflict, which a person ends
by an operation that names all that stand. No clock and no order of arrival is ever asked.

:func:`fold` is the specification. :class:`Register` is the small value that a server keeps of one register and brings
up to date operation by operation; :class:`State` does the same for all registers in memory, as a device does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.core.capture.fields import Refusal
from betterwork.core.capture.operations import Operation

Place = tuple[str, str]
"""A register: (about, field)."""
Raw = dict[str, Any]
"""A register as a column holds it: what ``Register.as_json`` wrote."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An operation that stands: its id, what it says, who wrote it and on which device."""

    id: str
    value: Any = field(hash=False)
    by: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """What is kept of one register: the operations that stand, by id, and the ids that were named but never seen."""

    standing: tuple[Standing, ...] = ()
    early: tuple[str, ...] = ()

    @property
    def bases(self) -> tuple[str, ...]:
        """What the next operation names as its bases: everything that stands, sorted."""
        return tuple(one.id for one in self.standing)

    @property
    def values(self) -> tuple[Any, ...]:
        """The different values that stand, in the order of the first id of each. One of them may be None."""
        found: dict[bytes, Any] = {}
        for one in self.standing:
            found.setdefault(canonical_bytes_unchecked(one.value), one.value)
        return tuple(found.values())

    @property
    def conflict(self) -> bool:
        """Whether different values stand, and a person has to decide."""
        return len(self.standing) > 1 and len(self.values) > 1

    @property
    def value(self) -> Any:
        """The value; None for nothing, for cleared, and in a conflict."""
        if not self.standing or self.conflict:
            return None
        return self.standing[0].value

    def take(self, operation: Operation, everything: Callable[[], Iterable[Operation]]) -> Register:
        """The register with one more operation, which it has not taken before (whoever keeps operations by id knows).

        ``everything`` gives all operations of this register taken so far, in any order. It is asked only where the
        operation names one that does not stand (was it superseded, or did it never come?), or was itself named before
        it came (a ring may close).
        """
        if not self.early and operation.bases == self.bases:  # written on top of all that stands: by far the most
            return Register((_standing(operation),))
        named = set(operation.bases)
        early = set(self.early)
        if operation.id in early:
            if named:
                return register_fold([*everything(), operation])
            return Register(self.standing, tuple(one for one in self.early if one != operation.id))
        unknown = named.difference((one.id for one in self.standing), early)
        if unknown:
            early |= unknown.difference(one.id for one in everything())
        kept = [one for one in self.standing if one.id not in named]
        kept.append(_standing(operation))
        kept.sort(key=_id)
        return Register(tuple(kept), tuple(sorted(early)))

    def as_json(self) -> dict[str, Any]:
        """For a column of the server. ``early`` is left out where it is empty."""
        told: dict[str, Any] = {
            "standing": [
                {"id": one.id, "value": one.value, "by": one.by, "device": one.device} for one in self.standing
            ]
        }
        if self.early:
            told["early"] = list(self.early)
        return told


EMPTY: Final = Register()
"""A register in which nothing was ever written."""


def register_read(raw: Mapping[str, Any] | None) -> Register:
    """The register that :meth:`Register.as_json` wrote; None is the empty one."""
    if raw is None:
        return EMPTY
    return Register(tuple(Standing(**one) for one in raw["standing"]), tuple(raw.get("early", ())))


def raw_take(raw: Raw | None, operation: Operation, everything: Callable[[], Iterable[Operation]]) -> Raw:
    """As :meth:`Register.take`, on what :meth:`Register.as_json` wrote; None is the empty register.

    By far most operations are written on top of all that stands: then nothing need be read but the ids.
    """
    standing = () if raw is None else raw["standing"]
    if (raw is None or "early" not in raw) and operation.bases == tuple([one["id"] for one in standing]):
        return {
            "standing": [{"id": operation.id, "value": operation.value, "by": operation.by, "device": operation.device}]
        }
    return register_read(raw).take(operation, everything).as_json()


def register_fold(operations: Iterable[Operation]) -> Register:
    """What stands among the operations of ONE register, in any order, any number of times: the specification."""
    by_id = {one.id: one for one in operations}
    named = {base for one in by_id.values() for base in one.bases}
    rings = _rings(by_id) if named & by_id.keys() else {}
    superseded = {
        base for one in by_id.values() for base in one.bases if rings.get(base, base) != rings.get(one.id, one.id)
    }
    standing = tuple(_standing(by_id[one]) for one in sorted(by_id.keys() - superseded))
    return Register(standing, tuple(sorted(named - by_id.keys())))


def _standing(operation: Operation) -> Standing:
    return Standing(operation.id, operation.value, operation.by, operation.device)


def _id(one: Standing) -> str:
    return one.id


def _rings(by_id: Mapping[str, Operation]) -> dict[str, str]:
    """Each operation that lies on a ring → the smallest id of its ring (Tarjan's components, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    ring_of: dict[str, str] = {}
    for start in by_id:
        if start in number:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _enter(start, by_id, number, low, path, on_path, work)
        while work:
            at, bases = work[-1]
            following = next(bases, None)
            if following is None:
                work.pop()
                if work:
                    before = work[-1][0]
                    low[before] = min(low[before], low[at])
                if low[at] == number[at]:
                    _close(at, path, on_path, ring_of)
            elif following not in by_id:
                continue
            elif following not in number:
                _enter(following, by_id, number, low, path, on_path, work)
            elif following in on_path:
                low[at] = min(low[at], number[following])
    return ring_of


def _enter(
    one: str,
    by_id: Mapping[str, Operation],
    number: dict[str, int],
    low: dict[str, int],
    path: list[str],
    on_path: set[str],
    work: list[tuple[str, Iterator[str]]],
) -> None:
    number[one] = low[one] = len(number)
    path.append(one)
    on_path.add(one)
    work.append((one, iter(by_id[one].bases)))


def _close(last: str, path: list[str], on_path: set[str], ring_of: dict[str, str]) -> None:
    ring: list[str] = []
    while not ring or ring[-1] != last:
        ring.append(path.pop())
        on_path.discard(ring[-1])
    smallest = min(ring)
    ring_of.update(dict.fromkeys(ring, smallest))


@dataclass(slots=True)
class State:
    """All registers of a capture, with the operations they come from. Grows by :meth:`take`; nothing is ever taken out.

    Two states are equal in what stands exactly when their :meth:`canonical` forms are.
    """

    operations: dict[str, Operation] = field(default_factory=dict)
    registers: dict[Place, Register] = field(default_factory=dict)
    _of_register: dict[Place, list[Operation]] = field(
        default_factory=lambda: defaultdict(list), repr=False, compare=False
    )
    _fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list), repr=False, compare=False)

    def take(self, operation: Operation) -> bool:
        """Take one operation; False where it was here already.

        Raises :class:`~betterwork.core.capture.fields.Refusal` (``other-content``) where another one has its id.
        """
        known = self.operations.get(operation.id)
        if known is not None:
            if known is operation or known.digest() == operation.digest():
                return False
            raise Refusal("other-content")
        place = operation.place
        before = self._of_register[place]
        if not before:
            self._fields[operation.about].append(operation.field)
        self.registers[place] = self.registers.get(place, EMPTY).take(operation, lambda: before)
        before.append(operation)
        self.operations[operation.id] = operation
        return True

    def take_all(self, operations: Iterable[Operation]) -> int:
        """Take many; how many were new."""
        return sum(self.take(one) for one in operations)

    def register(self, about: str, name: str) -> Register:
        """One register; the empty one where nothing was written."""
        return self.registers.get((about, name), EMPTY)

    def bases(self, about: str, name: str) -> tuple[str, ...]:
        """What the next operation there names as its bases."""
        return self.register(about, name).bases

    def value(self, about: str, name: str) -> Any:
        """The value there; None for nothing, for cleared, and in a conflict."""
        return self.register(about, name).value

    def values(self, about: str) -> dict[str, Any]:
        """Field → value of one thing: without what is empty and without what is in conflict."""
        found = {name: self.registers[about, name].value for name in sorted(self._fields.get(about, ()))}
        return {name: value for name, value in found.items() if value is not None}

    def abouts(self) -> tuple[str, ...]:
        """Everything of which something was written."""
        return tuple(sorted(self._fields))

    def history(self, about: str, name: str) -> tuple[Operation, ...]:
        """All operations of a register, by id: what stands and what was written over."""
        return tuple(sorted(self._of_register.get((about, name), ()), key=lambda one: one.id))

    def conflicts(self) -> tuple[tuple[Place, Register], ...]:
        """The registers in which different values stand, in order."""
        return tuple(
            (place, self.registers[place]) for place in sorted(self.registers) if self.registers[place].conflict
        )

    def canonical(self) -> list[dict[str, Any]]:
        """What stands, in one form for both sides: the registers in order of (about, field), each with the ids that
        stand, their values beside them, whether that is a conflict, and the ids that were named and never came."""
        return [
            {
                "about": about,
                "field": name,
                "standing": [one.id for one in register.standing],
                "values": [one.value for one in register.standing],
                "conflict": register.conflict,
                "early": list(register.early),
            }
            for (about, name), register in sorted(self.registers.items(), key=lambda one: one[0])
        ]

    def digest(self) -> str:
        """SHA-256 of the canonical bytes of :meth:`canonical`."""
        return digest(canonical_bytes_unchecked(self.canonical()))


def fold(operations: Iterable[Operation]) -> State:
    """The state of a set of operations, in any order, any number of times: the specification of everything here.

    Raises :class:`~betterwork.core.capture.fields.Refusal` (``other-content``) where two of them share an id.
    """
    state = State()
    gathered: dict[Place, list[Operation]] = defaultdict(list)
    for one in operations:
        known = state.operations.setdefault(one.id, one)
        if known is one:
            gathered[one.place].append(one)
        elif known.digest() != one.digest():
            raise Refusal("other-content")
    state.registers = {place: register_fold(those) for place, those in gathered.items()}
    state._of_register = gathered
    for about, name in gathered:
        state._fields[about].append(name)
    return state
