"""What ships with the tool besides its versions: its title, the days they are in force, the law they cite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from betterwork.core.instrument import ToolVersion as Version
from betterwork.foundation.ledger.rules import AUDIT, OPERATOR
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.instruments.models import LegalReference, Tool, ToolInForce, ToolVersion, VersionLegal
from betterwork.modules.instruments.reference import TOOL, reference_rows

TITLE = "Compliance assessment tool for garment factories"
ABOUT = "Eight clusters: four of the core labour standards, four of national law on working conditions."


def shipped_title_keep() -> None:
    """Every tool that has a version has a row; the shipped one its title."""
    for code in ToolVersion.objects.order_by().values_list("tool", flat=True).distinct():
        Tool.objects.get_or_create(code=code, defaults={"title": code})
    Tool.objects.filter(code=TOOL, title=TOOL).update(title=TITLE, about=ABOUT)


def shipped_days_keep(versions: Sequence[Version], *, at: datetime) -> None:
    """The historic versions in force one after the other, for all countries; who approved them was not recorded."""
    if ToolInForce.objects.filter(tool=TOOL).exists():
        return
    ends = [date.fromisoformat(later.in_force_from) - timedelta(days=1) for _one, later in pairwise(versions)]
    rows = [
        ToolInForce(
            tool=TOOL,
            version=one.version,
            starts=date.fromisoformat(one.in_force_from),
            until=until,
            decision=one.approval,
        )
        for one, until in zip(versions, [*ends, None], strict=True)
    ]
    ToolInForce.objects.bulk_create(rows)
    content = [{"version": one.version, "starts": one.starts.isoformat(), "decision": one.decision} for one in rows]
    entry_append(kind=AUDIT, action="tool.in-force", actor=OPERATOR, subject=f"tool {TOOL}", content=content, at=at)


def shipped_law_keep(versions: Sequence[Version], *, at: datetime) -> None:
    """The conventions and recommendations that the shipped versions cite, and which question cites which."""
    rows = reference_rows("legal_references.csv")
    known = set(LegalReference.objects.values_list("key", flat=True))
    fresh = [
        LegalReference(
            key=row["key"],
            kind=row["kind"],
            number=row["number"],
            instrument=row["instrument"],
            in_force_from=date.fromisoformat(row["in_force_from"]),
            source=row["note"],
        )
        for row in rows
        if row["key"] not in known
    ]
    LegalReference.objects.bulk_create(fresh)
    by_number = {one.number: one for one in LegalReference.objects.filter(key__in=[row["key"] for row in rows])}
    for version in versions:
        if VersionLegal.objects.filter(tool=TOOL, version=version.version).exists():
            continue
        VersionLegal.objects.bulk_create(
            VersionLegal(tool=TOOL, version=version.version, code=one.code, reference=by_number[number])
            for one in version.questions
            for number in one.legal_basis
            if number in by_number
        )
    if fresh:
        content = [one.key for one in fresh]
        entry_append(kind=AUDIT, action="law.shipped", actor=OPERATOR, subject="law shipped", content=content, at=at)
