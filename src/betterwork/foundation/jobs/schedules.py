"""Declaring schedules: each room's ``schedule.py`` says what runs when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.declaring import JobTask
from betterwork.foundation.jobs.rules import Daily, Every, When


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job that the clock begins."""

    name: str
    task: JobTask[..., Any]
    when: When
    arguments: Mapping[str, Any]


SCHEDULES: dict[str, Scheduled] = {}


def every(name: str, *, minutes: int, task: JobTask[..., Any], arguments: Mapping[str, Any] | None = None) -> None:
    """Run a job every so many minutes. ``name`` ("notices.digest") names the schedule for good."""
    _add(name, task, Every(minutes), arguments)


def daily(
    name: str,
    *,
    at: time,
    task: JobTask[..., Any],
    zone: str = "",
    country: str = "",
    arguments: Mapping[str, Any] | None = None,
) -> None:
    """Run a job every day at a time of the clock in a ``zone`` ("Asia/Jakarta") or in a ``country`` with one zone.

    Raises WrongUse for a zone that is none, and for a country with several.
    """
    where = zone or zone_of_country(country)
    if where not in available_timezones():
        raise WrongUse(f"no zone is called {where!r}: write one like Asia/Ho_Chi_Minh")
    _add(name, task, Daily(at, where), arguments)


def zone_of_country(country: str) -> str:
    """The zone of a country (ISO 3166 code) that has one. Raises WrongUse for others."""
    zones = sorted(name for name, where in get_global("zone_territories").items() if where == country)
    if len(zones) != 1:
        names = ", ".join(zones) or "none"
        raise WrongUse(f"{country!r} has not one zone but {names}: name the zone")
    return str(zones[0])


def _add(name: str, task: JobTask[..., Any], when: When, arguments: Mapping[str, Any] | None) -> None:
    made = Scheduled(name, task, when, dict(arguments or {}))
    if SCHEDULES.get(name, made) != made:
        raise WrongUse(f"two schedules are called {name}")
    SCHEDULES[name] = made
