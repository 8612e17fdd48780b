"""The register's decisions as pure functions."""

from __future__ import annotations

import re

_OBSOLETE = re.compile(r"\(\s*obsolete\s*\)", re.IGNORECASE)


def name_says_obsolete(name: str) -> bool:
    """Whether a factory's name marks a retired record: it carries "(Obsolete)"."""
    return bool(_OBSOLETE.search(name))
