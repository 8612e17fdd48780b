"""The country programmes' decisions as pure functions."""

from __future__ import annotations

import re

_SPACES = re.compile(r"\s+")


def spelling_key(text: str) -> str:
    """The form under which spellings of a country are compared: no outer or double spaces, no capitals."""
    return _SPACES.sub(" ", text.strip()).casefold()
