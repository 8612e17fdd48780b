"""Filters that write dates and numbers in the language of the page: ``{% load formats %}``.

``{{ at|moment }}``, ``{{ due|day }}``, ``{{ due|day:"weekday" }}``, ``{{ count|number }}``, ``{{ rate|share }}``,
``{{ change|points }}``, ``{{ at|ago }}``. None is written as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from betterwork.foundation.languages import formats
from betterwork.foundation.languages.known import language_of

register = template.Library()
_NOTHING: tuple[Any, ...] = (None, "")
"""What a template gives for a value that is not there."""


def _language() -> str:
    return language_of(get_language()).code


@register.filter
def day(value: Any, style: str = "medium") -> str:
    """A day; of a time, the day it is where the reader is. ``style``: short, medium, long or weekday."""
    if value in _NOTHING:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return formats.day(value, language=_language(), style=style)


@register.filter
def moment(value: Any) -> str:
    """A day and a time with their zone."""
    if value in _NOTHING:
        return ""
    return formats.moment(value, language=_language(), zone=timezone.get_current_timezone())


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    """A number with its thousands set apart."""
    return "" if value in _NOTHING else formats.number(value, language=_language(), decimals=decimals)


@register.filter
def share(value: Any) -> str:
    """A fraction as whole per cent."""
    return "" if value in _NOTHING else formats.share(value, language=_language())


@register.filter
def points(value: Any) -> str:
    """A difference of two shares, in points."""
    return "" if value in _NOTHING else formats.points(value, language=_language())


@register.filter
def ago(value: Any) -> str:
    """How long ago, or how soon, seen from this moment."""
    return "" if value in _NOTHING else formats.ago(value, now=timezone.now(), language=_language())


@register.filter
def listed(values: Iterable[str]) -> str:
    """Parts in a sentence: a, b and c."""
    return formats.listed([str(one) for one in values], language=_language())
