"""The trail as pages: search it, read an entry, see who has seen a thing, read one's own."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.policy import TRAIL_MINE, TRAIL_PERSONAL, TRAIL_READ
from betterwork.foundation.ledger.presentations import (
    CONTENT_FOR_STAFF,
    ENTRY_FOR_HERSELF,
    ENTRY_FOR_STAFF,
    VERIFICATION_FOR_STAFF,
)
from betterwork.foundation.ledger.services import personal_open, trail_export_record
from betterwork.foundation.ledger.trail import (
    entries_told,
    entry_told,
    persons_of,
    seen,
    trail_page,
    verification_last,
)
from betterwork.foundation.ledger.web.export import FORMS, csv_lines, json_lines
from betterwork.foundation.ledger.web.forms import ReasonForm, TrailForm

_BOTH = ("GET", "POST")
_LARGEST = 2**63 - 1


def _before(request: HttpRequest) -> int | None:
    """The number before which a page begins, as its address says."""
    text = request.GET.get("before", "")
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _address(request: HttpRequest, **changed: object) -> str:
    kept = {name: value for name, value in request.GET.items() if value and name != "before"}
    return "?" + urlencode(kept | {name: str(value) for name, value in changed.items() if value})


@page(TRAIL_READ, audience=PROGRAMME)
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first."""
    form, before = TrailForm(request.GET), _before(request)
    rows = form.matching(TRAIL_READ.visible_to(actor_of_request(request)))
    told, further = trail_page(rows.filter(number__lt=before) if before else rows)
    last = verification_last()
    values = {
        "form": form,
        "narrowed": form.narrowed,
        "entries": ENTRY_FOR_STAFF.rows(told),
        "older": _address(request, before=further) if further else "",
        "newest": _address(request) if before else "",
        "exports": [(name, _address(request, format=name)) for name in FORMS],
        "verification": VERIFICATION_FOR_STAFF.row(last) if last else None,
    }
    return page_render(request, "ledger/trail.html", values)


@page(TRAIL_READ, audience=PROGRAMME)
def trail_export(request: HttpRequest) -> HttpResponseBase:
    """All entries that were asked for as a file, personal values hidden; that it was taken is an entry itself."""
    actor, form = actor_of_request(request), TrailForm(request.GET)
    wanted = request.GET.get("format", "csv")
    wanted = wanted if wanted in FORMS else "csv"
    rows = form.matching(TRAIL_READ.visible_to(actor))
    trail_export_record(actor=actor.id, form=wanted, asked=form.plain(), at=timezone.now())
    shown = (CONTENT_FOR_STAFF.row(one) for one in entries_told(rows))  # type: ignore[arg-type]
    lines = (csv_lines if wanted == "csv" else json_lines)(shown, audience=PROGRAMME)
    response = StreamingHttpResponse(lines, content_type=FORMS[wanted])
    response["Content-Disposition"] = f'attachment; filename="trail.{wanted}"'
    return response


@page(TRAIL_READ, audience=PROGRAMME, thing=("entry", "number"))
def entry_page(request: HttpRequest, entry: Entry) -> HttpResponse:
    """One entry with what it holds; personal values hidden."""
    may_open = TRAIL_PERSONAL.may(actor_of_request(request), entry) and bool(persons_of(entry))
    values = {"entry": CONTENT_FOR_STAFF.row(entry_told(entry)), "may_open": may_open, "opened": False}  # type: ignore[arg-type]
    return page_render(request, "ledger/entry.html", values)


@page(TRAIL_PERSONAL, audience=PROGRAMME, thing=("entry", "number"), methods=_BOTH)
def entry_open(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Ask why personal values are to be opened; write that they are; show them once."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and persons_of(entry):
        told = entry_told(entry, opened=True)  # first: with a wrong key nothing is opened, and nothing said to be
        reason = form.cleaned_data["reason"]
        personal_open(actor=actor_of_request(request).id, entry=entry, reason=reason, at=timezone.now())
        values = {"entry": CONTENT_FOR_STAFF.row(told), "may_open": False, "opened": True}  # type: ignore[arg-type]
        return page_render(request, "ledger/entry.html", values)
    persons = len(persons_of(entry))
    return page_render(request, "ledger/open.html", {"number": entry.number, "form": form, "persons": persons})


@page(TRAIL_READ, audience=PROGRAMME)
def trail_seen(request: HttpRequest) -> HttpResponse:
    """Who was given a thing, or has seen it."""
    subject, before = request.GET.get("subject", "").strip()[:250], _before(request)
    rows = seen(TRAIL_READ.visible_to(actor_of_request(request)), subject)
    told, further = trail_page(rows.filter(number__lt=before) if before else rows)
    values = {
        "subject": subject,
        "entries": ENTRY_FOR_STAFF.rows(told),
        "older": _address(request, before=further) if further else "",
        "newest": _address(request) if before else "",
    }
    return page_render(request, "ledger/seen.html", values)


@page(TRAIL_MINE, audience=OWN_PERSON)
def trail_mine(request: HttpRequest) -> HttpResponse:
    """What is recorded of the person who asks: by her, and about her."""
    before = _before(request)
    actor = actor_of_request(request)
    rows = TRAIL_MINE.visible_to(actor)
    told, further = trail_page(rows.filter(number__lt=before) if before else rows, reader=actor.id)
    values = {
        "entries": ENTRY_FOR_HERSELF.rows(told),
        "older": _address(request, before=further) if further else "",
        "newest": _address(request) if before else "",
    }
    return page_render(request, "ledger/mine.html", values)


for _view in (trail, trail_export, entry_page, entry_open, trail_seen):
    vars(_view)["help"] = "how-to/search-the-trail"
vars(trail_mine)["help"] = "explanation/ledger"
