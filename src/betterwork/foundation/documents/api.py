"""Whether a document is sealed here, for whoever holds a copy of it and knows its digest."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from betterwork.foundation.api.problems import Problem
from betterwork.foundation.api.routers import Router, router_add
from betterwork.foundation.api.shapes import shape
from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.policy import EVERYBODY_MAY

SEAL_FOR_ALL = Presentation(
    "seal for everybody",
    model=SealedDocument,
    audience=PUBLIC,
    fields=("kind", "digest", "content_digest", "sections", "sealed_at"),
    derived={
        "supersedes": Derived(("supersedes__digest",), lambda one: one.supersedes.digest if one.supersedes else None),
    },
)
SealShape = shape(
    "Seal",
    SEAL_FOR_ALL,
    examples={"kind": "tool-version", "sections": {"programme": "5f6c…"}},
    sections=dict[str, str],
    supersedes=str | None,
)
router = Router(tags=["Documents"])
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256, in small hexadecimal digits.")]


@router.get("/{digest}", response=SealShape, summary="A seal, by its digest", operation_id="documents_verify")
@operation(EVERYBODY_MAY, audience=PUBLIC)
def document(request: HttpRequest, digest: Digest) -> Any:
    """What kind of document it is, when it was sealed, the digest of each section, and what it corrects."""
    found = SealedDocument.objects.select_related("supersedes").filter(digest=digest).first()
    if found is None:
        raise Problem(404)
    return SEAL_FOR_ALL.row(found)


router_add("/documents", router)
