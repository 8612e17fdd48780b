"""What pages show of rules: plain values around rows made for one audience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from betterwork.foundation.audiences.presentations import Presentation, Row
from betterwork.modules.countries.book import settings_held
from betterwork.modules.countries.declaring import SETTINGS, Declared
from betterwork.modules.countries.models import CountrySetting
from betterwork.modules.countries.queries import setting_decided
from betterwork.modules.countries.rules import Decided, Entry, decided_on


@dataclass(frozen=True, slots=True)
class Holding:
    """A value for some days: what it is, whether it is the country's own, from when, until when."""

    rule: Row
    own: bool
    start: date
    end: date | None
    when: str = ""
    """held, holds or will: seen from the day of the page."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A setting on the page of a country: what holds and what comes next."""

    name: str
    title: Any
    help: Any
    now: Holding | None
    coming: Holding | None
    url: str


@dataclass(slots=True)
class Group:
    """Settings under one heading."""

    title: Any
    key: str
    rules: list[Rule] = field(default_factory=list)


def groups_shown(owner: str, on: date, shown: Presentation, url: Callable[[str], str]) -> list[Group]:
    """Every declared setting of a country ("" for every country), by group, in the order of their declaration."""
    groups: dict[str, Group] = {}
    with settings_held():
        for name, one in SETTINGS.items():
            title = str(one.group)
            group = groups.setdefault(title, Group(one.group, f"rules-{len(groups)}"))
            group.rules.append(_rule(owner, one, on, shown, url(name)))
    return list(groups.values())


def holdings_shown(owner: str, name: str, on: date, shown: Presentation) -> list[Holding]:
    """What will hold, holds and held of one setting, the latest first."""
    return [_holding(owner, name, one, on, shown) for one in reversed(setting_decided(owner, name))]


def _rule(owner: str, one: Declared, on: date, shown: Presentation, url: str) -> Rule:
    segments = setting_decided(owner, one.name)
    now = decided_on(segments, on)
    coming = next((segment for segment in segments if segment.start > on), None)
    return Rule(
        one.name,
        one.title,
        one.help,
        _holding(owner, one.name, now, on, shown) if now else None,
        _holding(owner, one.name, coming, on, shown) if coming else None,
        url,
    )


def _holding(owner: str, name: str, one: Decided, on: date, shown: Presentation) -> Holding:
    when = "will" if one.start > on else "held" if one.end is not None and one.end < on else "holds"
    return Holding(_row(owner, name, one.entry, shown), one.own, one.start, one.end, when)


def _row(owner: str, name: str, entry: Entry, shown: Presentation) -> Row:
    """The row of an entry; of what is shipped too, which stands in no table."""
    made = CountrySetting(
        id=entry.key,
        programme_id=owner or None,
        name=name,
        value=entry.value or "",
        cleared=entry.value is None,
        first=entry.first,
        last=entry.last,
        source=entry.source,
    )
    return shown.row(made)
