"""Declaring jobs: ``@job`` above a function of a room. It builds on the tasks of django-tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import Task

from betterwork.core.errors import BetterWorkError, WrongUse

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """A function that can be run as a job, and how: made by :func:`job`."""

    title: Any = ""
    attempts: int = 5
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(hours=1)
    time_limit: timedelta = timedelta(minutes=10)
    together: bool = True


def job(
    *,
    title: Any,
    together: bool = True,
    attempts: int = 5,
    first_wait: timedelta = timedelta(seconds=30),
    longest_wait: timedelta = timedelta(hours=1),
    time_limit: timedelta = timedelta(minutes=10),
    priority: int = 0,
) -> Callable[[Callable[P, T]], JobTask[P, T]]:
    """Make a job of a function of a module. Its arguments are keywords with plain values.

    ``title`` is what the page calls it. ``together`` (the default): everything the function writes to the database
    commits with the mark that it is done; keep such a job short, on SQLite nobody else writes meanwhile. With
    ``together=False`` the function commits as it goes: in steps (``context.step``), or outside the database, where
    what it does may happen twice. A failed attempt is followed by another after ``first_wait``, then twice as long
    each time up to ``longest_wait``, until there were ``attempts``. An attempt is ended after ``time_limit``.
    A first argument called ``context`` receives the :class:`~betterwork.foundation.jobs.context.JobContext`.
    """

    def declared(function: Callable[P, T]) -> JobTask[P, T]:
        if attempts < 1 or time_limit <= timedelta(0):
            raise WrongUse(f"the job {function.__name__} is tried at least once, and for some time")
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        made = task(  # type: ignore[call-overload]
            takes_context=names[:1] == ("context",),
            priority=priority,
            title=title,
            together=together,
            attempts=attempts,
            first_wait=first_wait,
            longest_wait=longest_wait,
            time_limit=time_limit,
        )(function)
        assert isinstance(made, JobTask), 'the setting TASKS must name "betterwork.foundation.jobs.backend.JobsBackend"'
        return made

    return declared


class NoSuchJob(BetterWorkError):
    """A job was asked for that this version of the platform does not know."""


def task_called(path: str) -> JobTask[..., Any]:
    """The job declared under a dotted path. Raises :class:`NoSuchJob`."""
    try:
        found = import_string(path)
    except ImportError as error:
        raise NoSuchJob("This version of the platform knows no job of this kind.") from error
    if not isinstance(found, JobTask):
        raise NoSuchJob("This version of the platform knows no job of this kind.")
    return found


def title_of(path: str) -> Any:
    """What the page calls a job; the last word of its path when it is no longer known."""
    try:
        return task_called(path).title
    except NoSuchJob:
        return path.rpartition(".")[2]
