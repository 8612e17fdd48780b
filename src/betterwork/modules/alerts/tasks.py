"""What concerns put on homes: for who answers them, for her whose words never arrived, for who says who is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.contributions.registry import Task
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.alerts.models import Concern
from betterwork.modules.alerts.policy import CONCERNS_OWN, CONCERNS_WORK, NAMED_OWN
from betterwork.modules.alerts.presentations import STATES, clock_running, hours_words
from betterwork.modules.alerts.queries import closing_asked_at, concerns_open, countries_short, words_kept
from betterwork.modules.alerts.rules import CLOSING, OPEN
from betterwork.modules.countries.queries import country_title

MOST = 20
"""Most tasks of one sort on a home."""
LATELY = 50
"""Of her concerns that are not closed, so many are looked at for words that never arrived."""


def tasks_of_concerns(actor: Actor, at: datetime) -> Iterator[Task]:
    """What this person should do about concerns now."""
    if CONCERNS_WORK.may(actor):
        yield from _answers(actor, at)
        yield from _wordless(actor)
        yield from _knows(actor, at)
        yield from _short(actor, at)


def _answers(actor: Actor, at: datetime) -> Iterator[Task]:
    rows = list(concerns_open(CONCERNS_WORK.visible_to(actor))[:MOST])
    asked = closing_asked_at(one.id for one in rows if one.state == CLOSING)
    for one in rows:
        clock = clock_running(one, at)
        if one.state == CLOSING and one.asked_by == actor.id and clock is None:
            continue  # somebody else's turn
        late = clock is not None and clock.kind == "nc"
        yield Task(
            title=_title(one, actor),
            why=_why(one, clock.left if clock else "", asked.get(one.id), at),
            url=reverse("alerts:concern", kwargs={"concern": one.id}),
            state=clock.word if clock else STATES[one.state][0],
            state_kind="nc" if late else "wait",
            due=timezone.localdate(clock.due) if clock else at.date(),
            order=1,
        )


def _title(one: Concern, actor: Actor) -> str:
    if one.state == OPEN:
        return _("Take a concern in hand")
    if one.state == CLOSING and one.asked_by != actor.id:
        return _("Confirm or refuse that a concern is closed")
    return _("Write down what was done about a concern")


def _why(one: Concern, left: str, asked: datetime | None, at: datetime) -> str:
    said = [country_title(one.country), left]
    if asked is not None:
        said.append(_("Closing was asked for %(time)s ago") % {"time": hours_words(at - asked)})
    return " ".join(f"{part}." for part in said if part)


def _wordless(actor: Actor) -> Iterator[Task]:
    mine = list(concerns_open(CONCERNS_OWN.visible_to(actor)).order_by("-raised_at")[:LATELY])
    kept = words_kept(one.id for one in mine) if mine else set()
    for one in mine:
        if one.id not in kept:
            yield Task(
                title=_("Send your concern again"),
                why=_("It was told, but what you wrote did not arrive."),
                url=reverse("alerts:concern", kwargs={"concern": one.id}),
                state=_("Words missing"),
                state_kind="nc",
                due=timezone.localdate(one.raised_at),
                order=1,
            )


def _knows(actor: Actor, at: datetime) -> Iterator[Task]:
    rows = NAMED_OWN.visible_to(actor).filter(confirmed_at__isnull=True, ended_at__isnull=True)
    for one in rows.exclude(last__lt=at.date()).order_by("first", "id")[:MOST]:
        yield Task(
            title=_("Say that you know: you are named for concerns"),
            why=country_title(one.country),
            url=reverse("alerts:named"),
            state=_("Not confirmed"),
            state_kind="wait",
            order=5,
        )


def _short(actor: Actor, at: datetime) -> Iterator[Task]:
    managed = actor.keys("country", roles.COUNTRY_MANAGER)
    if not managed:
        return
    for country, count in countries_short(managed, at).items():
        words = {"country": country_title(country)}
        yield Task(
            title=_("Name who answers concerns: %(country)s") % words,
            why=_("Only one person is named: nobody could confirm that a concern is closed.")
            if count
            else _("Nobody is named: concerns go to managers and global staff."),
            url=reverse("alerts:named_of", kwargs={"country": country}),
            state=_("One named") if count else _("Nobody named"),
            state_kind="wait" if count else "nc",
            order=20,
        )
