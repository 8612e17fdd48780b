"""Reading the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

import orjson
from django.db.models import Count, Min, Q, QuerySet

from betterwork.foundation.events.models import Delivery, Event, Subscription
from betterwork.foundation.events.registry import SUBSCRIBERS, Happened


@dataclass(frozen=True, slots=True)
class EventsFigures:
    """How the outbox stands: deliveries owed, those that failed at least once, age of the oldest event owed."""

    waiting: int
    failing: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class SubscriberShown:
    """How a subscriber stands."""

    name: str
    handled: int
    waiting: int
    failing: int
    registered: bool


def deliveries_due(at: datetime) -> QuerySet[Delivery]:
    """Deliveries that may be tried now, to subscribers that are registered, oldest event first."""
    known = [Q(event__name=name, subscriber=subscriber) for name, subscriber in SUBSCRIBERS]
    if not known:
        return Delivery.objects.none()
    due = Delivery.objects.filter(done_at__isnull=True, next_at__lte=at)
    return due.filter(reduce(or_, known)).order_by("event_id", "subscriber")


def event_numbered(number: int) -> Happened | None:
    """What happened under a number, as subscribers are handed it; None where nothing did."""
    found = Event.objects.filter(pk=number).first()
    return None if found is None else Happened(found.number, found.name, orjson.loads(found.content), found.at)


def events_due(at: datetime) -> bool:
    """Whether anything is to be delivered now, or a subscriber is new."""
    return bool(subscribers_new()) or deliveries_due(at).exists()


def subscribers_new() -> list[tuple[str, str]]:
    """(event, subscriber) of those registered and never seen before."""
    if not SUBSCRIBERS:
        return []
    return sorted(set(SUBSCRIBERS) - set(Subscription.objects.values_list("name", "subscriber")))


def events_figures(*, at: datetime) -> EventsFigures:
    """Figures for the metrics: one query."""
    owed = Delivery.objects.filter(done_at__isnull=True).aggregate(
        waiting=Count("pk"), failing=Count("pk", filter=~Q(problem="")), oldest=Min("event__at")
    )
    age = (at - owed["oldest"]).total_seconds() if owed["oldest"] else 0.0
    return EventsFigures(owed["waiting"], owed["failing"], max(age, 0.0))


def subscribers_list() -> list[SubscriberShown]:
    """Every subscriber that is registered or still owed something, by name."""
    found = Delivery.objects.values("subscriber").annotate(
        handled=Count("pk", filter=Q(done_at__isnull=False)),
        waiting=Count("pk", filter=Q(done_at__isnull=True)),
        failing=Count("pk", filter=Q(done_at__isnull=True) & ~Q(problem="")),
    )
    registered = {subscriber for _, subscriber in SUBSCRIBERS}
    shown = {name: SubscriberShown(name, 0, 0, 0, True) for name in registered}
    for row in found:
        name = row["subscriber"]
        shown[name] = SubscriberShown(name, row["handled"], row["waiting"], row["failing"], name in registered)
    return [shown[name] for name in sorted(shown)]


def deliveries_failing(*, subscriber: str = "", most: int = 100) -> list[Delivery]:
    """Deliveries that failed and are still owed, oldest event first."""
    rows = Delivery.objects.filter(done_at__isnull=True).exclude(problem="").select_related("event")
    if subscriber:
        rows = rows.filter(subscriber=subscriber)
    return list(rows.order_by("event_id", "subscriber")[:most])


def events_list(*, name: str = "", before: int | None = None, most: int = 100) -> list[Event]:
    """Events, newest first."""
    rows = Event.objects.order_by("-number")
    if name:
        rows = rows.filter(name=name)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return list(rows[:most])
