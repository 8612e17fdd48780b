"""The page that imports organisations from a file: looked at first, row by row, then entered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.organisations.importing import COLUMNS, Judged
from betterwork.modules.organisations.policy import ORGANISATIONS_ADD, countries_of
from betterwork.modules.organisations.rules import KINDS
from betterwork.modules.organisations.services import organisations_import
from betterwork.modules.organisations.web.forms import ImportForm

MOST_SHOWN = 200
"""Most rows of each sort that the page lists."""


@page(ORGANISATIONS_ADD, audience=PROGRAMME, methods=("GET", "POST"))
def import_(request: HttpRequest) -> HttpResponse:
    """Look at a file row by row, then enter what is not refused."""
    actor = actor_of_request(request)
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    values: dict[str, Any] = {"form": form, "columns": list(COLUMNS), "kinds": list(KINDS)}
    if posted and form.is_valid():
        dry_run, text = "enter" not in request.POST, form.cleaned_data["text"]
        try:
            judged = organisations_import(
                actor=actor.id, text=text, at=timezone.now(), within=countries_of(actor), dry_run=dry_run
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            if not dry_run:
                words = ngettext("%(number)s organisation entered.", "%(number)s organisations entered.", judged.taken)
                messages.success(request, words % {"number": judged.taken})
                return redirect("organisations:organisations")
            values |= {"judged": _shown(judged), "text": text}
    return page_render(request, "organisations/import.html", values)


def _shown(judged: Judged) -> dict[str, Any]:
    """What would become of the file: numbers, and the first rows of each sort, typed by who looks at them."""
    taken = [one for one in judged.rows if one.taken]
    return {
        "read": len(judged.rows),
        "taken": judged.taken,
        "known": judged.known,
        "refused": len(judged.refused),
        "rows_taken": taken[:MOST_SHOWN],
        "rows_refused": judged.refused[:MOST_SHOWN],
        "most": MOST_SHOWN,
    }
