"""Pages on which tools are read: the tools, one tool, a sealed version, a question over its versions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME, PUBLIC
from betterwork.foundation.contributions.registry import Panel
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.instruments.models import Tool
from betterwork.modules.instruments.policy import DRAFTS_BODY, DRAFTS_READ, TOOLS_MAKE, TOOLS_READ
from betterwork.modules.instruments.presentations import (
    DRAFT_FOR_BODY,
    DRAFT_FOR_STAFF,
    IN_FORCE_FOR_ALL,
    TOOL_FOR_ALL,
    VERSION_FOR_ALL,
)
from betterwork.modules.instruments.queries import (
    in_force_rows,
    tool_called,
    tool_versions,
    tools_all,
    version_of_row,
)
from betterwork.modules.instruments.showing import history_of, tree_of


@page(TOOLS_READ, audience=PUBLIC)
def tools(request: HttpRequest) -> HttpResponse:
    """The instruments of the programme, and which version of each is asked today."""
    today = timezone.localdate()
    rows = IN_FORCE_FOR_ALL.rows(in_force_rows(on=today))
    lines = [
        {"tool": tool, "now": [one for one in rows if one.tool == tool.code]} for tool in TOOL_FOR_ALL.rows(tools_all())
    ]
    return page_render(request, "instruments/tools.html", {"lines": lines, "may_make": _may_make(request)})


def _may_make(request: HttpRequest) -> bool:
    return TOOLS_MAKE.may(actor_of_request(request))


def tool_of(code: str) -> Tool:
    """A tool by its code. Raises Http404."""
    found = tool_called(code)
    if found is None:
        raise Http404
    return found


@page(TOOLS_READ, audience=PUBLIC)
def tool(request: HttpRequest, tool: str) -> HttpResponse:
    """One instrument: where which version is in force, all its versions, and the drafts that one may read."""
    found = tool_of(tool)
    rows = tool_versions(found.code)
    values = {
        "tool": TOOL_FOR_ALL.row(found),
        "in_force": IN_FORCE_FOR_ALL.rows(in_force_rows(tool=found.code)),
        "today": timezone.localdate(),
        "versions": VERSION_FOR_ALL.rows(rows[::-1]),
        "pairs": [(older.version, newer.version) for older, newer in pairwise(rows)][::-1],
        "panels": list(_drafts(actor_of_request(request), found)),
        "may_make": _may_make(request),
    }
    return page_render(request, "instruments/tool.html", values)


def _drafts(actor: Actor, tool: Tool) -> Iterator[Panel]:
    """The drafts of a tool, for the staff and for the body, each in the rows made for them."""
    for policy, shown, audience, url in (
        (DRAFTS_READ, DRAFT_FOR_STAFF, PROGRAMME, "instruments:draft"),
        (DRAFTS_BODY, DRAFT_FOR_BODY, COMMITTEE, "instruments:draft_before_body"),
    ):
        if policy.may(actor):
            rows = policy.visible_to(actor).filter(tool=tool).exclude(state__in=("dropped", "sealed"))
            rows = rows.select_related("tool", "based_on", "sealed").order_by("-made_at", "key")[:50]
            values: dict[str, Any] = {"drafts": shown.rows(rows), "url": url}
            yield Panel(_("Drafts"), "instruments/part_drafts.html", values, audience=audience)


@page(TOOLS_READ, audience=PUBLIC)
def version(request: HttpRequest, tool: str, version: str) -> HttpResponse:
    """A sealed version, every question of it."""
    found = tool_of(tool)
    row = next((one for one in tool_versions(found.code) if one.version == version), None)
    if row is None:
        raise Http404
    content, links = version_of_row(row)
    values = {
        "tool": TOOL_FOR_ALL.row(found),
        "version": VERSION_FOR_ALL.row(row),
        "clusters": tree_of(content.questions),
        "compliance": len(content.compliance_codes),
        "facts": len(content.questions) - len(content.compliance_codes),
        "in_force": IN_FORCE_FOR_ALL.rows(in_force_rows(tool=found.code, version=version)),
        "from_version": next((one.from_version for one in links if one.from_version), ""),
    }
    return page_render(request, "instruments/version.html", values)


@page(TOOLS_READ, audience=PUBLIC)
def question(request: HttpRequest, tool: str, code: str) -> HttpResponse:
    """A question over the versions of its tool: how it was asked, and what became of it."""
    found = tool_of(tool)
    moments = history_of(code, [version_of_row(row) for row in tool_versions(found.code)])
    if not moments:
        raise Http404
    values = {"tool": TOOL_FOR_ALL.row(found), "code": code, "moments": moments[::-1], "now": moments[-1]}
    return page_render(request, "instruments/question.html", values)
