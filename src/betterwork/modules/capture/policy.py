"""Who captures, who sees how far it is, and who opens interviews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.queries import Later
from betterwork.foundation.audiences.names import ASSESSING_TEAM
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.doors.roles import (
    ADVISOR,
    COUNTRY_MANAGER,
    GLOBAL_STAFF,
    TEAM_LEADER,
    scope_country,
)
from betterwork.foundation.vault.kinds import vault_kind_add
from betterwork.foundation.vault.rules import ItemFacts
from betterwork.modules.capture.models import Capture, CaptureDevice, RefusedOperation
from betterwork.modules.capture.of_visits import visit_of, visits_of

ASSESSES = (ADVISOR, TEAM_LEADER, COUNTRY_MANAGER)
"""Roles of a country with which somebody goes on visits."""
SUBJECT = "visit:"
"""With what the subject of an interview begins; the key of the visit follows."""
INTERVIEW, INTERVIEWS = "interview", "interviews-gathering"
OUTSIDE = ("source", "size", "method", "day")
"""What the outside may know of an interview, once it is handed over."""


@rule("capture.take", _("Advisors, team leaders and managers of a country: the visits on whose team they are."))
def CAPTURES_TAKE(actor: Actor) -> bool:
    """Who may have a visit to take; which ones, the room of visits says."""
    return not actor.is_operator and bool(actor.keys("country", *ASSESSES))


def _own(actor: Actor) -> Q | None:
    countries = actor.keys("country", *ASSESSES)
    if not countries:
        return None
    return Q(country__in=countries, visit__in=Later(lambda: visits_of(actor.id)))


@rule_over(
    Capture, "capture.own", _("The visit's team: what is written down, by whom, what conflicts."), operator=False
)
def CAPTURES_OWN(actor: Actor) -> Q | None:
    """The captures of the visits on whose team somebody is."""
    return _own(actor)


@rule_over(CaptureDevice, "capture.devices", _("The visit's team: the devices that carry the visit."), operator=False)
def DEVICES_OWN(actor: Actor) -> Q | None:
    """The devices of one's own captures."""
    own = _own(actor)
    return None if own is None else Q(capture__in=Capture.objects.filter(own))


@rule_over(RefusedOperation, "capture.refused", _("The visit's team: what was not taken, and why."), operator=False)
def REFUSED_OWN(actor: Actor) -> Q | None:
    """What was refused in one's own captures."""
    own = _own(actor)
    return None if own is None else Q(capture__in=Capture.objects.filter(own))


@rule_over(
    Capture,
    "capture.progress",
    _("Team leaders and managers of the country, and global staff: how much is answered, in counts and days."),
    operator=False,
)
def CAPTURE_PROGRESS(actor: Actor) -> Q | None:
    """The captures of which somebody sees how far they are, and never an answer."""
    if actor.in_world(GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", TEAM_LEADER, COUNTRY_MANAGER)
    return Q(country__in=countries) if countries else None


def _opens(actor: Actor, item: ItemFacts) -> bool:
    """The visit's team as it is now, whoever put it there."""
    found = visit_of(item.subject.removeprefix(SUBJECT))
    return found is not None and actor.id in found.team and bool(actor.keys("country", *ASSESSES) & {found.country})


def _scopes(item: ItemFacts) -> Iterable[str] | None:
    found = visit_of(item.subject.removeprefix(SUBJECT))
    return None if found is None else {scope_country(found.country)}


def _kinds() -> tuple[Any, Any]:
    given: dict[str, Any] = {"audience": ASSESSING_TEAM, "opens": _opens, "scopes": _scopes}
    return vault_kind_add(INTERVIEW, outside=OUTSIDE, **given), vault_kind_add(INTERVIEWS, **given)


INTERVIEW_KIND, INTERVIEWS_KIND = _kinds()
