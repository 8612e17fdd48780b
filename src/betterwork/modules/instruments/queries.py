"""Reading assessment tools."""

from __future__ import annotations

from functools import lru_cache

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Catalogue, Lineage
from betterwork.core.instrument import ToolVersion as Version
from betterwork.foundation.documents.queries import document_sections
from betterwork.modules.instruments.models import NamedVersion, ToolVersion
from betterwork.modules.instruments.reference import label_changes
from betterwork.modules.instruments.rules import version_from_content


def tool_versions(tool: str | None = None) -> list[ToolVersion]:
    """The sealed versions, oldest first, with their documents."""
    rows = ToolVersion.objects.select_related("document")
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


def _read(row: ToolVersion) -> tuple[Version, tuple[Lineage, ...]]:
    content = document_sections(row.document.body)["public"]
    return version_from_content(content, digest=row.document.digest)
