"""Who sees and enters what is known of staff."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.queries import Later
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.policy import PEOPLE_READ
from betterwork.modules.staff.models import StaffFact

WORKS = (roles.GLOBAL_STAFF, roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR)
"""The roles of those who work for the programme. Whoever speaks for a factory or an organisation does not."""


def _oversees(actor: Actor) -> bool:
    return actor.in_world(roles.GLOBAL_STAFF) or actor.holds(roles.COUNTRY_MANAGER, roles.TEAM_LEADER)


@rule_over(
    Person,
    "staff.people",
    _("Global staff: who works or worked for the programme. Managers and team leaders of a country: who did so in it."),
)
def STAFF_PEOPLE(actor: Actor) -> Q | None:
    """The persons whose competence, languages, leave and conflicts somebody oversees."""
    if not _oversees(actor):
        return None
    works = Grant.objects.filter(role__in=WORKS, confirmed_at__isnull=False)
    if not actor.in_world(roles.GLOBAL_STAFF):
        countries = actor.keys("country", roles.COUNTRY_MANAGER, roles.TEAM_LEADER)
        works = works.filter(scope__in=[roles.scope_country(one) for one in sorted(countries)])

    def reached() -> QuerySet[Person, Any]:
        rows: QuerySet[Person, Any] = PEOPLE_READ.visible_to(actor).filter(state=Person.ACTIVE)
        return rows.filter(public_id__in=works.values("person")).values("pk")

    return Q(pk__in=Later(reached))


@rule_over(StaffFact, "staff.facts", _("Whoever oversees the person: global staff, her manager, her team leader."))
def STAFF_FACTS(actor: Actor) -> Q | None:
    """The facts that somebody oversees. What others know of oneself stands under ``staff.own``."""
    if not _oversees(actor):
        return None
    return Q(person__in=Later(lambda: STAFF_PEOPLE.visible_to(actor).values("public_id")))


@rule_over(StaffFact, "staff.own", _("Whoever works for the programme: what is known of herself."), operator=False)
def STAFF_OWN(actor: Actor) -> Q | None:
    """One's own facts."""
    return Q(person=actor.id) if actor.holds(*WORKS) else None
