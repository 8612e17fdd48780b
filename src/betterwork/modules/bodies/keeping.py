"""What committees keep of a person, handed to her and erased with her."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from betterwork.modules.bodies.models import (
    Agreement,
    Answer,
    Attendance,
    Body,
    BodyRule,
    Chair,
    Decision,
    FollowUp,
    Matter,
    Meeting,
    Member,
    Remark,
)

MODELS = (Body, BodyRule, Member, Chair, Matter, Meeting, Attendance, Decision, Answer, Agreement, Remark, FollowUp)


def person_export(person_id: str) -> dict[str, Any]:
    """Her terms, when she was present, how she voted, what she is to do, and what she wrote down for committees."""
    terms = list(Member.objects.filter(person=person_id).select_related("body").order_by("start", "id"))
    return {
        "terms": [_term(one) for one in terms],
        "present": [
            {"committee": one.meeting.body.name, "day": one.meeting.day.isoformat(), "remote": one.remote}
            for one in Attendance.objects.filter(member__in=terms).select_related("meeting__body").order_by("id")
        ],
        "votes": _votes(terms),
        "follow_up": [
            {"what": one.what, "due": one.due.isoformat(), "state": one.state, "note": one.note}
            for one in FollowUp.objects.filter(owner=person_id).order_by("due", "id")
        ],
        "answers": list(Answer.objects.filter(answered_by=person_id).order_by("id").values_list("text", flat=True)),
        "recorded": {
            "committees": Body.objects.filter(founded_by=person_id).count(),
            "rules": BodyRule.objects.filter(set_by=person_id).count(),
            "terms": Member.objects.filter(seated_by=person_id).count(),
            "chairs": Chair.objects.filter(seated_by=person_id).count(),
            "matters": Matter.objects.filter(brought_by=person_id).count(),
            "meetings": Meeting.objects.filter(called_by=person_id).count(),
            "attendance": Attendance.objects.filter(noted_by=person_id).count(),
            "decisions": Decision.objects.filter(recorded_by=person_id).count(),
            "follow_up": FollowUp.objects.filter(added_by=person_id).count(),
            "agreements": Agreement.objects.filter(noted_by=person_id).count(),
            "comments": Remark.objects.filter(noted_by=person_id).count(),
        },
    }


def person_erase(person_id: str, at: datetime) -> None:
    """Blank what speaks of her; that somebody sat, and how that seat voted, stays under an id that says nothing."""
    Member.objects.filter(person=person_id).update(sex="", nominator="", end_reason="")
    FollowUp.objects.filter(owner=person_id).update(note="")


def _term(one: Member) -> dict[str, Any]:
    return {
        "committee": one.body.name,
        "side": one.side,
        "organisation": one.organisation,
        "named by": one.nominator,
        "from": one.start.isoformat(),
        "until": one.end.isoformat() if one.end else "",
        "alternate": one.alternate_for_id is not None,
        "sex": one.sex,
        "why it ended": one.end_reason,
        "chair": [
            {"from": chair.start.isoformat(), "until": chair.end.isoformat() if chair.end else ""}
            for chair in one.chairs.order_by("start")
        ],
    }


def _votes(terms: list[Member]) -> list[dict[str, str]]:
    mine = {one.id for one in terms}
    rows = Decision.objects.filter(body__in={one.body_id for one in terms}).order_by("day", "id")
    return [
        {"day": one.day.isoformat(), "decision": one.text, "vote": vote}
        for one in rows.iterator(chunk_size=200)
        for name, _side, vote in one.votes
        if name in mine
    ]
