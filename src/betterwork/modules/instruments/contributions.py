"""What this room adds to shared pages, how its entries are called, what it needs decided, what it keeps of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Task,
    home_add,
    keeping_add,
    menu_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.bodies.declaring import decision_kind_add
from betterwork.modules.instruments.draft_models import APPROVED, RETURNED
from betterwork.modules.instruments.life import KIND, KIND_FOR_ALL
from betterwork.modules.instruments.models import DraftChange, Tool, ToolDraft
from betterwork.modules.instruments.policy import DRAFTS_EDIT, DRAFTS_SEAL, TOOLS_READ
from betterwork.modules.instruments.presentations import TOOL_FOR_ALL


def drafts_to_do(actor: Actor, at: datetime) -> Iterator[Task]:
    """Drafts that a body returned, and those approved that somebody must put in force."""
    returned = DRAFTS_EDIT.visible_to(actor).filter(state=RETURNED) if DRAFTS_EDIT.may(actor) else ()
    for draft in returned and returned.select_related("tool").order_by("answered_at")[:20]:
        yield Task(
            title=_("%(tool)s %(version)s was returned") % {"tool": draft.tool.title, "version": draft.version},
            why=_("The body gave its reasons. Mend the draft and submit it again."),
            url=reverse("instruments:draft", kwargs={"draft": draft.key}),
            state=_("Returned"),
            state_kind="wait",
        )
    approved = DRAFTS_SEAL.visible_to(actor).filter(state=APPROVED) if DRAFTS_SEAL.may(actor) else ()
    for draft in approved and approved.select_related("tool").order_by("answered_at")[:20]:
        yield Task(
            title=_("%(tool)s %(version)s is approved") % {"tool": draft.tool.title, "version": draft.version},
            why=_("Seal it, and say from which day it is in force."),
            url=reverse("instruments:draft", kwargs={"draft": draft.key}),
            state=_("Approved"),
            state_kind="ok",
        )


def tools_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    """Tools by their name."""
    if TOOLS_READ.may(actor):
        rows = Tool.objects.filter(Q(title__icontains=text) | Q(code__istartswith=text)).order_by("title", "id")
        for row in TOOL_FOR_ALL.rows(rows[:most]):
            yield Hit(row.title, _("Assessment tool"), reverse("instruments:tool", kwargs={"tool": row.code}))


def drafts_export(person: str) -> dict[str, Any]:
    """The drafts a person began or submitted, and how often she changed which."""
    mine = ToolDraft.objects.filter(Q(made_by=person) | Q(submitted_by=person)).select_related("tool").order_by("pk")
    changes = DraftChange.objects.filter(by=person).select_related("draft").order_by("pk")
    return {
        "drafts": [f"{one.tool.code} {one.version}" for one in mine],
        "changes": [{"draft": one.draft.version, "at": one.at.isoformat(), "what": one.action} for one in changes],
    }


def drafts_erase(person: str, at: datetime) -> None:
    """Nothing is left to erase: drafts name persons by an id that says nothing once she is erased."""


decision_kind_add(KIND, title=_("Approval of an assessment tool"), body_kind="national-committee")
decision_kind_add(
    KIND_FOR_ALL, title=_("Approval of an assessment tool for all countries"), body_kind="management-group"
)
menu_add(MenuItem("", _("Assessment tools"), "instruments:tools", order=30))
menu_add(MenuItem("", _("Law"), "instruments:law", order=31))
home_add("instruments", drafts_to_do)
search_add("instruments", tools_found)
keeping_add(
    Keeping(
        room="instruments",
        what=_("Which drafts of assessment tools you began, changed or submitted, and when."),
        why=_("So that whoever reads a tool can ask who wrote it, and a change can be taken back."),
        how_long=_("For good, under an id that says nothing once you are erased."),
        models=(ToolDraft._meta.label, DraftChange._meta.label),
        export=drafts_export,
        erase=drafts_erase,
    )
)
action_words_add(
    {
        "tool.version.named": _("Tool version named"),
        "tool.made": _("Tool added"),
        "tool.in-force": _("Tool version in force"),
        "tool.draft.made": _("Draft of a tool begun"),
        "tool.draft.set": _("Draft of a tool named or dated"),
        "tool.draft.changed": _("Draft of a tool changed"),
        "tool.draft.dropped": _("Draft of a tool dropped"),
        "tool.draft.submitted": _("Draft of a tool submitted"),
        "tool.draft.taken-back": _("Draft of a tool taken back"),
        "tool.draft.answered": _("Draft of a tool decided on"),
        "tool.draft.sealed": _("Draft of a tool sealed"),
        "law.added": _("Law added to the register"),
        "law.ended": _("Law no longer in force"),
        "law.shipped": _("Law that ships with the platform added"),
    }
)
