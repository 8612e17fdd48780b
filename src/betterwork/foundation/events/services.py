"""Publishing events, delivering them, and delivering them again."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.events.models import Delivery, Event, Subscription
from betterwork.foundation.events.plain import error_place, error_words
from betterwork.foundation.events.queries import deliveries_due, subscribers_new
from betterwork.foundation.events.registry import SUBSCRIBERS, WAKERS, Happened, Subscriber, subscribers_of
from betterwork.foundation.events.rules import backoff, fact_text, name_check
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append

logger = logging.getLogger("betterwork.events")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to be published."""

    name: str
    content: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round of delivering came to."""

    handled: int = 0
    failed: int = 0


def event_publish(*, name: str, content: Any, at: datetime) -> Event:
    """Write one fact in the caller's transaction and return it. See :func:`events_publish`."""
    return events_publish(new=[NewEvent(name, content, at)])[0]


def events_publish(*, new: Iterable[NewEvent]) -> list[Event]:
    """Write facts, and what is owed of them to whom, in the caller's transaction; wake the worker when it commits.

    Raises WrongUse for a fact that is no frozen dataclass of opaque ids, and BetterWorkError outside a transaction:
    an event that stays when what it tells of is rolled back would be a lie.
    """
    if not connection.in_atomic_block:
        raise BetterWorkError("an event is written in the transaction of what happened; open one")
    drafts = []
    for one in new:
        name_check(one.name)
        drafts.append(Event(name=one.name, content=fact_text(one.content), at=one.at))
    events = Event.objects.bulk_create(drafts, batch_size=_AT_ONCE)
    Delivery.objects.bulk_create(
        [
            Delivery(event=event, subscriber=one.name, next_at=event.at)
            for event in events
            for one in subscribers_of(event.name)
        ],
        batch_size=_AT_ONCE,
    )
    # Once a transaction, however many it publishes: looked up among what the connection will call, so that a
    # savepoint that is rolled back takes the waking with it.
    if events and not any(after[1] is _wake for after in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)
    return events


def events_deliver(*, at: datetime, most: int = 1000) -> Delivered:
    """Hand out what is due, at most ``most`` deliveries; return how many were handled and how many failed.

    Each handler runs in one transaction with the mark that it ran. Before it runs, the delivery is put off (10
    seconds, later each time) and the try is counted, so that a handler that kills its process holds up nobody.
    """
    if subscribers_new():
        subscriptions_settle(at=at)
    handled = failed = 0
    while handled + failed < most:
        delivery = _taken(at)
        if delivery is None:
            break
        if _handed_over(delivery, at):
            handled += 1
        else:
            failed += 1
    return Delivered(handled, failed)


def subscriptions_settle(*, at: datetime) -> int:
    """Write what is owed to subscribers and has no delivery yet; return how many were written.

    For a subscriber seen for the first time: every event of its name if it asks for history. For the others: events
    that a program of an older version published while it did not know them. Reads all events of each name, so it is
    done when a subscriber is new, and once a day.
    """
    written = 0
    last = Event.objects.aggregate(last=Max("number"))["last"] or 0
    for (name, subscriber), one in sorted(SUBSCRIBERS.items()):
        begin, _ = Subscription.objects.get_or_create(
            name=name, subscriber=subscriber, defaults={"after": 0 if one.history else last, "since": at}
        )
        written += _owed_written(one, after=begin.after, at=at)
    return written


def events_replay(*, subscriber: str, actor: str, at: datetime, start: int = 1) -> int:
    """Owe a subscriber every event from number ``start`` on again, handled or not; return how many.

    They are handed over by the next delivery. Written to the ledger. Raises WrongUse for a subscriber nobody
    registered.
    """
    names = sorted(event for event, name in SUBSCRIBERS if name == subscriber)
    if not names:
        known = ", ".join(sorted({name for _, name in SUBSCRIBERS})) or "none"
        raise WrongUse(f"no subscriber is called {subscriber!r}; known: {known}")
    with transaction.atomic():
        for name in names:
            _owed_written(SUBSCRIBERS[name, subscriber], after=start - 1, at=at)
        rows = Delivery.objects.filter(subscriber=subscriber, event__name__in=names, event_id__gte=start)
        count = rows.update(done_at=None, tries=0, next_at=at, problem="")
        entry_append(
            kind=AUDIT,
            action="events.replayed",
            actor=actor,
            subject=f"event-subscriber {subscriber}",
            content={"from": start, "events": count},
            at=at,
        )
        transaction.on_commit(_wake, robust=True)
    return count


def _owed_written(one: Subscriber, *, after: int, at: datetime) -> int:
    owed = Delivery.objects.filter(event=OuterRef("pk"), subscriber=one.name)
    missing = Event.objects.filter(~Exists(owed), name=one.event, number__gt=after).order_by("number")
    numbers = list(missing.values_list("number", flat=True))
    for begin in range(0, len(numbers), _AT_ONCE):
        rows = [
            Delivery(event_id=number, subscriber=one.name, next_at=at) for number in numbers[begin : begin + _AT_ONCE]
        ]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(numbers)


def _taken(at: datetime) -> Delivery | None:
    """The first delivery that is due, put off so that no other process takes it meanwhile; None when there is none."""
    while True:
        delivery = deliveries_due(at).select_related("event").first()
        if delivery is None:
            return None
        again = at + backoff(delivery.tries + 1)
        mine = Delivery.objects.filter(pk=delivery.pk, done_at__isnull=True, next_at=delivery.next_at)
        if mine.update(tries=F("tries") + 1, next_at=again):
            return delivery


def _handed_over(delivery: Delivery, at: datetime) -> bool:
    event = delivery.event
    one = SUBSCRIBERS[event.name, delivery.subscriber]
    try:
        with transaction.atomic():
            # Locked, so that a process that took it for abandoned waits and then sees that it is done.
            row = Delivery.objects.select_for_update().get(pk=delivery.pk)
            if row.done_at is None:
                one.handler(Happened(event.number, event.name, orjson.loads(event.content), event.at), at)
                row.done_at, row.problem = at, ""
                row.save(update_fields=["done_at", "problem"])
    except BaseException as error:
        Delivery.objects.filter(pk=delivery.pk, done_at__isnull=True).update(problem=error_words(error))
        logger.error(
            "event %s was not handled by %s: %s",
            event.number,
            one.name,
            error_place(error),
            extra={"event": event.number},
        )
        if not isinstance(error, Exception):
            raise
        return False
    return True


def _wake() -> None:
    for waker in WAKERS:
        waker()
