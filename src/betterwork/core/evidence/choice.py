"""Which assessments a table is made from, as a plain value, and the window a person writes."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import ReportingLevel

LATEST_BY = "start date; ties by higher cycle, then larger Quest.ID"


class By(StrEnum):
    """The level of a table's rows."""

    QUESTION = "question"
    POINT = "point"
    CLUSTER = "cluster"
    FACTORY = "factory"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a table is asked for.

    ``country`` is an ISO code or None for all; ``start`` and ``end`` are days, both inside; ``cycle``
    restricts to one cycle; ``manual_rules`` follows the analysts' manual to the letter;
    ``comparable_only`` keeps questions that every tool version asks; ``level`` chooses findings about
    the factory's conduct or those about the country's law and practice.
    """

    country: str | None = None
    start: date | None = None
    end: date | None = None
    cycle: int | None = None
    manual_rules: bool = False
    comparable_only: bool = False
    level: str = ReportingLevel.FACTORY.value

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise WrongUse(f"the window starts on {self.start}, after its end on {self.end}: exchange them")
        if self.cycle is not None and self.cycle < 1:
            raise WrongUse(f"cycle {self.cycle}: cycles are numbered from 1")
        if self.level not in set(ReportingLevel):
            raise WrongUse(f"level {self.level!r}: write factory or national")
        if self.manual_rules and self.comparable_only:
            raise WrongUse("the manual knows no comparable questions: leave out --manual-rules or --comparable-only")

    def window(self) -> tuple[date | None, date | None]:
        """The first and last day that count; under the manual's rules the whole months around them."""
        if not self.manual_rules:
            return self.start, self.end
        return (
            self.start and self.start.replace(day=1),
            self.end and self.end.replace(day=calendar.monthrange(self.end.year, self.end.month)[1]),
        )

    def of_country(self, code: str | None) -> Choice:
        """The same choice for one country, or for all."""
        return replace(self, country=code)


def window_day(text: str | None, *, last: bool) -> date | None:
    """The day that ``YYYY-MM`` (its first or last) or ``YYYY-MM-DD`` names; None for None.

    Raises :class:`WrongUse` for anything else, including days that do not exist.
    """
    if text is None:
        return None
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text.strip(), flags=re.ASCII)
    if match:
        year, month = int(match[1]), int(match[2])
        try:
            if match[3]:
                return date(year, month, int(match[3]))
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        except ValueError:  # IllegalMonthError is one
            pass
    raise WrongUse(f"{text!r} is no month or day: write YYYY-MM for whole months or YYYY-MM-DD for a day")
