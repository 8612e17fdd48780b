"""Operations of the API: tools, their sealed versions, which is in force where, drafts as staff read them."""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from typing import Annotated, Any

from django.http import Http404, HttpRequest

from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, router_add
from betterwork.foundation.api.shapes import page_of, shape
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.instruments.policy import DRAFTS_READ, TOOLS_READ
from betterwork.modules.instruments.presentations import (
    DRAFT_FOR_STAFF,
    IN_FORCE_FOR_ALL,
    QUESTION_FOR_STAFF,
    TOOL_FOR_ALL,
    VERSION_FOR_ALL,
)
from betterwork.modules.instruments.queries import (
    draft_questions,
    in_force_rows,
    tool_versions,
    tools_all,
    version_of_row,
    versions_all,
)
from betterwork.modules.instruments.rules import version_content

router = Router(tags=["Assessment tools"])
ToolShape = shape("Tool", TOOL_FOR_ALL, country_name=str, kind=str)
VersionShape = shape("ToolVersion", VERSION_FOR_ALL)
InForceShape = shape("ToolInForce", IN_FORCE_FOR_ALL, country_name=str)
DraftShape = shape("ToolDraft", DRAFT_FOR_STAFF, country_name=str, state_word=str, state_kind=str)
QuestionShape = shape("DraftQuestion", QUESTION_FOR_STAFF)


class OfATool(Asked):
    """A list narrowed to one tool."""

    tool: Annotated[str | None, Field(max_length=40, description="Code of the tool", examples=["garment"])] = None


@router.get("", response=page_of(ToolShape), summary="Tools", operation_id="tools_list")
@operation(TOOLS_READ, audience=PUBLIC)
def tools(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The instruments of the programme."""
    return listed(request, tools_all(), TOOL_FOR_ALL, asked, order=("code",))


@router.get("/versions", response=page_of(VersionShape), summary="Sealed versions", operation_id="tool_versions_list")
@operation(TOOLS_READ, audience=PUBLIC)
def versions(request: HttpRequest, asked: Query[OfATool]) -> Any:
    """Sealed versions, with their digests and approvals."""
    rows = versions_all(asked.tool or "")
    return listed(request, rows, VERSION_FOR_ALL, asked, order=("tool", "version"), related=("document",))


@router.get(
    "/{str:tool}/versions/{str:version}",
    response=dict[str, Any],
    summary="One sealed version",
    operation_id="tool_version_read",
)
@operation(TOOLS_READ, audience=PUBLIC)
def version(request: HttpRequest, tool: str, version: str) -> Any:
    """Every question of a sealed version, with its lineage: the content of its document."""
    row = next((one for one in tool_versions(tool) if one.version == version), None)
    if row is None:
        raise Http404
    return version_content(*version_of_row(row))


@router.get("/in-force", response=page_of(InForceShape), summary="In force", operation_id="tools_in_force")
@operation(TOOLS_READ, audience=PUBLIC)
def in_force(request: HttpRequest, asked: Query[OfATool]) -> Any:
    """Which version is in force where, from when until when, by whose decision."""
    rows = in_force_rows(tool=asked.tool or "")
    return listed(request, rows, IN_FORCE_FOR_ALL, asked, order=("tool", "country", "starts", "pk"))


@router.get("/drafts", response=page_of(DraftShape), summary="Drafts", operation_id="tool_drafts_list")
@operation(DRAFTS_READ, audience=PROGRAMME)
def drafts(request: HttpRequest, asked: Query[OfATool]) -> Any:
    """Drafts that you may read."""
    rows = DRAFTS_READ.visible_to(actor_of_request(request))
    rows = rows.filter(tool__code=asked.tool) if asked.tool else rows
    related = ("tool", "based_on", "sealed")
    return listed(request, rows, DRAFT_FOR_STAFF, asked, order=("made_at", "key"), related=related)


@router.get(
    "/drafts/{str:draft}/questions",
    response=page_of(QuestionShape),
    summary="Questions of a draft",
    operation_id="tool_draft_questions",
)
@operation(DRAFTS_READ, audience=PROGRAMME, thing=("draft", "key"))
def draft_questions_list(request: HttpRequest, draft: PathKey, asked: Query[Asked]) -> Any:
    """The questions of a draft in their order."""
    return listed(request, draft_questions(draft), QUESTION_FOR_STAFF, asked, order=("position", "pk"))


router_add("/tools", router)
