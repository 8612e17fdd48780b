"""Reading the ledger: searching it, and looking whether the chain holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.db.models.functions import Left

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.checks import CHECKS
from betterwork.foundation.ledger.instance_key import WrongKey, fingerprint, instance_key, key_adopt
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.personal import FORGOTTEN, MARK, keys_held, persons_hidden_in, shown, subject_of
from betterwork.foundation.ledger.rules import GENESIS, MOST_OF_A_PAGE, Fault, Head, Stored, chain_faults, moment
from betterwork.foundation.ledger.seals import missing_seals

KEY_USED = "ledger.key.used"
KEY_CHANGED = "ledger.key.changed"
UNREADABLE = "[unreadable: run betterwork ledger verify]"
_AT_ONCE = 200

_COLUMNS = ("kind", "action", "actor", "subject", "content", "previous", "digest")


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry for a reader, with its content opened as far as the reader asked."""

    number: int
    at: datetime
    kind: str
    action: str
    actor: str
    subject: str
    content: Any
    digest: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; ``before`` asks for the next page, or is None on the last one."""

    entries: tuple[Shown, ...]
    before: int | None


def ledger_head() -> Head:
    """The last entry's number and digest; 0 and zeros when there is none."""
    with connection.cursor() as cursor:  # past Django's rows: who writes an entry asks this while others wait
        cursor.execute("SELECT number, digest FROM ledger_entry ORDER BY number DESC LIMIT 1")
        found = cursor.fetchone()
    return Head(*found) if found else Head(0, GENESIS)


def entries_search(
    *,
    actor: str = "",
    subject: str = "",
    action: str = "",
    kind: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
    opened: bool = False,
    rows: QuerySet[Entry] | None = None,
) -> Page:
    """Entries, newest first, that match everything given: a page of at most ``limit`` (1 to 1000) by two queries.

    ``subject`` and ``action`` may end in ``*`` for "begins with"; ``start`` is inside the period and
    ``end`` is not. Personal values stay hidden unless ``opened``. ``rows`` are those that the reader may see, all of
    them without. Raises :class:`WrongUse`, and :class:`WrongKey` when they are to be opened and the key is another.
    """
    if not 1 <= limit <= MOST_OF_A_PAGE:
        raise WrongUse(f"a page holds 1 to {MOST_OF_A_PAGE} entries, not {limit}")
    found = entries_matching(
        Entry.objects.all() if rows is None else rows,
        actors=[actor] if actor else None,
        subject=subject,
        action=action,
        kind=kind,
        start=start,
        end=end,
        before=before,
    )
    page = list(found[: limit + 1])
    entries = tuple(entries_shown(page[:limit], opened=opened))
    return Page(entries, entries[-1].number if len(page) > limit else None)


def entries_matching(
    rows: QuerySet[Entry],
    *,
    actors: Collection[str] | None = None,
    subject: str = "",
    action: str = "",
    kind: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    before: int | None = None,
) -> QuerySet[Entry]:
    """Those of ``rows`` that match everything given, newest first. See :func:`entries_search`."""
    exact = {"actor__in": actors, "kind": kind, "at__gte": start, "at__lt": end, "number__lt": before}
    rows = rows.order_by("-number").filter(**{name: value for name, value in exact.items() if value not in ("", None)})
    for column, text in (("subject", subject), ("action", action)):
        rows = _matching(rows, column, text)
    return rows


def content_read(entry: Entry | bytes | memoryview) -> Any:
    """What an entry holds; words that say so where it was changed beyond reading."""
    try:
        return orjson.loads(bytes(entry.content if isinstance(entry, Entry) else entry))
    except orjson.JSONDecodeError:  # somebody changed it
        return UNREADABLE


def entries_shown(rows: Collection[Entry], *, opened: bool = False) -> Iterator[Shown]:
    """Entries with their content for a reader, by one query for all. Raises :class:`WrongKey`."""
    contents = [content_read(row.content) for row in rows]
    keys = keys_held(persons_hidden_in(contents), opened=opened)
    for row, content in zip(rows, contents, strict=True):
        yield Shown(
            number=row.number,
            at=row.at,
            kind=row.kind,
            action=row.action,
            actor=row.actor,
            subject=row.subject,
            content=shown(content, keys, opened=opened),
            digest=row.digest,
        )


def _matching(rows: QuerySet[Entry], column: str, text: str) -> QuerySet[Entry]:
    if text.endswith("*") and len(text) > 1:
        # Not LIKE: it does not tell capital letters on SQLite.
        return rows.annotate(**{f"{column}_begins": Left(column, len(text) - 1)}).filter(
            **{f"{column}_begins": text[:-1]}
        )
    return rows.filter(**{column: text}) if text not in ("", "*") else rows


def ledger_faults(*, expect: Head | None = None) -> Iterator[Fault]:
    """Everything that does not hold in the ledger, in bounded memory. See :func:`rules.chain_faults`.

    Reads what the database stores, not what the program would make of it, so that a change which
    reads alike (another way to write the same moment) is found. On SQLite the file's own structure
    is looked at too.
    """
    try:
        yield from _file_faults()
        yield from chain_faults(_stored(), expect=expect)
    except DatabaseError as error:
        yield Fault(None, f"the database cannot be read: {error}")


def instance_faults(*, expect: Head | None = None) -> Iterator[str]:
    """One line for each thing that does not hold: seals off, faults of the ledger, faults that other rooms find."""
    yield from (f"the seals of {table} are gone: rows of it can be changed" for table in missing_seals())
    yield from map(str, ledger_faults(expect=expect))
    for name, check in {"persons": persons_faults, **CHECKS}.items():
        try:
            yield from (f"{name}: {line}" for line in check())
        except DatabaseError as error:
            yield f"{name}: the database cannot be read: {error}"


def persons_faults() -> Iterator[Fault]:
    """Values erased though no entry says so, and keys held of persons who were forgotten; each person told once.

    Memory grows with the number of persons and not with that of entries.
    """
    forgotten = set(Entry.objects.filter(action=FORGOTTEN).values_list("subject", flat=True))
    held = set(PersonKey.objects.values_list("person", flat=True))
    for person in sorted(one for one in held if subject_of(one) in forgotten):
        yield Fault(None, f"person {person} was forgotten, and her key is there: a backup brought it back")
    rows = Entry.objects.order_by("number").values_list("number", "content")
    for number, content in rows.iterator(chunk_size=_AT_ONCE):
        if MARK.encode() in bytes(content):
            gone = sorted(
                one for one in persons_hidden_in(content_read(content)) - held if subject_of(one) not in forgotten
            )
            held.update(gone)
            for person in gone:
                what = f"values of person {person} are erased, and no entry says that she was forgotten"
                yield Fault(number, what)


def seal_contents() -> Iterator[tuple[int, str, Any]]:
    """(number, action, content) of every entry of kind seal, oldest first, in bounded memory.

    An entry whose content was changed beyond reading has None: :func:`ledger_faults` tells of it.
    """
    rows = Entry.objects.filter(kind="seal").order_by("number").values_list("number", "action", "content")
    for number, action, content in rows.iterator(chunk_size=_AT_ONCE):
        read = content_read(content)
        yield number, action, None if read == UNREADABLE else read


def key_in_use() -> str | None:
    """The fingerprint of the key under which personal values are written; None while there is none."""
    last = Entry.objects.filter(action__in=[KEY_USED, KEY_CHANGED]).order_by("-number").first()
    if last is None:
        return None
    content = content_read(last.content)
    return str(content.get("fingerprint")) if isinstance(content, dict) else UNREADABLE


def instance_key_check() -> None:
    """Refuse to work with a key that is not the ledger's. Raises :class:`WrongKey`, or WrongUse for no key at all.

    A change of the key that was cut off after the database had it comes to its end here.
    """
    wanted = key_in_use()
    if wanted is not None:
        key_adopt(wanted)
    key = instance_key()
    if wanted is None or (key is not None and fingerprint(key) == wanted):
        return
    what = "is not there" if key is None else f"is another one (fingerprint {fingerprint(key)[:16]})"
    raise WrongKey(
        f"the key of the ledger {what}; personal values are under the one with fingerprint {wanted[:16]}. "
        "Set LEDGER_KEY to it, or put keys/ledger.key back from a backup of BETTERWORK_HOME"
    )


def _stored() -> Iterator[Stored]:
    read = _stored_postgresql if connection.vendor == "postgresql" else _stored_sqlite
    with connection.chunked_cursor() as cursor:
        yield from read(cursor)


def _stored_sqlite(cursor: Any) -> Iterator[Stored]:
    """Every column as its bytes: a text that is not UTF-8 must be told, not stop the reading."""
    bytes_of = ", ".join(f"CAST({column} AS BLOB), typeof({column})" for column in ("at", *_COLUMNS))
    cursor.execute(f"SELECT number, typeof(number), {bytes_of} FROM ledger_entry ORDER BY number")  # noqa: S608
    types = ("integer", "text", "text", "text", "text", "text", "blob", "text", "text")
    while rows := cursor.fetchmany(_AT_ONCE):
        for row in rows:
            number, at, *rest = row[::2]
            values = dict(zip(_COLUMNS, (bytes(value or b"") for value in rest), strict=True))
            content = values.pop("content")
            try:
                words = {name: value.decode() for name, value in values.items()}
            except UnicodeDecodeError:
                words, at = dict.fromkeys(values, ""), None
            alike = row[1::2] == types  # the same bytes under another type are a change too
            yield Stored(
                number=number if isinstance(number, int) else 0,
                at=_moment_sqlite(at) if alike else None,
                content=content,
                **words,
            )


def _moment_sqlite(stored: bytes | None) -> str | None:
    """The moment that Django stored, and None for anything that it would have written otherwise."""
    try:
        text = bytes(stored or b"").decode("ascii")
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment(at.replace(tzinfo=UTC)) if str(at) == text else None


def _stored_postgresql(cursor: Any) -> Iterator[Stored]:
    at = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    cursor.execute(f"SELECT number, {at}, {', '.join(_COLUMNS)} FROM ledger_entry ORDER BY number")  # noqa: S608
    while rows := cursor.fetchmany(_AT_ONCE):
        for number, at, kind, action, actor, subject, content, previous, digest in rows:
            yield Stored(number, at, kind, action, actor, subject, bytes(content), previous, digest)


def _file_faults() -> Iterator[Fault]:
    """What SQLite itself finds: a row and its index that disagree, a page that cannot be read."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(ledger_entry)")
        for (line,) in cursor.fetchall():
            if line != "ok":
                yield Fault(None, f"the database file is damaged: {line}")
