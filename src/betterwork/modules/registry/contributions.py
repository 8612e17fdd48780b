"""What the register adds to shared pages: the menu, the search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from betterwork.foundation.audiences.names import FACTORY
from betterwork.foundation.backup.folders import backup_folder_add
from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Panel,
    Task,
    home_add,
    keeping_add,
    menu_add,
    panel_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.countries.declaring import setting_declare
from betterwork.modules.countries.queries import country_title
from betterwork.modules.registry.changing import STEPS
from betterwork.modules.registry.contacting import contacts_export, contacts_person_erase
from betterwork.modules.registry.models import (
    Contact,
    Enrolment,
    FactoryImport,
    Merge,
    OutsideId,
    SectorTotal,
    Split,
    Workforce,
)
from betterwork.modules.registry.policy import FACTORIES_KEEP, FACTORIES_OWN, FACTORIES_READ, FACTORIES_REGISTER
from betterwork.modules.registry.presentations import FACTORY_FOR_ITSELF, FACTORY_FOR_STAFF
from betterwork.modules.registry.queries import SIMULATED_MARK
from betterwork.modules.registry.scopes import scopes_declare
from betterwork.modules.registry.settings_of import CONDITION, EARNERS, HEADCOUNT_YEARS, HOUSEHOLD, SHIPPED
from betterwork.modules.registry.today import factories_by_country, missing_by_country


def _factories_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    for policy, shown, url_name in (
        (FACTORIES_READ, FACTORY_FOR_STAFF, "registry:factory"),
        (FACTORIES_OWN, FACTORY_FOR_ITSELF, "registry:factory_own"),
    ):
        found = policy.visible_to(actor).filter(Q(name__icontains=text) | Q(outside_id__istartswith=text))
        for row in shown.rows(found.order_by("name", "id")[:most]):
            yield Hit(row.name, _("Factory"), reverse(url_name, kwargs={"factory": row.id}), row.country_name)


def _home_panels(actor: Actor, thing: Any, at: datetime) -> Iterator[Panel]:
    """On the home of staff: the factories of their countries, counted. On a factory's: its own."""
    if FACTORIES_READ.may(actor):
        counts = factories_by_country(FACTORIES_READ.visible_to(actor), at.date())
        yield Panel(_("Factories in the programme"), "registry/home_counts.html", {"counts": counts}, order=10)
    if FACTORIES_OWN.may(actor):
        rows = FACTORY_FOR_ITSELF.rows(FACTORIES_OWN.visible_to(actor).order_by("name", "id")[:20])
        yield Panel(_("Your factories"), "registry/home_own.html", {"factories": rows}, order=10, audience=FACTORY)


def _tasks(actor: Actor, at: datetime) -> Iterator[Task]:
    """Those who keep the register of a country are told who must take part and does not."""
    if not FACTORIES_REGISTER.may(actor):
        return
    for code, count in missing_by_country(FACTORIES_KEEP.visible_to(actor), timezone.localdate(at)).items():
        yield Task(
            title=ngettext(
                "%(n)s factory must take part and does not", "%(n)s factories must take part and do not", count
            )
            % {"n": count},
            why=_("Taking part is a condition of export: whoever exports must."),
            url=f"{reverse('registry:participation')}?country={code}&duty=missing",
            state=country_title(code),
            state_kind="wait",
            order=50,
        )


NAMING_PERSONS: tuple[Any, ...] = (
    *STEPS.values(),
    Contact,
    Enrolment,
    FactoryImport,
    Merge,
    OutsideId,
    SectorTotal,
    Split,
    Workforce,
)
"""The models that name persons: a contact, and by opaque ids whoever wrote a row."""


def registry_export(person_id: str) -> dict[str, Any]:
    """What the register keeps of a person, for herself."""
    wrote = {
        str(model._meta.verbose_name_plural): model._base_manager.filter(written_by=person_id).count()
        for model in NAMING_PERSONS
        if model not in (Merge, FactoryImport)
    }
    lists = FactoryImport.objects.filter(made_by=person_id).order_by("made_at")
    return {
        "contacts": contacts_export(person_id),
        "written": {name: count for name, count in wrote.items() if count},
        "merges": Merge.objects.filter(Q(merged_by=person_id) | Q(undone_by=person_id)).count(),
        "lists": [{"name": one.name, "at": one.made_at.isoformat()} for one in lists],
    }


def _settings_declare() -> None:
    """The settings of a country that this room reads."""
    group = _("Taking part")
    setting_declare(
        CONDITION,
        title=_("Taking part is a condition of export"),
        kind="yes-no",
        shipped=SHIPPED[CONDITION],
        group=group,
        help=_("Where it is, whoever exports must take part. The page on participation lists who does not."),
    )
    for name, title, kind in (
        (HOUSEHOLD, _("Mean size of a worker's household"), "text"),
        (EARNERS, _("How many of a household work in these factories, on average"), "text"),
        (HEADCOUNT_YEARS, _("For how many years a headcount says how many workers there are"), "integer"),
    ):
        setting_declare(name, title=title, kind=kind, shipped=SHIPPED[name], group=group)


_settings_declare()
backup_folder_add(SIMULATED_MARK)  # restored, simulated data must not pass for real
home_add("registry", _tasks)
panel_add("home", "registry", _home_panels)
menu_add(MenuItem("", _("Factories"), "registry:factories", order=10))
menu_add(MenuItem("", _("Your factories"), "registry:factories_own", order=11))
menu_add(MenuItem("", _("Taking part"), "registry:participation", order=12))
menu_add(MenuItem("", _("What is reached"), "registry:coverage", order=13))
search_add("registry", _factories_found)
scopes_declare()

action_words_add(
    {
        "factories.ensured": _("Factories added or renamed"),
        "factories.filled": _("Much written of factories at once"),
        "factory.registered": _("Factory registered"),
        "factory.name.set": _("Factory renamed"),
        "factory.site.set": _("Place of a factory written down"),
        "factory.office.set": _("Second address of a factory written down"),
        "factory.ownership.set": _("Owner of a factory written down"),
        "factory.group.set": _("Group of a factory written down"),
        "factory.standing.set": _("Factory closed or opened again"),
        "factory.exporting.set": _("Whether a factory exports written down"),
        "factory.registration.set": _("Registration form of a factory answered"),
        **{f"factory.{word}.withdrawn": _("A change of a factory taken back") for word in STEPS},
        "factory.workforce.set": _("Headcount of a factory written down"),
        "factory.workforce.withdrawn": _("Headcount of a factory taken back"),
        "factory.enrolment.begun": _("Cycle of a factory begun"),
        "factory.enrolment.ended": _("Cycle of a factory ended"),
        "factory.enrolment.withdrawn": _("Cycle of a factory taken back"),
        "factory.outside-id.added": _("Number of a factory in another system written down"),
        "factory.outside-id.withdrawn": _("Number of a factory in another system taken back"),
        "factory.contact.set": _("Contact of a factory written down"),
        "factory.contact.erased": _("Contact of a factory erased"),
        "factory.merged": _("Record of a factory merged into another"),
        "factory.unmerged": _("Merge of two records undone"),
        "factory.split": _("Part of a factory registered as one of its own"),
        "sector.total.set": _("Total of a sector written down"),
        "sector.total.withdrawn": _("Total of a sector taken back"),
        "factories.list.given": _("List of factories given"),
        "factories.list.taken": _("List of factories taken"),
    }
)
keeping_add(
    Keeping(
        room="registry",
        what=_(
            "That a factory names you as its contact: your name, job title, telephone, e-mail. What you wrote there."
        ),
        why=_("So that the programme can reach the factory; so that it can be seen who wrote what."),
        how_long=_(
            "As a contact: until the factory names another, or you ask. What you wrote stays under an opaque id."
        ),
        models=tuple(model._meta.label for model in NAMING_PERSONS),
        export=registry_export,
        erase=contacts_person_erase,
    )
)
