"""Who may read the trail."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.doors.roles import AUDITOR, GLOBAL_STAFF
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.personal import subject_of
from betterwork.foundation.ledger.words import ABOUT


@rule_over(Entry, "trail.read", _("Auditors and global staff, over the whole world: every entry."))
def TRAIL_READ(actor: Actor) -> Q | None:
    """All entries, or none: the chain says nothing of countries that could be relied on."""
    return Q() if actor.in_world(AUDITOR, GLOBAL_STAFF) else None


@rule_over(Entry, "trail.personal", _("Auditors and global staff, with a reason that the person it is about can see."))
def TRAIL_PERSONAL(actor: Actor) -> Q | None:
    """The same entries, with personal values opened."""
    return Q() if actor.in_world(AUDITOR, GLOBAL_STAFF) else None


@rule_over(Entry, "trail.mine", _("Whoever is signed in: entries by herself and about herself."), operator=False)
def TRAIL_MINE(actor: Actor) -> Q | None:
    """What she did, what was done to her, and what rooms say speaks of her."""
    mine = Q(actor=actor.id) | Q(subject=subject_of(actor.id))
    for entries in ABOUT.values():
        mine |= entries(actor.id)
    return mine
