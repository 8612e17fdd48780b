"""Whole-number keys of the store: the same thing has the same key in every build, whatever else is in it.

Joins on whole numbers are several times faster than on text, and keys that depend on nothing but
the thing itself let a partition be reused when the rest of the store changes.
"""

from __future__ import annotations

import hashlib

from betterwork.core.errors import BetterWorkError

ASSESSMENT_BITS = 53
CELL_BITS = 32


def country_number(code: str) -> int:
    """A number from 0 (AA) to 675 (ZZ) for an ISO 3166-1 alpha-2 code. Raises ValueError for anything else."""
    if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise ValueError(f"{code!r} is not a country code of two capital letters")
    return 26 * (ord(code[0]) - 65) + ord(code[1]) - 65


def country_code(number: int) -> str:
    """The ISO code that :func:`country_number` numbered."""
    return chr(65 + number // 26) + chr(65 + number % 26)


def assessment_key(country: str, assessment: int) -> int:
    """The key of an assessment (country, ``Quest.ID``): unique over all countries, below 2**63.

    Raises :class:`BetterWorkError` for a number outside 0 to 2**53 - 1, which no export has had.
    """
    if not 0 <= assessment < 1 << ASSESSMENT_BITS:
        raise BetterWorkError(f"assessment {assessment} of {country}: numbers from 0 to 2**53 - 1 can be stored")
    return (country_number(country) << ASSESSMENT_BITS) | assessment


def factory_key(country: str, outside_id: str) -> int:
    """The key of a factory (country, id as the programme writes it): 63 bits of a SHA-256.

    Two of a million factories share a key with a chance of 1 in 18 million; a build looks and refuses.
    """
    text = f"{country}/{outside_id}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 1


def cell_parts(cell: int) -> tuple[int, int]:
    """The country number and the value (years, year or cycle) of a cell of a table."""
    return cell >> CELL_BITS, cell & ((1 << CELL_BITS) - 1)
