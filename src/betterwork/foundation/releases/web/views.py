"""Pages of releases: what was given, what one received, taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.ledger.words import actor_words
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.policy import RELEASES_GIVEN, RELEASES_RECEIVED, RELEASES_WITHDRAW
from betterwork.foundation.releases.presentations import RELEASE_FOR_RECIPIENTS, RELEASE_FOR_STAFF, STATE_WORDS
from betterwork.foundation.releases.queries import with_state
from betterwork.foundation.releases.rules import LONGEST_REASON
from betterwork.foundation.releases.services import release_withdraw


def _by_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(state=state)


def _search(text: str) -> Q:
    return Q(title__icontains=text) | Q(authority__icontains=text)


GIVEN = Listing(
    RELEASE_FOR_STAFF,
    (
        Column("title", _("What"), sort=("title",)),
        Column("recipient", _("To whom")),
        Column("state_word", _("State"), sort=("state",)),
        Column("starts", _("From"), sort=("starts",)),
        Column("ends", _("Last day"), sort=("ends",)),
        Column("authority", _("By whose authority")),
    ),
    order=("-given_at", "-id"),
    search=_search,
    choices=(Choice("state", _("State"), tuple(STATE_WORDS.items()), _by_state),),
    related=("document",),
)
RECEIVED = Listing(
    RELEASE_FOR_RECIPIENTS,
    (
        Column("title", _("What"), sort=("title",)),
        Column("kind_title", _("Kind")),
        Column("starts", _("From"), sort=("starts",)),
        Column("ends", _("Last day"), sort=("ends",)),
    ),
    order=("-given_at", "-id"),
    search=_search,
    related=("document",),
)


@page(RELEASES_GIVEN, audience=PROGRAMME)
def given(request: HttpRequest) -> HttpResponseBase:
    """What was given, of the countries one works for."""
    rows = with_state(RELEASES_GIVEN.visible_to(actor_of_request(request)), timezone.now())
    if request.GET.get("format") == "csv":
        return GIVEN.export(request, rows, "releases")
    return page_render(request, "releases/given.html", {"listing": GIVEN.shown(request, rows)})


@page(RELEASES_GIVEN, audience=PROGRAMME, thing=("release", "pk"))
def given_one(request: HttpRequest, release: Release) -> HttpResponseBase:
    """One release, with what became of it."""
    may = RELEASES_WITHDRAW.may(actor_of_request(request), release)
    return page_render(request, "releases/given_one.html", {**_given(release), "may_withdraw": may})


class WithdrawForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("Whoever received it reads these words. Name nobody."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@page(RELEASES_WITHDRAW, audience=PROGRAMME, thing=("release", "pk"), methods=("GET", "POST"))
def withdraw(request: HttpRequest, release: Release) -> HttpResponseBase:
    """Take a release back, with the reason."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            release_withdraw(actor=actor_of_request(request).id, release=release, reason=reason, at=timezone.now())
        except BetterWorkError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Withdrawn. Nobody reads it by this release any more."))
            return redirect("releases:given_one", release=release.pk)
    status = 422 if form.errors else 200
    return page_render(request, "releases/withdraw.html", {**_given(release), "form": form}, status=status)


@page(RELEASES_RECEIVED, audience=PUBLIC)
def received(request: HttpRequest) -> HttpResponseBase:
    """What was given to whoever asks."""
    rows = with_state(RELEASES_RECEIVED.visible_to(actor_of_request(request)), timezone.now())
    if request.GET.get("format") == "csv":
        return RECEIVED.export(request, rows, "given-to-me")
    return page_render(request, "releases/received.html", {"listing": RECEIVED.shown(request, rows)})


@page(RELEASES_RECEIVED, audience=PUBLIC, thing=("release", "pk"))
def received_one(request: HttpRequest, release: Release) -> HttpResponseBase:
    """One of them: by whose authority, until when, and where it is opened."""
    row = RELEASE_FOR_RECIPIENTS.row(_with_state(release))
    breadcrumb = [{"title": _("Given to you"), "url": reverse("releases:received")}, {"title": row.title}]
    return page_render(request, "releases/received_one.html", {"release": row, "breadcrumb": breadcrumb})


def _with_state(release: Release) -> Release:
    rows = Release.objects.filter(pk=release.pk).select_related("document")
    return with_state(rows, timezone.now()).get()


def _given(release: Release) -> dict[str, Any]:
    row = RELEASE_FOR_STAFF.row(_with_state(release))
    return {
        "release": row,
        "who": actor_words(row.given_by, person_names([row.given_by])),
        "breadcrumb": [{"title": _("What was released"), "url": reverse("releases:given")}, {"title": row.title}],
    }
