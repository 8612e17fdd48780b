"""What happened to an account, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Any] = {
    "person.invited": _("Invited"),
    "person.invitation-sent-again": _("Invitation sent again"),
    "person.joined": _("Followed the link and set a password"),
    "person.left": _("Left: lost every access"),
    "person.returned": _("Invited back"),
    "person.described": _("Name or language changed"),
    "person.sessions-ended": _("Signed out everywhere"),
    "person.password-set": _("Password changed"),
    "person.signed-in": _("Signed in"),
    "person.acted-for": _("The operator acted for her, on the command line"),
    "person.address-changed": _("E-mail address changed"),
    "person.second-step-added": _("Second step set up"),
    "person.second-step-removed": _("Second step taken away"),
    "person.second-step-made-anew": _("New recovery codes made"),
    "person.exported": _("What is kept was given out as a file"),
    "person.erased": _("Erased"),
    "people.exported": _("List of people taken as a file"),
    "registration.asked": _("Account asked for"),
    "registration.accepted": _("Request for an account accepted"),
    "registration.refused": _("Request for an account forgotten"),
}
