"""Who may see the register, and who may change what of it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.modules.registry.models import Factory, FactoryImport, ImportRow, Merge

OF_A_COUNTRY = (roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR, roles.AUDITOR)
OF_THE_WORLD = (roles.GLOBAL_STAFF, roles.ANALYST, roles.AUDITOR)
KEEPERS = (roles.COUNTRY_MANAGER, roles.TEAM_LEADER)
"""Of a country, who says which factories there are: names, owners, merges, who takes part."""


def countries_kept(actor: Actor) -> set[str] | None:
    """The codes of the countries whose register an actor keeps; None for all of them."""
    if actor.is_operator or actor.in_world(roles.GLOBAL_STAFF):
        return None
    return set(actor.keys("country", *KEEPERS))


@rule_over(
    Factory,
    "factories.read",
    _("Staff of the factory's country, global staff, analysts and auditors."),
)
def FACTORIES_READ(actor: Actor) -> Q | None:
    """Factories of the countries over which a role of the staff is held."""
    if actor.in_world(*OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *OF_A_COUNTRY)
    return Q(country__in=countries) if countries else None


@rule_over(Factory, "factories.own", _("The managers of the factory."))
def FACTORIES_OWN(actor: Actor) -> Q | None:
    """The factories for which a person answers. What is for their committees comes with the committees."""
    reached = Q()
    for key in actor.keys("factory", roles.FACTORY_MANAGER):
        country, _slash, outside_id = key.partition("/")
        reached |= Q(country=country, outside_id=outside_id)
    return reached or None


@rule_over(
    Factory,
    "factories.keep",
    _("Country managers and team leaders of the factory's country, and global staff: names, owners, merges, cycles."),
)
def FACTORIES_KEEP(actor: Actor) -> Q | None:
    """Factories whose identity one keeps."""
    return _of_countries(actor, *KEEPERS)


@rule_over(
    Factory,
    "factories.update",
    _("The same and the advisors of the country: headcounts, contacts, the answers of the registration form."),
)
def FACTORIES_UPDATE(actor: Actor) -> Q | None:
    """Factories of which one writes what is learnt on visits."""
    return _of_countries(actor, *KEEPERS, roles.ADVISOR)


@rule("factories.register", _("Country managers and team leaders in their countries, and global staff."))
def FACTORIES_REGISTER(actor: Actor) -> bool:
    """Who registers factories and takes lists of them in; of which country, the service is told."""
    kept = countries_kept(actor)
    return kept is None or bool(kept)


@rule_over(Merge, "factories.merges.read", _("Whoever of the staff sees the record that was kept."))
def MERGES_READ(actor: Actor) -> Q | None:
    """The merges that stand in the history of the factories one sees."""
    if actor.in_world(*OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *OF_A_COUNTRY)
    return Q(kept__country__in=countries) if countries else None


@rule_over(Merge, "factories.merges", _("Country managers and team leaders of the country, and global staff."))
def MERGES_UNDO(actor: Actor) -> Q | None:
    """The merges that one may undo."""
    kept = countries_kept(actor)
    if kept is None:
        return Q(undone_at__isnull=True)
    return Q(kept__country__in=kept, undone_at__isnull=True) if kept else None


@rule_over(
    FactoryImport,
    "factories.imports",
    _("Who gave the list, while she keeps the register of the countries it speaks of, and global staff."),
)
def IMPORTS_READ(actor: Actor) -> Q | None:
    """The lists that one gave, of countries whose register one keeps still; global staff see all."""
    kept = countries_kept(actor)
    if kept is None:
        return Q()
    others = ImportRow.objects.exclude(country__in=sorted(kept)).exclude(verdict="refused")
    return Q(made_by=actor.id) & ~Q(pk__in=others.values("of")) if kept else None


@rule("factories.coverage", _("Staff of any country, global staff, analysts and auditors."))
def COVERAGE_READ(actor: Actor) -> bool:
    """Who sees what the programme reaches; of which countries, ``countries_seen`` says."""
    seen = countries_seen(actor)
    return seen is None or bool(seen)


def countries_seen(actor: Actor) -> set[str] | None:
    """The codes of the countries whose factories an actor sees; None for all of them."""
    if actor.is_operator or actor.in_world(*OF_THE_WORLD):
        return None
    return set(actor.keys("country", *OF_A_COUNTRY))


def _of_countries(actor: Actor, *names: str) -> Q | None:
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", *names)
    return Q(country__in=countries) if countries else None
