"""The ledger's decisions as pure functions: what an entry is, its digest, and what breaks a chain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.core.errors import WrongUse

AUDIT, SEAL, RELEASE = "audit", "seal", "release"
KINDS = (AUDIT, SEAL, RELEASE)
OPERATOR = "operator"
"""The actor of a command run by whoever operates the machine, where no person is known."""
GENESIS = "0" * 64
"""What stands as the previous digest of entry 1."""
MOST_OF_A_PAGE = 1000

_ID = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}")
_ACTION = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SUBJECT = re.compile(r"[a-z][a-z0-9-]* \S(.*\S)?")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class BadEntry(ValueError):
    """A program wants to write an entry that the ledger does not take. The message says what would do."""


@dataclass(frozen=True, slots=True)
class Head:
    """The number and digest of an entry, kept outside the database to find a cut-off or rewritten tail."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold: the number of the entry it was found at (None for the file itself), and why."""

    number: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.number is None else f"entry {self.number}: {self.what}"


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as the database holds it, nothing converted that could hide a change.

    ``at`` is the moment as :func:`moment` writes it, or None where the database holds no such moment.
    """

    number: int
    at: str | None
    kind: str
    action: str
    actor: str
    subject: str
    content: bytes
    previous: str
    digest: str


def moment(at: datetime) -> str:
    """A moment as it enters a digest: ISO 8601 in UTC, always with microseconds. Refuses one without a zone."""
    if at.tzinfo is None:
        raise BadEntry(f"the moment {at.isoformat()} has no zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def entry_digest(
    *, number: int, at: str, kind: str, action: str, actor: str, subject: str, content: bytes, previous: str
) -> str:
    """The digest that names an entry and all before it. ``content`` are the canonical bytes; they enter by digest."""
    return digest(
        canonical_bytes_unchecked(
            {
                "number": number,
                "at": at,
                "kind": kind,
                "action": action,
                "actor": actor,
                "subject": subject,
                "content": digest(content),
                "previous": previous,
            }
        )
    )


def entry_check(*, kind: str, action: str, actor: str, subject: str) -> None:
    """Refuse an entry whose words are not of the form that a search can find again. Raises :class:`BadEntry`.

    An actor is an opaque id: a name or an e-mail address does not fit on purpose.
    """
    if kind not in KINDS:
        raise BadEntry(f"kind {kind!r} is not one of {', '.join(KINDS)}")
    if not _ACTION.fullmatch(action) or len(action) > 80:
        raise BadEntry(f"action {action!r} must look like tool.version.sealed, at most 80 characters")
    id_check(actor)
    if not _SUBJECT.fullmatch(subject) or len(subject) > 250 or not subject.isprintable():
        raise BadEntry(f"subject {subject!r} must be a kind and a key, like tool-version garment/2014")


def id_check(text: str) -> None:
    """Refuse as the id of a person what looks like her name or address. Raises :class:`BadEntry`."""
    if not _ID.fullmatch(text):
        raise BadEntry(f"{text!r} must be an opaque id in lower case without spaces, at most 64 characters")


def head_from_text(text: str) -> Head:
    """What ``ledger head`` printed. Raises :class:`WrongUse` for anything else."""
    number, colon, found = text.strip().partition(":")
    if not (colon and number.isascii() and number.isdigit() and len(number) < 19 and _DIGEST.fullmatch(found)):
        raise WrongUse(f"{text!r} is no head of a ledger: write NUMBER:DIGEST as `betterwork ledger head` printed it")
    return Head(int(number), found)


def chain_faults(rows: Iterable[Stored], *, expect: Head | None = None) -> Iterator[Fault]:
    """Everything that does not hold in a chain given in the order of its numbers, one fault for each entry.

    Finds a change in any column, a missing entry and entries out of order. A tail that was cut off,
    or replaced by one that was chained anew, agrees with itself: only ``expect``, a head kept
    elsewhere, finds it. Holds two rows in memory.
    """
    number, before = 0, frozenset({GENESIS})
    for row in rows:
        if row.number > number + 1:
            yield Fault(number + 1, _missing(number + 1, row.number - 1))
            before = frozenset()
        elif row.number <= number:
            yield Fault(row.number, "out of order: there is no entry of this number, or another one has it too")
        found = _digest_of(row)
        faults = [] if found == row.digest else ["it was changed: its digest is another"]
        if before and row.previous not in before and not faults:
            faults.append("it does not follow the entry before it")
        if expect and row.number == expect.number and row.digest != expect.digest:
            faults.append(f"it is not the entry whose digest was kept elsewhere ({expect.digest[:12]}…)")
        if faults:
            yield Fault(row.number, "; ".join(faults))
        number = max(number, row.number)
        # A changed entry is told once: the next one may follow what it says or what it said.
        before = frozenset({row.digest} if found is None else {row.digest, found})
    if expect and expect.number > number:
        yield Fault(number + 1, f"the ledger ends before it: entries up to {expect.number} were cut off")
    if expect and expect.number == 0 and expect.digest != GENESIS:
        yield Fault(0, "there is no such entry, and its digest is not that of an empty ledger")


def _missing(first: int, last: int) -> str:
    return "missing" if first == last else f"missing, and all after it up to {last}"


def _digest_of(row: Stored) -> str | None:
    if row.at is None:
        return None
    try:
        return entry_digest(
            number=row.number,
            at=row.at,
            kind=row.kind,
            action=row.action,
            actor=row.actor,
            subject=row.subject,
            content=row.content,
            previous=row.previous,
        )
    except ValueError:  # what is stored has no canonical form
        return None
