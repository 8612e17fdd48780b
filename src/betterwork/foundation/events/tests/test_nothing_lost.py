"""Whatever fails, dies or comes in another order: each event is handled once by each subscriber."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.events.models import Event, Subscription
from betterwork.foundation.events.registry import SUBSCRIBERS, Happened, subscribe
from betterwork.foundation.events.services import event_publish, events_deliver, events_replay

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
NAME = "visit.report.submitted"


@dataclass(frozen=True)
class Submitted:
    visit: str


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 3)),
        st.tuples(st.just("rolled back"), st.integers(1, 2)),
        st.tuples(st.just("deliver"), st.integers(1, 4)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
        st.tuples(st.just("replay"), st.integers(1, 5)),
    ),
    max_size=14,
)


@pytest.mark.django_db
@given(steps=STEPS, failures=st.lists(st.booleans(), max_size=25))
def test_whatever_fails_in_whatever_order_everything_is_handled_in_the_end(
    steps: list[tuple[str, int]], failures: list[bool]
) -> None:
    SUBSCRIBERS.clear()
    to_come = iter(failures)
    with transaction.atomic():

        def handler(name: str) -> None:
            def handle(event: Happened, at: datetime) -> None:
                # The write comes first: a failure must take it back.
                Subscription.objects.get_or_create(
                    name=f"seen.{event.number}", subscriber=name, defaults={"after": 0, "since": at}
                )
                written[name, event.number] += 1
                if next(to_come, False):
                    raise ValueError

            subscribe(NAME, name, handle)

        written: Counter[tuple[str, int]] = Counter()
        for name in ("plans", "notices"):
            handler(name)
        at = AT
        for what, number in steps:
            if what == "publish":
                for _ in range(number):
                    event_publish(name=NAME, content=Submitted("v-1"), at=at)
            elif what == "rolled back":
                with pytest.raises(RuntimeError), transaction.atomic():
                    event_publish(name=NAME, content=Submitted("v-2"), at=at)
                    raise RuntimeError
            elif what == "deliver":
                events_deliver(at=at, most=number)
            elif what == "wait":
                at += timedelta(seconds=number)
            else:
                events_replay(subscriber="plans", start=number, actor="p-1", at=at)
        for _ in range(40):
            at += timedelta(hours=6)
            events_deliver(at=at)
        expected = {(name, event) for event in Event.objects.values_list("number", flat=True) for name in SUBS}
        marks = Subscription.objects.filter(name__startswith="seen.").values_list("subscriber", "name")
        assert sorted((name, int(seen.removeprefix("seen."))) for name, seen in marks) == sorted(expected)
        transaction.set_rollback(True)


SUBS = ("plans", "notices")


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "betterwork.foundation.events.tests.handing_over", *arguments],
        env={**os.environ, "BETTERWORK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def marks(home: Path) -> list[int]:
    database = sqlite3.connect(home / "betterwork.sqlite3")
    try:
        rows = database.execute("SELECT after FROM events_subscription WHERE subscriber = 'mark' ORDER BY after")
        return [number for (number,) in rows]
    finally:
        database.close()


def test_killed_between_handling_and_committing_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    assert run(tmp_path, "publish", "4").returncode == 0
    died = run(tmp_path, "die", "2")
    assert died.returncode == -9, died.stderr
    assert marks(tmp_path) == [1]  # what it wrote for event 2 went with it
    again = run(tmp_path, "deliver", "0")
    assert (again.returncode, again.stdout) == (0, "3 0\n"), again.stderr
    assert marks(tmp_path) == [1, 2, 3, 4]
    assert run(tmp_path, "deliver", "0").stdout == "0 0\n"


def test_a_handler_that_kills_its_process_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    run(tmp_path, "publish", "3")
    assert run(tmp_path, "die", "1").returncode == -9
    second = run(tmp_path, "die", "1")  # a minute later event 1 would be due again; the others must not wait for it
    assert second.returncode in {0, -9}
    run(tmp_path, "deliver", "0")
    assert marks(tmp_path) == [1, 2, 3]


if connection.vendor == "postgresql":  # SQLite has one writer: nothing commits out of order or at once

    @pytest.mark.django_db(transaction=True)
    def test_an_event_that_commits_late_is_not_passed_over() -> None:
        seen: list[int] = []
        subscribe(NAME, "plans", lambda event, at: seen.append(event.number))
        published, delivered = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                event_publish(name=NAME, content=Submitted("v-early"), at=AT)
                published.set()
                delivered.wait(20)
            connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        published.wait(20)
        with transaction.atomic():
            late = event_publish(name=NAME, content=Submitted("v-late"), at=AT)
        events_deliver(at=AT)
        assert seen == [late.number]
        delivered.set()
        thread.join()
        events_deliver(at=AT)
        assert seen == [late.number, late.number - 1]

    @pytest.mark.django_db(transaction=True)
    def test_two_that_deliver_at_once_hand_over_each_event_once() -> None:
        seen: list[int] = []
        subscribe(NAME, "plans", lambda event, at: seen.append(event.number))
        with transaction.atomic():
            numbers = [event_publish(name=NAME, content=Submitted("v-1"), at=AT).number for _ in range(40)]

        def deliver() -> None:
            events_deliver(at=AT)
            connection.close()

        threads = [threading.Thread(target=deliver) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(seen) == numbers
