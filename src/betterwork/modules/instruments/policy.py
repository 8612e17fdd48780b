"""Who reads tools, writes drafts, submits them, and puts them in force. Sealed tools are everybody's to read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.modules.bodies.policy import BODIES_OWN
from betterwork.modules.instruments.draft_models import BEFORE_THE_BODY, OPEN, SUBMITTED
from betterwork.modules.instruments.models import ToolDraft

OF_THE_WORLD = (roles.GLOBAL_STAFF, roles.ANALYST, roles.AUDITOR)
OF_A_COUNTRY = (roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR, roles.AUDITOR)
WRITES = (roles.COUNTRY_MANAGER, roles.TEAM_LEADER)
_PUT_BEFORE = Q(state__in=BEFORE_THE_BODY)


@rule("tool.seal", _("Global staff."))
def TOOL_SEAL(actor: Actor) -> bool:
    """Sealing from a file what was approved before there were drafts: the tool is one for all countries."""
    return actor.in_world(roles.GLOBAL_STAFF)


@rule("tools.read", _("Whoever is signed in: what the programme asks is public."))
def TOOLS_READ(actor: Actor) -> bool:
    """Sealed versions hold nothing that is not for everybody."""
    return actor.signed_in


@rule("tools.make", _("Global staff, for all countries; the manager of a country, for her own."))
def TOOLS_MAKE(actor: Actor) -> bool:
    """Who begins drafts and adds tools; for which country is asked with each."""
    return actor.in_world(roles.GLOBAL_STAFF) or bool(actor.keys("country", *WRITES))


def may_write_for(actor: Actor, country: str) -> bool:
    """Whether somebody writes drafts for a country; empty: for all of them."""
    if actor.is_operator or actor.in_world(roles.GLOBAL_STAFF):
        return True
    return bool(country) and country in actor.keys("country", *WRITES)


def _reach(actor: Actor, *names: str) -> Q | None:
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", *names)
    return Q(country__in=countries) if countries else None


@rule_over(
    ToolDraft,
    "drafts.read",
    _("Global staff, analysts and auditors; staff of a country, those of their country and those for all countries."),
)
def DRAFTS_READ(actor: Actor) -> Q | None:
    """Drafts that staff read."""
    if actor.in_world(*OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *OF_A_COUNTRY)
    return Q(country__in=[*countries, ""]) if countries else None


@rule_over(
    ToolDraft,
    "drafts.edit",
    _("Global staff; the manager and team leaders of a country, their country's. Only while it is open."),
)
def DRAFTS_EDIT(actor: Actor) -> Q | None:
    """Drafts that one may change now."""
    reached = _reach(actor, *WRITES)
    return None if reached is None else reached & Q(state__in=OPEN)


@rule_over(
    ToolDraft, "drafts.submit", _("Global staff; the manager of a country, her country's. Only while it is open.")
)
def DRAFTS_SUBMIT(actor: Actor) -> Q | None:
    """Drafts that one may put before the body."""
    reached = _reach(actor, roles.COUNTRY_MANAGER)
    return None if reached is None else reached & Q(state__in=OPEN)


@rule_over(
    ToolDraft,
    "drafts.seal",
    _("Global staff; the manager of a country, her country's. Only after the body has spoken, or to take it back."),
)
def DRAFTS_SEAL(actor: Actor) -> Q | None:
    """Drafts before the body: to be sealed once it approved, or taken back."""
    reached = _reach(actor, roles.COUNTRY_MANAGER)
    return None if reached is None else reached & Q(state__in=(SUBMITTED, "approved"))


@rule_over(ToolDraft, "drafts.before-the-body", _("Members of the body that a draft was put before."))
def DRAFTS_BODY(actor: Actor) -> Q | None:
    """Drafts that a member of the body reads: as they were submitted, and until they are sealed."""
    if not BODIES_OWN.may(actor):
        return None
    return _PUT_BEFORE & Q(body__in=BODIES_OWN.visible_to(actor).values("pk"))
