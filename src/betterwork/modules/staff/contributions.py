"""What staff adds to shared pages: the menu, a person's page, what is kept of a person, words of the trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.contributions.registry import Keeping, MenuItem, Panel, keeping_add, menu_add, panel_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.foundation.people.models import Person
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.policy import STAFF_FACTS, STAFF_OWN, STAFF_PEOPLE
from betterwork.modules.staff.presentations import FACT_FOR_HERSELF, FACT_FOR_STAFF
from betterwork.modules.staff.queries import facts_from, staff_export


def _of_person(actor: Actor, person: Person, at: datetime) -> Iterator[Panel]:
    if not (STAFF_FACTS.may(actor) and STAFF_PEOPLE.may(actor, person)):
        return
    rows = facts_from(at.date(), STAFF_FACTS.visible_to(actor).filter(person=person.public_id))[:20]
    url = reverse("staff:person", kwargs={"person": person.public_id})
    yield Panel(
        _("Competence, languages, leave"),
        "staff/panels/facts.html",
        {"facts": FACT_FOR_STAFF.rows(rows), "url": url},
        order=20,
    )


def _of_herself(actor: Actor, person: Person, at: datetime) -> Iterator[Panel]:
    if STAFF_OWN.may(actor):
        rows = facts_from(at.date(), STAFF_OWN.visible_to(actor))[:20]
        values = {"facts": FACT_FOR_HERSELF.rows(rows), "url": reverse("staff:mine")}
        title = _("Your competence, languages, leave")
        yield Panel(title, "staff/panels/facts.html", values, order=20, audience=OWN_PERSON)


def _erase(person_id: str, at: datetime) -> None:
    """Remove all of it: nothing else stands on these rows. Repeatable."""
    StaffFact.objects.filter(person=person_id).delete()


menu_add(MenuItem(_("Programme"), _("Staff"), "staff:staff", order=320))
menu_add(MenuItem(_("About you"), _("Your competence and leave"), "staff:mine", order=905))
panel_add("person", "staff", _of_person)
panel_add("own person", "staff", _of_herself)
action_words_add(
    {
        "staff.fact.entered": _("Competence, language, leave or conflict entered"),
        "staff.fact.ended": _("Competence, language, leave or conflict ended"),
        "staff.fact.withdrawn": _("Entry about staff withdrawn"),
    }
)
keeping_add(
    Keeping(
        room="staff",
        what=_("Your competence, languages, leave and declared conflicts of interest."),
        why=_("So that visits are planned with people who can do them, and nobody judges where she is not free."),
        how_long=_("While you work for the programme and as long as reports stand on it; removed when you are erased."),
        models=(StaffFact._meta.label,),
        export=staff_export,
        erase=_erase,
    )
)
