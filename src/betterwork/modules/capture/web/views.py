"""Pages of captures for the visit's team: what is taken where, what stands, conflicts, devices, handing over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import ASSESSING_TEAM
from betterwork.foundation.console.listing import Column, Listing
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.people.queries import names_of
from betterwork.foundation.vault.rules import NothingHere
from betterwork.modules.capture.api import file_answer
from betterwork.modules.capture.interviewing import interviews_open, interviews_shown
from betterwork.modules.capture.models import HANDED_OVER, OPEN, Capture, CaptureDevice
from betterwork.modules.capture.policy import CAPTURES_OWN, DEVICES_OWN, REFUSED_OWN
from betterwork.modules.capture.presentations import CAPTURE_FOR_TEAM, DEVICE_FOR_TEAM, REFUSED_FOR_TEAM
from betterwork.modules.capture.queries import (
    conflicts_of,
    files_here,
    files_missing,
    operations_made,
    registers_of,
    upload_of,
)
from betterwork.modules.capture.rules import hand_over_refusal
from betterwork.modules.capture.services import capture_hand_over, capture_reopen, conflict_decide, device_forget
from betterwork.modules.capture.settings_of import rules_of
from betterwork.modules.capture.showing import answers_shown, conflicts_shown, progress_shown, visit_shown
from betterwork.modules.capture.syncing import tool_asked
from betterwork.modules.capture.web.forms import DecideForm, ReasonForm

BOTH = ("GET", "POST")
_THING = ("capture", "id")
LIST = Listing(
    CAPTURE_FOR_TEAM,
    (
        Column("factory__name", gettext_lazy("Factory"), sort=("factory__name",)),
        Column("first_day", gettext_lazy("Visit"), sort=("first_day",)),
        Column("answered", gettext_lazy("Answered"), number=True),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
    ),
    order=("-first_day", "id"),
    related=("factory",),
)


@page(CAPTURES_OWN, audience=ASSESSING_TEAM)
def captures(request: HttpRequest) -> HttpResponseBase:
    """The visits one has taken onto devices, with the devices that carry them."""
    actor = actor_of_request(request)
    listing = LIST.shown(request, CAPTURES_OWN.visible_to(actor))
    shown = [row.id for row in listing.rows]
    carried = (
        DEVICES_OWN.visible_to(actor).filter(capture__in=shown).select_related("capture").order_by("taken_at", "id")
    )
    devices = DEVICE_FOR_TEAM.rows(carried)
    rows = [{"capture": row, "devices": [one for one in devices if one.capture__id == row.id]} for row in listing.rows]
    return page_render(request, "capture/captures.html", {"listing": listing, "rows": rows})


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
def capture(request: HttpRequest, capture: Capture) -> HttpResponse:
    """One capture: how far it is, which devices carry it, what stands in the way of handing it over."""
    actor = actor_of_request(request)
    devices = DEVICE_FOR_TEAM.rows(
        DEVICES_OWN.visible_to(actor).filter(capture=capture).select_related("capture").order_by("taken_at", "id")
    )
    missing = files_missing(capture)
    refused = REFUSED_OWN.visible_to(actor).filter(capture=capture, settled_at__isnull=True).count()
    values = {
        "capture": CAPTURE_FOR_TEAM.row(capture),
        "clusters": progress_shown(tool_asked(capture), capture),
        "devices": devices,
        "names": names_of([one.person for one in devices]),
        "files_missing": len(missing),
        "refused": refused,
        "why_not": str(hand_over_refusal(conflicts=capture.conflicts, files_missing=len(missing))),
        "is_open": capture.state == OPEN,
    }
    return page_render(request, "capture/capture.html", values)


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
def answers(request: HttpRequest, capture: Capture) -> HttpResponse:
    """What stands of every question, in the tool's order, and what each still lacks."""
    registers = registers_of(capture)
    rules = rules_of(capture.country, capture.first_day)
    values = {
        "capture": CAPTURE_FOR_TEAM.row(capture),
        "visit": visit_shown(registers),
        "clusters": answers_shown(tool_asked(capture), registers, files_here(capture), rules),
    }
    return page_render(request, "capture/answers.html", values)


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING, methods=BOTH)
def conflicts(request: HttpRequest, capture: Capture) -> HttpResponse:
    """Where two values stand beside each other, with both; a person decides which one counts."""
    found = list(conflicts_of(capture))
    made = operations_made([each.id for one in found for each in one.register.standing])
    names = names_of({one.by for one in made.values()})
    shown = conflicts_shown(tool_asked(capture), found, made, names)
    if request.method == "POST":
        where = (request.POST.get("about"), request.POST.get("field"))
        asked = next((one for one in shown if (one.about, one.field) == where), None)
        form = DecideForm(request.POST, shown=asked)
        if asked is None or (request.POST.get("chosen") and not form.is_valid()):
            messages.warning(request, _("Something else stands there now. Look again, then decide."))
        elif not form.is_valid():
            messages.error(request, _("Nothing was decided: choose first which one counts."))
        elif _decided(request, capture, form.cleaned_data):
            messages.success(request, _("Decided. Every device of the visit is told."))
        return redirect("capture:conflicts", capture=capture.pk)
    forms = [
        {
            "conflict": one,
            "form": DecideForm(
                shown=one,
                initial={"about": one.about, "field": one.field, "seen": one.seen},
                auto_id=f"decide-{place}-%s",
            ),
        }
        for place, one in enumerate(shown)
    ]
    values = {"capture": CAPTURE_FOR_TEAM.row(capture), "forms": forms, "is_open": capture.state == OPEN}
    return page_render(request, "capture/conflicts.html", values)


def _decided(request: HttpRequest, capture: Capture, given: dict[str, Any]) -> bool:
    try:
        conflict_decide(
            actor=actor_of_request(request),
            capture=capture,
            about=given["about"],
            field=given["field"],
            chosen=given["chosen"],
            seen=given["seen"].split(),
            at=timezone.now(),
        )
    except BetterWorkError as error:
        messages.error(request, str(error))
        return False
    return True


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING, methods=BOTH)
def interviews(request: HttpRequest, capture: Capture) -> HttpResponse:
    """The interviews of a visit, out of the vault. To look is asked for, because every opening is written down."""
    shown = None
    if request.method == "POST":
        try:
            gathered = interviews_open(actor=actor_of_request(request), capture=capture, at=timezone.now())
        except NothingHere as error:
            raise Http404 from error
        shown = interviews_shown(gathered.state())
    values = {"capture": CAPTURE_FOR_TEAM.row(capture), "interviews": shown}
    return page_render(request, "capture/interviews.html", values)


@page(REFUSED_OWN, audience=ASSESSING_TEAM)
def refused(request: HttpRequest, capture: str) -> HttpResponse:
    """What was not taken, whole, with the reason."""
    actor = actor_of_request(request)
    found = CAPTURES_OWN.visible_to(actor).filter(pk=capture).first()
    if found is None:
        raise Http404
    rows = REFUSED_OWN.visible_to(actor).filter(capture=found).order_by("-at", "-pk")[:500]
    listed = REFUSED_FOR_TEAM.rows(rows)
    values = {"capture": CAPTURE_FOR_TEAM.row(found), "refused": listed, "names": names_of([one.by for one in listed])}
    return page_render(request, "capture/refused.html", values)


@page(DEVICES_OWN, audience=ASSESSING_TEAM, thing=("device", "id"), methods=BOTH)
def device_lost(request: HttpRequest, device: CaptureDevice) -> HttpResponse:
    """Say that a device is lost. What it had not sent is gone, and that goes on being said."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            device_forget(
                actor=actor_of_request(request).id,
                device=device,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down."))
            return redirect("capture:capture", capture=device.capture_id)
    return page_render(request, "capture/device_lost.html", {"device": DEVICE_FOR_TEAM.row(device), "form": form})


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING, methods=BOTH)
def hand_over(request: HttpRequest, capture: Capture) -> HttpResponse:
    """Close the capture for changes, where nothing conflicts and every file is here."""
    if request.method == "POST":
        try:
            capture_hand_over(actor=actor_of_request(request), capture=capture, at=timezone.now())
        except NothingHere as error:
            raise Http404 from error
        except BetterWorkError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Handed over. Nothing can be changed now, unless you open it again."))
        return redirect("capture:capture", capture=capture.pk)
    waiting = DEVICES_OWN.visible_to(actor_of_request(request)).filter(
        capture=capture, confirmed_at__isnull=True, forgotten_at__isnull=True
    )
    values = {"capture": CAPTURE_FOR_TEAM.row(capture), "waiting": DEVICE_FOR_TEAM.rows(waiting.order_by("id"))}
    return page_render(request, "capture/hand_over.html", values)


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING, methods=BOTH)
def reopen(request: HttpRequest, capture: Capture) -> HttpResponse:
    """Open the capture again, with a reason."""
    if capture.state != HANDED_OVER:
        return redirect("capture:capture", capture=capture.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            capture_reopen(
                actor=actor_of_request(request).id,
                capture=capture,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Open again. Devices can send and change."))
            return redirect("capture:capture", capture=capture.pk)
    return page_render(request, "capture/reopen.html", {"capture": CAPTURE_FOR_TEAM.row(capture), "form": form})


@page(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
def file(request: HttpRequest, capture: Capture, sha256: str) -> HttpResponseBase:
    """A photo or document of the visit, to be saved."""
    upload = upload_of(capture, sha256)
    if upload is None or upload.file is None:
        raise Http404
    return file_answer(upload.file)


for _view in (captures, capture, answers, conflicts, interviews, refused, device_lost, hand_over, reopen, file):
    _view.help = "how-to/bring-captures-together"  # type: ignore[attr-defined]
