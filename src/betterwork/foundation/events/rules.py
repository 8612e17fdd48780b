"""The outbox's decisions as pure functions: what a fact is, how it is written, when to try again."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from betterwork.core.canonical import canonical_bytes
from betterwork.core.errors import WrongUse

_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SUBSCRIBER = re.compile(r"[a-z0-9][a-z0-9.-]*")
_ID = re.compile(r"[^\s@＠]{1,128}")

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)


def name_check(name: str) -> None:
    """Refuse a name of an event that is not like ``visit.report.submitted``. Raises WrongUse."""
    if not _NAME.fullmatch(name) or len(name) > 80:
        raise WrongUse(f"an event is called like visit.report.submitted, at most 80 characters; not {name!r}")


def subscriber_check(name: str) -> None:
    """Refuse a name of a subscriber that is not like ``improvement.plans``. Raises WrongUse."""
    if not _SUBSCRIBER.fullmatch(name) or len(name) > 80:
        raise WrongUse(f"a subscriber is called like improvement.plans, at most 80 characters; not {name!r}")


def fact_text(content: Any) -> str:
    """The canonical JSON of a fact. Days and moments are written in ISO 8601.

    Raises WrongUse for what is no frozen dataclass, and for a text that is no opaque id (a space or an @ in it, empty,
    over 128 characters): names, addresses and sentences speak of people and do not belong in an event. Raises
    NotCanonical for a float.
    """
    if not dataclasses.is_dataclass(content) or isinstance(content, type):
        raise WrongUse(f"the content of an event is a frozen dataclass, not {type(content).__name__}")
    return canonical_bytes(_plain(content, "content")).decode()


def _plain(value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if not getattr(type(value), "__dataclass_params__").frozen:  # noqa: B009 — typing does not know it
            raise WrongUse(f"{where} is not frozen: write @dataclass(frozen=True) above {type(value).__name__}")
        return {one.name: _plain(getattr(value, one.name), f"{where}.{one.name}") for one in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one, f"{where}[{number}]") for number, one in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: _plain(one, f"{where}.{key}") for key, one in value.items()}
    if isinstance(value, str) and not _ID.fullmatch(value):
        raise WrongUse(f"{where} is no opaque id: 1 to 128 characters without spaces and @; an event speaks of nobody")
    return value


def backoff(failures: int, *, first: timedelta = FIRST_WAIT, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """How long to wait after so many failures: ``first``, then twice as long each time, at most ``longest``."""
    if failures < 1:
        return timedelta(0)
    times: int = 2 ** min(failures - 1, 20)
    return min(first * times, longest)
