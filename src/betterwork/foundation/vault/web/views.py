"""For owners: who opened what is theirs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.vault.policy import VAULT_OPENING
from betterwork.foundation.vault.queries import TAKEN, seen_of_mine

WHAT = {
    "opened": _("Opened"),
    "changed": _("Changed"),
    "erased": _("Erased"),
    TAKEN: _("Took access for a while"),
}
WAYS = {"opener": _("one of those it names"), "elevation": _("access taken for a while")}


@page(VAULT_OPENING, audience=OWN_PERSON)
def openings(request: HttpRequest) -> HttpResponse:
    """Every opening, change and elevation of what the person owns, newest first."""
    actor = actor_of_request(request)
    found = seen_of_mine(person_id=actor.id)
    names = person_names(one.who for one in found)
    lines = [
        {
            "at": one.at,
            "who": _("You") if one.who == actor.id else names.get(one.who, _("Somebody who left")),
            "what": WHAT.get(one.what, one.what),
            "way": WAYS.get(one.way, ""),
            "subject": one.subject,
            "reason": one.reason,
            "by_elevation": one.way == "elevation",
        }
        for one in found
    ]
    columns = [{"title": title} for title in (_("When"), _("Who"), _("What"), _("About"), _("Reason"))]
    return page_render(request, "vault/openings.html", {"lines": lines, "columns": columns})
