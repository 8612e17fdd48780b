"""How numbers are written for people: one rounding for every page, document and screen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"
SPACE = "\u00a0"
"""A space that does not break: 86 %, −7 pts."""


def rounded(value: float) -> int:
    """The nearest whole number, halves away from zero, free of binary surprises (0.285 → 29 %)."""
    return int(Decimal(repr(round(value, 9))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def per_cent(value: float) -> str:
    """A fraction as whole per cent: ``86 %``; what is neither none nor all never reads 0 % or 100 %.

    A negative one (a difference) carries a real minus.
    """
    if value < 0:
        return f"{MINUS}{per_cent(-value)}"
    if 0 < value < 0.01:
        return f"<1{SPACE}%"
    if 0.99 < value < 1:
        return f">99{SPACE}%"
    return f"{rounded(value * 100)}{SPACE}%"
