"""A SIMULATED committee for the tests: three sides, a chair, a meeting to run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.modules.bodies.declaring import DECISION_KINDS, DecisionKind, decision_kind_add
from betterwork.modules.bodies.kinds import NATIONAL
from betterwork.modules.bodies.meeting import attendance_note, meeting_call
from betterwork.modules.bodies.models import Body, Meeting, Member
from betterwork.modules.bodies.rules import APPROVED, BY_CONSENSUS, Ballot
from betterwork.modules.bodies.services import body_found, chair_name, decision_take, matter_bring, member_seat

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
ON = AT.date()
FIRST = date(2026, 1, 1)
LAST = date(2099, 12, 31)
"""Terms that last, so that tests may ask for pages by the real clock."""
CONSENSUS = Ballot(BY_CONSENSUS, {})
WHAT = "trial.approve"
"""A kind of decision that only the tests know."""


def trial_declared() -> DecisionKind:
    """Something that the tests need decided by the national committee."""
    return DECISION_KINDS.get(WHAT) or decision_kind_add(WHAT, title=_("Approve a trial"), body_kind=NATIONAL)


def committee(cast: Any, *, chair: bool = True, country: str = "VN") -> tuple[Body, dict[str, Member]]:
    """The national committee with one member of each side, the government's in the chair."""
    body = body_found(actor="operator", kind=NATIONAL, name="Trial committee", start=FIRST, country=country, at=AT)
    seats = {side: seated(cast, body, side, side) for side in ("government", "employers", "workers")}
    if chair:
        chair_name(actor="operator", body=body, member=seats["government"], start=FIRST, at=AT)
    return body, seats


def seated(cast: Any, body: Body, word: str, side: str, **more: Any) -> Member:
    """Somebody of the cast on a seat."""
    given = {"start": FIRST, "end": LAST, "at": AT, **more}
    return member_seat(actor="operator", body=body, person=cast.person(word).public_id, side=side, **given)


def meeting_of(body: Body, *present: Member, day: date = ON) -> Meeting:
    """A meeting at which these are present."""
    meeting = meeting_call(actor="operator", body=body, day=day, place="Ministry", at=AT)
    if present:
        at = datetime.combine(day, AT.timetz())
        attendance_note(actor="operator", meeting=meeting, present=[one.id for one in present], at=at)
    return meeting


def brought(subject: str = "trial-1", country: str = "VN") -> Any:
    """A matter that waits."""
    trial_declared()
    return matter_bring(
        actor="operator", kind=WHAT, subject=subject, title="Approve trial one", url="", country=country, at=AT
    )


def approved(meeting: Meeting, **more: Any) -> Any:
    """A decision by consensus."""
    given = {"text": "The trial is approved.", "outcome": APPROVED, "ballot": CONSENSUS, "at": AT, **more}
    return decision_take(actor="operator", meeting=meeting, **given)
