"""What may be released to whom, and how a release stands on a day. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from betterwork.foundation.audiences.names import EVERYBODY, OWN_PERSON, PUBLIC
from betterwork.foundation.doors.audience_table import BY_ROLE
from betterwork.foundation.doors.roles import WORLD

IN_FORCE, TO_COME, OVER, WITHDRAWN = "in force", "to come", "over", "withdrawn"
STATES = (IN_FORCE, TO_COME, OVER, WITHDRAWN)
SHORTEST_REASON, LONGEST_REASON = 10, 500
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom: all of ``audience`` whose role lies in ``scope`` (world: wherever), of them a role or one person."""

    audience: str
    scope: str = WORLD
    role: str = ""
    person: str = ""


def day_of(at: datetime) -> date:
    """The day of a moment, as releases count days: that of UTC."""
    return at.astimezone(UTC).date()


def state_on(day: date, *, starts: date, ends: date | None, withdrawn: bool) -> str:
    """How a release stands on a day; its first and last day are inside."""
    if withdrawn:
        return WITHDRAWN
    if day < starts:
        return TO_COME
    return OVER if ends is not None and day > ends else IN_FORCE


def recipient_refusal(to: Recipient) -> str | None:
    """Why nothing can be given to such a recipient, or None."""
    if to.audience not in EVERYBODY:
        return _("There is no audience called %(audience)s.") % {"audience": to.audience}
    if to.role and BY_ROLE.get(to.role) != to.audience:
        return _("A %(role)s does not belong to the audience %(audience)s.") % {
            "role": to.role,
            "audience": to.audience,
        }
    if to.audience == OWN_PERSON and not to.person:
        return _("Say which person receives it.")
    if to.audience == PUBLIC and not to.role and to.scope != WORLD:
        return _("What is public is public everywhere: leave out the scope, or name a role.")
    return None


def content_refusal(*, sections: Collection[str] | None, section: str, file_digest: str, audience: str) -> str | None:
    """Why this is nothing that can be given to an audience, or None. ``sections`` None: no document is given."""
    if (sections is None) == (not file_digest):
        return _("Give one thing: a section of a sealed document, or a file by its digest.")
    if sections is None:
        return None if _DIGEST.fullmatch(file_digest) else _("This is no digest of a file.")
    if section not in sections:
        return _("The document has no section for %(section)s.") % {"section": section or "–"}
    if section not in {audience, PUBLIC}:
        return _("The section for %(section)s is not for %(audience)s.") % {"section": section, "audience": audience}
    return None


def period_refusal(*, starts: date, ends: date | None, today: date) -> str | None:
    """Why a release cannot be in force on such days, or None."""
    if starts < today:
        return _("A release cannot begin in the past.")
    if ends is not None and ends < starts:
        return _("The last day comes before the first.")
    return None


def words_refusal(*, title: str, authority: str, rule: str) -> str | None:
    """Why a release says too little or too much of itself, or None."""
    for text, most, missing in (
        (title, 200, _("Say what is given.")),
        (authority, 300, _("Say by whose authority it is given.")),
        (rule, 300, _("Say under which rule it is given.")),
    ):
        if not text.strip():
            return missing
        if len(text) > most:
            return _("This is longer than %(most)s characters: %(text)s…") % {"most": most, "text": text[:40]}
    return None


def reason_refusal(reason: str) -> str | None:
    """Why these words do not say why something is withdrawn, or None."""
    if len(reason.strip()) < SHORTEST_REASON:
        return _("Say why, in %(least)s characters or more: who received it reads it.") % {"least": SHORTEST_REASON}
    if len(reason) > LONGEST_REASON:
        return _("The reason is longer than %(most)s characters.") % {"most": LONGEST_REASON}
    return None


def overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two periods, both ends inside, have a day in common."""
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])
