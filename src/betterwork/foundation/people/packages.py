"""Audiences of the models that packages bring. None of them reaches a page but through this house's presentations."""

from __future__ import annotations

from betterwork.foundation.audiences.fields import declare
from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON, audiences

SHE = audiences(OWN_PERSON)


def packages_declare() -> None:
    """Say who may see which field of Django's and allauth's models."""
    declare("auth.Permission", id=NOBODY, name=NOBODY, content_type=NOBODY, codename=NOBODY)
    declare("auth.Group", id=NOBODY, name=NOBODY, permissions=NOBODY)
    declare("auth.Group_permissions", id=NOBODY, group=NOBODY, permission=NOBODY)
    declare("contenttypes.ContentType", id=NOBODY, app_label=NOBODY, model=NOBODY)
    declare("sessions.Session", session_key=NOBODY, session_data=NOBODY, expire_date=NOBODY)
    declare("account.EmailAddress", id=NOBODY, user=SHE, email=SHE, verified=SHE, primary=SHE)
    declare("account.EmailConfirmation", id=NOBODY, email_address=NOBODY, created=NOBODY, sent=NOBODY, key=NOBODY)
    declare("mfa.Authenticator", id=SHE, user=SHE, type=SHE, data=NOBODY, created_at=SHE, last_used_at=SHE)
    declare(
        "usersessions.UserSession",
        id=SHE,
        user=SHE,
        created_at=SHE,
        ip=SHE,
        last_seen_at=SHE,
        session_key=NOBODY,
        user_agent=SHE,
        data=NOBODY,
    )
