"""The hours of the clock: dated settings of a country, with what is shipped."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from betterwork.core.dated import DatedValue
from betterwork.modules.countries.declaring import setting_declare
from betterwork.modules.countries.queries import setting, setting_number

ANSWER, FOLLOW_UP = "concern_answer_hours", "concern_follow_up_hours"
_SINCE = date(2000, 1, 1)
_SOURCE = (
    "background, not verified: Egypt's zero tolerance protocol gives {hours} hours ({what}); "
    "other countries have protocols of their own, to be entered"
)
SHIPPED = {
    ANSWER: (
        DatedValue("48", _SINCE, None, _SOURCE.format(hours=48, what="the ministry is asked to open an investigation")),
    ),
    FOLLOW_UP: (DatedValue("72", _SINCE, None, _SOURCE.format(hours=72, what="the programme follows up")),),
}


def settings_declare() -> None:
    """Declare both; at start."""
    for name, title, words in (
        (
            ANSWER,
            _("Hours until a concern is taken in hand"),
            _("Counted from when it reaches the platform, day and night."),
        ),
        (
            FOLLOW_UP,
            _("Hours until the first follow-up of a concern is written down"),
            _("Counted from when it reaches the platform, day and night."),
        ),
    ):
        setting_declare(name, title=title, kind="integer", shipped=SHIPPED[name], group=_("Concerns"), help=words)


def hours_of(country: str, on: date) -> tuple[int, int]:
    """Hours to the first answer and to the follow-up in a country on a day; below nothing counts as nothing."""
    answer, follow_up = (max(0, setting_number(country, name, on)) for name in (ANSWER, FOLLOW_UP))
    return min(answer, _MOST), min(follow_up, _MOST)


def hours_source(country: str, on: date) -> str:
    """Where the hours of a country are written."""
    return setting(country, ANSWER, on).source


_MOST = 24 * 365
"""Hours beyond it are a slip of whoever entered them."""
