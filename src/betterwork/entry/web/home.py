"""Home, which is what this person should do now, and the search."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.console.listing import words_asked
from betterwork.foundation.contributions.registry import home_tasks, panels_of, search_hits
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import SIGNED_IN

SHORTEST, LONGEST = 2, 100
MOST = 10
"""Results of each kind; more are found with more letters."""


@page(SIGNED_IN, audience=OWN_PERSON)
def home(request: HttpRequest) -> HttpResponse:
    """The tasks of this person, late ones first, and what her rooms show beside them."""
    actor, at = actor_of_request(request), timezone.now()
    tasks = home_tasks(actor, at)
    late = [task for task in tasks if task.due and task.due < at.date()]
    values = {
        "tasks": tasks,
        "late": len(late),
        "today": at.date(),
        "panels": panels_of("home", actor, actor, at),
    }
    return page_render(request, "entry/home.html", values)


@page(SIGNED_IN, audience=OWN_PERSON)
def search(request: HttpRequest) -> HttpResponse:
    """What the rooms find for the words typed, each only among what this person may see."""
    text = words_asked(request.GET)[:LONGEST]
    hits = search_hits(actor_of_request(request), text, MOST) if len(text) >= SHORTEST else []
    columns = [{"title": _("What")}, {"title": _("Kind")}, {"title": _("Note")}]
    values = {
        "text": text,
        "hits": hits,
        "most": MOST if any(found >= MOST for found in Counter(str(hit.what) for hit in hits).values()) else 0,
        "short": 0 < len(text) < SHORTEST,
        "columns": columns,
    }
    return page_render(request, "entry/search.html", values)
