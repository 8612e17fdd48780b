"""Meetings: called, run from one page, minuted and printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.files.policy import ATTACHMENTS
from betterwork.foundation.files.services import attachment_add, file_store
from betterwork.modules.bodies.meeting import (
    attendance_note,
    item_add,
    item_remove,
    meeting_call,
    meeting_cancel,
    minutes_adopt,
    minutes_correct,
    minutes_write,
)
from betterwork.modules.bodies.models import (
    CALLED,
    CANCELLED,
    HELD,
    MINUTED,
    WAITS,
    AgendaItem,
    Body,
    Decision,
    Matter,
    Meeting,
    Member,
)
from betterwork.modules.bodies.policy import BODIES_KEEP, ITEMS_KEEP, MEETINGS_KEEP, MEETINGS_OWN, MEETINGS_READ, PAPERS
from betterwork.modules.bodies.presentations import BODY, DECISION, ITEM, MEETING, MEMBER, PAPER, members_shown
from betterwork.modules.bodies.queries import in_force, minutes_text, present_at, quorum_at
from betterwork.modules.bodies.rules import SIDES, Quorum
from betterwork.modules.bodies.web.bodies import rules_now
from betterwork.modules.bodies.web.forms import (
    CallForm,
    CorrectForm,
    DayForm,
    ItemForm,
    MinutesForm,
    PaperForm,
    PresentForm,
    ReasonForm,
)
from betterwork.modules.bodies.web.parts import BOTH, OWN, STAFF, FormPage, Way, data_of, done, form_page


@dataclass(frozen=True, slots=True)
class SideThere:
    """One side at a meeting: how many are heard, how many it takes."""

    title: Any
    heard: int
    least: int

    @property
    def enough(self) -> bool:
        """Whether it takes no more."""
        return self.heard >= self.least


def address(meeting: Meeting) -> str:
    """The page of a meeting, for its secretariat."""
    return reverse("bodies:meeting", kwargs={"meeting": meeting.id})


def matters_to_choose(body: Body) -> list[tuple[str, str]]:
    """The matters that wait before a committee, as a form offers them."""
    rows = Matter.objects.filter(body=body, state=WAITS).order_by("brought_at", "id")
    return [(one.id, one.title) for one in rows[:200]]


@page(MEETINGS_READ, audience=PROGRAMME, thing=("meeting", "pk"))
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One meeting, run from here by its secretariat."""
    return _meeting(request, meeting, STAFF)


@page(MEETINGS_OWN, audience=COMMITTEE, thing=("meeting", "pk"))
def meeting_own(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The same to read, for members."""
    return _meeting(request, meeting, OWN)


def _meeting(request: HttpRequest, meeting: Meeting, way: Way) -> HttpResponse:
    actor, to = actor_of_request(request), way.audience
    keeps = to == PROGRAMME and MEETINGS_KEEP.may(actor, meeting)
    runs = keeps and meeting.state in (CALLED, HELD)
    there = present_at(meeting)
    quorum, problem = _quorum(meeting)
    decisions = meeting.decisions.filter(superseded_by__isnull=True).select_related("body", "matter")
    decided = DECISION[to].rows(decisions.order_by("number"))
    present = Member.objects.filter(id__in=there)
    values = {
        "way": way,
        "meeting": MEETING[to].row(meeting),
        "body": BODY[to].row(meeting.body),
        "items": ITEM[to].rows(meeting.items.select_related("matter").order_by("order")),
        "decisions": decided,
        "decided": [one.item_id for one in decided if one.item_id],
        "present": MEMBER[to].rows(members_shown(present).order_by("side", "id")),
        "papers": _papers(actor, meeting, to),
        "quorum": quorum,
        "problem": problem,
        "sides": _sides(quorum),
        "minutes": minutes_text(meeting) if keeps or meeting.state == MINUTED else "",
        "steps": _steps(meeting),
        "keeps": keeps,
        "runs": runs,
        "present_form": _present_form(None, meeting, there) if runs and not meeting.written else None,
        "item_form": ItemForm(None, matters=matters_to_choose(meeting.body)) if runs else None,
    }
    return page_render(request, "bodies/meeting.html", values)


def _quorum(meeting: Meeting) -> tuple[Quorum | None, str]:
    if meeting.written or meeting.state == CANCELLED:
        return None, ""
    try:
        return quorum_at(meeting), ""
    except WrongUse as error:
        return None, str(error)


def _sides(quorum: Quorum | None) -> list[SideThere]:
    return [SideThere(SIDES[name][0], heard, least) for name, heard, least in quorum.sides] if quorum else []


def _steps(meeting: Meeting) -> list[dict[str, Any]]:
    titles = [_("Called"), _("Present"), _("Decide"), _("Minutes adopted")]
    if meeting.written:
        titles[1] = _("Answers")
    at = {CALLED: 1, HELD: 2, MINUTED: 4, CANCELLED: 0}.get(meeting.state, 0)
    states = ["done" if place < at else "now" if place == at else "next" for place in range(len(titles))]
    return [{"title": title, "state": state} for title, state in zip(titles, states, strict=True)]


def _papers(actor: Actor, meeting: Meeting, to: str) -> list[Any]:
    rows = ATTACHMENTS.visible_to(actor).filter(kind=PAPERS, key=meeting.id)
    return PAPER[to].rows(rows.select_related("file").order_by("at", "id"))


def _present_form(data: Any, meeting: Meeting, there: set[str]) -> PresentForm:
    rows = members_shown(Member.objects.filter(in_force(meeting.day), body=meeting.body_id))
    found = MEMBER[PROGRAMME].rows(rows.order_by("alternate_for", "start", "id"))
    sides = []
    for side in rules_now(meeting.body, meeting.day).sides:
        persons = [
            (one.id, _("%(name)s, alternate for %(member)s") % {"name": one.called, "member": one.stands_for})
            if one.is_alternate
            else (one.id, one.called)
            for one in found
            if one.side == side.name
        ]
        sides.append((side.name, side.title, persons))
    initial = {f"side-{name}": [key for key, _words in persons if key in there] for name, _title, persons in sides}
    return PresentForm(data, sides=sides, initial=initial)


@page(BODIES_KEEP, audience=PROGRAMME, thing=("body", "pk"), methods=BOTH)
def call(request: HttpRequest, body: Body) -> HttpResponse:
    """Call a meeting or a written procedure."""
    actor, at = actor_of_request(request), timezone.now()
    written = rules_now(body, timezone.localdate(at)).written
    form = CallForm(data_of(request), written=written)

    def do(given: dict[str, Any]) -> str:
        return address(meeting_call(actor=actor.id, body=body, at=at, **given))

    words = FormPage(
        _("Call a meeting: %(name)s") % {"name": body.name},
        _("The members are told at once, with the day. Put points and papers on its page."),
        _("Call it"),
        reverse("bodies:body", kwargs={"body": body.id}),
    )
    return form_page(request, words, form, do, _("Called. The members were told."))


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=("POST",))
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Note who is present."""
    actor = actor_of_request(request)
    form = _present_form(request.POST, meeting, set())

    def do() -> None:
        if not form.is_valid():
            raise WrongUse(_("Somebody in the list is not in office that day any more: look again."))
        attendance_note(actor=actor.id, meeting=meeting, present=form.present(), at=timezone.now())

    return done(request, do, _("Noted who is present."), address(meeting))


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=("POST",))
def item(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Put a point on the agenda."""
    actor = actor_of_request(request)
    form = ItemForm(request.POST, matters=matters_to_choose(meeting.body))

    def do() -> None:
        if not form.is_valid():
            raise WrongUse(_("This point could not be read: write it again."))
        given = form.cleaned_data
        key = given.get("matter") or ""
        matter = Matter.objects.get(pk=key, body=meeting.body_id) if key else None
        item_add(
            actor=actor.id, meeting=meeting, title=given["title"], note=given["note"], matter=matter, at=timezone.now()
        )

    return done(request, do, _("It stands on the agenda."), address(meeting))


@page(ITEMS_KEEP, audience=PROGRAMME, thing=("item", "pk"), methods=("POST",))
def item_off(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Take a point off the agenda."""
    actor = actor_of_request(request)

    def do() -> None:
        item_remove(actor=actor.id, item=item, at=timezone.now())

    return done(request, do, _("It is off the agenda."), address(item.meeting))


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=BOTH)
def paper(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Add a paper."""
    actor, at = actor_of_request(request), timezone.now()
    form = PaperForm(data_of(request), request.FILES if request.method == "POST" else None)

    def do(given: dict[str, Any]) -> None:
        stored = file_store(content=given["file"].read(), at=at)
        attachment_add(
            actor=actor.id,
            kind=PAPERS,
            key=meeting.id,
            file=stored,
            name=given["file"].name,
            title=given["title"],
            at=at,
        )

    words = FormPage(
        _("Add a paper: %(name)s") % {"name": meeting.body.name},
        _("A PDF, a picture, a text or a table. It is cleaned of what it says of its author and place."),
        _("Add it"),
        address(meeting),
        _("The members of the committee and the staff who see it."),
        upload=True,
    )
    return form_page(request, words, form, do, _("Added."))


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=BOTH)
def cancel(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Cancel a meeting that was not held."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> None:
        meeting_cancel(actor=actor.id, meeting=meeting, reason=given["reason"], at=timezone.now())

    words = FormPage(
        _("Cancel the meeting: %(name)s") % {"name": meeting.body.name},
        _("Nothing is decided in it. Matters on its agenda go on waiting."),
        _("Cancel the meeting"),
        address(meeting),
    )
    return form_page(request, words, ReasonForm(data_of(request)), do, _("Cancelled."))


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=BOTH)
def write(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Write the draft of the minutes; correct them once they are adopted."""
    actor, at = actor_of_request(request), timezone.now()
    corrects = meeting.state == MINUTED
    initial = {"text": minutes_text(meeting) or _draft(meeting)}
    form = (CorrectForm if corrects else MinutesForm)(data_of(request), initial=initial)

    def do(given: dict[str, Any]) -> None:
        service = minutes_correct if corrects else minutes_write
        service(actor=actor.id, meeting=meeting, at=at, **given)

    title = _("Correct the minutes: %(name)s") if corrects else _("Write the minutes: %(name)s")
    words = FormPage(
        title % {"name": meeting.body.name},
        _("The adopted minutes stay; the correction takes their place and says why.")
        if corrects
        else _("A draft, seen by the secretariat only, until the committee has adopted it."),
        _("Correct them") if corrects else _("Keep the draft"),
        address(meeting),
        _("Once adopted: every member of the committee, for good."),
    )
    return form_page(request, words, form, do, _("Corrected and sealed.") if corrects else _("Kept."))


def _draft(meeting: Meeting) -> str:
    """What minutes begin with: the agenda with what was decided under each point."""
    lines: list[str] = []
    taken: dict[str, list[Decision]] = {}
    for one in meeting.decisions.order_by("number"):
        taken.setdefault(one.item_id or "", []).append(one)
    items: list[AgendaItem] = list(meeting.items.order_by("order"))
    for point in items:
        lines += [f"{point.order}. {point.title}", *(_decided(one) for one in taken.get(point.id, [])), ""]
    lines += [_decided(one) for one in taken.get("", [])]
    return "\n".join(lines).strip()


def _decided(one: Decision) -> str:
    return _("Decision %(number)d: %(text)s") % {"number": one.number, "text": one.text}


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=BOTH)
def adopt(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Seal the minutes as the committee adopted them."""
    actor, at = actor_of_request(request), timezone.now()
    form = DayForm(data_of(request), initial={"day": timezone.localdate(at)})

    def do(given: dict[str, Any]) -> None:
        minutes_adopt(actor=actor.id, meeting=meeting, on=given["day"], at=at)

    words = FormPage(
        _("Adopt the minutes: %(name)s") % {"name": meeting.body.name},
        _("Enter the day on which the committee adopted them. They are sealed then; a correction says why."),
        _("Seal the adopted minutes"),
        address(meeting),
        _("Every member of the committee."),
    )
    return form_page(request, words, form, do, _("Adopted and sealed. The meeting is closed."))


@page(MEETINGS_READ, audience=PROGRAMME, thing=("meeting", "pk"))
def minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The minutes as a page to print, for staff; before it meets, the agenda."""
    return _minutes(request, meeting, STAFF)


@page(MEETINGS_OWN, audience=COMMITTEE, thing=("meeting", "pk"))
def minutes_own(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The same for members, who read minutes once they are adopted."""
    return _minutes(request, meeting, OWN)


def _minutes(request: HttpRequest, meeting: Meeting, way: Way) -> HttpResponse:
    to = way.audience
    present = members_shown(Member.objects.filter(id__in=present_at(meeting)))
    decisions = meeting.decisions.select_related("body", "matter").order_by("number")
    document = meeting.minutes_document
    drafts = to == PROGRAMME and MEETINGS_KEEP.may(actor_of_request(request), meeting)
    values = {
        "way": way,
        "before": meeting.state in (CALLED, CANCELLED),
        "meeting": MEETING[to].row(meeting),
        "body": BODY[to].row(meeting.body),
        "items": ITEM[to].rows(meeting.items.select_related("matter").order_by("order")),
        "decisions": DECISION[to].rows(decisions),
        "present": MEMBER[to].rows(present.order_by("side", "id")),
        "minutes": minutes_text(meeting) if drafts or meeting.state == MINUTED else "",
        "digest": document.digest[:16] if document else "",
        "reason": document.reason if document else "",
    }
    return page_render(request, "bodies/minutes.html", values)
