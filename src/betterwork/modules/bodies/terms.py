"""Who may take which seat from when to when, and how a committee stands against its rule. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from betterwork.modules.bodies.rules import Composition, Seat, members_on


def term_end(start: date, months: int) -> date | None:
    """The last day of a term of so many months; None where terms have no fixed length.

    Three years from 15 January 2026 end on 14 January 2029; where the month is too short, on its last day.
    """
    if months <= 0:
        return None
    years, month = divmod(start.month - 1 + months, 12)
    first_after = date(start.year + years, month + 1, 1)
    last = (first_after.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if start.day > last.day:
        return last
    return first_after.replace(day=start.day) - timedelta(days=1)


def overlaps(one: Seat, start: date, end: date | None) -> bool:
    """Whether a term and a period share a day."""
    return (one.end is None or start <= one.end) and (end is None or one.start <= end)


def most_at_once(terms: Iterable[Seat], start: date, end: date | None) -> int:
    """The most of these terms that hold on one day of a period."""
    found = [one for one in terms if overlaps(one, start, end)]
    days = {max(start, one.start) for one in found}
    return max((sum(one.holds_on(day) for one in found) for day in days), default=0)


def seat_refusal(rules: Composition, terms: Collection[Seat], new: Seat) -> str | None:
    """Why a term cannot stand beside the others: no such side, no seat left, twice the same person, a bad alternate."""
    side = rules.side(new.side)
    if side is None:
        return _("This committee has no such side by the rules of that day.")
    if new.end is not None and new.end < new.start:
        return _("The last day is before the first.")
    if any(one.person == new.person and overlaps(one, new.start, new.end) for one in terms):
        return _("This person sits in the committee on one of these days already.")
    if new.alternate_for:
        return _alternate_refusal(rules, terms, new)
    mine = [one for one in terms if one.side == new.side and not one.alternate_for]
    if most_at_once(mine, new.start, new.end) >= side.seats:
        return _("Every seat of the side “%(side)s” is taken on one of these days: end a term first.") % {
            "side": side.title
        }
    return None


def _alternate_refusal(rules: Composition, terms: Collection[Seat], new: Seat) -> str | None:
    member = next((one for one in terms if one.id == new.alternate_for), None)
    if not rules.alternates:
        return _("This committee has no alternates.")
    if member is None or member.alternate_for or member.side != new.side:
        return _("An alternate stands in for a member of her own side.")
    if not (member.start <= new.start and (member.end is None or (new.end is not None and new.end <= member.end))):
        return _("An alternate sits within the term of the member she stands in for.")
    return None


def chair_refusal(
    rules: Composition, member: Seat, chairs: Iterable[tuple[date, date | None]], start: date, end: date | None
) -> str | None:
    """Why somebody cannot chair from a day until a day: not of the side that chairs, not in office, another does."""
    if member.alternate_for:
        return _("An alternate cannot be the chair.")
    if rules.chair_side and member.side != rules.chair_side:
        side = rules.side(rules.chair_side)
        return _("The chair comes from the side “%(side)s”.") % {"side": side.title if side else rules.chair_side}
    if end is not None and end < start:
        return _("The last day is before the first.")
    inside = member.start <= start and (member.end is None or (end is not None and end <= member.end))
    if not inside:
        return _("The chair must be a member on each of these days.")
    if any((last is None or start <= last) and (end is None or first <= end) for first, last in chairs):
        return _("Somebody else chairs on one of these days: end that first.")
    return None


@dataclass(frozen=True, slots=True)
class SideNow:
    """One side against its rule: its seats, how many are taken, how many are empty."""

    name: str
    title: str
    seats: int
    taken: int
    nominator: str

    @property
    def empty(self) -> int:
        """Seats that nobody has."""
        return max(0, self.seats - self.taken)


@dataclass(frozen=True, slots=True)
class Standing:
    """A committee against its rule on a day."""

    sides: tuple[SideNow, ...]
    women: int
    known: int
    """Members whose sex is known."""
    members: int
    women_wanted: int
    chair: bool

    @property
    def women_percent(self) -> int | None:
        """The share of women among members whose sex is known, in whole per cent; None where it is known of nobody."""
        return round(100 * self.women / self.known) if self.known else None

    @property
    def women_short(self) -> bool:
        """Whether fewer women sit than the rule wants."""
        return self.known > 0 and 100 * self.women < self.women_wanted * self.known


def standing_of(
    rules: Composition,
    terms: Collection[Seat],
    women: Collection[str],
    known: Collection[str],
    on: date,
    *,
    chair: bool,
) -> Standing:
    """How a committee stands on a day. ``women`` and ``known`` are ids of terms."""
    members = members_on(terms, on)
    taken = {side.name: sum(one.side == side.name for one in members) for side in rules.sides}
    sides = tuple(SideNow(one.name, one.title, one.seats, taken[one.name], one.nominator) for one in rules.sides)
    return Standing(
        sides,
        women=sum(one.id in women for one in members),
        known=sum(one.id in known for one in members),
        members=len(members),
        women_wanted=rules.women_percent,
        chair=chair,
    )
