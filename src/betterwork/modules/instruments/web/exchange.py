"""Taking tools away as files, and bringing a file back into a draft: looked at first, then taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.instruments.difference_showing import rows_shown
from betterwork.modules.instruments.exchange_fields import ToolFile
from betterwork.modules.instruments.exchange_packing import FORMS, file_packed, file_read, file_unpacked, file_write
from betterwork.modules.instruments.exchange_services import draft_file, draft_file_preview, draft_file_take
from betterwork.modules.instruments.exchange_workbook import LARGEST
from betterwork.modules.instruments.models import ToolDraft
from betterwork.modules.instruments.policy import DRAFTS_EDIT, DRAFTS_READ, TOOLS_READ
from betterwork.modules.instruments.presentations import DRAFT_FOR_STAFF
from betterwork.modules.instruments.queries import tool_versions, version_of_row

MOST_SHOWN = 300
"""Rows of a preview that are shown; more are counted."""


class FileForm(forms.Form):
    """A file to be looked at."""

    file = forms.FileField(
        label=gettext_lazy("The workbook or YAML file"),
        help_text=gettext_lazy("As you took it from here. Nothing is changed before you have seen what would be."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.yaml,.yml,.json"}),
    )


class TakeForm(forms.Form):
    """What was looked at, to be taken."""

    packed = forms.CharField(widget=forms.HiddenInput, max_length=4_000_000)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


@page(TOOLS_READ, audience=PUBLIC)
def version_file(request: HttpRequest, tool: str, version: str, form: str) -> HttpResponse:
    """A sealed version as a file."""
    row = next((one for one in tool_versions(tool) if one.version == version), None)
    if row is None:
        raise Http404
    return _file(ToolFile(*version_of_row(row)), form, f"{tool}-{version}")


@page(DRAFTS_READ, audience=PROGRAMME, thing=("draft", "key"))
def draft_file_page(request: HttpRequest, draft: ToolDraft, form: str) -> HttpResponse:
    """A draft as a file to be edited and brought back."""
    return _file(draft_file(draft), form, f"{draft.tool.code}-{draft.version}-draft")


def _file(file: ToolFile, form: str, name: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    ending, kind = FORMS[form]
    answer = HttpResponse(file_write(file, form), content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}") or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=("GET", "POST"))
def draft_import(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Choose a file, see what it would change, take it."""
    if request.method == "POST" and "packed" in request.POST:
        return _take(request, draft)
    form = FileForm(request.POST or None, request.FILES or None)
    values: dict[str, Any] = _of(draft)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            if given.size > LARGEST:
                raise BetterWorkError(_("This file is too large for a tool. Choose the one you took from here."))
            file = file_read(given.read())
            shown = draft_file_preview(actor=actor_of_request(request).id, draft=draft, file=file, at=timezone.now())
        except BetterWorkError as error:
            form.add_error("file", str(error))
        else:
            values |= {
                "rows": rows_shown(shown.rows[:MOST_SHOWN]),
                "more": max(len(shown.rows) - MOST_SHOWN, 0),
                "total": len(shown.rows),
                "translations": len(shown.translations),
                "beside": list(shown.beside),
                "empty": shown.empty,
                "take": TakeForm(initial={"packed": file_packed(file), "seen": draft.revision}),
            }
            return page_render(request, "instruments/import_look.html", values)
    form.cleaned_data = {}  # the file itself is nothing for a page
    return page_render(request, "instruments/import.html", values | {"form": form})


def _take(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    form = TakeForm(request.POST)
    try:
        if not form.is_valid():
            raise BetterWorkError(_("The file did not arrive whole. Choose it again."))
        draft_file_take(
            actor=actor_of_request(request).id,
            draft=draft,
            file=file_unpacked(form.cleaned_data["packed"]),
            seen=form.cleaned_data["seen"],
            at=timezone.now(),
        )
    except BetterWorkError as error:
        messages.error(request, str(error))
        return redirect("instruments:draft_import", draft=draft.key)
    messages.success(request, _("Taken. The draft holds now what the file holds; one undo takes it back."))
    return redirect("instruments:draft", draft=draft.key)


def _of(draft: ToolDraft) -> dict[str, Any]:
    files = {
        form: reverse("instruments:draft_file", kwargs={"draft": draft.key, "form": form}) for form in ("xlsx", "yaml")
    }
    back = reverse("instruments:draft", kwargs={"draft": draft.key})
    return {"draft": DRAFT_FOR_STAFF.row(draft), "back": back, "files": files}
