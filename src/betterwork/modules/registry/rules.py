"""The register's decisions as pure functions."""

from __future__ import annotations

import re

_OBSOLETE = re.compile(r"\(\s*obsolete\s*\)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def name_says_obsolete(name: str) -> bool:
    """Whether a factory's name marks a retired record: it carries "(Obsolete)"."""
    return bool(_OBSOLETE.search(name))


def spelling_key(text: str) -> str:
    """The form under which spellings of a country are compared: no outer or double spaces, no capitals."""
    return _SPACES.sub(" ", text.strip()).casefold()
