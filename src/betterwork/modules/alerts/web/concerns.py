"""Concerns: the list, one with its clock, its words opened on purpose, the steps."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import CONCERN_CIRCLE, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.vault.kinds import kind_of
from betterwork.foundation.vault.rules import NothingHere
from betterwork.foundation.vault.services import vault_open
from betterwork.modules.alerts.models import Concern
from betterwork.modules.alerts.policy import CONCERNS_OWN, CONCERNS_READ, CONCERNS_WORK, VAULT_KIND
from betterwork.modules.alerts.presentations import CONCERN, OWN_CONCERN, STATES, STEP, STEPS, clock_running, clocks
from betterwork.modules.alerts.queries import openings_of, steps_of, told_of, words_kept
from betterwork.modules.alerts.rules import (
    ASKED,
    CLOSED,
    CONFIRMED,
    NOTED,
    REFUSED,
    REOPENED,
    TAKEN,
    TAKEN_BACK,
    WITH_WORDS,
    steps_open,
)
from betterwork.modules.alerts.services import (
    closing_ask,
    closing_decide,
    concern_note,
    concern_reopen,
    concern_take,
    standing_of,
)
from betterwork.modules.alerts.web.forms import StepForm, WordsForm

BOTH = ("GET", "POST")
LIST = Listing(
    CONCERN,
    (
        Column("kind_title", gettext_lazy("What it is about")),
        Column("country_name", gettext_lazy("Country")),
        Column("factory_name", gettext_lazy("Factory")),
        Column("raised_at", gettext_lazy("Raised"), sort=("raised_at",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
        Column("clock_from", gettext_lazy("The clock"), sort=("clock_from",)),
    ),
    order=("-clock_from", "-id"),
    choices=(
        Choice(
            "state",
            gettext_lazy("State"),
            tuple((name, words) for name, (words, _kind) in STATES.items()),
            lambda rows, state: rows.filter(state=state),
        ),
    ),
)


@page(CONCERNS_READ, audience=PROGRAMME)
def concerns(request: HttpRequest) -> HttpResponseBase:
    """What one answers, and what one raised oneself."""
    actor, at = actor_of_request(request), timezone.now()
    shown = LIST.shown(request, CONCERNS_WORK.visible_to(actor).select_related("factory"))
    listing = replace(shown, export_url="")  # a file of concerns would go further than its reader
    own = CONCERNS_OWN.visible_to(actor).select_related("factory").order_by("-raised_at", "-id")[:50]
    values = {
        "listing": listing,
        "rows": [{"concern": row, "clock": clock_running(row, at)} for row in listing.rows],
        "own": [{"concern": OWN_CONCERN.row(one), "clock": clock_running(one, at)} for one in own],
        "answers": listing.total > 0 or listing.narrowed,
    }
    return page_render(request, "alerts/concerns.html", values)


def _with_factory(rows: Any, actor: Actor) -> Any:
    return rows.select_related("factory")


@page(CONCERNS_READ, audience=PROGRAMME, thing=("concern", "id"), reading=_with_factory)
def concern(request: HttpRequest, concern: Concern) -> HttpResponse:
    """One concern: for who answers it all of it; for who raised it that it stands, and how."""
    actor, at = actor_of_request(request), timezone.now()
    answers = CONCERNS_WORK.may(actor, concern)
    kept = bool(words_kept([concern.id]))
    values: dict[str, Any] = {
        "concern": (CONCERN if answers else OWN_CONCERN).row(concern),
        "clocks": clocks(concern, at),
        "answers": answers,
        "kept": kept,
        "to_open": kept or (answers and concern.steps.filter(kind__in=WITH_WORDS).exists()),
        "mine": concern.raised_by == actor.id,
        "steps": _offered(concern, actor, named=answers),
        "closed": concern.state == CLOSED,
    }
    if answers:
        values |= _for_who_answers(concern, actor, at)
    return page_render(request, "alerts/concern.html", values)


def _for_who_answers(concern: Concern, actor: Actor, at: datetime) -> dict[str, Any]:
    steps = STEP.rows(steps_of(concern))
    opened = openings_of([concern.id])
    names = person_names(
        {concern.raised_by, concern.taken_by, concern.asked_by, *(one.done_by for one in steps)}
        | {person for _at, person, _item in opened}
    )
    somebody = _("somebody who left")
    history = [{"at": one.done_at, "what": one.words, "who": names.get(one.done_by, somebody)} for one in steps]
    history += [
        {"at": moment, "what": _("What was written at first was opened"), "who": names.get(person, somebody)}
        for moment, person, _item in opened
    ]
    raised = {"at": concern.raised_at, "what": _("Raised"), "who": names.get(concern.raised_by, somebody)}
    second = told_of(concern.country, at, raised_by="", set_aside=concern.set_aside_person)
    return {
        "history": [*sorted(history, key=lambda one: one["at"], reverse=True), raised],
        "raised_by": names.get(concern.raised_by, somebody),
        "taken_by": names.get(concern.taken_by, somebody) if concern.taken_by else "",
        "asked_by": names.get(concern.asked_by, somebody) if concern.asked_by else "",
        "asked_myself": concern.asked_by == actor.id,
        "alone": not set(second) - {actor.id},
    }


@page(CONCERNS_READ, audience=CONCERN_CIRCLE, thing=("concern", "id"), methods=("POST",))
def words(request: HttpRequest, concern: Concern) -> HttpResponse:
    """What was written, opened on purpose: each opening is in the trail before a word is shown."""
    actor, at = actor_of_request(request), timezone.now()
    steps = list(steps_of(concern).filter(kind__in=WITH_WORDS)) if CONCERNS_WORK.may(actor, concern) else []
    wanted = [(concern.id, _("When it was raised"), concern.raised_by, concern.raised_at)]
    wanted += [(one.id, STEPS[one.kind], one.done_by, one.done_at) for one in steps]
    shown = kind_of(VAULT_KIND).opened
    names = person_names(who for _id, _title, who, _at in wanted)
    found = []
    for item, title, who, when in wanted:
        try:
            row = shown.opened_row(vault_open(actor=actor, item_id=item, at=at))
        except NothingHere:
            continue  # its words never arrived
        found.append({"title": title, "who": names.get(who, ""), "at": when, "row": row})
    if not found:
        raise Http404
    return page_render(request, "alerts/words.html", {"concern": concern.id, "entries": found})


@dataclass(frozen=True, slots=True)
class _Offer:
    """A step as it is offered: its address, what its button says, what happens, and what is asked."""

    step: str
    button: Any
    says: Any
    label: Any = ""


_READ_BY = gettext_lazy("Read by who answers this concern. It lies in the vault, and every opening is written down.")
_OFFERS = {
    TAKEN: _Offer(
        "take",
        gettext_lazy("Take it in hand"),
        gettext_lazy("You answer this concern from now on. Others who are named see that it is you."),
    ),
    NOTED: _Offer(
        "note",
        gettext_lazy("Write down what was done"),
        _READ_BY,
        gettext_lazy("What was done, what was learnt"),
    ),
    ASKED: _Offer(
        "ask",
        gettext_lazy("Ask for closing"),
        gettext_lazy("Another named person confirms or refuses. Nobody closes alone."),
        gettext_lazy("Why it can be closed"),
    ),
    CONFIRMED: _Offer(
        "confirm",
        gettext_lazy("Confirm that it is closed"),
        gettext_lazy("You are the second person. Read the reason first. Who raised it is told that it is closed."),
    ),
    REFUSED: _Offer(
        "refuse",
        gettext_lazy("Refuse closing"),
        gettext_lazy("The concern goes on. Who answers it is told."),
        gettext_lazy("Why it cannot be closed yet"),
    ),
    TAKEN_BACK: _Offer(
        "take-back",
        gettext_lazy("Take back asking for closing"),
        gettext_lazy("The concern goes on as before."),
    ),
    REOPENED: _Offer(
        "reopen",
        gettext_lazy("Reopen it"),
        gettext_lazy("The clock begins anew, and who answers it is told."),
        gettext_lazy("Why it must be looked at again"),
    ),
}


def _offered(concern: Concern, actor: Actor, *, named: bool) -> list[dict[str, Any]]:
    open_steps = steps_open(standing_of(concern=concern), actor=actor.id, named=named)
    return [{"step": _OFFERS[one].step, "button": _OFFERS[one].button, "says": _OFFERS[one].says} for one in open_steps]


@page(CONCERNS_READ, audience=PROGRAMME, thing=("concern", "id"), methods=BOTH)
def step(request: HttpRequest, concern: Concern, step: str) -> HttpResponseBase:
    """One step: what happens is said before it is done."""
    actor = actor_of_request(request)
    kind = next((name for name, offer in _OFFERS.items() if offer.step == step), None)
    named = CONCERNS_WORK.may(actor, concern)
    if kind is None or not (named or (kind == REOPENED and concern.raised_by == actor.id)):
        raise Http404
    offer = _OFFERS[kind]
    data = request.POST if request.method == "POST" else None
    initial = {"once": secrets.token_hex(16)}
    form = WordsForm(data, label=offer.label, initial=initial) if offer.label else StepForm(data, initial=initial)
    if data is not None and form.is_valid():
        try:
            _do(kind, actor.id, concern, form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done. It is written down that it was you."))
            return redirect("alerts:concern", concern=concern.id)
    offered = kind in steps_open(standing_of(concern=concern), actor=actor.id, named=named)
    values: dict[str, Any] = {"form": form, "concern": concern.id, "offered": offered}
    values |= {"button": offer.button, "says": offer.says, "with_words": bool(offer.label), "read_by": _READ_BY}
    return page_render(request, "alerts/step.html", values)


def _do(kind: str, actor: str, concern: Concern, given: dict[str, Any]) -> None:
    common: dict[str, Any] = {"actor": actor, "concern": concern, "at": timezone.now(), "step_id": given["once"]}
    if kind == TAKEN:
        concern_take(**common)
    elif kind == NOTED:
        concern_note(words=given["words"], **common)
    elif kind == ASKED:
        closing_ask(words=given["words"], **common)
    elif kind == REOPENED:
        concern_reopen(words=given["words"], **common)
    else:
        closing_decide(step=kind, words=given.get("words", ""), **common)
