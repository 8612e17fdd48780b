"""How country programmes, their life and their rules are shown, and to whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.languages import formats
from betterwork.modules.countries.declaring import SETTINGS, Declared
from betterwork.modules.countries.models import STATE_WORDS, CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.rules import (
    CANDIDATE,
    CHOICES,
    CLOSED,
    DATES,
    DAYS,
    FORTHCOMING,
    INTEGER,
    RUNNING,
    value_dates,
    value_parts,
)

WORDS: dict[str, Any] = {"": _("Not begun"), **dict(STATE_WORDS)}
KINDS = {"": "none", CANDIDATE: "info", FORTHCOMING: "wait", RUNNING: "ok", CLOSED: "none"}
"""The kind of the tag beside a state's word."""


def _title(one: Any) -> str:
    return formats.territory(one.code, get_language() or "") or str(one.name)


_PROGRAMME = {
    "title": Derived(("code", "name"), _title),
    "state": Derived(("code",), lambda one: one.state_now or ""),
    "state_word": Derived(("code",), lambda one: str(WORDS[one.state_now or ""])),
    "state_kind": Derived(("code",), lambda one: KINDS[one.state_now or ""]),
    "since": Derived(("code",), lambda one: one.since),
    "next_word": Derived(("code",), lambda one: str(WORDS[one.state_next]) if one.state_next else ""),
    "next_first": Derived(("code",), lambda one: one.next_first),
}
PROGRAMME_FOR_STAFF = Presentation(
    "country programme for the programme",
    model=Programme,
    audience=PROGRAMME,
    fields=("code", "name"),
    derived=_PROGRAMME,
)
PROGRAMME_FOR_COMMITTEE = Presentation(
    "country programme for its committee",
    model=Programme,
    audience=COMMITTEE,
    fields=("code", "name"),
    derived=_PROGRAMME,
)

_LIFE = {
    "word": Derived(("state",), lambda one: str(WORDS[one.state])),
    "kind": Derived(("state",), lambda one: KINDS[one.state]),
}
STATE_FOR_STAFF = Presentation(
    "state of a programme for the programme",
    model=ProgrammeState,
    audience=PROGRAMME,
    fields=(
        *("id", "state", "first", "source", "entered_by", "entered_at"),
        *("withdrawn_by", "withdrawn_at", "withdrawn_reason"),
    ),
    derived=_LIFE,
)
STATE_FOR_COMMITTEE = Presentation(
    "state of a programme for its committee",
    model=ProgrammeState,
    audience=COMMITTEE,
    fields=("state", "first", "source"),
    derived=_LIFE,
)


def value_words(one: Declared | None, value: str) -> str:
    """A stored value in the words of the page."""
    if one is None:
        return value
    language = get_language() or ""
    try:
        if one.kind in {INTEGER, DAYS}:
            number = formats.number(int(value), language=language)
            words = ngettext("%(number)s day", "%(number)s days", int(value)) % {"number": number}
            return words if one.kind == DAYS else number
        if one.kind == DATES:
            parts = [formats.day(day, language=language) for day in value_dates(value)]
            return formats.listed(parts, language=language) if parts else gettext("None")
    except ValueError:
        return value
    said = {key: str(words) for key, words in one.choices}
    if one.kind == CHOICES:
        parts = [said.get(part, part) for part in value_parts(value)]
        return formats.listed(parts, language=language) if parts else gettext("None")
    return said.get(value, value)


def _said(one: Any) -> str:
    return gettext("The programme's rule") if one.cleared else value_words(SETTINGS.get(one.name), one.value)


_RULE_FIELDS = ("id", "name", "value", "cleared", "first", "last", "source")
_RULE_WORDS = {"said": Derived(("name", "value", "cleared"), _said)}
RULE_FOR_STAFF = Presentation(
    "rule of a country for the programme",
    model=CountrySetting,
    audience=PROGRAMME,
    fields=(*_RULE_FIELDS, "entered_by", "entered_at"),
    derived=_RULE_WORDS,
)
RULE_FOR_COMMITTEE = Presentation(
    "rule of a country for its committee",
    model=CountrySetting,
    audience=COMMITTEE,
    fields=_RULE_FIELDS,
    derived=_RULE_WORDS,
)
