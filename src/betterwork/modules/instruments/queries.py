"""Reading assessment tools."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Catalogue, Lineage
from betterwork.core.instrument import ToolVersion as Version
from betterwork.foundation.documents.queries import document_sections
from betterwork.modules.instruments.models import (
    DraftQuestion,
    LegalReference,
    NamedVersion,
    Tool,
    ToolDraft,
    ToolInForce,
    ToolVersion,
)
from betterwork.modules.instruments.reference import label_changes
from betterwork.modules.instruments.rules import version_from_content


def tool_versions(tool: str | None = None) -> list[ToolVersion]:
    """The sealed versions, oldest first, with their documents, whose bodies are read when somebody asks for them."""
    rows = ToolVersion.objects.select_related("document").defer("document__body")
    return list(rows.filter(tool=tool) if tool else rows)


def tool_version(tool: str, version: str) -> tuple[Version, tuple[Lineage, ...]]:
    """One version and the lineage that leads to it. Raises :class:`WrongUse` naming the known versions."""
    rows = {row.version: row for row in tool_versions(tool)}
    if version not in rows:
        known = ", ".join(rows) or "none"
        raise WrongUse(f"tool {tool!r} has no version {version!r}; known: {known}")
    return _read(rows[version])


def catalogue(tool: str = "garment") -> Catalogue:
    """All versions of a tool with lineage, labels and names; read anew only when a version was added."""
    rows = tool_versions(tool)
    names = tuple(NamedVersion.objects.filter(tool=tool).order_by("pk").values_list("country", "name", "version"))
    return _catalogue(tool, tuple(row.document.digest for row in rows), names)


@lru_cache(maxsize=8)
def _catalogue(tool: str, digests: tuple[str, ...], names: tuple[tuple[str, str, str], ...]) -> Catalogue:
    read = [_read(row) for row in tool_versions(tool) if row.document.digest in digests]
    return Catalogue(
        tool=tool,
        versions=tuple(version for version, _ in read),
        lineage=tuple(link for _, links in read for link in links),
        label_changes=label_changes(),
        named={(country, name): version for country, name, version in names},
    )


def version_of_row(row: ToolVersion) -> tuple[Version, tuple[Lineage, ...]]:
    """What a sealed version says, read once: a sealed document never changes. Give the row with its document."""
    return _read(row)


def codes_used(tool: str) -> frozenset[str]:
    """Every code that a sealed version of a tool has used: none is given to another question."""
    return frozenset(catalogue(tool).newest)


def version_on(tool: str, country: str, on: date) -> ToolInForce | None:
    """Which version is asked in a country on a day: its own, else the one for all countries; None for none."""
    held = ToolInForce.objects.filter(tool=tool, country__in=["", country], starts__lte=on)
    held = held.filter(Q(until__isnull=True) | Q(until__gte=on))
    return held.order_by("-country", "-starts").first()


def tool_called(code: str) -> Tool | None:
    """A tool by its code."""
    return Tool.objects.filter(code=code).first()


def tools_all() -> QuerySet[Tool]:
    """Every tool, by its title."""
    return Tool.objects.order_by("title", "code")


def versions_all(tool: str = "") -> QuerySet[ToolVersion]:
    """Sealed versions of every tool, or of one."""
    rows = ToolVersion.objects.select_related("document").order_by("tool", "version")
    return rows.filter(tool=tool) if tool else rows


def in_force_rows(*, tool: str = "", version: str = "", on: date | None = None) -> QuerySet[ToolInForce]:
    """Where which version is in force from when until when; newest first. ``on``: only what is asked that day."""
    rows = ToolInForce.objects.order_by("country", "-starts", "id")
    if tool:
        rows = rows.filter(tool=tool)
    if version:
        rows = rows.filter(version=version)
    if on is not None:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=on), starts__lte=on)
    return rows


def draft_questions(draft: ToolDraft, *, cluster: str = "") -> QuerySet[DraftQuestion]:
    """The questions of a draft in their order; of one cluster only when named, by its code or its label."""
    rows = DraftQuestion.objects.filter(draft=draft).order_by("position", "id")
    return rows.filter(Q(cluster_code=cluster) | Q(cluster_code="", cluster=cluster)) if cluster else rows


def draft_question(draft: ToolDraft, code: str) -> DraftQuestion | None:
    """A question of a draft by its code."""
    return DraftQuestion.objects.filter(draft=draft, code=code).first()


def laws_to_choose(country: str, chosen: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(key, words) of the references a question of a country may rest on: its own and international ones."""
    places = Q(country__in=["", country]) if country else Q()
    rows = LegalReference.objects.filter(places & Q(superseded_by__isnull=True) | Q(key__in=list(chosen)))
    rows = rows.order_by("-country", "number", "instrument", "article", "in_force_from", "id")
    return [(one.key, _law_words(one)) for one in rows]


def _law_words(one: LegalReference) -> str:
    place = f"{one.country} " if one.country else ""
    name = one.instrument if one.number and one.instrument != one.number else one.title
    until = f" (–{one.in_force_until})" if one.in_force_until else ""
    return f"{place}{one.citation} {name}{until}".strip()


_KEPT: OrderedDict[str, tuple[Version, tuple[Lineage, ...]]] = OrderedDict()
_MOST_KEPT = 32


def _read(row: ToolVersion) -> tuple[Version, tuple[Lineage, ...]]:
    known = row.document.digest
    if known not in _KEPT:
        content = document_sections(row.document.body)["public"]
        _KEPT[known] = version_from_content(content, digest=known)
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return _KEPT[known]
