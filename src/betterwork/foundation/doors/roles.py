"""The roles of the programme (DOMAIN a): over which kinds of scope, and what must be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

WORLD = "world"


@dataclass(frozen=True, slots=True)
class Role:
    """What a person may be. ``scopes`` are the kinds of scope it can be given over (the word before the colon)."""

    name: str
    title: Any
    does: Any
    scopes: frozenset[str]
    powerful: bool = False
    """A second person must confirm it before it counts."""
    confidential: bool = False
    """Sees what could hurt somebody: it counts only for a person with a second factor."""


def _role(name: str, title: Any, does: Any, scopes: str, *, powerful: bool = False, confidential: bool = False) -> Role:
    return Role(name, title, does, frozenset(scopes.split()), powerful, confidential)


GLOBAL_STAFF = "global-staff"
ANALYST = "analyst"
COUNTRY_MANAGER = "country-manager"
TEAM_LEADER = "team-leader"
ADVISOR = "advisor"
GOVERNMENT = "government-representative"
EMPLOYERS = "employers-representative"
WORKERS = "workers-representative"
FACTORY_MANAGER = "factory-manager"
COMMITTEE_MEMBER = "committee-member"
BUYER_ROLE = "buyer"
INSPECTOR = "inspector"
RESEARCHER = "researcher"
SURVEY_CUSTODIAN_ROLE = "survey-custodian"
DONOR = "donor"
AUDITOR = "auditor"

_ROLES = (
    _role(
        GLOBAL_STAFF,
        _("Global staff"),
        _("Runs the programme from Geneva: the tool, the countries, who has access."),
        "world",
        powerful=True,
        confidential=True,
    ),
    _role(
        ANALYST,
        _("Analyst"),
        _("Computes and publishes figures from the evidence."),
        "world country",
        confidential=True,
    ),
    _role(
        COUNTRY_MANAGER,
        _("Country programme manager"),
        _("Runs the programme of a country and gives access in it."),
        "country",
        powerful=True,
        confidential=True,
    ),
    _role(
        TEAM_LEADER,
        _("Team leader"),
        _("Leads a team of advisors and reviews their reports."),
        "country",
        confidential=True,
    ),
    _role(
        ADVISOR,
        _("Enterprise advisor"),
        _("Assesses, advises and trains factories."),
        "country",
        confidential=True,
    ),
    _role(
        GOVERNMENT,
        _("Representative of the government"),
        _("Speaks for the ministry in the national committee."),
        "country organisation",
    ),
    _role(
        EMPLOYERS,
        _("Representative of employers"),
        _("Speaks for an employers' organisation in the national committee."),
        "country organisation",
    ),
    _role(
        WORKERS,
        _("Representative of workers"),
        _("Speaks for a workers' organisation in the national committee."),
        "country organisation",
    ),
    _role(
        FACTORY_MANAGER,
        _("Factory manager"),
        _("Answers for a factory: its report, its plan, who may receive them."),
        "factory",
    ),
    _role(
        COMMITTEE_MEMBER,
        _("Committee member"),
        _("Sits on the worker/management committee of a factory, or on another committee."),
        "factory committee",
    ),
    _role(BUYER_ROLE, _("Buyer"), _("Receives reports of factories that authorised it."), "organisation"),
    _role(
        INSPECTOR,
        _("Labour inspector"),
        _("Receives notices and agreed data for the labour inspectorate of a country."),
        "country",
        confidential=True,
    ),
    _role(RESEARCHER, _("Researcher"), _("Works with anonymised data under an agreement."), "world project"),
    _role(
        SURVEY_CUSTODIAN_ROLE,
        _("Survey custodian"),
        _("Keeps survey answers, apart from the programme's staff."),
        "world country",
        powerful=True,
        confidential=True,
    ),
    _role(DONOR, _("Donor"), _("Reads what the programme reports of its means and its results."), "world organisation"),
    _role(
        AUDITOR,
        _("Auditor"),
        _("Reads the trail of who did what, and changes nothing."),
        "world country",
        powerful=True,
        confidential=True,
    ),
)
ROLES: dict[str, Role] = {role.name: role for role in _ROLES}


def scope_kind(scope: str) -> str:
    """The kind of a scope: the word before the colon."""
    return scope.partition(":")[0]


def scope_country(code: str) -> str:
    """The scope of a country programme, by its ISO alpha-2 code."""
    return f"country:{code}"
