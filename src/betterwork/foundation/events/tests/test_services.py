"""Publishing in the transaction, delivering once to each, and again when asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.events import services
from betterwork.foundation.events.models import Delivery, Event
from betterwork.foundation.events.queries import (
    deliveries_failing,
    events_due,
    events_figures,
    events_list,
    subscribers_list,
)
from betterwork.foundation.events.registry import WAKERS, Happened, subscribe
from betterwork.foundation.events.services import (
    Delivered,
    event_publish,
    events_deliver,
    events_replay,
    subscriptions_settle,
)
from betterwork.foundation.events.testing import assert_idempotent, happened
from betterwork.foundation.ledger.queries import entries_search

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
NAME, OTHER = "visit.report.submitted", "visit.moved"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Submitted:
    visit: str


class Listener:
    """Remembers what it was handed, and fails when told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.fails = False

    def __call__(self, event: Happened, at: datetime) -> None:
        if self.fails:
            raise ValueError("one@two.example")
        self.seen.append(event.content["visit"])


def published(*visits: str, name: str = NAME) -> list[Event]:
    return [event_publish(name=name, content=Submitted(visit), at=AT) for visit in visits]


def test_each_subscriber_is_handed_each_event_of_its_name_once() -> None:
    plans, notices, moves = Listener(), Listener(), Listener()
    subscribe(NAME, "plans", plans)
    subscribe(NAME, "notices", notices)
    subscribe(OTHER, "moves", moves)
    published("v-1", "v-2")
    published("v-3", name=OTHER)
    assert events_deliver(at=AT) == Delivered(5, 0)
    assert events_deliver(at=AT + timedelta(days=1)) == Delivered(0, 0)
    assert (plans.seen, notices.seen, moves.seen) == (["v-1", "v-2"], ["v-1", "v-2"], ["v-3"])


def test_the_handler_gets_the_fact_its_number_and_the_moment_of_delivery() -> None:
    got: list[object] = []

    def handle(event: Happened, at: datetime) -> None:
        got.append((event, at))

    subscribe(NAME, "plans", handle)
    event = published("v-1")[0]
    later = AT + timedelta(hours=2)
    events_deliver(at=later)
    assert got == [(Happened(event.number, NAME, {"visit": "v-1"}, AT), later)]


def test_what_is_rolled_back_was_never_told() -> None:
    plans = Listener()
    subscribe(NAME, "plans", plans)
    with pytest.raises(RuntimeError), transaction.atomic():
        published("v-1")
        raise RuntimeError
    assert events_deliver(at=AT) == Delivered(0, 0)
    assert not Event.objects.exists()


def test_a_failure_is_kept_counted_and_tried_again_later_each_time() -> None:
    plans = Listener()
    subscribe(NAME, "plans", plans)
    published("v-1")
    plans.fails = True
    at = AT
    for tries, wait in enumerate((10, 20, 40), start=1):
        assert events_deliver(at=at) == Delivered(0, 1)
        owed = Delivery.objects.get()
        assert (owed.tries, owed.next_at, owed.done_at) == (tries, at + timedelta(seconds=wait), None)
        assert events_deliver(at=owed.next_at - timedelta(seconds=1)) == Delivered(0, 0)
        at = owed.next_at
    assert "@" not in owed.problem and owed.problem
    assert [one.pk for one in deliveries_failing()] == [owed.pk]
    plans.fails = False
    assert events_deliver(at=at) == Delivered(1, 0)
    assert deliveries_failing() == []
    assert plans.seen == ["v-1"]


def test_what_fails_holds_up_neither_other_events_nor_other_subscribers() -> None:
    plans, notices = Listener(), Listener()

    def stumbles(event: Happened, at: datetime) -> None:
        if event.content["visit"] == "v-1":
            raise ValueError
        plans(event, at)

    subscribe(NAME, "plans", stumbles)
    subscribe(NAME, "notices", notices)
    published("v-1", "v-2")
    assert events_deliver(at=AT) == Delivered(3, 1)
    assert (plans.seen, notices.seen) == (["v-2"], ["v-1", "v-2"])


def test_what_a_failing_handler_wrote_is_gone() -> None:
    def writes_and_fails(event: Happened, at: datetime) -> None:
        Event.objects.create(name="written.by-handler", content="{}", at=at)
        raise ValueError

    subscribe(NAME, "plans", writes_and_fails)
    published("v-1")
    assert events_deliver(at=AT) == Delivered(0, 1)
    assert not Event.objects.filter(name="written.by-handler").exists()


def test_a_handler_that_is_ended_from_outside_is_counted_too() -> None:
    class Ended(BaseException): ...

    def never_ends(event: Happened, at: datetime) -> None:
        raise Ended

    subscribe(NAME, "plans", never_ends)
    published("v-1")
    with pytest.raises(Ended):
        events_deliver(at=AT)
    assert Delivery.objects.get().tries == 1
    assert events_deliver(at=AT) == Delivered(0, 0)


def test_a_delivery_that_a_second_process_took_for_abandoned_is_handled_once() -> None:
    plans = Listener()
    subscribe(NAME, "plans", plans)
    published("v-1")
    slow = services._taken(AT)
    later = AT + timedelta(minutes=1)
    second = services._taken(later)
    assert slow is not None and second is not None
    assert services._handed_over(second, later)
    assert services._handed_over(slow, AT)
    assert plans.seen == ["v-1"]


def test_a_handler_may_publish() -> None:
    plans, notices = Listener(), Listener()

    def tells(event: Happened, at: datetime) -> None:
        event_publish(name=OTHER, content=Submitted(event.content["visit"]), at=at)

    subscribe(NAME, "plans", tells)
    subscribe(OTHER, "notices", notices)
    subscribe(NAME, "more", plans)
    published("v-1")
    assert events_deliver(at=AT) == Delivered(3, 0)
    assert notices.seen == ["v-1"]


def test_a_new_subscriber_begins_now_or_with_history() -> None:
    plans, notices = Listener(), Listener()
    published("v-1")
    subscribe(NAME, "plans", plans)
    subscribe(NAME, "notices", notices, history=True)
    assert events_due(AT)
    events_deliver(at=AT)
    published("v-2")
    events_deliver(at=AT)
    assert (plans.seen, notices.seen) == (["v-2"], ["v-1", "v-2"])
    assert not events_due(AT)


def test_an_event_published_by_a_program_that_did_not_know_the_subscriber_is_found() -> None:
    plans = Listener()
    subscribe(NAME, "plans", plans)
    subscriptions_settle(at=AT)
    event = published("v-1")[0]
    Delivery.objects.all().delete()  # as an older version of the program leaves it
    assert subscriptions_settle(at=AT) == 1
    assert subscriptions_settle(at=AT) == 0
    events_deliver(at=AT)
    assert plans.seen == ["v-1"]
    assert Delivery.objects.get().event_id == event.number


def test_replay_hands_over_again_from_a_number_on_and_says_so_in_the_ledger() -> None:
    plans, notices = Listener(), Listener()
    subscribe(NAME, "plans", plans)
    subscribe(NAME, "notices", notices)
    events = published("v-1", "v-2", "v-3")
    events_deliver(at=AT)
    plans.seen.clear()
    notices.seen.clear()
    assert events_replay(subscriber="plans", start=events[1].number, actor="p-1", at=AT) == 2
    assert events_deliver(at=AT) == Delivered(2, 0)
    assert (plans.seen, notices.seen) == (["v-2", "v-3"], [])
    entry = entries_search(action="events.replayed").entries[0]
    assert (entry.actor, entry.subject, entry.content["events"]) == ("p-1", "event-subscriber plans", 2)


def test_replay_reaches_what_was_before_the_subscriber() -> None:
    plans = Listener()
    published("v-1")
    subscribe(NAME, "plans", plans)
    events_deliver(at=AT)
    assert plans.seen == []
    assert events_replay(subscriber="plans", actor="p-1", at=AT) == 1
    events_deliver(at=AT)
    assert plans.seen == ["v-1"]


def test_a_subscriber_nobody_knows_is_not_replayed() -> None:
    with pytest.raises(WrongUse, match="no subscriber is called"):
        events_replay(subscriber="nobody", actor="p-1", at=AT)


def test_what_a_removed_subscriber_is_owed_stays_and_disturbs_nobody() -> None:
    from betterwork.foundation.events.registry import SUBSCRIBERS

    subscribe(NAME, "plans", Listener())
    published("v-1")
    SUBSCRIBERS.clear()
    assert events_deliver(at=AT) == Delivered(0, 0)
    assert Delivery.objects.filter(done_at__isnull=True).count() == 1
    assert [(one.name, one.waiting, one.registered) for one in subscribers_list()] == [("plans", 1, False)]


def test_two_handlers_are_not_called_alike_and_one_may_be_registered_twice() -> None:
    plans = Listener()
    subscribe(NAME, "plans", plans)
    subscribe(NAME, "plans", plans)
    with pytest.raises(WrongUse, match="two handlers"):
        subscribe(NAME, "plans", Listener())


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_published() -> None:
    with pytest.raises(BetterWorkError, match="in the transaction"):
        published("v-1")


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once_after_the_commit_and_not_when_it_is_rolled_back() -> None:
    woken: list[int] = []
    WAKERS.append(lambda: woken.append(Event.objects.count()))
    with transaction.atomic():
        published("v-1", "v-2")
        assert woken == []
    assert woken == [2]
    with pytest.raises(RuntimeError), transaction.atomic():
        published("v-3")
        raise RuntimeError
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            published("v-4")
            raise RuntimeError
        published("v-5")
    assert woken == [2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_waker_that_fails_does_not_undo_what_was_committed() -> None:
    def fails() -> None:
        raise RuntimeError

    WAKERS.append(fails)
    with transaction.atomic():
        published("v-1")
    assert Event.objects.count() == 1


def test_the_figures_tell_what_waits_and_for_how_long() -> None:
    plans = Listener()
    subscribe(NAME, "plans", plans)
    assert events_figures(at=AT).waiting == 0
    published("v-1", "v-2")
    plans.fails = True
    events_deliver(at=AT, most=1)
    figures = events_figures(at=AT + timedelta(minutes=1))
    assert (figures.waiting, figures.failing, figures.oldest_seconds) == (2, 1, 60.0)
    assert [one.content for one in events_list(name=NAME)] == ['{"visit":"v-2"}', '{"visit":"v-1"}']


def test_the_helper_finds_a_handler_that_doubles() -> None:
    def doubles(event: Happened, at: datetime) -> None:
        Event.objects.create(name="written.by-handler", content="{}", at=at)

    def once(event: Happened, at: datetime) -> None:
        Event.objects.get_or_create(name="written.by-handler", content="{}", defaults={"at": at})

    assert_idempotent(once, happened(NAME, AT, visit="v-1"), AT)
    with pytest.raises(AssertionError, match=r"events\.Event"):
        assert_idempotent(doubles, happened(NAME, AT, visit="v-1"), AT)
