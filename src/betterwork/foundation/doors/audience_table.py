"""The one table from role and fact to audiences. A fact is about an actor and one thing."""

from __future__ import annotations

from betterwork.foundation.audiences.names import (
    ASSESSING_TEAM,
    AUTHORITY,
    BUYER,
    COMMITTEE,
    CONCERN_CIRCLE,
    FACTORY,
    OWN_PERSON,
    PROGRAMME,
    PUBLIC,
    RESEARCH,
    SURVEY_CUSTODIAN,
    Audiences,
)
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor

BY_ROLE: dict[str, str] = {
    roles.GLOBAL_STAFF: PROGRAMME,
    roles.ANALYST: PROGRAMME,
    roles.COUNTRY_MANAGER: PROGRAMME,
    roles.TEAM_LEADER: PROGRAMME,
    roles.ADVISOR: PROGRAMME,
    roles.AUDITOR: PROGRAMME,
    roles.GOVERNMENT: COMMITTEE,
    roles.EMPLOYERS: COMMITTEE,
    roles.WORKERS: COMMITTEE,
    roles.COMMITTEE_MEMBER: COMMITTEE,
    roles.FACTORY_MANAGER: FACTORY,
    roles.BUYER_ROLE: BUYER,
    roles.INSPECTOR: AUTHORITY,
    roles.RESEARCHER: RESEARCH,
    roles.SURVEY_CUSTODIAN_ROLE: SURVEY_CUSTODIAN,
    roles.DONOR: PUBLIC,
}

ASSESSES = "assesses"
"""Fact: the actor is one of the two advisors of the visit that the thing belongs to."""
IS_SHE = "is she"
"""Fact: the thing speaks of the actor herself."""
IN_CIRCLE = "in circle"
"""Fact: the actor raised the concern that the thing belongs to, or answers it."""
BY_FACT: dict[str, str] = {ASSESSES: ASSESSING_TEAM, IN_CIRCLE: CONCERN_CIRCLE, IS_SHE: OWN_PERSON}


def audiences_for(actor: Actor, *facts: str) -> Audiences:
    """The audiences that an actor belongs to, for a thing about which ``facts`` hold. Everybody is public."""
    return frozenset(
        {PUBLIC, *(BY_ROLE[one.role] for one in actor.held if one.role in BY_ROLE), *(BY_FACT[fact] for fact in facts)}
    )
