"""The room's decisions: how soon a notice is mailed, when one is due, how long to wait after a failure. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from betterwork.core.errors import WrongUse

NOW, DAILY, WEEKLY, APP = "now", "daily", "weekly", "app"
URGENCIES = (NOW, DAILY, WEEKLY, APP)
MORNING = time(5)
"""Of UTC, since a person need not have one country: noon in Phnom Penh, eight in Amman, the night in Haiti."""
HOLD = timedelta(minutes=15)
"""For how long others leave a person to the process that is mailing to her; longer than any mail takes."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=24)
LONGEST_FACT = 200
REFERENCES = frozenset({"day", "person", "role", "scope"})
"""What a fact may name besides plain text: it is put into words when it is read."""

Fact = str | int | dict[str, str]


def urgency_of(usual: str, *, must: bool, chosen: str = "") -> str:
    """How soon a kind is mailed to a person: at once where it must be, else as she chose, else as is usual."""
    return NOW if must else chosen or usual


def due_before(urgency: str, at: datetime) -> datetime | None:
    """Notices of this urgency made before this moment are due at ``at``; None where none ever is.

    Daily: the last morning. Weekly: the last Monday morning. At once: all that there are.
    """
    if urgency == NOW:
        return at + timedelta(microseconds=1)
    if urgency not in (DAILY, WEEKLY):
        return None
    morning = at.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)
    if morning > at:
        morning -= timedelta(days=1)
    return morning if urgency == DAILY else morning - timedelta(days=morning.weekday())


def backoff(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 5 minutes, twice as long each time, a day at most."""
    return min(_FIRST_WAIT * (1 << min(failures - 1, 20)), _LONGEST_WAIT)


def facts_check(facts: dict[str, Fact], url: str) -> None:
    """Refuse facts that are not plain, and an address that leads out of the platform. Raises :class:`WrongUse`."""
    for name, value in facts.items():
        if isinstance(value, dict):
            if (
                len(value) != 1
                or not set(value) <= REFERENCES
                or not all(isinstance(one, str) for one in value.values())
            ):
                raise WrongUse(f"the fact {name} of a notice refers to one of {', '.join(sorted(REFERENCES))}")
        elif isinstance(value, bool) or not isinstance(value, str | int):
            raise WrongUse(f"the fact {name} of a notice is a text, a whole number or a reference")
        elif isinstance(value, str) and len(value) > LONGEST_FACT:
            raise WrongUse(f"the fact {name} of a notice is longer than {LONGEST_FACT} characters")
    if not url.startswith("/") or url.startswith("//") or "\\" in url:
        raise WrongUse(f"a notice leads to a page of the platform: {url!r} is none")
