"""The room's decisions, as pure functions: what may be taken when, what is complete, what is missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.core.capture.operations import ids_digest

MOST_OPERATIONS = 250
"""Most operations in one request."""
MOST_GIVEN = 1000
"""Most operations in one answer."""
MOST_CHUNK = 256 * 1024
"""Bytes of a file in one request."""
QUIET_DAYS = 2
"""After how many days without a sign of a device its people are asked whether it is lost."""

HANDED_OVER, OTHER_CONTENT = "handed-over", "other-content"
REASONS: dict[str, Any] = {
    HANDED_OVER: _("The visit is handed over. Reopen it, then send again: what you wrote is kept."),
    OTHER_CONTENT: _("Something else was sent before under the same number. Both are kept; the first one counts."),
    "tells-the-hour": _("What is written of an interview tells the hour. Only the day may be kept."),
    "unknown-question": _("The tool of this visit has no such question. It is kept as it came."),
    "too-long": _("The text is too long. It is kept as it came; write it shorter."),
}


def reason_words(reason: str) -> str:
    """Why something was refused, in the language of the request."""
    return str(REASONS.get(reason) or _("This could not be read. It is kept as it came."))


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that was not taken: its id ("" where it has none), why, and what came as JSON text."""

    id: str
    reason: str
    content: str
    device: str = ""

    @property
    def digest(self) -> str:
        """By which the same one is known again."""
        return hashlib.sha256(self.content.encode()).hexdigest()


def as_text(raw: Any) -> str:
    """What came, as JSON in ASCII: kept as it is, whatever it holds."""
    return json.dumps(raw, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def is_plain(raw: Any) -> bool:
    """Whether what came may be kept outside the vault: only what surely speaks of a question or of the visit."""
    about = raw.get("about") if isinstance(raw, dict) else None
    return isinstance(about, str) and (about == "visit" or about.startswith("question:"))


def all_there(*, count: int, digest: str, held: Iterable[set[str]]) -> bool:
    """Whether what a device says it holds is one of the sets that are ``held`` here."""
    return any(len(one) == count and ids_digest(one) == digest for one in held)


def hand_over_refusal(*, conflicts: int, files_missing: int) -> Any:
    """Why a capture cannot be handed over, in words; empty where it can."""
    if conflicts:
        return _("Two values stand beside each other: decide which one counts, then hand over.")
    if files_missing:
        return _("A photo or document has not arrived: send it from the device that holds it, or remove it there.")
    return ""


@dataclass(frozen=True, slots=True)
class ClusterProgress:
    """How far one cluster is."""

    code: str
    name: str
    questions: int
    answered: int

    @property
    def missing(self) -> int:
        """How many questions have no answer."""
        return self.questions - self.answered


def progress_of(clusters: Iterable[tuple[str, str, int]], counts: Mapping[str, int]) -> list[ClusterProgress]:
    """Progress by cluster: (code, name, number of questions) and the answered ones of each code."""
    return [ClusterProgress(code, name, most, min(most, counts.get(code, 0))) for code, name, most in clusters]


def quiet_since(last: date, on: date) -> bool:
    """Whether a device has been quiet for so long that somebody should look for it."""
    return on - last >= timedelta(days=QUIET_DAYS)
