"""Pages that compare two versions, or a draft with what it began from."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from betterwork.core.instrument import Lineage, ToolVersion
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME, PUBLIC
from betterwork.foundation.console.listing import FORMULA_BEGINS
from betterwork.foundation.doors.pages import page, page_render
from betterwork.modules.instruments.difference import as_version, difference
from betterwork.modules.instruments.difference_showing import difference_rows, difference_shown
from betterwork.modules.instruments.drafts import draft_content
from betterwork.modules.instruments.exchange import CHANGE_COLUMNS
from betterwork.modules.instruments.models import Tool, ToolDraft
from betterwork.modules.instruments.policy import DRAFTS_BODY, DRAFTS_READ, TOOLS_READ
from betterwork.modules.instruments.presentations import TOOL_FOR_ALL
from betterwork.modules.instruments.queries import tool_versions, version_of_row


@page(TOOLS_READ, audience=PUBLIC)
def difference_choose(request: HttpRequest, tool: str) -> HttpResponse:
    """Which two versions to compare; the last two unless told otherwise."""
    names = [row.version for row in tool_versions(tool)]
    older, newer = request.GET.get("older", ""), request.GET.get("newer", "")
    if older in names and newer in names:
        return redirect("instruments:difference", tool=tool, older=older, newer=newer)
    if len(names) < 2:
        raise Http404
    return redirect("instruments:difference", tool=tool, older=names[-2], newer=names[-1])


@page(TOOLS_READ, audience=PUBLIC)
def difference_page(request: HttpRequest, tool: str, older: str, newer: str) -> HttpResponse:
    """What became of each question between two sealed versions, in either direction."""
    read = [version_of_row(row) for row in tool_versions(tool)]
    versions = [version for version, _links in read]
    lineage = [link for _version, links in read for link in links]
    known = {one.version: one for one in versions}
    if older not in known or newer not in known:
        raise Http404
    values = {
        "url_of_file": reverse("instruments:version_file", kwargs={"tool": tool, "version": newer, "form": "xlsx"}),
        "choices": list(known),
        "choose": reverse("instruments:difference_choose", kwargs={"tool": tool}),
        "turned": reverse("instruments:difference", kwargs={"tool": tool, "older": newer, "newer": older}),
    }
    return _answer(request, tool, (known[older], known[newer]), versions, lineage, values)


@page(DRAFTS_READ, audience=PROGRAMME, thing=("draft", "key"))
def draft_difference(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """What a draft changes, for the staff."""
    back = reverse("instruments:draft", kwargs={"draft": draft.key})
    return _of_draft(request, draft, back)


@page(DRAFTS_BODY, audience=COMMITTEE, thing=("draft", "key"))
def draft_difference_body(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """What a draft changes, for the members of the body that it was put before."""
    back = reverse("instruments:draft_before_body", kwargs={"draft": draft.key})
    return _of_draft(request, draft, back)


def _of_draft(request: HttpRequest, draft: ToolDraft, back: str) -> HttpResponse:
    content, links = draft_content(draft)
    read = [version_of_row(row) for row in tool_versions(draft.tool.code)]
    known = {version.version: version for version, _links in read}
    base = draft.based_on.version if draft.based_on else ""
    asked = request.GET.get("from", "") or base
    older = known.get(asked) or ToolVersion(draft.tool.code, "", "", "", ())
    if draft.version in known:
        content = as_version(content, f"{draft.version} (draft)")
        links = tuple(
            Lineage(one.from_version, content.version, one.predecessor, one.successor, one.relation, one.reason)
            for one in links
        )
    lineage = [*(link for _version, links_of in read for link in links_of), *links]
    values = {"back": back, "draft": True, "choices_from": [one for one in known if one != content.version]}
    return _answer(request, draft.tool.code, (older, content), [*known.values(), content], lineage, values)


def _answer(
    request: HttpRequest,
    tool: str,
    pair: tuple[ToolVersion, ToolVersion],
    versions: list[ToolVersion],
    lineage: list[Lineage],
    values: dict[str, Any],
) -> HttpResponse:
    older, newer = pair
    form = request.GET.get("format", "")
    if form in {"csv", "json"}:
        changes = difference(older, newer, versions, lineage, with_same="all" in request.GET)
        return _file(difference_rows(changes), form, f"{tool}-{older.version or 'empty'}-{newer.version}")
    shown = difference_shown(older, newer, versions, lineage, only=request.GET.get("only", ""))
    found = Tool.objects.filter(code=tool).first()
    if found is None:
        raise Http404
    values |= {"tool": TOOL_FOR_ALL.row(found), "older": older.version, "newer": newer.version, "shown": shown}
    return page_render(request, "instruments/difference.html", values)


def _file(rows: list[dict[str, str]], form: str, name: str) -> HttpResponse:
    if form == "json":
        data, kind = json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "application/json; charset=utf-8"
    else:
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, CHANGE_COLUMNS)
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
        data, kind = "\ufeff" + out.getvalue(), "text/csv; charset=utf-8"
    answer = HttpResponse(data, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or "attachment"
    return answer


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text
