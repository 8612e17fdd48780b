"""How higher rooms put into words where a concern was noticed: a visit, a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

WHERE: dict[str, Callable[[str], Any]] = {}


def where_words_add(kind: str, words: Callable[[str], Any]) -> None:
    """Let ``words(key)`` say what stands after ``kind:`` in the where of a concern; it may raise LookupError."""
    WHERE[kind] = words


def where_words(where: str) -> str:
    """Where it was noticed, in words: "Question CHL-1-01"; of what nobody puts into words, the text itself."""
    return ", ".join(str(_part_words(part)) for part in where.split(" ") if part) if ":" in where else where


def _part_words(part: str) -> Any:
    kind, colon, key = part.partition(":")
    if not colon:
        return part
    try:
        return WHERE[kind](key)
    except LookupError:
        known = {"visit": _("During a visit"), "question": _("Question %(code)s") % {"code": key}}
        return known.get(kind, part)
