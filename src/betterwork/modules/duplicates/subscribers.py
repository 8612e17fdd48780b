"""What this room does when the register changes: it looks again, and it keeps up with merges made elsewhere."""

from __future__ import annotations

from datetime import datetime

from betterwork.foundation.events.registry import Happened, subscribe
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.duplicates.jobs import QUIET, search_ask
from betterwork.modules.duplicates.services import merge_follow
from betterwork.modules.registry.events import FactoriesMerged, FactoriesUnmerged, FactoryChanged, FactoryRegistered
from betterwork.modules.registry.models import Factory

NOT_COMPARED = frozenset({"workforce", "enrolment", "standing", "exporting", "registration"})
"""Changes that say nothing of who a factory is."""


def factory_registered(event: Happened, at: datetime) -> None:
    """Look through its country once things are quiet."""
    _look(int(event.content["factory"]), at)


def factory_changed(event: Happened, at: datetime) -> None:
    """The same where what changed is compared."""
    if event.content.get("what") not in NOT_COMPARED:
        _look(int(event.content["factory"]), at)


def merge_made_or_undone(event: Happened, at: datetime) -> None:
    """Keep up."""
    merge_follow(actor=OPERATOR, merge=event.content["merge"], at=at)


def _look(factory: int, at: datetime) -> None:
    country = Factory.objects.filter(pk=factory).values_list("country", flat=True).first()
    if country:
        search_ask(actor=OPERATOR, country=country, at=at, after=QUIET)


subscribe(FactoryRegistered.NAME, "duplicates.find", factory_registered)
subscribe(FactoryChanged.NAME, "duplicates.find", factory_changed)
subscribe(FactoriesMerged.NAME, "duplicates.merges", merge_made_or_undone)
subscribe(FactoriesUnmerged.NAME, "duplicates.merges", merge_made_or_undone)
