"""One's own endpoints: which there are, what was sent to them, making, trying, stopping them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.webhooks.models import Delivery, Endpoint
from betterwork.foundation.webhooks.policy import DELIVERIES_OWN, WEBHOOKS_MAKE, WEBHOOKS_OWN
from betterwork.foundation.webhooks.presentations import (
    DELIVERY_FOR_HERSELF,
    DELIVERY_IN_THE_LOG,
    ENDPOINT_FOR_HERSELF,
    SENT,
    TRY_FOR_HERSELF,
)
from betterwork.foundation.webhooks.queries import with_last_problem
from betterwork.foundation.webhooks.services import (
    Made,
    delivery_again,
    endpoint_make,
    endpoint_remove,
    endpoint_resume,
    endpoint_test,
    secret_rotate,
)
from betterwork.foundation.webhooks.web.forms import EndpointForm

BOTH = ("GET", "POST")
LOG = Listing(
    DELIVERY_IN_THE_LOG,
    (
        Column("topic_word", gettext_lazy("Told of"), sort=("topic",)),
        Column("made_at", gettext_lazy("When"), sort=("made_at",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
        Column("tries", gettext_lazy("Tries"), sort=("tries",), number=True),
    ),
    order=("-made_at", "-id"),
    choices=(
        Choice(
            "state",
            gettext_lazy("State"),
            tuple((state, words[0]) for state, words in SENT.items()),
            lambda rows, state: rows.filter(state=state),
        ),
    ),
)


@page(WEBHOOKS_OWN, audience=OWN_PERSON)
def endpoints(request: HttpRequest) -> HttpResponse:
    """One's endpoints."""
    actor = actor_of_request(request)
    rows = WEBHOOKS_OWN.visible_to(actor).order_by("-made_at", "-id")
    values = {"endpoints": ENDPOINT_FOR_HERSELF.rows(rows[:100]), "may_make": WEBHOOKS_MAKE.may(actor)}
    return page_render(request, "webhooks/endpoints.html", values)


@page(WEBHOOKS_MAKE, audience=OWN_PERSON, methods=BOTH)
def make(request: HttpRequest) -> HttpResponse:
    """Make an endpoint. Its secret stands on the answer to this request and nowhere else."""
    actor = actor_of_request(request)
    form = EndpointForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_bound and form.is_valid():
        try:
            made = endpoint_make(actor=actor.id, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            return _secret_shown(request, made)
    return page_render(request, "webhooks/make.html", {"form": form, "any": form.offers})


@page(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"))
def endpoint(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """One endpoint, and what was sent to it."""
    log = LOG.shown(request, with_last_problem(Delivery.objects.filter(endpoint=endpoint)))
    values: dict[str, Any] = {"endpoint": ENDPOINT_FOR_HERSELF.row(endpoint), "listing": log}
    return page_render(request, "webhooks/endpoint.html", values)


@page(DELIVERIES_OWN, audience=OWN_PERSON, thing=("delivery", "id"))
def message(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """One message, what it says, and each try."""
    tries = TRY_FOR_HERSELF.rows(delivery.log.order_by("-at", "-id")[:50])
    values = {
        "message": DELIVERY_FOR_HERSELF.row(delivery),
        "tries": tries,
        "endpoint": ENDPOINT_FOR_HERSELF.row(delivery.endpoint),
    }
    return page_render(request, "webhooks/message.html", values)


@page(DELIVERIES_OWN, audience=OWN_PERSON, thing=("delivery", "id"), methods=("POST",))
def again(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """Send a message again."""
    actor = actor_of_request(request).id
    return _done(
        request,
        _("It will be sent again in a moment."),
        lambda: delivery_again(actor=actor, delivery=delivery, at=timezone.now()),
        "webhooks:message",
        delivery=delivery.id,
    )


@page(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"), methods=("POST",))
def test(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Send a message that says nothing."""
    actor = actor_of_request(request).id
    return _done(
        request,
        _("A test will be sent in a moment. It will stand below."),
        lambda: endpoint_test(actor=actor, endpoint=endpoint, at=timezone.now()),
        "webhooks:endpoint",
        endpoint=endpoint.id,
    )


@page(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"), methods=("POST",))
def resume(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Tell a stopped endpoint again."""
    actor = actor_of_request(request).id
    return _done(
        request,
        _("It is told again, with what waits for it."),
        lambda: endpoint_resume(actor=actor, endpoint=endpoint, at=timezone.now()),
        "webhooks:endpoint",
        endpoint=endpoint.id,
    )


@page(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"), methods=BOTH)
def secret(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Make a new secret, after saying what will happen."""
    if request.method == "GET":
        return page_render(request, "webhooks/secret.html", {"endpoint": ENDPOINT_FOR_HERSELF.row(endpoint)})
    try:
        actor = actor_of_request(request).id
        return _secret_shown(request, secret_rotate(actor=actor, endpoint=endpoint, at=timezone.now()))
    except BetterWorkError as error:
        messages.error(request, str(error))
        return redirect("webhooks:endpoint", endpoint=endpoint.id)


@page(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"), methods=BOTH)
def remove(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Remove an endpoint, after saying what will happen."""
    if request.method == "GET":
        return page_render(request, "webhooks/remove.html", {"endpoint": ENDPOINT_FOR_HERSELF.row(endpoint)})
    actor = actor_of_request(request).id
    return _done(
        request,
        _("Removed. It is told nothing any more."),
        lambda: endpoint_remove(actor=actor, endpoint=endpoint, at=timezone.now()),
        "webhooks:endpoints",
    )


def _secret_shown(request: HttpRequest, made: Made) -> HttpResponse:
    values = {"endpoint": ENDPOINT_FOR_HERSELF.row(made.endpoint), "secret": made.secret}
    return page_render(request, "webhooks/made.html", values)


def _done(request: HttpRequest, said: str, service: Callable[[], object], back: str, **where: str) -> HttpResponse:
    try:
        service()
        messages.success(request, said)
    except BetterWorkError as error:
        messages.error(request, str(error))
    return redirect(reverse(back, kwargs=where))
