"""What is decided about persons, as pure functions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

INVITATION_LASTS = timedelta(days=7)
"""How long a link in an invitation works."""
REGISTRATION_LASTS = timedelta(days=60)
"""How long a request for an account waits for an answer before it is forgotten."""
MOST_REGISTRATIONS = 500
"""How many requests may wait: beyond it new ones are dropped, so that nobody fills the table."""

INVITED, ACTIVE, LEFT, ERASED = "invited", "active", "left", "erased"

_SPACES = re.compile(r"\s+")


def display_name(person: Any) -> str:
    """How a person is called on a page: her name, else her address."""
    return str(person.name or person.email)


def name_cleaned(name: str) -> str:
    """A name without odd spaces and signs that no name has. Any script is a name; raises ValueError for no name."""
    cleaned = _SPACES.sub(" ", "".join(one for one in name if one.isprintable() or one.isspace())).strip()
    if not cleaned or len(cleaned) > 150 or re.search(r"[<>]|://", cleaned):
        raise ValueError("a name has 1 to 150 characters and no links in it")
    return cleaned


def email_cleaned(email: str) -> str:
    """An address as it is stored and compared: without spaces around it, in small letters."""
    return email.strip().lower()


def erased_email(public_id: str) -> str:
    """What stands in the place of an erased person's address; no mail can ever reach it."""
    return f"{public_id}@erased.invalid"


def invitation_ends(sent_at: datetime) -> datetime:
    """When a link sent at a moment stops working."""
    return sent_at + INVITATION_LASTS


def may_join(state: str) -> bool:
    """Whether a person in this state may set her password by an invitation."""
    return state == INVITED


def may_leave(state: str) -> bool:
    """Whether a person in this state has anything to leave."""
    return state in {INVITED, ACTIVE}


def may_return(state: str) -> bool:
    """Whether a person in this state may be invited back."""
    return state == LEFT


def may_be_erased(state: str) -> bool:
    """Whether a person in this state may be erased; again is nothing wrong."""
    return state in {LEFT, ERASED}
