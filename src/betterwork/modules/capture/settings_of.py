"""The settings of a country that capture reads, each with what is shipped and its source."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.core.capture.progress import Rules
from betterwork.core.capture.triangulation import (
    SHIPPED,
    SHIPPED_SOURCE,
    MixRule,
    mixes_as_text,
    mixes_from_text,
)
from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.modules.countries.declaring import setting_declare
from betterwork.modules.countries.own_settings import VISITS as GROUP
from betterwork.modules.countries.queries import setting, setting_number, settings_held

MINIMUM = "minimum_group"
"""Declared by the countries: the smallest group of which anything is said."""
MIXES = "source_mixes"
LOCK, SIDE, QUALITY = "capture_lock_minutes", "picture_longest_side", "picture_quality"
_BEGAN = date(2000, 1, 1)
_BACKGROUND = "design choice, background, not verified: no published rule was found; a country programme sets its own"


def _held(value: str, source: str = _BACKGROUND) -> tuple[DatedValue[str], ...]:
    return (DatedValue(value, _BEGAN, None, source),)


def settings_declare() -> None:
    """Declare them all."""
    for name, title, value, help_text in (
        (LOCK, _("Minutes until a capture device locks by itself"), "10", ""),
        (SIDE, _("Longest side of a photo of a visit, in pixels"), "1600", _("Larger ones are made smaller.")),
        (QUALITY, _("Quality of a photo of a visit, 1 to 100"), "80", ""),
    ):
        setting_declare(name, title=title, kind="integer", shipped=_held(value), group=GROUP, help=help_text)
    setting_declare(
        MIXES,
        title=_("Which sources a determination needs"),
        shipped=_held(mixes_as_text(SHIPPED), SHIPPED_SOURCE),
        group=GROUP,
        help=_(
            "Determination, colon, how many kinds of source: “non-compliant: 2”. With a cluster before it, for that "
            "cluster alone; with sources after it, one of these must be among them: “FAC non-compliant: 2, workers or "
            "union”. A semicolon between two."
        ),
    )


def mixes_of(country: str, on: date) -> tuple[MixRule, ...]:
    """Which mix of sources a country asks for; the shipped rule where what was entered cannot be read."""
    try:
        return mixes_from_text(setting(country, MIXES, on).value)
    except WrongUse:
        return SHIPPED


def rules_of(country: str, on: date) -> Rules:
    """What completeness asks for in a country on a day. One query at most."""
    with settings_held():
        return Rules(setting_number(country, MINIMUM, on), mixes_of(country, on))


def rules_package(country: str, on: date) -> dict[str, Any]:
    """The country's rules that a device takes along. One query at most."""
    with settings_held():
        return {
            "minimum_group": setting_number(country, MINIMUM, on),
            "mixes": [one.as_json() for one in mixes_of(country, on)],
            "picture_longest_side": setting_number(country, SIDE, on),
            "picture_quality": setting_number(country, QUALITY, on),
            "lock_minutes": setting_number(country, LOCK, on),
        }
