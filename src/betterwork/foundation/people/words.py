"""What happened to an account, in sentences. Other rooms add the words of their own actions about a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "person.invited": _("Invited"),
    "person.invitation-sent-again": _("Invitation sent again"),
    "person.joined": _("Followed the link and set a password"),
    "person.left": _("Left: lost every access"),
    "person.returned": _("Invited back"),
    "person.described": _("Name or language changed"),
    "person.sessions-ended": _("Signed out everywhere"),
    "person.password-set": _("Password changed"),
    "person.signed-in": _("Signed in"),
    "person.address-changed": _("Address of mail changed"),
    "person.second-step-added": _("Second step set up"),
    "person.second-step-removed": _("Second step taken away"),
    "person.second-step-made-anew": _("New recovery codes made"),
    "person.exported": _("What is kept was given out as a file"),
    "person.forgotten": _("What the ledger says of the person made unreadable"),
    "person.erased": _("Erased"),
}
