"""Reading endpoints and what is owed to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from betterwork.core.errors import WrongUse
from betterwork.foundation.webhooks.models import Delivery, Endpoint, Try


def deliveries_due(endpoint: Endpoint, at: datetime) -> QuerySet[Delivery]:
    """What may be sent to an endpoint now, the longest waiting first. No order is promised."""
    return Delivery.objects.filter(endpoint=endpoint, state=Delivery.WAITING, next_at__lte=at).order_by("next_at", "id")


def with_last_problem(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """The same messages, each with what went wrong at its last try; without a question for each."""
    last = Try.objects.filter(delivery=OuterRef("pk")).order_by("-at", "-id")
    return rows.annotate(last_problem=Subquery(last.values("problem")[:1]))


def endpoints_due(at: datetime) -> list[str]:
    """The ids of active endpoints to which something is owed now and that do not wait because they failed."""
    free = Q(endpoint__waits_until__isnull=True) | Q(endpoint__waits_until__lte=at)
    due = Delivery.objects.filter(free, state=Delivery.WAITING, next_at__lte=at, endpoint__state=Endpoint.ACTIVE)
    return sorted(set(due.values_list("endpoint_id", flat=True)))


def endpoint_called(endpoint_id: str, rows: QuerySet[Endpoint]) -> Endpoint:
    """The endpoint of this id among ``rows``. Raises :class:`WrongUse`."""
    found = rows.filter(id=endpoint_id.strip()).first()
    if found is None:
        raise WrongUse("there is no such endpoint that is yours; betterwork webhook list shows the ids")
    return found


def webhooks_of_person(person_id: str) -> list[dict[str, Any]]:
    """What a person is handed of her endpoints; never a secret."""
    return [
        {
            "title": one.title,
            "url": one.url,
            "topics": list(one.topics),
            "scope": one.scope,
            "state": one.state,
            "made_at": one.made_at.isoformat(),
        }
        for one in Endpoint.objects.filter(person=person_id).order_by("id")
    ]
