"""The room's decisions as pure functions: kinds and levels, names over time, which lies in which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

GOVERNMENT, INSPECTORATE, EMPLOYERS, WORKERS = "government", "inspectorate", "employers", "workers"
GLOBAL_UNION, BUYER, DONOR, ILO, IFC = "global-union", "buyer", "donor", "ilo", "ifc"
RESEARCH, SERVICE, OWNER, GROUP = "research", "service", "owner", "group"
NATIONAL, GLOBAL = "national", "global"
LEVELS = (NATIONAL, GLOBAL)
_BOTH = frozenset(LEVELS)
LEVELS_OF: dict[str, frozenset[str]] = {
    GOVERNMENT: frozenset({NATIONAL}),
    INSPECTORATE: frozenset({NATIONAL}),
    EMPLOYERS: _BOTH,
    WORKERS: _BOTH,
    GLOBAL_UNION: frozenset({GLOBAL}),
    BUYER: _BOTH,
    DONOR: _BOTH,
    ILO: _BOTH,
    IFC: _BOTH,
    RESEARCH: _BOTH,
    SERVICE: _BOTH,
    OWNER: _BOTH,
    GROUP: _BOTH,
}
"""The kinds of organisation, and on which levels each can be."""
KINDS = tuple(LEVELS_OF)
LONGEST_NAME = 300
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SPACES = re.compile(r"\s+")


def name_cleaned(name: str) -> str:
    """A name without outer and double spaces, as it is stored."""
    return _SPACES.sub(" ", name.strip())


def name_key(name: str) -> str:
    """The form under which names are compared: no double spaces, no capitals."""
    return name_cleaned(name).casefold()


def key_refusal(key: str) -> str:
    """Why a text cannot be the key of an organisation, in a sentence; empty where it can."""
    if _KEY.fullmatch(key):
        return ""
    return _("A key is at most 40 small letters, digits and hyphens, beginning with a letter or digit.")


def place_refusal(kind: str, level: str, country: str) -> str:
    """Why an organisation of a kind cannot stand on a level with this country, in a sentence; empty where it can."""
    if kind not in LEVELS_OF:
        return _("%(kind)s is no kind of organisation: write one of %(kinds)s") % {
            "kind": kind,
            "kinds": ", ".join(KINDS),
        }
    if level not in LEVELS_OF[kind]:
        words = {"kind": kind, "levels": ", ".join(sorted(LEVELS_OF[kind]))}
        return _("An organisation of kind %(kind)s is: %(levels)s") % words
    if level == NATIONAL and not country:
        return _("A national organisation names its country.")
    if level == GLOBAL and country:
        return _("A global organisation names no country.")
    return ""


def name_refusal(name: str, first: date | None, today: date) -> str:
    """Why a name cannot be entered from that day on (None: for as long as is known); empty where it can."""
    found = name_cleaned(name)
    if not found or len(found) > LONGEST_NAME or not found.isprintable():
        return _("Write the name in one line of at most %(most)s characters.") % {"most": LONGEST_NAME}
    if first is not None and first > today:
        return _("A name counts from a day that has come: enter it then.")
    return ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name and the first day on which it holds; None: for as long as is known."""

    name: str
    first: date | None


def name_on(names: Iterable[Named], on: date) -> str:
    """The name on a day: the one that began last. The earliest known one for a day before all of them."""
    ordered = sorted(names, key=lambda one: one.first or date.min)
    begun = [one for one in ordered if (one.first or date.min) <= on]
    return (begun[-1] if begun else ordered[0]).name if ordered else ""


@dataclass(frozen=True, slots=True)
class Lies:
    """An organisation lies in another on these days, both ends inside; None: as long as is known, or from then on."""

    member: str
    group: str
    first: date | None = None
    last: date | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The days, without None."""
        return self.first or date.min, self.last or date.max


def lies_refusal(known: Sequence[Lies], wanted: Lies) -> str:
    """Why an organisation cannot lie in another on these days, in a sentence; empty where it can.

    It would lie in itself on some day, by itself or through others; or it lies there already on one of the days.
    """
    first, last = wanted.days
    if last < first:
        return _("It ends before it begins: mend one of the two days.")
    if wanted.member == wanted.group:
        return _("An organisation does not lie in itself.")
    for one in known:
        same = (one.member, one.group) == (wanted.member, wanted.group)
        if same and one.days[0] <= last and first <= one.days[1]:
            return _("It lies in that organisation already on some of these days.")
    if _reaches(known, wanted.group, wanted.member, first, last):
        return _("That organisation lies in this one on some of these days: one of them cannot lie in the other too.")
    return ""


def groups_on(known: Sequence[Lies], key: str, on: date) -> frozenset[str]:
    """Every organisation in which one lies on a day, also through others."""
    found: set[str] = set()
    ahead = [key]
    while ahead:
        member = ahead.pop()
        for one in known:
            if one.member == member and one.days[0] <= on <= one.days[1] and one.group not in found:
                found.add(one.group)
                ahead.append(one.group)
    return frozenset(found)


def _reaches(known: Sequence[Lies], begin: str, end: str, first: date, last: date) -> bool:
    """Whether on one of these days ``begin`` lies in ``end``: by a chain whose days have one in common."""
    ahead, seen = [(begin, first, last)], set()
    while ahead:
        here = ahead.pop()
        if here in seen:
            continue
        seen.add(here)
        for one in known:
            if one.member != here[0]:
                continue
            since, until = max(here[1], one.days[0]), min(here[2], one.days[1])
            if since > until:
                continue
            if one.group == end:
                return True
            ahead.append((one.group, since, until))
    return False
