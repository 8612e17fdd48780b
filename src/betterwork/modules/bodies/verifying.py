"""Whether decisions are what was sealed: for ``ledger verify`` and for whoever relies on one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from betterwork.foundation.documents.models import SealedDocument

DOCUMENT = "decision"


def decision_content(decision: Any) -> dict[str, Any]:
    """What of a decision's row must stand in its sealed document word for word."""
    return {
        "decision": decision.id,
        "body": decision.body_id,
        "number": decision.number,
        "meeting": decision.meeting_id,
        "day": decision.day.isoformat(),
        "matter": decision.matter_id or "",
        "item": decision.item_id or "",
        "text": decision.text,
        "outcome": decision.outcome,
        "reasons": decision.reasons,
        "conditions": decision.conditions,
        "way": decision.way,
        "votes": decision.votes,
        "quorum": decision.quorum,
    }


def decision_key(body: str, number: int) -> str:
    """The key of a decision's sealed document, by the number of the first one where it was superseded."""
    return f"{body}/{number}"


def decision_fault(decision: Any) -> str:
    """Why a row is not what was sealed; empty where it is."""
    from betterwork.foundation.documents.queries import document_faults
    from betterwork.modules.bodies.queries import document_content

    document: SealedDocument = decision.document
    sealed = document_content(document)
    if document.kind != DOCUMENT or any(
        sealed.get(name) != value for name, value in decision_content(decision).items()
    ):
        return "it does not say what was sealed"
    return "; ".join(document_faults(document))


def decisions_faults() -> Iterator[str]:
    """One line for each decision that is not what was sealed, in bounded memory."""
    from betterwork.modules.bodies.models import Decision

    rows = Decision.objects.select_related("document", "document__supersedes").order_by("id")
    for one in rows.iterator(chunk_size=200):
        if fault := decision_fault(one):
            yield f"decision {one.id}: {fault}"
