"""What this room adds to shared pages: the menu, the home, a panel on the factory's page; what it keeps of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.contributions.registry import (
    Keeping,
    MenuItem,
    Panel,
    Task,
    home_add,
    keeping_add,
    menu_add,
    panel_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.policy import PAIRS_DECIDE
from betterwork.modules.duplicates.presentations import PAIR_FOR_STAFF
from betterwork.modules.duplicates.queries import pairs_waiting
from betterwork.modules.duplicates.services import FOUND, decisions_forget


def _tasks(actor: Actor, at: datetime) -> Iterator[Task]:
    if not PAIRS_DECIDE.may(actor):
        return
    count = pairs_waiting(PAIRS_DECIDE.visible_to(actor), at.date()).count()
    if count:
        yield Task(
            title=ngettext(
                "%(n)s pair of records may be one factory", "%(n)s pairs of records may be one factory", count
            )
            % {"n": count},
            why=_("A factory counted twice makes every figure wrong. Look at each pair: merge it, or say it is two."),
            url=reverse("duplicates:pairs"),
            state=_("To decide"),
            state_kind="wait",
            order=60,
        )


def _panels(actor: Actor, thing: Any, at: datetime) -> Iterator[Panel]:
    """On the page of a factory: the pairs that wait in which it stands."""
    if not PAIRS_DECIDE.may(actor):
        return
    mine = PAIRS_DECIDE.visible_to(actor).filter(Q(left=thing) | Q(right=thing), state=Pair.OPEN)
    rows = PAIR_FOR_STAFF.rows(mine.select_related("left", "right").order_by("-score", "id")[:10])
    if rows:
        yield Panel(
            _("May be registered twice"), "duplicates/panel.html", {"pairs": rows}, order=15, audience=PROGRAMME
        )


def decisions_export(person_id: str) -> list[dict[str, Any]]:
    """The pairs a person decided, with her reasons."""
    rows = Pair.objects.filter(decided_by=person_id).order_by("id")
    return [
        {
            "pair": str(one),
            "decided": one.state,
            "reason": one.reason,
            "at": one.decided_at.isoformat() if one.decided_at else "",
        }
        for one in rows
    ]


def decisions_erase(person_id: str, at: datetime) -> None:
    """Blank what she wrote."""
    decisions_forget(person_id=person_id, at=at)


menu_add(MenuItem("", _("Duplicates"), "duplicates:pairs", order=12))
home_add("duplicates", _tasks)
panel_add("factory", "duplicates", _panels)
action_words_add(
    {
        FOUND: _("Pairs of records that may be one factory found"),
        "duplicates.pair.merged": _("Two records of one factory merged"),
        "duplicates.pair.refused": _("Two records said to be two factories"),
        "duplicates.pair.put-off": _("A pair of records put off"),
        "duplicates.pair.unmerged": _("Merged records taken apart again"),
        "duplicates.pair.gone": _("A pair of records no longer waits"),
    }
)
keeping_add(
    Keeping(
        room="duplicates",
        what=_("Which pairs of factory records you decided, and the reasons you wrote."),
        why=_("So that a merge can be understood and undone later."),
        how_long=_("For good, under an id that says nothing once you are erased. Reasons are blanked then."),
        models=(Pair._meta.label,),
        export=decisions_export,
        erase=decisions_erase,
    )
)
