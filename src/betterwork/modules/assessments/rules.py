"""The room's decisions, as pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.judging import Reason, Refusal
from betterwork.core.exports.reconciling import Outcome
from betterwork.core.instrument import Catalogue, Kind


def outcome_of(*, content_digest: str, held: str | None, supersede: str) -> Outcome:
    """What becomes of an assessment, by the digest of its content and of what is held under its number.

    ``supersede`` is the reason given for replacing what is held; empty when none was given.
    """
    if held is None:
        return Outcome.NEW
    if held == content_digest:
        return Outcome.UNCHANGED
    return Outcome.SUPERSEDED if supersede else Outcome.CHANGED


def refusal_of_changed(number: int) -> Refusal:
    """Why the rows of an assessment are refused that differs from the one held."""
    found = f"assessment {number} was imported before with other content"
    return Refusal(Reason.CHANGED_ASSESSMENT, "", found, "the same content, or --supersede with a reason")


def quarantine_name(stem: str, sha256: str) -> str:
    """The name of a file's quarantine: any stem made safe, and the beginning of the file's digest."""
    safe = re.sub(r"[^\w.-]+", "_", stem)
    while len(safe.encode("utf-8")) > 120:  # names of files are limited in bytes, three or four for a letter
        safe = safe[:-1]
    safe = safe.strip("._") or "export"
    return f"{safe}-{sha256[:8]}.csv"


def never_a_formula(text: str) -> str:
    """The text as a spreadsheet may show it: a leading apostrophe keeps ``=``, ``+``, ``-``, ``@`` from calculating."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def mapping_checked(mapping: Mapping[str, str], tools: Catalogue) -> dict[str, str]:
    """The mapping, once every code it leads to is a compliance question and none it declares is the tool's own.

    Raises :class:`BetterWorkError`.
    """
    for written, code in mapping.items():
        question = tools.newest.get(code)
        if question is None or question.kind is not Kind.COMPLIANCE:
            raise BetterWorkError(f"the mapping leads {written!r} to {code!r}, which is no compliance question")
        if written in tools.newest:
            raise BetterWorkError(f"the mapping declares {written!r}, which is a question of the tool already")
    return dict(mapping)
