"""A filter of the room's own templates: ``{% load evidence %}``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    """The value at a place of a list; nothing where it is shorter."""
    return values[place] if 0 <= place < len(values) else ""
