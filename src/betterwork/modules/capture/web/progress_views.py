"""How far visits are, for those who lead: counts and days, never an answer and never an hour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.policy import CAPTURE_PROGRESS
from betterwork.modules.capture.presentations import CAPTURE_FOR_LEADERS, STATES
from betterwork.modules.capture.showing import progress_shown
from betterwork.modules.capture.syncing import tool_asked

LIST = Listing(
    CAPTURE_FOR_LEADERS,
    (
        Column("factory__name", gettext_lazy("Factory"), sort=("factory__name",)),
        Column("first_day", gettext_lazy("Visit"), sort=("first_day",)),
        Column("answered", gettext_lazy("Answered"), sort=("answered",), number=True),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
    ),
    order=("-first_day", "id"),
    choices=(
        Choice(
            "state",
            gettext_lazy("State"),
            tuple((state, words) for state, (words, _kind) in STATES.items()),
            lambda rows, value: rows.filter(state=value),
        ),
    ),
    related=("factory",),
)


@page(CAPTURE_PROGRESS, audience=PROGRAMME)
def progresses(request: HttpRequest) -> HttpResponseBase:
    """The visits of one's countries that are being captured."""
    rows = CAPTURE_PROGRESS.visible_to(actor_of_request(request))
    return page_render(request, "capture/progresses.html", {"listing": LIST.shown(request, rows)})


@page(CAPTURE_PROGRESS, audience=PROGRAMME, thing=("capture", "id"))
def progress(request: HttpRequest, capture: Capture) -> HttpResponse:
    """How far one visit is, by cluster."""
    values = {
        "capture": CAPTURE_FOR_LEADERS.row(capture),
        "clusters": progress_shown(tool_asked(capture), capture),
    }
    return page_render(request, "capture/progress.html", values)


for _view in (progresses, progress):
    _view.help = "how-to/bring-captures-together"  # type: ignore[attr-defined]
