"""Who is enough to decide, who votes, and what carries. Pure: plain values in, words out.

A refusal or what is missing is a sentence for the person who tried; None or nothing means that all is well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from betterwork.core.errors import WrongUse

CONSENSUS, MAJORITY, EACH_SIDE = "consensus", "majority", "each-side"
MAJORITIES: dict[str, Any] = {
    CONSENSUS: gettext_lazy("Consensus: nobody against"),
    MAJORITY: gettext_lazy("Majority: more for than against"),
    EACH_SIDE: gettext_lazy("Majority of each side"),
}
BY_CONSENSUS, BY_MEMBER, BY_SIDE = "consensus", "members", "sides"
WAYS: dict[str, Any] = {
    BY_CONSENSUS: gettext_lazy("By consensus: the chair asked, and nobody was against"),
    BY_MEMBER: gettext_lazy("By votes of the members"),
    BY_SIDE: gettext_lazy("By one voice of each side"),
}
YES, NO, ABSTAINS = "yes", "no", "abstains"
VOTES: dict[str, Any] = {
    YES: pgettext_lazy("vote", "For"),
    NO: gettext_lazy("Against"),
    ABSTAINS: gettext_lazy("Abstains"),
}
APPROVED, RETURNED, REFUSED, ADVICE = "approved", "returned", "refused", "advice"
OUTCOMES: dict[str, tuple[Any, str]] = {
    APPROVED: (gettext_lazy("Approved"), "ok"),
    RETURNED: (gettext_lazy("Returned with reasons"), "wait"),
    REFUSED: (gettext_lazy("Refused"), "nc"),
    ADVICE: (gettext_lazy("Advice given"), "info"),
}
SIDES: dict[str, tuple[Any, Any]] = {
    "government": (gettext_lazy("Government"), gettext_lazy("No member of the government's side is present.")),
    "employers": (gettext_lazy("Employers"), gettext_lazy("No member of the employers' side is present.")),
    "workers": (gettext_lazy("Workers"), gettext_lazy("No member of the workers' side is present.")),
    "management": (gettext_lazy("Management"), gettext_lazy("No member of the management's side is present.")),
    "ilo": (gettext_lazy("ILO"), gettext_lazy("No member of the ILO is present.")),
    "ifc": (gettext_lazy("IFC"), gettext_lazy("No member of the IFC is present.")),
    "donors": (gettext_lazy("Donors"), gettext_lazy("No member of the donors' side is present.")),
    "buyers": (gettext_lazy("Buyers"), gettext_lazy("No member of the buyers' side is present.")),
    "experts": (gettext_lazy("Experts"), gettext_lazy("No expert is present.")),
}
"""The sides a committee can have: how one is called, and what is said where nobody of it is there."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a committee: its seats, how many of it must be present, and who names its members."""

    name: str
    seats: int
    least: int = 1
    nominator: str = ""

    @property
    def title(self) -> str:
        """The side in words."""
        return str(SIDES[self.name][0])


@dataclass(frozen=True, slots=True)
class Composition:
    """What a committee must look like, and what it takes to decide. ``chair_side`` empty: any side may chair.

    ``women_percent`` is wanted and not needed. ``term_months`` 0: no fixed term. ``decides`` False: it gives advice.
    ``written``: it may decide without meeting. ``alternate_chairs``: the chair's alternate may chair in her place.
    """

    sides: tuple[Side, ...]
    chair_side: str = ""
    alternates: bool = True
    alternate_chairs: bool = False
    women_percent: int = 0
    term_months: int = 0
    quorum_percent: int = 50
    quorum_chair: bool = True
    majority: str = CONSENSUS
    decides: bool = True
    written: bool = False

    def side(self, name: str) -> Side | None:
        """The side of this name."""
        return next((one for one in self.sides if one.name == name), None)


def composition_content(composition: Composition) -> dict[str, Any]:
    """A composition as it is stored and sealed."""
    found: dict[str, Any] = {name: getattr(composition, name) for name in Composition.__slots__ if name != "sides"}
    sides = [{name: getattr(side, name) for name in Side.__slots__} for side in composition.sides]
    return {"sides": sides, **found}


def composition_of(content: Mapping[str, Any]) -> Composition:
    """The composition that stored content says. Raises :class:`WrongUse` for rules that nobody could follow."""
    try:
        sides = tuple(Side(**one) for one in content["sides"])
        found = Composition(**{**content, "sides": sides})
    except (KeyError, TypeError) as error:
        raise WrongUse(_("These rules of a committee are not complete.")) from error
    if why := composition_refusal(found):
        raise WrongUse(why)
    return found


def composition_refusal(rules: Composition) -> str | None:
    """Why a committee could not work by these rules."""
    names = [one.name for one in rules.sides]
    if not names or len(names) != len(set(names)) or set(names) - set(SIDES):
        return _("A committee has one side or more, each once, each of a known kind.")
    if any(one.seats < 1 for one in rules.sides):
        return _("Each side has at least one seat.")
    if any(not 0 <= one.least <= one.seats for one in rules.sides):
        return _("No side can need more members present than it has seats.")
    if rules.chair_side and rules.chair_side not in names:
        return _("The side that chairs must be one of the sides.")
    if not (0 <= rules.quorum_percent <= 100 and 0 <= rules.women_percent <= 100 and 0 <= rules.term_months <= 240):
        return _("A share is between 0 and 100 per cent; a term is at most 240 months.")
    if rules.majority not in MAJORITIES:
        return _("Say how the committee decides: by consensus, by majority, or by the majority of each side.")
    return None


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's term in a committee, as the rules take it. ``alternate_for``: the term she stands in for."""

    id: str
    side: str
    person: str
    start: date
    end: date | None = None
    alternate_for: str = ""

    def holds_on(self, on: date) -> bool:
        """Whether she is in office that day; both ends are inside."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Voice:
    """A seat that is heard: whose it is, and who speaks for it, herself or her alternate."""

    seat: str
    speaker: str
    side: str


def members_on(seats: Iterable[Seat], on: date) -> list[Seat]:
    """Who is in office that day in her own right, alternates left out."""
    return [one for one in seats if not one.alternate_for and one.holds_on(on)]


def voices(seats: Collection[Seat], present: Collection[str], on: date) -> list[Voice]:
    """Who speaks for which seat: the member when she is present, else one of her alternates; one voice a seat."""
    there = {one.id: one for one in seats if one.id in present and one.holds_on(on)}
    found = []
    for member in members_on(seats, on):
        if member.id in there:
            found.append(Voice(member.id, member.id, member.side))
            continue
        standing = sorted((one.start, one.id) for one in there.values() if one.alternate_for == member.id)
        if standing:
            found.append(Voice(member.id, standing[0][1], member.side))
    return found


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough are present: how many seats are heard, of how many, how many it takes, and what is missing."""

    heard: int
    members: int
    needed: int
    sides: tuple[tuple[str, int, int], ...]
    """Of each side: its name, how many are heard, how many it takes."""
    chair: bool
    missing: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def quorum_of(
    rules: Composition, seats: Collection[Seat], present: Collection[str], on: date, *, chair: str = ""
) -> Quorum:
    """The quorum of a day: who is in office, who of them is heard, and in words what is missing.

    ``present`` are ids of terms, of members and alternates; ``chair`` the term that chairs. Who is not in office that
    day does not count, whoever she is. The share is of the members in office, rounded up.
    """
    members = members_on(seats, on)
    heard = voices(seats, present, on)
    needed = max(1, -(-rules.quorum_percent * len(members) // 100))
    by_side = tuple((one.name, sum(voice.side == one.name for voice in heard), one.least) for one in rules.sides)
    chairs = _chair_there(rules, heard, chair)
    missing = [_side_missing(name, count, least) for name, count, least in by_side if count < least]
    if rules.quorum_chair and not chairs:
        missing.append(_("The chair is absent.") if chair else _("Nobody has been named as the chair."))
    if len(heard) < needed:
        words = ngettext(
            "Too few are present: %(heard)d of %(members)d member, and it takes %(needed)d.",
            "Too few are present: %(heard)d of %(members)d members, and it takes %(needed)d.",
            len(members),
        )
        missing.append(words % {"heard": len(heard), "members": len(members), "needed": needed})
    return Quorum(len(heard), len(members), needed, by_side, chairs, tuple(missing))


def _chair_there(rules: Composition, heard: Iterable[Voice], chair: str) -> bool:
    found = next((one for one in heard if one.seat == chair), None) if chair else None
    return found is not None and (found.speaker == chair or rules.alternate_chairs)


def _side_missing(name: str, count: int, least: int) -> str:
    if count == 0:
        return str(SIDES[name][1])
    words = ngettext(
        "Of the side “%(side)s” %(count)d member is present, and it takes %(least)d.",
        "Of the side “%(side)s” %(count)d members are present, and it takes %(least)d.",
        count,
    )
    return words % {"side": SIDES[name][0], "count": count, "least": least}


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a committee was asked, and what was answered: votes by the term that speaks, or by the name of a side."""

    way: str
    votes: Mapping[str, str]


def ballot_refusal(rules: Composition, heard: Collection[Voice], ballot: Ballot) -> str | None:
    """Why a decision does not carry by the committee's own rule; None where it does.

    Votes are for or against the decision as it is written, whatever its outcome. Who did not vote abstained.
    """
    if ballot.way not in WAYS or set(ballot.votes.values()) - set(VOTES):
        return _("Say how the committee decided: by consensus, by votes of the members, or by one voice of each side.")
    if ballot.way == BY_CONSENSUS:
        return _("By consensus nobody votes: leave the votes out.") if ballot.votes else None
    if ballot.way == BY_SIDE:
        return _sides_refusal(rules, ballot.votes)
    speakers = {one.speaker: one.side for one in heard}
    if set(ballot.votes) - set(speakers):
        return _(
            "Only members who are present vote; an alternate votes only when the member she stands in for is absent."
        )
    votes = [(speakers[name], vote) for name, vote in ballot.votes.items()]
    return _votes_refusal(rules, votes)


def _votes_refusal(rules: Composition, votes: Collection[tuple[str, str]]) -> str | None:
    count = {vote: sum(one == vote for _side, one in votes) for vote in VOTES}
    if not count[YES]:
        return _("Nobody voted for it.")
    if rules.majority == CONSENSUS and count[NO]:
        words = ngettext(
            "%(no)d member is against, and this committee decides by consensus.",
            "%(no)d members are against, and this committee decides by consensus.",
            count[NO],
        )
        return words % {"no": count[NO]}
    if rules.majority == MAJORITY and count[YES] <= count[NO]:
        return _("It has no majority: %(yes)d for, %(no)d against.") % {"yes": count[YES], "no": count[NO]}
    if rules.majority == EACH_SIDE:
        for side in rules.sides:
            mine = [vote for name, vote in votes if name == side.name]
            if mine.count(YES) <= mine.count(NO):
                facts = {"side": side.title, "yes": mine.count(YES), "no": mine.count(NO)}
                return _("The side “%(side)s” has no majority for it: %(yes)d for, %(no)d against.") % facts
    return None


def _sides_refusal(rules: Composition, votes: Mapping[str, str]) -> str | None:
    if rules.majority == MAJORITY:
        return _("In this committee members vote, not sides.")
    if set(votes) - {one.name for one in rules.sides}:
        return _("Only the sides of this committee have a voice.")
    for side in rules.sides:
        vote = votes.get(side.name)
        if vote is None:
            return _("The side “%(side)s” has not spoken.") % {"side": side.title}
        if vote == NO or (vote == ABSTAINS and rules.majority == EACH_SIDE):
            return _("The side “%(side)s” is not for it.") % {"side": side.title}
    return None if YES in votes.values() else _("Nobody voted for it.")


def outcome_refusal(rules: Composition, outcome: str, reasons: str) -> str | None:
    """Why a committee cannot decide like that at all."""
    if outcome not in OUTCOMES:
        return _("Say what was decided: approved, returned, refused, or advice given.")
    if rules.decides and outcome == ADVICE:
        return _("This committee decides: choose approved, returned or refused.")
    if not rules.decides and outcome != ADVICE:
        return _("This committee advises and does not decide: its word is advice.")
    if outcome in (RETURNED, REFUSED) and not reasons.strip():
        return _("Say why it is returned or refused: who brought it needs the reasons.")
    return None
