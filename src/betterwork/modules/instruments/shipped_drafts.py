"""Instruments that ship as drafts, approved by no body: nothing is in force until a body has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.db import transaction

from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.instruments.draft_services import draft_create, draft_replace, tool_make
from betterwork.modules.instruments.exchange_fields import ToolFile
from betterwork.modules.instruments.exchange_yaml import yaml_read
from betterwork.modules.instruments.models import Tool

UNAPPROVED = "Draft, not approved by any body."


@dataclass(frozen=True, slots=True)
class ShippedDraft:
    """A draft that ships: the code of its tool, its title, its kind, what it is for."""

    code: str
    title: str
    instrument: str
    about: str


SHIPPED = (
    ShippedDraft(
        "fire-safety",
        "Structural and fire safety inspection",
        Tool.INSPECTION,
        f"{UNAPPROVED} For inspectors and engineers: building, fire, electricity, ways out. Every limit is the law's.",
    ),
    ShippedDraft(
        "committee-self-diagnosis",
        "Self-diagnosis by the workplace committee",
        Tool.SELF_DIAGNOSIS,
        f"{UNAPPROVED} For the committee before the assessment: how it works, and what both sides see in the factory.",
    ),
)


@cache
def shipped_draft_file(code: str) -> ToolFile:
    """The content of a draft that ships, as ``data/`` holds it."""
    return yaml_read(files("betterwork.modules.instruments").joinpath("data", f"{code}.yaml").read_bytes())


@transaction.atomic
def shipped_drafts_keep(*, at: datetime, actor: str = OPERATOR) -> list[str]:
    """Have the drafts that ship; return the codes of those that were not there. Doing it again changes nothing.

    A tool that is there is left as it is, also when its draft was given up or changed: it is the programme's now.
    """
    there = set(Tool.objects.filter(code__in=[one.code for one in SHIPPED]).values_list("code", flat=True))
    made = []
    for one in SHIPPED:
        if one.code in there:
            continue
        file = shipped_draft_file(one.code)
        tool = tool_make(actor=actor, code=one.code, title=one.title, instrument=one.instrument, about=one.about, at=at)
        draft = draft_create(actor=actor, tool=tool, version=file.version.version, at=at)
        draft_replace(actor=actor, draft=draft, version=file.version, lineage=file.lineage, at=at)
        made.append(one.code)
    return made
