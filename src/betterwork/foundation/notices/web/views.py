"""A person's notices: read them, mark them, choose how they come."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.notices.models import Notice
from betterwork.foundation.notices.policy import NOTICES_OWN
from betterwork.foundation.notices.presentations import NOTICE_FOR_HERSELF
from betterwork.foundation.notices.queries import choices_of, kinds_of, notices_told, unread_count
from betterwork.foundation.notices.services import notice_read, notices_all_read, preference_set
from betterwork.foundation.notices.web.forms import PreferencesForm

PER_PAGE = 50


@page(NOTICES_OWN, audience=OWN_PERSON)
def notices(request: HttpRequest) -> HttpResponse:
    """What this person was told, newest first; all of it, what is not read, or one kind."""
    actor = actor_of_request(request)
    rows = NOTICES_OWN.visible_to(actor).order_by("-made_at", "-pk")
    kinds, kind, unread = kinds_of(actor.id), request.GET.get("kind", ""), request.GET.get("unread") == "yes"
    if kind in dict(kinds):
        rows = rows.filter(kind=kind)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    # Pages of places, not of rows: what a template is given holds no query.
    shown = Paginator(range(rows.count()), PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "notices": NOTICE_FOR_HERSELF.rows(notices_told(rows[max(shown.start_index() - 1, 0) : shown.end_index()])),
        "page": shown,
        "kinds": [(name, title, name == kind) for name, title in kinds],
        "unread_only": unread,
        "narrowed": unread or kind in dict(kinds),
        "unread": unread_count(actor.id),
    }
    return page_render(request, "notices/notices.html", values)


@page(NOTICES_OWN, audience=OWN_PERSON, thing=("notice", "pk"), methods=("POST",))
def notice_open(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Go to what a notice is about; it is read then."""
    notice_read(actor=actor_of_request(request).id, notice=notice, at=timezone.now())
    return HttpResponseRedirect(notice.url)


@page(NOTICES_OWN, audience=OWN_PERSON, thing=("notice", "pk"), methods=("POST",))
def read(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Mark one as read."""
    notice_read(actor=actor_of_request(request).id, notice=notice, at=timezone.now())
    return HttpResponseRedirect(reverse("notices:notices"))


@page(NOTICES_OWN, audience=OWN_PERSON, methods=("POST",))
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    notices_all_read(actor=actor_of_request(request).id, at=timezone.now())
    return HttpResponseRedirect(reverse("notices:notices"))


@page(NOTICES_OWN, audience=OWN_PERSON, methods=("GET", "POST"))
def preferences(request: HttpRequest) -> HttpResponse:
    """How each kind of notice reaches this person."""
    actor = actor_of_request(request)
    choices = choices_of(actor)
    form = PreferencesForm(choices, request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        for kind, how in form.chosen().items():
            preference_set(actor=actor.id, kind=kind, how=how, at=at)
        messages.success(request, _("Saved. It counts from now on, also for what was not mailed yet."))
        return HttpResponseRedirect(reverse("notices:preferences"))
    values = {"form": form, "always": [one.title for one in choices if one.must]}
    return page_render(request, "notices/preferences.html", values)


for _view in (notices, preferences):
    vars(_view)["help"] = "explanation/notices"
