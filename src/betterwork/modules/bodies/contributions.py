"""What committees add to shared pages, and what they keep of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE
from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Panel,
    home_add,
    keeping_add,
    menu_add,
    panel_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.bodies.keeping import MODELS, person_erase, person_export
from betterwork.modules.bodies.models import WAITS
from betterwork.modules.bodies.policy import BODIES_OWN, BODIES_READ, MATTERS_OWN
from betterwork.modules.bodies.presentations import BODY, BODY_ON_A_HOME, MATTER
from betterwork.modules.bodies.queries import bodies_listed
from betterwork.modules.bodies.scopes import scopes_declare
from betterwork.modules.bodies.tasks import tasks_of_committees
from betterwork.modules.bodies.telling import notice_kinds_register


def _bodies_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    for policy, audience, url_name in (
        (BODIES_READ, "programme", "bodies:body"),
        (BODIES_OWN, "committee", "bodies:body_own"),
    ):
        found = policy.visible_to(actor).filter(name__icontains=text).order_by("name", "id")
        for row in BODY[audience].rows(found[:most]):
            yield Hit(row.name, row.kind_title, reverse(url_name, kwargs={"body": row.id}), row.country_name)


MOST_ON_A_HOME = 20
"""Most committees, and most matters, that a home shows; the committees' own pages show all."""


def _home_panels(actor: Actor, thing: Any, at: datetime) -> Iterator[Panel]:
    """On the home of whoever sits in a committee: her committees, when they meet next, what waits to be decided."""
    if not BODIES_OWN.may(actor):
        return
    on = at.date()
    standing = BODIES_OWN.visible_to(actor).filter(Q(end__isnull=True) | Q(end__gte=on))
    rows = BODY_ON_A_HOME.rows(bodies_listed(standing, on).order_by("name", "id")[:MOST_ON_A_HOME])
    yield Panel(_("Your committees"), "bodies/home_own.html", {"bodies": rows}, order=5, audience=COMMITTEE)
    waiting = MATTERS_OWN.visible_to(actor).filter(state=WAITS).select_related("body").order_by("brought_at", "id")
    matters = MATTER[COMMITTEE].rows(waiting[:MOST_ON_A_HOME]) if rows else []
    if matters:
        title = _("Waits for your committees to decide")
        yield Panel(title, "bodies/home_matters.html", {"matters": matters}, order=6, audience=COMMITTEE)


scopes_declare()
notice_kinds_register()
menu_add(MenuItem("", _("Committees"), "bodies:bodies", order=60))
menu_add(MenuItem("", _("Your committees"), "bodies:bodies_own", order=61))
menu_add(MenuItem(_("Programme"), _("Agreements"), "bodies:agreements", order=320))
menu_add(MenuItem(_("Programme"), _("Governing Body"), "bodies:remarks", order=330))
home_add("bodies", tasks_of_committees)
panel_add("home", "bodies", _home_panels)
search_add("bodies", _bodies_found)
action_words_add(
    {
        "body.founded": _("Committee set up"),
        "body.closed": _("Committee closed"),
        "body.rules.set": _("Rules of a kind of committee set"),
        "body.member.seated": _("Member of a committee seated"),
        "body.member.ended": _("Term in a committee ended"),
        "body.chair.named": _("Chair of a committee named"),
        "body.chair.ended": _("Chair of a committee ended"),
        "meeting.called": _("Meeting called"),
        "meeting.cancelled": _("Meeting cancelled"),
        "meeting.item.added": _("Point put on the agenda"),
        "meeting.item.removed": _("Point taken off the agenda"),
        "meeting.attendance.noted": _("Who is present noted"),
        "meeting.minutes.written": _("Draft of minutes written"),
        "meeting.minutes.adopted": _("Minutes adopted and sealed"),
        "meeting.minutes.corrected": _("Minutes corrected"),
        "matter.brought": _("Matter brought before a committee"),
        "matter.withdrawn": _("Matter withdrawn"),
        "decision.taken": _("Decision of a committee sealed"),
        "decision.answered": _("Advice answered"),
        "follow-up.added": _("Follow-up agreed"),
        "follow-up.closed": _("Follow-up closed"),
        "agreement.noted": _("Agreement entered"),
        "agreement.ended": _("Agreement ended"),
        "remark.noted": _("Comment of the Governing Body entered"),
    }
)
keeping_add(
    Keeping(
        room="bodies",
        what=_(
            "In which committees you sat, for whom, named by whom, from when to when; your sex, where you said it; "
            "when you were present, how you voted, what you were to do."
        ),
        why=_("So that it can be seen who decided, and whether sides and women were there."),
        how_long=_(
            "For good, under an id that says nothing once you are erased. Your sex and who named you are blanked then."
        ),
        models=tuple(one._meta.label for one in MODELS),
        export=person_export,
        erase=person_erase,
    )
)
