"""What committees put on homes: for the secretariat, for members, and for whoever has something to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from betterwork.foundation.contributions.registry import Task
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.bodies.models import CALLED, HELD, OPEN, WAITS, Body, FollowUp, Matter
from betterwork.modules.bodies.policy import (
    BODIES_KEEP,
    DECISIONS_KEEP,
    FOLLOW_UPS_CLOSE,
    MEETINGS_KEEP,
    MEETINGS_OWN,
)
from betterwork.modules.bodies.rules import ADVICE

SOON = timedelta(days=60)
"""How long before a term ends its secretariat is told."""
MOST = 20
"""Most tasks of one sort on a home."""


def tasks_of_committees(actor: Actor, at: datetime) -> Iterator[Task]:
    """What this person should do for committees now."""
    on = at.date()
    if BODIES_KEEP.may(actor):
        yield from _matters(actor)
        yield from _meetings(actor, on)
        yield from _terms(actor, on)
        yield from _advice(actor)
    if MEETINGS_OWN.may(actor):
        yield from _invited(actor, on)
    if FOLLOW_UPS_CLOSE.may(actor):
        yield from _follow_ups(actor)


def _matters(actor: Actor) -> Iterator[Task]:
    on_an_agenda = Q(items__meeting__state__in=[CALLED, HELD])
    rows = Matter.objects.filter(state=WAITS, body__in=BODIES_KEEP.visible_to(actor).values("pk")).exclude(on_an_agenda)
    for one in rows.select_related("body").order_by("brought_at", "id")[:MOST]:
        yield Task(
            title=_("Put on an agenda: %(title)s") % {"title": one.title},
            why=_("It waits to be decided by %(body)s.") % {"body": one.body.name},
            url=reverse("bodies:body", kwargs={"body": one.body_id}),
            state=_("Waits to be decided"),
            state_kind="wait",
            order=40,
        )


def _meetings(actor: Actor, on: date) -> Iterator[Task]:
    rows = MEETINGS_KEEP.visible_to(actor).filter(Q(state=HELD) | Q(state=CALLED, day__lte=on)).select_related("body")
    for one in rows.order_by("day", "id")[:MOST]:
        facts = {"body": one.body.name, "number": one.number}
        held = one.state == HELD
        title = (
            _("Write the minutes: %(body)s, meeting %(number)s") if held else _("Run the meeting: %(body)s, %(number)s")
        )
        yield Task(
            title=title % facts,
            why=_("Minutes count once the committee adopted them.") if held else _("Note who is present, then decide."),
            url=reverse("bodies:meeting", kwargs={"meeting": one.id}),
            state=_("Minutes to come") if held else _("Today or before"),
            state_kind="wait",
            due=None if held else one.day,
            order=41,
        )


def _terms(actor: Actor, on: date) -> Iterator[Task]:
    ending = Q(members__end__gte=on, members__end__lte=on + SOON)
    rows: list[Body] = list(
        BODIES_KEEP.visible_to(actor)
        .filter(Q(end__isnull=True) | Q(end__gt=on + SOON))
        .annotate(ending=Count("members", filter=ending))
        .filter(ending__gt=0)
        .order_by("name", "id")[:MOST]
    )
    for one in rows:
        count: int = one.ending  # type: ignore[attr-defined]
        words = ngettext(
            "%(body)s: the term of %(count)d member ends soon",
            "%(body)s: the terms of %(count)d members end soon",
            count,
        )
        yield Task(
            title=words % {"body": one.name, "count": count},
            why=_("Ask those who name them, in time, so that no side is missing."),
            url=reverse("bodies:body", kwargs={"body": one.id}),
            state=_("Ends within 60 days"),
            order=42,
        )


def _advice(actor: Actor) -> Iterator[Task]:
    rows = DECISIONS_KEEP.visible_to(actor).filter(outcome=ADVICE, answer__isnull=True, superseded_by__isnull=True)
    for one in rows.select_related("body").order_by("day", "id")[:MOST]:
        yield Task(
            title=_("Answer the advice of %(body)s") % {"body": one.body.name},
            why=one.text[:200],
            url=reverse("bodies:decision", kwargs={"decision": one.id}),
            state=_("Not answered"),
            state_kind="wait",
            order=43,
        )


def _invited(actor: Actor, on: date) -> Iterator[Task]:
    rows = MEETINGS_OWN.visible_to(actor).filter(day__gte=on, state=CALLED).select_related("body")
    for one in rows.order_by("day", "id")[:MOST]:
        facts = {"body": one.body.name, "number": one.number}
        title = _("%(body)s, written procedure %(number)s") if one.written else _("%(body)s, meeting %(number)s")
        yield Task(
            title=title % facts,
            why=_("Read the papers and answer in time.")
            if one.written
            else _("Read the papers. If your alternate comes in your place, tell the secretariat in time."),
            url=reverse("bodies:meeting_own", kwargs={"meeting": one.id}),
            state=_("Written procedure") if one.written else _("Meeting"),
            due=one.day,
            order=44,
        )


def _follow_ups(actor: Actor) -> Iterator[Task]:
    rows: list[FollowUp] = list(
        FOLLOW_UPS_CLOSE.visible_to(actor).filter(owner=actor.id, state=OPEN).order_by("due", "id")[:MOST]
    )
    for one in rows:
        yield Task(
            title=one.what[:200],
            why=_("Agreed by a committee. Say when it is done, and what came of it."),
            url=reverse("bodies:follow_up", kwargs={"follow_up": one.id}),
            state=pgettext("state", "Open"),
            state_kind="wait",
            due=one.due,
            order=45,
        )
