"""The trail as people read it: whose name, which words, what changed, who has seen it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from betterwork.foundation.contributions.registry import Panel, person_names
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.content import Node, tree
from betterwork.foundation.ledger.models import Entry, Verification
from betterwork.foundation.ledger.personal import MARK, keys_held, parts_of, persons_hidden_in, shown
from betterwork.foundation.ledger.queries import Shown, content_read, entries_shown
from betterwork.foundation.ledger.rules import OPERATOR, RELEASE, moment
from betterwork.foundation.ledger.words import KIND_WORDS, SEEN, action_words, actor_words

PER_PAGE = 50
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as a page tells it. ``content`` is read only where it is shown."""

    number: int
    at: datetime
    kind: str
    action: str
    actor: str
    subject: str
    digest: str
    who: str
    what: str
    kind_words: str
    content: Any = None
    nodes: tuple[Node, ...] = ()


def told(entries: Iterable[Entry | Shown], *, with_content: bool = False, reader: str = "") -> list[Told]:
    """Entries in words, by one question for all names. ``with_content`` asks for entries from ``entries_shown``.

    For a ``reader`` of her own trail nobody else is named.
    """
    given = list(entries)
    names = {reader: _("you")} if reader else person_names({one.actor for one in given})
    return [
        Told(
            number=one.number,
            at=one.at,
            kind=one.kind,
            action=one.action,
            actor=one.actor,
            subject=one.subject,
            digest=one.digest,
            who=actor_words(one.actor, names, unknown=_("another person") if reader else ""),
            what=str(action_words(one.action)),
            kind_words=str(KIND_WORDS[one.kind]),
            content=one.content if with_content else None,
            nodes=tree(one.content) if with_content else (),
        )
        for one in given
    ]


def trail_page(rows: QuerySet[Entry], *, limit: int = PER_PAGE, reader: str = "") -> tuple[list[Told], int | None]:
    """The first of ``rows``, newest first, and the number before which the next page begins, if there is one."""
    found = list(rows.order_by("-number").defer("content")[: limit + 1])
    page = told(found[:limit], reader=reader)
    return page, page[-1].number if len(found) > limit else None


def entry_told(entry: Entry, *, opened: bool = False) -> Told:
    """One entry with its content; personal values hidden unless ``opened``. Raises :class:`WrongKey`."""
    return told(entries_shown([entry], opened=opened), with_content=True)[0]


def entries_told(rows: QuerySet[Entry]) -> Iterator[Told]:
    """All of ``rows`` with their content, personal values hidden, in bounded memory."""
    some: list[Entry] = []
    for entry in rows.iterator(chunk_size=_AT_ONCE):
        some.append(entry)
        if len(some) == _AT_ONCE:
            yield from told(entries_shown(some), with_content=True)
            some = []
    yield from told(entries_shown(some), with_content=True)


def persons_of(entry: Entry) -> list[str]:
    """The persons about whom the entry holds a personal value, erased ones too."""
    return sorted(persons_hidden_in(content_read(entry)))


def actors_called(text: str) -> list[str]:
    """The ids of those who did something and whose name holds the text; or the one whose id it is. Two queries."""
    wanted = text.strip().casefold()
    known = _different("actor")
    if wanted in known:
        return [wanted]
    names = {**person_names(known), OPERATOR: actor_words(OPERATOR, {})}
    return [one for one in known if wanted in names.get(one, "").casefold()]


def actions_known() -> list[tuple[str, str]]:
    """(action, its words) of all that was ever done, in the order of the words. One query."""
    return sorted(((one, str(action_words(one))) for one in _different("action")), key=lambda pair: pair[1].casefold())


def seen(rows: QuerySet[Entry], subject: str) -> QuerySet[Entry]:
    """Those of ``rows`` that say that somebody was given the subject, or has seen it."""
    return rows.filter(Q(kind=RELEASE) | Q(action__in=sorted(SEEN)), subject=subject).order_by("-number")


def verification_last() -> Verification | None:
    """The last time that somebody looked whether the chain holds."""
    return Verification.objects.order_by("-at", "-pk").first()


def seen_panel(subject: str, *, reader: str = "", most: int = 20) -> Panel:
    """A sheet that says who was given a thing or has seen it, for a page for the programme's staff.

    With a ``reader``, for a page for the person herself, where nobody else is named. The page that shows it answers
    for its reader being allowed to know.
    """
    from betterwork.foundation.ledger.presentations import ENTRY_FOR_HERSELF, ENTRY_FOR_STAFF

    page, _further = trail_page(seen(Entry.objects.all(), subject), limit=most, reader=reader)
    values = {"entries": (ENTRY_FOR_HERSELF if reader else ENTRY_FOR_STAFF).rows(page)}
    return Panel(_lazy("Who has seen this"), "ledger/seen_panel.html", values, order=900)


def person_export(person_id: str) -> dict[str, Any]:
    """What the ledger holds of a person, as plain values for herself: entries by her and about her, values opened.

    Reads all entries. Raises :class:`WrongKey`.
    """
    from betterwork.foundation.ledger.policy import TRAIL_MINE

    mine = TRAIL_MINE.visible_to(Actor(id=person_id)).order_by("number").defer("content")
    return {
        "entries": [
            {"number": one.number, "at": moment(one.at), "action": one.action, "subject": one.subject}
            for one in mine.iterator(chunk_size=_AT_ONCE)
        ],
        "values": list(personal_values(person_id)),
    }


def personal_values(person_id: str) -> Iterator[dict[str, Any]]:
    """What entries hold of a person under her key, opened: for herself. Reads all entries, in bounded memory.

    Raises :class:`WrongKey`.
    """
    sign = f'"{MARK}":["{person_id}",'.encode()
    some: list[Entry] = []
    for entry in Entry.objects.order_by("number").iterator(chunk_size=_AT_ONCE):
        if sign in bytes(entry.content):
            some.append(entry)
        if len(some) == _AT_ONCE:
            yield from _values_of(person_id, some)
            some = []
    yield from _values_of(person_id, some)


def _values_of(person_id: str, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    keys = keys_held([person_id] if entries else [])
    for entry in entries:
        hidden = [part for part in parts_of(content_read(entry)) if isinstance(part, dict) and set(part) == {MARK}]
        values = [shown(part, keys, opened=True) for part in hidden if part[MARK][0] == person_id]
        yield {"number": entry.number, "at": moment(entry.at), "action": entry.action, "values": values}


def _different(column: str) -> Collection[str]:
    """The different values of an indexed column, by leaping from one to the next in its index."""
    table = Entry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE one(value) AS (SELECT MIN({column}) FROM {table} UNION ALL "  # noqa: S608
            f"SELECT (SELECT MIN({column}) FROM {table} WHERE {column} > one.value) FROM one "
            "WHERE one.value IS NOT NULL) SELECT value FROM one WHERE value IS NOT NULL"
        )
        return [value for (value,) in cursor.fetchall()]
