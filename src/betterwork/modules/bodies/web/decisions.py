"""Deciding, what was decided, answers to advice, and follow-up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.bodies.deciding import advice_answer, decision_take
from betterwork.modules.bodies.models import Body, Decision, FollowUp, Meeting, Member
from betterwork.modules.bodies.policy import (
    DECISIONS_KEEP,
    DECISIONS_OWN,
    DECISIONS_READ,
    FOLLOW_UPS_CLOSE,
    MEETINGS_KEEP,
)
from betterwork.modules.bodies.presentations import (
    ANSWER,
    DECISION,
    FOLLOW_UP,
    MEMBER,
    follow_ups_shown,
    members_shown,
)
from betterwork.modules.bodies.queries import document_content, in_force, quorum_at, seats_of
from betterwork.modules.bodies.recording import follow_up_add, follow_up_close
from betterwork.modules.bodies.rules import ADVICE, SIDES, VOTES, Ballot, members_on, voices
from betterwork.modules.bodies.web.bodies import rules_now
from betterwork.modules.bodies.web.forms import AnswerForm, CloseForm, DecideForm, FollowUpForm
from betterwork.modules.bodies.web.meetings import address
from betterwork.modules.bodies.web.parts import BOTH, OWN, STAFF, FormPage, Way, data_of, done, form_page


def _speakers(meeting: Meeting) -> list[tuple[str, str]]:
    """Who may vote, as the form offers them: (term, name with side)."""
    seats = seats_of(meeting.body)
    if meeting.written:
        keys = [one.id for one in members_on(seats, meeting.day)]
    else:
        present = set(meeting.attendances.values_list("member", flat=True))
        keys = [one.speaker for one in voices(seats, present, meeting.day)]
    rows = members_shown(Member.objects.filter(id__in=keys)).order_by("side", "start", "id")
    return [(one.id, f"{one.called} ({one.side_title})") for one in MEMBER[PROGRAMME].rows(rows)]


@page(MEETINGS_KEEP, audience=PROGRAMME, thing=("meeting", "pk"), methods=BOTH)
def decide(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Record a decision under a point of the agenda, or one that takes the place of an earlier one."""
    item = meeting.items.filter(pk=_asked(request, "item")).select_related("matter").first()
    before = _superseded(meeting, _asked(request, "anew"))
    rules = rules_now(meeting.body, meeting.day)
    form = DecideForm(
        data_of(request),
        rules=rules,
        speakers=_speakers(meeting),
        written=meeting.written,
        anew=before is not None,
        initial={"text": before.text if before else "", "outcome": "" if rules.decides else ADVICE},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        return _taken(request, form, meeting, {"item": item, "supersedes": before, "why": given.get("why", "")})
    return _decide_page(request, meeting, form, item)


def _taken(request: HttpRequest, form: DecideForm, meeting: Meeting, more: dict[str, Any]) -> HttpResponse:
    given = form.cleaned_data
    actor = actor_of_request(request).id
    try:
        decision_take(
            actor=actor,
            meeting=meeting,
            text=given["text"],
            outcome=given["outcome"],
            ballot=Ballot(given["way"], form.votes()),
            reasons=given["reasons"],
            conditions=given["conditions"],
            at=timezone.now(),
            **more,
        )
    except WrongUse as error:
        form.add_error(None, str(error))
        return _decide_page(request, meeting, form, more["item"])
    return done(request, lambda: None, _("Decided and sealed."), address(meeting))


def _decide_page(request: HttpRequest, meeting: Meeting, form: DecideForm, item: Any) -> HttpResponse:
    missing: tuple[str, ...] = ()
    if not meeting.written:
        try:
            missing = quorum_at(meeting).missing
        except WrongUse as error:
            missing = (str(error),)
    votes = [form[f"vote-{key}"] for key, _name in form.speakers]
    sides = [form[f"side-{name}"] for name in form.sides if f"side-{name}" in form.fields]
    values = {
        "form": form,
        "votes": votes,
        "sides": sides,
        "missing": missing,
        "item": item.title if item else "",
        "matter": item.matter.title if item and item.matter else "",
        "back": address(meeting),
        "body_name": meeting.body.name,
        "anew": "why" in form.fields,
    }
    return page_render(request, "bodies/decide.html", values)


def _asked(request: HttpRequest, name: str) -> str:
    """An id in an address; without NUL, which PostgreSQL refuses with an error."""
    return request.GET.get(name, "").replace("\x00", "")[:40]


def _superseded(meeting: Meeting, key: str) -> Decision | None:
    rows = Decision.objects.filter(body=meeting.body_id, superseded_by__isnull=True)
    return rows.select_related("matter", "document").filter(pk=key).first() if key else None


@page(DECISIONS_READ, audience=PROGRAMME, thing=("decision", "pk"))
def decision(request: HttpRequest, decision: Decision) -> HttpResponse:
    """One decision, for staff."""
    return _decision(request, decision, STAFF)


@page(DECISIONS_OWN, audience=COMMITTEE, thing=("decision", "pk"))
def decision_own(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The same for members."""
    return _decision(request, decision, OWN)


def _decision(request: HttpRequest, decision: Decision, way: Way) -> HttpResponse:
    actor, to = actor_of_request(request), way.audience
    keeps = to == PROGRAMME and DECISIONS_KEEP.may(actor, decision)
    later = Decision.objects.filter(supersedes=decision).values_list("id", flat=True).first()
    answer = getattr(decision, "answer", None)
    content = document_content(decision.document)
    values = {
        "way": way,
        "decision": DECISION[to].row(decision),
        "later": later or "",
        "votes": _votes(decision),
        "quorum": _quorum_words(decision),
        "rules_source": str(content.get("rules_source", "")),
        "digest": decision.document.digest[:16],
        "answer": ANSWER[to].row(answer) if answer else None,
        "follow_ups": FOLLOW_UP[to].rows(follow_ups_shown(decision.follow_ups.order_by("due", "id"))),
        "may_answer": keeps and decision.outcome == ADVICE and answer is None and not later,
        "may_follow": keeps,
        "closable": sorted(FOLLOW_UPS_CLOSE.visible_to(actor).filter(decision=decision).values_list("id", flat=True)),
    }
    return page_render(request, "bodies/decision.html", values)


def _votes(decision: Decision) -> list[dict[str, Any]]:
    rows = [one for one in decision.votes if isinstance(one, list) and len(one) == 3]
    persons = dict(Member.objects.filter(id__in=[one[0] for one in rows]).values_list("id", "person"))
    names = person_names(persons.values())
    return [
        {
            "who": names.get(persons[name], _("A person who was erased")) if name in persons else "",
            "side": SIDES[side][0] if side in SIDES else side,
            "vote": VOTES.get(vote, vote),
        }
        for name, side, vote in rows
    ]


def _quorum_words(decision: Decision) -> str:
    found: dict[str, Any] = decision.quorum
    if not {"heard", "members", "needed"} <= set(found):
        return ""
    return str(_("%(heard)s of %(members)s members were heard; it took %(needed)s.") % found)


@page(DECISIONS_KEEP, audience=PROGRAMME, thing=("decision", "pk"), methods=BOTH)
def answer(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Answer a piece of advice."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> None:
        advice_answer(actor=actor.id, decision=decision, at=timezone.now(), **given)

    words = FormPage(
        _("Answer the advice of %(name)s") % {"name": decision.body.name},
        decision.text,
        _("Give this answer"),
        reverse("bodies:decision", kwargs={"decision": decision.id}),
        _("The members read it. It is sealed and cannot be changed."),
    )
    return form_page(request, words, AnswerForm(data_of(request)), do, _("Answered."))


def owners_to_choose(body: Body | None, actor: str) -> list[tuple[str, str]]:
    """Who can be asked to do something: oneself, and who sits in the committee today."""
    on = timezone.localdate()
    persons = set(Member.objects.filter(in_force(on), body=body).values_list("person", flat=True)) if body else set()
    names = person_names({actor, *persons})
    others = sorted(((one, names[one]) for one in persons - {actor} if one in names), key=lambda one: one[1])
    return [(actor, names.get(actor, _("Myself"))), *others]


@page(DECISIONS_KEEP, audience=PROGRAMME, thing=("decision", "pk"), methods=BOTH)
def follow(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Agree what follows from a decision."""
    actor = actor_of_request(request)
    form = FollowUpForm(data_of(request), owners=owners_to_choose(decision.body, actor.id))

    def do(given: dict[str, Any]) -> None:
        follow_up_add(actor=actor.id, decision=decision, at=timezone.now(), **given)

    words = FormPage(
        _("What follows from the decision"),
        decision.text,
        _("Agree this"),
        reverse("bodies:decision", kwargs={"decision": decision.id}),
        _("The members of the committee. Who does it finds it on her home."),
    )
    return form_page(request, words, form, do, _("Agreed. It stands on the home of who does it."))


@page(FOLLOW_UPS_CLOSE, audience=COMMITTEE, thing=("follow_up", "pk"), methods=BOTH)
def follow_up(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """Say that something is done, or dropped, and what came of it."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> None:
        follow_up_close(actor=actor.id, follow_up=follow_up, at=timezone.now(), **given)

    words = FormPage(
        _("Is it done?"),
        follow_up.what,
        _("Close it"),
        reverse("home"),
        _("The members of the committee read what came of it."),
    )
    return form_page(request, words, CloseForm(data_of(request)), do, _("Closed."))
