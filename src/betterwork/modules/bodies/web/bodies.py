"""The list of committees, one committee, and setting one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.roles import COUNTRY_MANAGER, GLOBAL_STAFF
from betterwork.modules.bodies.kinds import TITLES, kind_called
from betterwork.modules.bodies.models import (
    CANCELLED,
    OPEN,
    WAITS,
    Body,
    Decision,
    FollowUp,
    Matter,
    Meeting,
    Member,
)
from betterwork.modules.bodies.policy import (
    BODIES_FOUND,
    BODIES_KEEP,
    BODIES_OWN,
    BODIES_READ,
    BODIES_RULES,
    countries_seen,
)
from betterwork.modules.bodies.presentations import (
    BODY,
    BODY_LISTED,
    DECISION,
    FOLLOW_UP,
    MATTER,
    MEETING,
    MEMBER,
    follow_ups_shown,
    members_shown,
)
from betterwork.modules.bodies.queries import bodies_listed, chair_on, in_force, rules_on, standing_on
from betterwork.modules.bodies.rules import MAJORITIES, Composition
from betterwork.modules.bodies.services import body_close, body_found, rules_set
from betterwork.modules.bodies.web.forms import DayForm, FoundForm, RulesForm
from betterwork.modules.bodies.web.parts import BOTH, OWN, STAFF, FormPage, Way, data_of, form_page
from betterwork.modules.countries.queries import CountryOptions
from betterwork.modules.organisations.queries import organisation_names

MOST = 20
"""Most rows of one sort on the page of a committee."""


LIST = Listing(
    BODY_LISTED,
    (
        Column("name", gettext_lazy("Committee"), sort=("name",)),
        Column("kind_title", gettext_lazy("Kind"), sort=("kind",)),
        Column("country_name", gettext_lazy("Country"), sort=("country",)),
        Column("sitting", gettext_lazy("Members"), sort=("sitting",), number=True),
        Column("waiting", gettext_lazy("Matters waiting"), sort=("waiting",), number=True),
        Column("next_day", gettext_lazy("Next meeting"), sort=("next_day",)),
    ),
    order=("country", "name", "id"),
    search=lambda text: Q(name__icontains=text),
    choices=(
        Choice("kind", gettext_lazy("Kind"), tuple(TITLES.items()), lambda rows, kind: rows.filter(kind=kind)),
        Choice(
            "country",
            gettext_lazy("Country"),
            CountryOptions(),  # type: ignore[arg-type]
            lambda rows, code: rows.filter(country=code),
            countries_seen,
        ),
    ),
)


@page(BODIES_READ, audience=PROGRAMME)
def bodies(request: HttpRequest) -> HttpResponseBase:
    """The committees that staff see."""
    actor = actor_of_request(request)
    rows = bodies_listed(BODIES_READ.visible_to(actor), timezone.localdate())
    if request.GET.get("format") == "csv":
        return LIST.export(request, rows, "committees")
    values = {"listing": LIST.shown(request, rows), "may_found": BODIES_FOUND.may(actor)}
    return page_render(request, "bodies/bodies.html", values)


@page(BODIES_OWN, audience=COMMITTEE)
def bodies_own(request: HttpRequest) -> HttpResponseBase:
    """The committees in which one sits."""
    rows = BODIES_OWN.visible_to(actor_of_request(request)).order_by("name", "id")
    columns = [{"title": _("Committee")}, {"title": _("Kind")}, {"title": _("Country")}]
    values = {"bodies": BODY[COMMITTEE].rows(rows[:200]), "columns": columns}
    return page_render(request, "bodies/bodies_own.html", values)


@page(BODIES_READ, audience=PROGRAMME, thing=("body", "pk"))
def body(request: HttpRequest, body: Body) -> HttpResponseBase:
    """One committee, for staff."""
    return _body(request, body, STAFF)


@page(BODIES_OWN, audience=COMMITTEE, thing=("body", "pk"))
def body_own(request: HttpRequest, body: Body) -> HttpResponseBase:
    """The same for its members."""
    return _body(request, body, OWN)


@dataclass(frozen=True, slots=True)
class RuleWords:
    """The rules of a committee as its page says them."""

    chair_side: str
    quorum_percent: int
    quorum_chair: bool
    majority: Any
    women_percent: int
    term_months: int
    decides: bool
    written: bool
    sides: tuple[tuple[str, int], ...]
    start: date
    source: str


def _rule_words(rules: Composition, start: date, source: str) -> RuleWords:
    chair = rules.side(rules.chair_side)
    return RuleWords(
        chair_side=chair.title if chair else "",
        quorum_percent=rules.quorum_percent,
        quorum_chair=rules.quorum_chair,
        majority=MAJORITIES[rules.majority],
        women_percent=rules.women_percent,
        term_months=rules.term_months,
        decides=rules.decides,
        written=rules.written,
        sides=tuple((one.title, one.least) for one in rules.sides),
        start=start,
        source=source,
    )


def _body(request: HttpRequest, body: Body, way: Way) -> HttpResponse:
    actor, at = actor_of_request(request), timezone.now()
    on, to = timezone.localdate(at), way.audience
    of_body = {"body": body}
    meetings = Meeting.objects.filter(**of_body).select_related("body").order_by("-day", "-number")
    members = members_shown(Member.objects.filter(in_force(on), **of_body)).order_by(
        "side", "alternate_for", "start", "id"
    )
    gone = Member.objects.filter(end__lt=on, **of_body)
    decisions = Decision.objects.filter(superseded_by__isnull=True, **of_body).select_related("body", "matter")
    waiting = Matter.objects.filter(state=WAITS, **of_body).select_related("body").order_by("brought_at", "id")
    todo = FollowUp.objects.filter(state=OPEN, **of_body)
    seated = MEMBER[to].rows(members)
    values = {
        "way": way,
        "body": BODY[to].row(body),
        "members": seated,
        "organisations": organisation_names(one.organisation for one in seated if one.organisation),
        "gone": MEMBER[to].rows(members_shown(gone).order_by("-end", "id")[:MOST]),
        "chair": chair_on(body, on),
        "meetings": MEETING[to].rows(meetings.exclude(state=CANCELLED)[:MOST]),
        "matters": MATTER[to].rows(waiting[:MOST]),
        "decisions": DECISION[to].rows(decisions.order_by("-day", "-number")[:MOST]),
        "follow_ups": FOLLOW_UP[to].rows(follow_ups_shown(todo).order_by("due", "id")[:MOST]),
        "may_keep": BODIES_KEEP.may(actor, body) and body.end is None,
        "may_rule": BODIES_RULES.may(actor, body),
        "today": on,
        **_standing(body, on),
    }
    return page_render(request, "bodies/body.html", values)


def _standing(body: Body, on: date) -> dict[str, Any]:
    """How the committee stands against its rule; a sentence where the rules of the day cannot be followed."""
    try:
        rules = rules_on(body, on)
        found = standing_on(body, on)
    except WrongUse as error:
        return {"standing": None, "rules": None, "no_rules": str(error)}
    return {"standing": found, "rules": _rule_words(rules.value, rules.start, rules.source), "no_rules": ""}


def _own_countries(actor: Actor) -> list[tuple[str, str]]:
    own = None if actor.in_world(GLOBAL_STAFF) else actor.keys("country", COUNTRY_MANAGER)
    return [(code, title) for code, title in CountryOptions() if own is None or code in own]


@page(BODIES_FOUND, audience=PROGRAMME, methods=BOTH)
def found(request: HttpRequest) -> HttpResponse:
    """Set a committee up."""
    actor = actor_of_request(request)
    world = actor.in_world(GLOBAL_STAFF)
    form = FoundForm(data_of(request), countries=_own_countries(actor), world=world)

    def do(given: dict[str, Any]) -> str:
        factory = f"factory:{given['factory'].strip()}" if given["factory"].strip() else ""
        more = {name: given[name] for name in ("kind", "name", "country", "workers_chosen", "start")}
        made = body_found(actor=actor.id, factory=factory, at=timezone.now(), **more)
        return reverse("bodies:body", kwargs={"body": made.id})

    words = FormPage(
        _("Set up a committee"),
        _("Its kind says who sits in it and what it takes to decide; a country may set other rules."),
        _("Set it up"),
        reverse("bodies:bodies"),
    )
    return form_page(request, words, form, do, _("Set up. Now seat its members and name the chair."))


@page(BODIES_RULES, audience=PROGRAMME, thing=("body", "pk"), methods=BOTH)
def rules(request: HttpRequest, body: Body) -> HttpResponse:
    """Set the rules of this kind of committee for the country."""
    actor, at = actor_of_request(request), timezone.now()
    current = rules_now(body, timezone.localdate(at))
    form = RulesForm(data_of(request), rules=current)

    def do(given: dict[str, Any]) -> None:
        rules_set(
            actor=actor.id,
            kind=body.kind,
            country=body.country,
            rules=form.composition(),
            start=given["start"],
            source=given["source"],
            at=at,
        )

    words = FormPage(
        _("Rules: %(name)s") % {"name": body.name},
        _("They hold for every committee of this kind in the country, from the first day on. Earlier decisions stay."),
        _("Set these rules"),
        reverse("bodies:body", kwargs={"body": body.id}),
        _("Everybody who sees the committee reads them, with their source."),
    )
    return form_page(request, words, form, do, _("Set. They hold from their first day."))


def rules_now(body: Body, on: date) -> Composition:
    """The rules of a day, for a form to begin with; the programme's where those stored cannot be followed."""
    try:
        return rules_on(body, on).value
    except WrongUse:
        return kind_called(body.kind).shipped[-1].value


@page(BODIES_KEEP, audience=PROGRAMME, thing=("body", "pk"), methods=BOTH)
def close(request: HttpRequest, body: Body) -> HttpResponse:
    """Close a committee after a day."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> None:
        body_close(actor=actor.id, body=body, end=given["day"], at=timezone.now())

    words = FormPage(
        _("Close: %(name)s") % {"name": body.name},
        _("After this day it neither meets nor decides. What it decided stays."),
        _("Close it"),
        reverse("bodies:body", kwargs={"body": body.id}),
    )
    return form_page(request, words, DayForm(data_of(request)), do, _("Closed after that day."))
