"""Pages of lists: giving one, looking at what each row would do, taking it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.registry.lists import COLUMNS
from betterwork.modules.registry.models import FactoryImport, ImportRow
from betterwork.modules.registry.policy import FACTORIES_REGISTER, IMPORTS_READ, countries_kept
from betterwork.modules.registry.presentations import IMPORT, IMPORT_ROW, VERDICTS
from betterwork.modules.registry.services import list_give, list_take
from betterwork.modules.registry.web.forms import ListForm

LISTS = Listing(
    IMPORT,
    (
        Column("name", gettext_lazy("List"), sort=("name",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
        Column("made_at", gettext_lazy("Given"), sort=("made_at",)),
        Column("added", gettext_lazy("Added"), number=True),
        Column("changed", gettext_lazy("Changed"), number=True),
        Column("refused", gettext_lazy("Refused"), number=True),
    ),
    order=("-made_at", "-id"),
)
ROWS = Listing(
    IMPORT_ROW,
    (
        Column("number", gettext_lazy("Row"), sort=("number",), number=True),
        Column("verdict_word", gettext_lazy("What happens"), sort=("verdict",)),
        Column("outside_id", gettext_lazy("Number")),
        Column("name", gettext_lazy("Factory"), sort=("name",)),
        Column("why", gettext_lazy("What changes, or why it is refused")),
    ),
    order=("number", "id"),
    search=lambda text: Q(name__icontains=text) | Q(outside_id__istartswith=text),
    choices=(
        Choice(
            "verdict",
            gettext_lazy("What happens"),
            tuple((key, words) for key, (words, _kind) in VERDICTS.items()),
            lambda rows, verdict: rows.filter(verdict=verdict),
        ),
    ),
)


@page(FACTORIES_REGISTER, audience=PROGRAMME, methods=("GET", "POST"))
def lists(request: HttpRequest) -> HttpResponseBase:
    """The lists one gave, and giving another."""
    actor, at = actor_of_request(request), timezone.now()
    if request.GET.get("format") == "csv":
        return LISTS.export(request, IMPORTS_READ.visible_to(actor), "lists")
    posted = request.method == "POST"
    form = ListForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            given = list_give(
                actor=actor.id, content=file.file, name=file.name or "", countries=countries_kept(actor), at=at
            )
        except BetterWorkError as error:
            form.add_error("file", str(error))
        else:
            return redirect("registry:list", given=given.pk)
    listing = LISTS.shown(request, IMPORTS_READ.visible_to(actor))
    headings = [names[0] for names in COLUMNS.values()]
    form.files = {}  # type: ignore[assignment]  # read by now, and nothing for a page
    return page_render(request, "registry/lists.html", {"form": form, "listing": listing, "headings": headings})


@page(FACTORIES_REGISTER, audience=PROGRAMME)
def empty(request: HttpRequest) -> HttpResponse:
    """An empty list with every column."""
    response = HttpResponse(
        "\ufeff" + ",".join(names[0] for names in COLUMNS.values()) + "\r\n", content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="factories-empty.csv"'
    return response


@page(IMPORTS_READ, audience=PROGRAMME, thing=("given", "pk"), methods=("GET", "POST"))
def given(request: HttpRequest, given: FactoryImport) -> HttpResponseBase:
    """What each row of a list would do, and taking it."""
    actor = actor_of_request(request)
    rows = ImportRow.objects.filter(of=given)
    if request.method == "POST":
        try:
            taken = list_take(actor=actor.id, given=given, countries=countries_kept(actor), at=timezone.now())
        except BetterWorkError as error:
            messages.error(request, str(error))
        else:
            long = taken.state == FactoryImport.TAKING
            messages.success(request, _("Being taken: this page says when it is done.") if long else _("Taken."))
        return redirect("registry:list", given=given.pk)
    if request.GET.get("format") == "csv":
        return ROWS.export(request, rows, "list")
    values = {
        "given": IMPORT.row(given),
        "listing": ROWS.shown(request, rows),
        "may_take": given.state in (FactoryImport.READ, FactoryImport.FAILED) and bool(given.added + given.changed),
    }
    return page_render(request, "registry/list.html", values)
