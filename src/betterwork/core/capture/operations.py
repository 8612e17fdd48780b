"""Operations: the one thing a device makes. Each says what one person wrote in one field, and on top of what.

An operation is read strictly: what is not exactly one is refused with a code, and whoever refuses keeps it whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.core.capture.fields import (
    INTERVIEW,
    LIMITS,
    Asked,
    Field,
    Refusal,
    about_is_confidential,
    about_kind,
    field_called,
    matches,
    value_check,
)

KEYS: Final = frozenset({"id", "about", "field", "value", "bases", "device", "made"})
"""What an operation has as it leaves the device. The server adds ``by`` and its own number beside it."""
DAY_IN_MILLISECONDS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Operation:
    """What one person wrote in one field.

    ``bases`` are the ids that stood in this field when she wrote: what she saw and wrote over. ``made`` is what her
    device's clock said; it decides nothing. ``by`` is added by the server, an opaque person.
    """

    id: str
    about: str
    field: str
    value: Any = dataclasses.field(hash=False)
    bases: tuple[str, ...]
    device: str
    made: str
    by: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Its register: the thing and the field."""
        return self.about, self.field

    @property
    def confidential(self) -> bool:
        """Whether it is for the visit's own advisors alone."""
        return about_is_confidential(self.about)

    def content(self) -> dict[str, Any]:
        """As it left the device, ready for JSON: without what the server added."""
        return {
            "id": self.id,
            "about": self.about,
            "field": self.field,
            "value": self.value,
            "bases": list(self.bases),
            "device": self.device,
            "made": self.made,
        }

    def digest(self) -> str:
        """SHA-256 of the canonical bytes of its content: two operations are the same exactly when these are equal."""
        return digest(canonical_bytes_unchecked(self.content()))

    def written_by(self, person: str) -> Operation:
        """The same with its person, as the server adds it."""
        return dataclasses.replace(self, by=person)


Fields = dict[tuple[str, str], tuple[Field, Asked | None]]
"""Fields of things that were looked up before, for who reads many operations of one tool."""


def operation_read(
    raw: object, *, questions: Mapping[str, Asked], by: str = "", fields: Fields | None = None
) -> Operation:
    """The operation that ``raw`` (parsed JSON) is, held against the list of fields and the tool's questions by code.

    ``by`` is who sent it, which no device may say itself: a key ``by`` in ``raw`` is refused.
    ``fields`` is kept by the caller, for the same questions. Raises
    :class:`~betterwork.core.capture.fields.Refusal` with a code of ``fields.REASONS``.
    """
    if not isinstance(raw, dict) or raw.keys() != KEYS:
        raise Refusal("no-operation")
    if not matches("operation", raw["id"]):
        raise Refusal("bad-id")
    if not matches("device", raw["device"]):
        raise Refusal("bad-device")
    if not made_is_a_moment(raw["made"]):
        raise Refusal("bad-made")
    bases = _bases_read(raw["bases"], raw["id"])
    found, asked = _field(raw["about"], raw["field"], questions, {} if fields is None else fields)
    if found.about == INTERVIEW:
        hour_check(raw["about"], raw["id"], raw["made"])
    value_check(found, raw["value"], asked)
    return Operation(raw["id"], raw["about"], raw["field"], raw["value"], bases, raw["device"], raw["made"], by)


def _field(about: Any, name: Any, questions: Mapping[str, Asked], fields: Fields) -> tuple[Field, Asked | None]:
    known = fields.get((about, name)) if isinstance(about, str) and isinstance(name, str) else None
    if known is None:
        known = field_called(about, name, questions)
        if known[0].about != INTERVIEW and known[0].part != "sha256":  # of these there is no end
            fields[about, name] = known
    return known


def operation_trusted(raw: Mapping[str, Any]) -> Operation:
    """An operation that was read before and was stored: not held against anything. ``by`` may be there."""
    return Operation(
        raw["id"],
        raw["about"],
        raw["field"],
        raw["value"],
        tuple(raw["bases"]),
        raw["device"],
        raw["made"],
        raw.get("by", ""),
    )


def _bases_read(raw: object, own: str) -> tuple[str, ...]:
    if raw == [] and isinstance(raw, list):
        return ()
    if isinstance(raw, list) and len(raw) == 1 and raw[0] != own and matches("operation", raw[0]):
        return (raw[0],)
    if not isinstance(raw, list) or len(raw) > LIMITS["bases"] or not all(matches("operation", one) for one in raw):
        raise Refusal("bad-bases")
    if raw != sorted(set(raw)):
        raise Refusal("bad-bases")
    if own in raw:
        raise Refusal("own-base")
    return tuple(raw)


def made_is_a_moment(made: object) -> bool:
    """Whether it is a moment that exists, as ``2026-11-23T05:40:12Z``."""
    if not matches("made", made):
        return False
    try:
        datetime.fromisoformat(str(made))
    except ValueError:
        return False
    return True


def hour_check(about: str, operation: str, made: str) -> None:
    """Refuse (``tells-the-hour``) an operation of an interview that tells more than the day.

    Its ``made`` is a midnight; the time in its id, and in the interview's where that is a UUIDv7, is a whole day.
    """
    _, interview = about_kind(about)
    ids = [operation] + ([interview] if matches("operation", interview) else [])
    if not matches("made_by_the_day", made) or any(int(one[:12], 16) % DAY_IN_MILLISECONDS for one in ids):
        raise Refusal("tells-the-hour")


def ids_digest(ids: Iterable[str]) -> str:
    """One digest for a set of operations: SHA-256 of the sorted ids, each followed by a line feed.

    Device and server compare it before a device may forget what it holds.
    """
    return digest("".join(f"{one}\n" for one in sorted(set(ids))).encode("ascii"))
