"""Jobs for tests. They mark what they did with rows of the schedules' table, which these tests use for nothing else."""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_noop

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.models import Schedule
from betterwork.foundation.jobs.running import NotAgain


def mark(context: JobContext, name: str) -> None:
    """Write a row that tells who did what; a name may be marked twice by two attempts."""
    Schedule.objects.create(name=f"mark {name} {context.attempt}", when="", next_at=context.at)


def marks() -> list[str]:
    """The marks there are."""
    found = Schedule.objects.filter(name__startswith="mark ").order_by("name")
    return [name.removeprefix("mark ") for name in found.values_list("name", flat=True)]


def say(words: str) -> None:
    """Tell the test, in a file."""
    if "TEST_SAYS" in os.environ:
        with Path(os.environ["TEST_SAYS"]).open("a") as file:
            file.write(f"{words}\n")


def linger() -> None:
    """Stay for as long as the test says."""
    time.sleep(float(os.environ.get("TEST_LINGERS", "0")))


@job(title="Write together")
def together(context: JobContext, name: str = "a", fails: int = 0) -> dict[str, object]:
    mark(context, name)
    say(f"wrote {context.attempt}")
    linger()
    if context.attempt <= fails:
        raise ValueError("one@two.example is broken")
    context.progress(3, 3, gettext_noop("Reading"))
    return {"name": name, "actor": context.actor}


@job(title="Work in steps", together=False)
def steps(context: JobContext, count: int = 5) -> int:
    for number in range(count):
        context.progress(number, count)
        with context.step(f"step {number}") as todo:
            if todo:
                say(f"step {number}")
                mark(context, f"step-{number}")
                linger()
    return count


@job(title="Work between steps", together=False)
def stops_between(context: JobContext) -> str:
    with context.step("first") as todo:
        if todo:
            mark(context, "first")
    say(f"between {context.attempt}")
    if context.attempt == 1:
        linger()
    with context.step("second") as todo:
        if todo:
            mark(context, "second")
    return f"by attempt {context.attempt}"


@job(title="Fail once and for all")
def gives_up() -> None:
    raise NotAgain("The file of one@two.example is not there any more.")


@job(title="Fail with words")
def fails_with_words() -> None:
    raise BetterWorkError("The mail server did not answer.")


@job(title="Leave")
def leaves() -> None:
    sys.exit(3)


@job(title="Answer with what may not be kept")
def answers(what: str) -> object:
    return {"address": "one@two.example", "object": object(), "plain": [1, "a"]}[what]


@job(title="Take too long", time_limit=timedelta(seconds=0.5), attempts=2, first_wait=timedelta(0))
def too_long(context: JobContext) -> None:
    mark(context, "too-long")
    say("too long")
    time.sleep(60)


@job(title="Never end", time_limit=timedelta(seconds=1))
def never_ends() -> None:
    say("never ends")
    while True:
        try:
            time.sleep(60)
        except BaseException:  # noqa: BLE001 — as bad as can be
            say("did not listen")


@job(title="Urgent", priority=50)
def urgent(context: JobContext) -> None:
    mark(context, "urgent")
