"""Reading notices: for the person they were given to, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.languages import formats
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.notices.kinds import KINDS, Kind
from betterwork.foundation.notices.models import Mailing, Notice, Preference
from betterwork.foundation.notices.rules import urgency_of


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words."""

    id: str
    person: str
    kind: str
    facts: Any
    url: str
    made_at: datetime
    read_at: datetime | None
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind, and how it reaches a person now."""

    kind: str
    title: str
    must: bool
    how: str


def unread_count(person_id: str) -> int:
    """How many notices a person has not read: for the head of every page. One query."""
    return Notice.objects.filter(person=person_id, read_at__isnull=True).count()


def notices_told(notices: Iterable[Notice]) -> list[Told]:
    """Notices in the words of the page's language, by one question for all names."""
    given = list(notices)
    references = (fact for one in given for fact in one.facts.values() if isinstance(fact, dict))
    names = person_names({one["person"] for one in references if "person" in one})
    return [_told(one, names) for one in given]


def choices_of(actor: Actor) -> list[Choice]:
    """The kinds that concern a person with how each reaches her, by title. One query."""
    chosen = dict(Preference.objects.filter(person=actor.id).values_list("kind", "how"))
    found = [
        Choice(
            one.name, str(one.title), one.must, urgency_of(one.urgency, must=one.must, chosen=chosen.get(one.name, ""))
        )
        for one in KINDS.values()
        if one.concerns(actor)
    ]
    return sorted(found, key=lambda choice: choice.title.casefold())


def kinds_of(person_id: str) -> list[tuple[str, str]]:
    """(kind, title) of the notices that a person has. One query."""
    names = Notice.objects.filter(person=person_id).order_by().values_list("kind", flat=True).distinct()
    return sorted(((name, _title(KINDS.get(name))) for name in names), key=lambda pair: pair[1].casefold())


def person_export(person_id: str) -> dict[str, Any]:
    """All that the room keeps of a person, as plain values for herself."""
    notices = notices_told(Notice.objects.filter(person=person_id).order_by("made_at", "pk"))
    return {
        "notices": [
            {"at": one.made_at.isoformat(), "words": one.words, "read_at": one.read_at and one.read_at.isoformat()}
            for one in notices
        ],
        "preferences": list(Preference.objects.filter(person=person_id).order_by("kind").values("kind", "how")),
        "last_mail_at": [
            one.isoformat() for one in Mailing.objects.filter(person=person_id).values_list("last_at", flat=True) if one
        ],
    }


def _told(notice: Notice, names: Mapping[str, str]) -> Told:
    kind = KINDS.get(notice.kind)
    try:
        facts = {name: _fact(value, names) for name, value in notice.facts.items()}
        words = str(kind.words) % facts if kind else ""
    except (KeyError, TypeError, ValueError):  # told by another version of the platform, with other facts
        words = ""
    return Told(
        id=notice.pk,
        person=notice.person,
        kind=notice.kind,
        facts=notice.facts,
        url=notice.url,
        made_at=notice.made_at,
        read_at=notice.read_at,
        title=_title(kind),
        words=words or _title(kind),
    )


def _title(kind: Kind | None) -> str:
    return str(kind.title) if kind else _("Something happened")


def _fact(value: Any, names: Mapping[str, str]) -> str:
    if not isinstance(value, dict):
        return str(value)
    ((what, key),) = value.items()
    return _IN_WORDS[what](key, names) if what in _IN_WORDS else str(key)


def _person(key: str, names: Mapping[str, str]) -> str:
    return names.get(key) or (_("the operator") if key == "operator" else _("a person who was erased"))


def _day(key: str) -> str:
    try:
        return formats.day(date.fromisoformat(key), language=language_of(get_language()).code)
    except ValueError:
        return key


_IN_WORDS: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "day": lambda key, names: _day(key),
    "person": _person,
    "role": lambda key, names: str(ROLES[key].title) if key in ROLES else key,
    "scope": lambda key, names: str(scope_words(key)),
}
