"""Operations of the API: committees, who sits in them, what waits, what was decided; and running a meeting."""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, Status, router_add
from betterwork.foundation.api.shapes import ExactSchema, page_of, shape
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.bodies.deciding import decision_take
from betterwork.modules.bodies.meeting import attendance_note
from betterwork.modules.bodies.models import Decision, Matter, Meeting
from betterwork.modules.bodies.policy import (
    BODIES_OWN,
    BODIES_READ,
    DECISIONS_OWN,
    DECISIONS_READ,
    MATTERS_READ,
    MEETINGS_KEEP,
    MEETINGS_READ,
    MEMBERS_READ,
)
from betterwork.modules.bodies.presentations import BODY, DECISION, MATTER, MEETING, MEMBER, members_shown
from betterwork.modules.bodies.queries import in_force, quorum_at
from betterwork.modules.bodies.rules import Ballot

router = Router(tags=["Committees"])


def _texts(*names: str) -> dict[str, Any]:
    """The type of derived values that are words."""
    return dict.fromkeys(names, str)


_BODY: dict[str, Any] = {"kind_title": str, "country_name": str, "chosen_word": str}
_DECISION: dict[str, Any] = {
    **dict.fromkeys(
        ("body_id", "body_name", "meeting_id", "item_id", "matter_title", "way_word", "supersedes_id"), str
    ),
    **_texts("outcome_word", "outcome_kind"),
}
BodyShape = shape("Committee", BODY[PROGRAMME], **_BODY)
OwnBodyShape = shape("OwnCommittee", BODY[COMMITTEE], **_BODY)
MemberShape = shape(
    "CommitteeMember",
    MEMBER[PROGRAMME],
    **_texts("called", "stands_for", "side_title", "chosen_word"),
    is_alternate=bool,
)
MeetingShape = shape(
    "CommitteeMeeting", MEETING[PROGRAMME], **_texts("body_id", "body_name", "state_word", "state_kind")
)
MatterShape = shape(
    "Matter",
    MATTER[PROGRAMME],
    **_texts("kind_title", "body_id", "body_name", "state_word", "state_kind"),
)
DecisionShape = shape("Decision", DECISION[PROGRAMME], **_DECISION)
OwnDecisionShape = shape("OwnDecision", DECISION[COMMITTEE], **_DECISION)

Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
Words = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]


class Bodies(Asked):
    """What the list of committees can be asked."""

    country: Annotated[str | None, Field(max_length=2, description="ISO alpha-2 code", examples=["VN"])] = None
    kind: Annotated[str | None, Field(max_length=40, examples=["national-committee"])] = None


class Matters(Asked):
    """What the list of matters can be asked."""

    state: Literal["waits", "decided", "withdrawn"] | None = None


class Present(ExactSchema):
    """Who is present at a meeting."""

    members: Annotated[list[Id], Field(max_length=500, description="Ids of members and alternates: all of them.")]


class QuorumShape(ExactSchema):
    """Whether enough are present, and in words what is missing."""

    reached: bool
    heard: int
    members: int
    needed: int
    missing: list[str]


class Decides(ExactSchema):
    """A decision to be recorded and sealed."""

    text: Words
    outcome: Literal["approved", "returned", "refused", "advice"]
    way: Literal["consensus", "members", "sides"] = "consensus"
    votes: Annotated[
        dict[Id, Literal["yes", "no", "abstains"]], Field(description="By the id of who speaks, or by side.")
    ] = {}
    matter: Annotated[Id | None, Field(description="The id of the matter that it decides on.")] = None
    reasons: Words = ""
    conditions: Words = ""


@router.get("", response=page_of(BodyShape), summary="Committees", operation_id="committees_list")
@operation(BODIES_READ, audience=PROGRAMME)
def bodies(request: HttpRequest, asked: Query[Bodies]) -> Any:
    """Committees of the countries you work for."""
    rows = BODIES_READ.visible_to(actor_of_request(request))
    rows = rows.filter(country=asked.country) if asked.country else rows
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    return listed(request, rows, BODY[PROGRAMME], asked, order=("id",))


@router.get("/own", response=page_of(OwnBodyShape), summary="Your committees", operation_id="committees_own")
@operation(BODIES_OWN, audience=COMMITTEE)
def bodies_own(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The committees in which you sit."""
    return listed(request, BODIES_OWN.visible_to(actor_of_request(request)), BODY[COMMITTEE], asked, order=("id",))


@router.get(
    "/own/decisions",
    response=page_of(OwnDecisionShape),
    summary="Their decisions",
    operation_id="committees_own_decisions",
)
@operation(DECISIONS_OWN, audience=COMMITTEE)
def decisions_own(request: HttpRequest, asked: Query[Asked]) -> Any:
    """What your committees decided, oldest first."""
    rows = DECISIONS_OWN.visible_to(actor_of_request(request))
    return listed(request, rows, DECISION[COMMITTEE], asked, order=("day", "id"), related=("body", "matter"))


@router.get("/matters", response=page_of(MatterShape), summary="Matters", operation_id="committees_matters")
@operation(MATTERS_READ, audience=PROGRAMME)
def matters(request: HttpRequest, asked: Query[Matters]) -> Any:
    """What was brought to be decided, oldest first."""
    rows = MATTERS_READ.visible_to(actor_of_request(request))
    rows = rows.filter(state=asked.state) if asked.state else rows
    return listed(request, rows, MATTER[PROGRAMME], asked, order=("brought_at", "id"), related=("body",))


@router.get("/decisions", response=page_of(DecisionShape), summary="Decisions", operation_id="committees_decisions")
@operation(DECISIONS_READ, audience=PROGRAMME)
def decisions(request: HttpRequest, asked: Query[Asked]) -> Any:
    """What committees decided, oldest first."""
    rows = DECISIONS_READ.visible_to(actor_of_request(request))
    return listed(request, rows, DECISION[PROGRAMME], asked, order=("day", "id"), related=("body", "matter"))


@router.get("/decisions/{decision}", response=DecisionShape, summary="One decision", operation_id="committees_decision")
@operation(DECISIONS_READ, audience=PROGRAMME, thing=("decision", "pk"))
def decision(request: HttpRequest, decision: PathKey) -> Any:
    """One decision, as it was sealed."""
    return DECISION[PROGRAMME].row(decision)


@router.get("/meetings", response=page_of(MeetingShape), summary="Meetings", operation_id="committees_meetings")
@operation(MEETINGS_READ, audience=PROGRAMME)
def meetings(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Meetings of the committees you see, oldest first."""
    rows = MEETINGS_READ.visible_to(actor_of_request(request))
    return listed(request, rows, MEETING[PROGRAMME], asked, order=("day", "id"), related=("body",))


@router.put(
    "/meetings/{meeting}/present", response=QuorumShape, summary="Who is present", operation_id="committees_present"
)
@operation(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"))
def present(request: HttpRequest, meeting: PathKey, given: Present) -> Any:
    """Note who is present, in place of the list before; the answer says whether there is a quorum."""
    found: Meeting = meeting
    actor = actor_of_request(request).id
    noted = attendance_note(actor=actor, meeting=found, present=given.members, at=timezone.now())
    quorum = quorum_at(noted)
    kept = {name: getattr(quorum, name) for name in ("reached", "heard", "members", "needed")}
    return {**kept, "missing": list(quorum.missing)}


@router.post(
    "/meetings/{meeting}/decisions",
    response={201: DecisionShape},
    summary="Record a decision",
    operation_id="committees_decide",
)
@operation(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"))
def decide(request: HttpRequest, meeting: PathKey, given: Decides) -> Any:
    """Record and seal a decision. Without a quorum, a side, the chair or a majority it is refused with the reason."""
    actor = actor_of_request(request)
    found: Decision = decision_take(
        actor=actor.id,
        meeting=meeting,
        text=given.text,
        outcome=given.outcome,
        ballot=Ballot(given.way, given.votes),
        matter=_matter(actor, given.matter) if given.matter else None,
        reasons=given.reasons,
        conditions=given.conditions,
        at=timezone.now(),
    )
    return Status(201, DECISION[PROGRAMME].row(found))


def _matter(actor: Actor, key: str) -> Matter:
    found: Matter | None = MATTERS_READ.visible_to(actor).filter(pk=key).first()
    if found is None:
        raise WrongUse(_("There is no such matter that you see."))
    return found


@router.get("/{body}", response=BodyShape, summary="One committee", operation_id="committees_read")
@operation(BODIES_READ, audience=PROGRAMME, thing=("body", "pk"))
def body(request: HttpRequest, body: PathKey) -> Any:
    """One committee."""
    return BODY[PROGRAMME].row(body)


@router.get(
    "/{body}/members", response=page_of(MemberShape), summary="Who sits in it", operation_id="committees_members"
)
@operation(BODIES_READ, audience=PROGRAMME, thing=("body", "pk"))
def members(request: HttpRequest, body: PathKey, asked: Query[Asked]) -> Any:
    """Who sits in a committee today, alternates too."""
    reached = MEMBERS_READ.visible_to(actor_of_request(request))
    rows = members_shown(reached.filter(in_force(timezone.localdate()), body=body))
    return listed(request, rows, MEMBER[PROGRAMME], asked, order=("side", "id"))


router_add("/committees", router)
