"""Values about a person inside entries: hidden under a key of hers, and erased with it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from betterwork.core.canonical import NotCanonical, canonical_bytes
from betterwork.foundation.ledger.instance_key import KEY_BYTES, WrongKey, instance_key, rewrap, unwrap, wrap
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.rules import id_check

MARK = "$personal"
"""The key under which a hidden value stands in content: ``{"$personal": [person id, base64 or ""]}``."""
FORGOTTEN = "person.forgotten"
ERASED, HIDDEN = "erased", "personal"
_AT_ONCE = 200


class Personal:
    """A value that speaks of a person and goes when she does.

    No dataclass, on purpose: what writes canonical bytes would write one out in the open.
    """

    __slots__ = ("person", "value")

    def __init__(self, person: str, value: Any) -> None:
        self.person, self.value = person, value


def personal(person_id: str, value: Any) -> Personal:
    """Mark ``value`` (anything with a canonical form) in an entry's content as one about this person.

    Raises :class:`BadEntry` when the id is not opaque: it stays readable when the value is erased.
    """
    id_check(person_id)
    return Personal(person_id, value)


def persons_in(content: Any) -> set[str]:
    """The persons whose values are marked in content that is not written yet."""
    return {part.person for part in parts_of(content) if isinstance(part, Personal)}


def hidden(content: Any, keys: Mapping[str, bytes | None]) -> Any:
    """The content with every marked value under its person's key; nothing of it where she has none any more.

    Raises :class:`NotCanonical` when the content uses the mark itself as a key.
    """
    if isinstance(content, Personal):
        key = keys[content.person]
        value = b"" if key is None else wrap(key, canonical_bytes(content.value), bound_to=_bound(content.person))
        return {MARK: [content.person, base64.b64encode(value).decode("ascii")]}
    if isinstance(content, Mapping):
        if MARK in content:
            raise NotCanonical(f"{MARK} is the ledger's own key: use personal(person_id, value)")
        return {name: hidden(value, keys) for name, value in content.items()}
    return [hidden(value, keys) for value in content] if isinstance(content, list | tuple) else content


def shown(content: Any, keys: Mapping[str, bytes | None], *, opened: bool) -> Any:
    """Stored content for a reader: a hidden value is opened, or "[personal]" stands for it, or "[erased]"."""
    if isinstance(content, dict):
        if set(content) == {MARK}:
            person, value = content[MARK]
            return _value_shown(person, value, keys, opened)
        return {name: shown(value, keys, opened=opened) for name, value in content.items()}
    return [shown(value, keys, opened=opened) for value in content] if isinstance(content, list) else content


def persons_hidden_in(content: Any) -> set[str]:
    """The persons whose hidden values stored content holds."""
    return {part[MARK][0] for part in parts_of(content) if isinstance(part, dict) and set(part) == {MARK}}


def keys_held(persons: Iterable[str], *, opened: bool = True) -> dict[str, bytes | None]:
    """The key of each person, None for those who have none.

    Without ``opened`` no key is read: an empty one says that there is one. Raises :class:`WrongKey`.
    """
    keys: dict[str, bytes | None] = dict.fromkeys(persons)
    rows = PersonKey.objects.filter(person__in=list(keys)).values_list("person", "wrapped")
    wrapped = {person: bytes(data) for person, data in rows}
    if not opened:
        return keys | dict.fromkeys(wrapped, b"")
    if wrapped:
        instance = instance_key()
        if instance is None:
            raise WrongKey("the key of the ledger is not there, so personal values cannot be opened")
        keys |= {person: unwrap(instance, data, bound_to=_bound(person)) for person, data in wrapped.items()}
    return keys


def keys_ensured(persons: set[str], *, at: datetime, instance: Callable[[], bytes]) -> dict[str, bytes | None]:
    """The key of each person, made where she has none; None for those who were forgotten.

    ``instance`` gives the instance's key when a new one must be wrapped. The caller holds the ledger's lock.
    """
    keys = keys_held(persons)
    without = {person for person, key in keys.items() if key is None}
    if without:
        subjects = Entry.objects.filter(action=FORGOTTEN, subject__in=[subject_of(one) for one in without])
        gone = set(subjects.values_list("subject", flat=True))
        fresh = {one: secrets.token_bytes(KEY_BYTES) for one in sorted(without) if subject_of(one) not in gone}
        if fresh:
            above = instance()
            PersonKey.objects.bulk_create(
                PersonKey(person=one, wrapped=wrap(above, key, bound_to=_bound(one)), made_at=at)
                for one, key in fresh.items()
            )
        keys |= fresh
    return keys


def persons_rewrap(old: bytes, new: bytes) -> int:
    """Put the key of every person under another key of the instance; return how many there are.

    The caller holds the ledger's lock. Raises :class:`WrongKey` for one that the old key does not open.
    """
    count = 0
    rows = PersonKey.objects.order_by("person")
    after = ""
    while some := list(rows.filter(person__gt=after)[:_AT_ONCE]):
        for row in some:
            row.wrapped = rewrap(old, new, bytes(row.wrapped), bound_to=_bound(row.person))
        PersonKey.objects.bulk_update(some, ["wrapped"])
        count, after = count + len(some), some[-1].person
    return count


def subject_of(person: str) -> str:
    """How a person is named as the subject of an entry."""
    return f"person {person}"


def _value_shown(person: str, value: str, keys: Mapping[str, bytes | None], opened: bool) -> Any:
    key = keys.get(person)
    if not value or key is None:
        return f"[{ERASED}]"
    if not opened:
        return f"[{HIDDEN}]"
    return orjson.loads(unwrap(key, base64.b64decode(value), bound_to=_bound(person)))


def _bound(person: str) -> str:
    return f"betterwork ledger person {person}"


def parts_of(content: Any) -> Iterator[Any]:
    """The content itself and everything inside it."""
    yield content
    if isinstance(content, Mapping):
        for value in content.values():
            yield from parts_of(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from parts_of(value)
