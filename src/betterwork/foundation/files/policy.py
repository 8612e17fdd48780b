"""Who may have which attachment: the room of its subject says."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.files.models import Attachment
from betterwork.foundation.files.subjects import reachable


@rule_over(Attachment, "attachments", _("Whoever reaches what the file hangs on."), operator=False)
def ATTACHMENTS(actor: Actor) -> Q | None:
    """The attachments of subjects that the actor reaches."""
    return reachable(actor)
