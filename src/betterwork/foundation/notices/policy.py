"""Who may read notices."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.notices.models import Notice


@rule_over(Notice, "notices.own", _("Whoever is signed in: her own notices."), operator=False)
def NOTICES_OWN(actor: Actor) -> Q | None:
    """Hers and nobody else's."""
    return Q(person=actor.id)
