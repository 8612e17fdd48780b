"""Pages on which a change is taken back, records are merged or parted, a factory is split."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.registry import services
from betterwork.modules.registry.changing import STEPS
from betterwork.modules.registry.history import undoable
from betterwork.modules.registry.models import Enrolment, Factory, Merge, OutsideId, Workforce
from betterwork.modules.registry.policy import FACTORIES_KEEP, MERGES_UNDO
from betterwork.modules.registry.presentations import MERGE
from betterwork.modules.registry.queries import factory_called
from betterwork.modules.registry.web import forms as ours
from betterwork.modules.registry.web.changing import BOTH, asked, words_of


@page(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"), methods=BOTH)
def undo(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """Taking a change back that was wrong: what held before holds again."""
    actor = actor_of_request(request).id
    choices = [(one.key, one.words) for one in undoable(factory)]
    form = ours.UndoForm(request.POST if request.method == "POST" else None, choices=choices)
    words = words_of(
        _("Take a change back"),
        _("For what was written down wrongly: what held before holds again. What really changed, write down anew."),
        _("Take it back"),
    )

    def write() -> None:
        word, _colon, key = form.cleaned_data["change"].partition(":")
        _taken_back(actor, factory, word, int(key), form.cleaned_data["reason"])

    return asked(
        request, factory, form, words, write, more={"empty": not choices}, said=_("Taken back. What held before holds.")
    )


def _taken_back(actor: str, factory: Factory, word: str, key: int, reason: str) -> None:
    at = timezone.now()
    model: Any = {**STEPS, "workforce": Workforce, "enrolment": Enrolment, "outside-id": OutsideId}[word]
    row = model._base_manager.filter(factory=factory, pk=key).select_related("factory").first()
    if row is None:
        raise WrongUse(_("This change is not there any more."))
    if word == "workforce":
        services.workforce_withdraw(actor=actor, workforce=row, reason=reason, at=at)
    elif word == "enrolment":
        services.enrolment_withdraw(actor=actor, enrolment=row, reason=reason, at=at)
    elif word == "outside-id":
        services.outside_id_withdraw(actor=actor, outside_id=row, reason=reason, at=at)
    else:
        services.step_withdraw(actor=actor, step=row, reason=reason, at=at)


@page(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"), methods=BOTH)
def merge(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """Merging this record into another of its country."""
    at, actor = timezone.now(), actor_of_request(request)
    form = ours.MergeForm(request.POST if request.method == "POST" else None)
    words = words_of(
        _("Merge this record into another"),
        _("Nothing of either record is changed: this one stands for the other from now on, and that can be undone."),
        _("Merge this record"),
    )

    def write() -> None:
        key = f"{factory.country}/{form.cleaned_data['into'].strip()}"
        kept = factory_called(key, FACTORIES_KEEP.visible_to(actor))
        services.factory_merge(
            actor=actor.id,
            kept=kept,
            gone=factory,
            reason=form.cleaned_data["reason"],
            joined_on=form.cleaned_data["joined_on"],
            at=at,
        )

    return asked(request, factory, form, words, write, said=_("Merged. It can be undone on this page."))


@page(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"), methods=BOTH)
def split(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """A part of this factory becomes one of its own."""
    at, actor = timezone.now(), actor_of_request(request).id
    form = ours.SplitForm(request.POST if request.method == "POST" else None, initial={"on": at.date()})
    words = words_of(
        _("Split the factory"),
        _("A part of it becomes a factory of its own, with its own number. This one stays as it is."),
        _("Register the new factory"),
    )

    def write() -> None:
        services.factory_split(actor=actor, source=factory, at=at, **form.cleaned_data)

    return asked(request, factory, form, words, write)


@page(MERGES_UNDO, audience=PROGRAMME, thing=("merge", "pk"), methods=BOTH)
def unmerge(request: HttpRequest, merge: Merge) -> HttpResponse:
    """Undoing a merge, after saying what will happen."""
    form = ours.ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor, reason = actor_of_request(request).id, form.cleaned_data["reason"]
        try:
            services.factory_unmerge(actor=actor, merge=merge, reason=reason, at=timezone.now())
            messages.success(request, _("Undone. Both records stand apart again."))
        except BetterWorkError as error:
            messages.error(request, str(error))
        return redirect("registry:factory", factory=merge.gone_id)
    shown = MERGE.row(Merge.objects.select_related("kept", "gone").get(pk=merge.pk))
    return page_render(request, "registry/unmerge.html", {"merge": shown, "form": form})
