"""Sending what is owed: one job for each endpoint, so that one receiver delays no other for longer than one call."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.api.services import answers_forget
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.webhooks.calling import SECONDS, called
from betterwork.foundation.webhooks.models import Endpoint
from betterwork.foundation.webhooks.queries import deliveries_due, endpoints_due
from betterwork.foundation.webhooks.rules import headers_signed
from betterwork.foundation.webhooks.sealing import opened
from betterwork.foundation.webhooks.services import (
    deliveries_forget,
    delivery_may,
    delivery_take,
    delivery_withhold,
    endpoint_again_at,
    try_record,
)

AT_ONCE = 50
LONGEST = timedelta(seconds=15)
"""How long one job sends before it lets others in."""


@job(title=_("Tell an endpoint what it is owed"), together=False, first_wait=timedelta(seconds=5))
def webhook_send(context: JobContext, endpoint: str) -> dict[str, int]:
    """Send what is due to one endpoint, until something fails or its turn is over.

    Killed between the call and its record, the message is sent once more: a receiver knows it by its id.
    """
    sent = failed = 0
    found = Endpoint.objects.filter(pk=endpoint, state=Endpoint.ACTIVE).first()
    began = at = context.at
    while found is not None and sent < AT_ONCE and at - began < LONGEST:
        if found.waits_until and found.waits_until > at:
            break
        delivery = deliveries_due(found, at).first()
        if delivery is None:
            break
        if not delivery_may(delivery=delivery, at=at):
            delivery_withhold(delivery=delivery, at=at)
        elif delivery_take(delivery=delivery, until=at + timedelta(seconds=SECONDS * 3)):
            body = delivery.body.encode()
            headers = headers_signed(_secrets(found, at), message=delivery.id, at=at, body=body)
            outcome = called(found.url, body, headers)
            try_record(delivery=delivery, called=outcome, at=at)
            sent, failed = sent + 1, failed + (not outcome.received)
        at = max(at, timezone.now()) if context.at <= timezone.now() else at
        found = Endpoint.objects.filter(pk=endpoint, state=Endpoint.ACTIVE).first()
    if found is not None:
        again = endpoint_again_at(endpoint=found)
        if again is not None:
            endpoint_wake(endpoint, max(again, at))
    return {"sent": sent, "failed": failed}


@job(title=_("Look for endpoints that are owed something"))
def webhooks_look(context: JobContext) -> dict[str, int]:
    """Wake every endpoint to which something is due: what a lost job left behind."""
    due = endpoints_due(context.at)
    for one in due:
        endpoint_wake(one, context.at)
    return {"woken": len(due)}


@job(title=_("Forget messages sent and answers given to programs long ago"))
def webhooks_forget(context: JobContext) -> dict[str, int]:
    """Delete old messages, and answers of the API that are kept no longer: that room stands below jobs."""
    return {"messages": deliveries_forget(at=context.at), "answers": answers_forget(at=context.at)}


def endpoint_wake(endpoint: str, at: datetime) -> None:
    """Ask for the sending to one endpoint at a moment, unless it waits for an earlier one already."""
    job_enqueue(task=webhook_send, arguments={"endpoint": endpoint}, key=endpoint, at=at, due_at=at)


def _secrets(endpoint: Endpoint, at: datetime) -> list[str]:
    found = [opened(endpoint.secret)]
    if endpoint.secret_before and endpoint.before_until and endpoint.before_until > at:
        found.append(opened(endpoint.secret_before))
    return found
