"""What access hangs on other rooms, adds to shared pages, and keeps of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access import panels
from betterwork.foundation.access.models import Elevation, ElevationOwner, Grant
from betterwork.foundation.access.policy import GRANTS_READ, POWERFUL
from betterwork.foundation.access.queries import (
    REQUESTED,
    Later,
    grants_in_force,
    grants_not_over,
    scopes_within,
    waiting_for,
)
from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.access.services import access_end_of_leaver
from betterwork.foundation.contributions.registry import (
    Keeping,
    MenuItem,
    Task,
    home_add,
    keeping_add,
    menu_add,
    panel_add,
    person_names,
)
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.ledger.words import about_person_add, action_words_add
from betterwork.foundation.people import hooks
from betterwork.foundation.people.models import Person

ERASED = "[erased]"
_HOLDS = _("she holds a role, or one waits for her: let her leave first")


def tasks_of_second_persons(actor: Actor, at: datetime) -> Iterator[Task]:
    """Roles that wait for this person to confirm or refuse them, the oldest first."""
    waiting = waiting_for(actor, at)
    names = person_names({one.person for one in waiting} | {one.given_by for one in waiting}) if waiting else {}
    for order, grant in enumerate(waiting):
        words = {
            "person": names.get(grant.person, grant.person),
            "giver": names.get(grant.given_by, grant.given_by),
            "role": ROLES[grant.role].title if grant.role in ROLES else grant.role,
            "scope": scope_words(grant.scope),
        }
        yield Task(
            title=_("Confirm or refuse: %(person)s as %(role)s") % words,
            why=_("%(giver)s gave this role over %(scope)s. It counts once a second person confirms it.") % words,
            url=reverse("access:grant", kwargs={"grant": grant.id}),
            state=_("Waits for a second person"),
            state_kind="wait",
            order=20 + order,
        )


def persons_reached(actor: Actor) -> Q | None:
    """Managers, team leaders and auditors of a country see who holds or held a role in it."""
    countries = actor.keys("country", roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.AUDITOR)
    return Q(public_id__in=_persons_within(countries)) if countries else None


def persons_managed(actor: Actor) -> Q | None:
    """Managers of a country manage who holds roles in it alone, and none of great power."""
    runs = {one.scope for one in actor.held if one.role == roles.COUNTRY_MANAGER and not one.elevated}
    countries = {scope for scope in runs if roles.scope_kind(scope) == "country"}
    if not countries:
        return None
    now = Q(ended_at__isnull=True) & (Q(ends__isnull=True) | Q(ends__gt=Now()))

    def beyond() -> QuerySet[Any]:
        outside = ~Q(scope__in=scopes_within(countries)) | Q(role__in=POWERFUL)
        return Grant.objects.filter(now & outside).values("person")

    def inside() -> QuerySet[Any]:
        return Grant.objects.filter(now, scope__in=scopes_within(countries)).values("person")

    return Q(public_id__in=Later(inside)) & ~Q(public_id__in=Later(beyond))


def roles_counted(persons: QuerySet[Person], actor: Actor, at: datetime) -> QuerySet[Person]:
    """Persons with the number of their roles in force that ``actor`` oversees: the others are not hers to know."""
    seen = GRANTS_READ.visible_to(actor).values("id")
    in_force = grants_in_force(at).filter(person=OuterRef("public_id"), id__in=seen)
    of_person = in_force.order_by().values("person")
    count = Subquery(of_person.annotate(number=Count("id")).values("number"), output_field=IntegerField())
    return persons.annotate(roles=Coalesce(count, 0))


def access_left(person_id: str, actor: str, at: datetime) -> None:
    """She leaves: all that she holds, waits for and has taken ends."""
    access_end_of_leaver(actor=actor, person_id=person_id, at=at)


def why_not_erased(person_id: str, at: datetime) -> str:
    """A person with a role is not erased."""
    return str(_HOLDS) if grants_not_over(at).filter(person=person_id).exists() else ""


def access_export(person_id: str) -> dict[str, Any]:
    """The roles a person was given and what she took for a while."""
    given = Grant.objects.filter(person=person_id).order_by("id")
    taken = Elevation.objects.filter(person=person_id).order_by("id")
    return {
        "roles": [
            {
                "role": one.role,
                "scope": one.scope,
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat() if one.ends else "",
                "reason": one.reason,
                "given_at": one.given_at.isoformat(),
                "confirmed_at": one.confirmed_at.isoformat() if one.confirmed_at else "",
                "ended_at": one.ended_at.isoformat() if one.ended_at else "",
                "end_reason": one.end_reason,
            }
            for one in given
        ],
        "taken": [
            {
                "role": one.role,
                "scope": one.scope,
                "purpose": one.purpose,
                "reason": one.reason,
                "starts": one.starts.isoformat(),
                "ends": (one.ended_at or one.ends).isoformat(),
            }
            for one in taken
        ],
    }


def access_erase(person_id: str, at: datetime) -> None:
    """Blank the reasons, which may speak of her; the rest stays under an id that says nothing. Repeatable."""
    Grant.objects.filter(person=person_id).exclude(reason="").update(reason=ERASED)
    Grant.objects.filter(person=person_id).exclude(end_reason="").update(end_reason=ERASED)
    Elevation.objects.filter(person=person_id).update(reason=ERASED)


def _persons_within(keys: frozenset[str]) -> Any:
    countries = [roles.scope_country(one) for one in keys]
    return Later(lambda: Grant.objects.filter(scope__in=scopes_within(countries)).values("person"))


def _about(person_id: str) -> Q:
    """Entries about her grants; those about what she took name her as the actor already."""
    hers = Grant.objects.filter(person=person_id).annotate(subject=Concat(Value("grant "), "id")).values("subject")
    return Q(subject__in=hers)


hooks.LEAVING.append(access_left)
hooks.HOLDS.append(why_not_erased)
hooks.PEOPLE_REACH.append(persons_reached)
hooks.PEOPLE_MANAGED.append(persons_managed)
hooks.ROLES_COUNTED.append(roles_counted)
menu_add(MenuItem(_("Programme"), _("Access"), "access:list", order=310))
home_add("access", tasks_of_second_persons)
panel_add("home", "access", panels.taken_now)
panel_add("person", "access", panels.roles_of_person)
panel_add("own person", "access", panels.own_roles)
hooks.INVITING.append(hooks.InvitationPart(_("Role"), panels.invited_as_form, panels.invited_as))
about_person_add("access", _about)
action_words_add(
    {
        "access.grant.given": _("Role given"),
        "access.grant.confirmed": _("Role confirmed by a second person"),
        "access.grant.refused": _("Role refused"),
        "access.grant.ended": _("Role ended"),
        "access.list.taken": _("List of who has access taken as a file"),
        "access.elevation.taken": _("Access taken for a while"),
        "access.elevation.ended": _("Taken access ended"),
        REQUESTED: _("Page asked for with taken access"),
    }
)
keeping_add(
    Keeping(
        room="access",
        what=_("Which roles you were given, over what, by whom, from when to when; what you took for a while and why."),
        why=_("So that it can be seen later who could do what, and who let them."),
        how_long=_("For good, under an id that says nothing once you are erased. Reasons are blanked then."),
        models=(Grant._meta.label, Elevation._meta.label, ElevationOwner._meta.label),
        export=access_export,
        erase=access_erase,
    )
)
