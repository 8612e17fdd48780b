"""What a token is and what it reaches. Pure: no clock, no chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils.translation import gettext as _

from betterwork.foundation.doors.actor import Held
from betterwork.foundation.doors.roles import ROLES, WORLD, scope_kind

BEGINS = "bw_"
SHOWN = 8
"""Characters of a token that stay to be seen, after ``bw_``."""
LONGEST = timedelta(days=366)
MOST = 20
LONGEST_TITLE = 80
_TOKEN = re.compile(r"bw_[A-Za-z0-9_-]{43}")


def looks_like_token(text: str) -> bool:
    """Whether a text could be a token at all."""
    return _TOKEN.fullmatch(text) is not None


def token_digest(secret: str) -> str:
    """Under what a token is kept: 256 bits of chance need no slow digest."""
    return sha256(secret.encode()).hexdigest()


def token_prefix(secret: str) -> str:
    """What of a token is shown later."""
    return secret[: len(BEGINS) + SHOWN]


def held_within(held: Iterable[Held], scope: str, lineage: Callable[[str], frozenset[str]]) -> frozenset[Held]:
    """What of the roles held a token with ``scope`` reaches; ``lineage(scope)``: a scope and all that it lies in.

    A role over a scope inside the token's stays. A role over a scope around it is narrowed to it, where the role can be
    held over such a scope at all. The rest, and what was taken for a while, is out of reach.
    """
    around = lineage(scope)
    found = set()
    for one in held:
        if one.elevated:
            continue
        if scope == WORLD or scope in lineage(one.scope):
            found.add(one)
        elif one.scope in around and one.role in ROLES and scope_kind(scope) in ROLES[one.role].scopes:
            found.add(Held(one.role, scope))
    return frozenset(found)


def make_refusal(
    *, title: str, ends: datetime, at: datetime, second_factor: bool, others: int, within: bool
) -> str | None:
    """Why a token is not made, in a sentence; None where nothing stands against it."""
    if not second_factor:
        return _("Set up your second step at sign-in first: a token is worth as much as your password.")
    if not title.strip():
        return _("Give it a name by which you will know it again.")
    if len(title.strip()) > LONGEST_TITLE:
        return _("The name is longer than %(most)s characters.") % {"most": LONGEST_TITLE}
    if not within:
        return _("You hold no role that counts within this scope.")
    if ends <= at:
        return _("Its last day is over already.")
    if ends > at + LONGEST:
        return _("A token counts for a year at most.")
    if others >= MOST:
        return _("You have %(most)s tokens already. End one that is not used any more.") % {"most": MOST}
    return None
