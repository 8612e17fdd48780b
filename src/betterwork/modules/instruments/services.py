"""Sealing tool versions. Drafts are written in ``draft_services``, put in force in ``life``; law is in ``laws``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from betterwork.core.instrument import Lineage
from betterwork.core.instrument import ToolVersion as Version
from betterwork.foundation.documents.services import document_prepare, documents_seal
from betterwork.foundation.ledger.rules import AUDIT, OPERATOR
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.instruments.draft_services import EditedMeanwhile as EditedMeanwhile
from betterwork.modules.instruments.draft_services import draft_create as draft_create
from betterwork.modules.instruments.draft_services import draft_drop as draft_drop
from betterwork.modules.instruments.draft_services import draft_labels_set as draft_labels_set
from betterwork.modules.instruments.draft_services import draft_laws_set as draft_laws_set
from betterwork.modules.instruments.draft_services import draft_mark_set as draft_mark_set
from betterwork.modules.instruments.draft_services import draft_parts_join as draft_parts_join
from betterwork.modules.instruments.draft_services import draft_question_add as draft_question_add
from betterwork.modules.instruments.draft_services import draft_question_edit as draft_question_edit
from betterwork.modules.instruments.draft_services import draft_question_move as draft_question_move
from betterwork.modules.instruments.draft_services import draft_question_restore as draft_question_restore
from betterwork.modules.instruments.draft_services import draft_question_split as draft_question_split
from betterwork.modules.instruments.draft_services import draft_question_withdraw as draft_question_withdraw
from betterwork.modules.instruments.draft_services import draft_questions_merge as draft_questions_merge
from betterwork.modules.instruments.draft_services import draft_reason_set as draft_reason_set
from betterwork.modules.instruments.draft_services import draft_replace as draft_replace
from betterwork.modules.instruments.draft_services import draft_settings_set as draft_settings_set
from betterwork.modules.instruments.draft_services import draft_undo as draft_undo
from betterwork.modules.instruments.draft_services import tool_make as tool_make
from betterwork.modules.instruments.laws import legal_reference_add as legal_reference_add
from betterwork.modules.instruments.laws import legal_reference_end as legal_reference_end
from betterwork.modules.instruments.life import draft_answered as draft_answered
from betterwork.modules.instruments.life import draft_seal as draft_seal
from betterwork.modules.instruments.life import draft_submit as draft_submit
from betterwork.modules.instruments.life import draft_take_back as draft_take_back
from betterwork.modules.instruments.models import NamedVersion, Tool, ToolVersion
from betterwork.modules.instruments.rules import BadTool, version_check, version_content
from betterwork.modules.instruments.translating import question_translate as question_translate
from betterwork.modules.instruments.translating import question_translation_accept as question_translation_accept

SECTION = "public"
"""The tool may be read by anybody: the programme publishes what it asks."""
NAMED = "tool.version.named"
WITHOUT_DECISION = ("entered without a decision of this platform", "historic", "approval not recorded")
"""How the approval of a version begins that did not come from a draft."""


@transaction.atomic
def tool_version_seal(
    *, version: Version, lineage: Sequence[Lineage] = (), at: datetime, actor: str = OPERATOR
) -> tuple[ToolVersion, bool]:
    """Seal a version; return its row and whether it is new.

    The same content again changes nothing. Raises :class:`BadTool` when the version is not well
    formed or when the name already stands for other content: a sealed version never changes.
    """
    version_check(version, lineage)
    try:
        in_force_from = date.fromisoformat(version.in_force_from)
    except ValueError as error:
        raise BadTool(f"in force from {version.in_force_from!r}: write a date as 2014-01-31") from error
    links = [link for link in lineage if link.to_version == version.version]
    prepared = document_prepare(
        kind="tool-version",
        key=f"{version.tool}/{version.version}",
        sections={SECTION: version_content(version, links)},
    )
    known = ToolVersion.objects.filter(tool=version.tool, version=version.version).select_related("document").first()
    if known is not None:
        if known.document.content_digest != prepared.content_digest:
            raise BadTool(
                f"version {version.version} of {version.tool} is sealed with other content; "
                "give the changed tool a version of its own"
            )
        return known, False
    document = documents_seal(prepared=[prepared], at=at, actor=actor)[0]
    Tool.objects.get_or_create(code=version.tool, defaults={"title": version.tool, "country": ""})
    row = ToolVersion.objects.create(
        tool=version.tool,
        version=version.version,
        in_force_from=in_force_from,
        approval=version.approval,
        document=document,
    )
    return row, True


@transaction.atomic
def tool_version_take(
    *,
    actor: str,
    version: Version,
    lineage: Sequence[Lineage],
    names: Mapping[tuple[str, str], str],
    at: datetime,
) -> tuple[ToolVersion, bool]:
    """Seal a version and say what exports call it: both or nothing. Returns and raises as the two that it joins.

    For what was approved before there were drafts. It is in force nowhere by that, and its approval is what the file
    says of it: only a draft that its body approved carries a decision of this platform.
    """
    there = ToolVersion.objects.filter(tool=version.tool, version=version.version).first()
    words = f"{WITHOUT_DECISION[0]}; the file says: {version.approval}"[:200]
    if not version.approval.startswith(WITHOUT_DECISION) and (there is None or there.approval == words):
        version = replace(version, approval=words)
    row, new = tool_version_seal(version=version, lineage=lineage, at=at, actor=actor)
    version_names_set(actor=actor, tool=version.tool, names=names, at=at)
    return row, new


@transaction.atomic
def version_names_set(*, actor: str, tool: str, names: Mapping[tuple[str, str], str], at: datetime) -> None:
    """Say which version each (country code, export name) means; one entry of the ledger names those that are new.

    Raises :class:`BadTool` on a second meaning.
    """
    known = {(row.country, row.name): row.version for row in NamedVersion.objects.filter(tool=tool)}
    for (country, name), version in names.items():
        if known.get((country, name), version) != version:
            raise BadTool(f"{name!r} already means version {known[country, name]} in {country}")
    fresh = [
        NamedVersion(tool=tool, country=country, name=name, version=version)
        for (country, name), version in names.items()
        if (country, name) not in known
    ]
    NamedVersion.objects.bulk_create(fresh)
    if fresh:
        content = [{"country": one.country, "name": one.name, "version": one.version} for one in fresh]
        entry_append(kind=AUDIT, action=NAMED, actor=actor, subject=f"tool {tool}", content=content, at=at)


@transaction.atomic
def shipped_tool_seal(*, at: datetime) -> None:
    """Seal the versions that ship with the platform, with the days they are in force. Again it changes nothing."""
    from betterwork.modules.instruments.reference import TOOL, shipped_tool
    from betterwork.modules.instruments.shipping import shipped_days_keep, shipped_law_keep, shipped_title_keep

    shipped = shipped_tool()
    for version in shipped.versions:
        tool_version_seal(version=version, lineage=shipped.lineage, at=at)
    version_names_set(actor=OPERATOR, tool=TOOL, names=shipped.named, at=at)
    shipped_title_keep()
    shipped_days_keep(shipped.versions, at=at)
    shipped_law_keep(shipped.versions, at=at)
