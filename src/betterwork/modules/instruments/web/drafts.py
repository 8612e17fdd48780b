"""Pages of a draft: beginning it, its tree with what is missing, its way before the body and into force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME, PUBLIC
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.roles import GLOBAL_STAFF
from betterwork.modules.instruments.difference import Words, words_compared
from betterwork.modules.instruments.draft_models import OPEN, DraftChange
from betterwork.modules.instruments.drafts import Opened, draft_frame, draft_opened, draft_read
from betterwork.modules.instruments.life import draft_missing
from betterwork.modules.instruments.models import ToolDraft
from betterwork.modules.instruments.policy import (
    DRAFTS_BODY,
    DRAFTS_EDIT,
    DRAFTS_READ,
    DRAFTS_SEAL,
    DRAFTS_SUBMIT,
    TOOLS_MAKE,
    TOOLS_READ,
    WRITES,
    may_write_for,
)
from betterwork.modules.instruments.presentations import (
    DRAFT_FOR_BODY,
    DRAFT_FOR_STAFF,
    LINK_FOR_BODY,
    LINK_FOR_STAFF,
    QUESTION_FOR_BODY,
    QUESTION_FOR_STAFF,
    TOOL_FOR_ALL,
)
from betterwork.modules.instruments.queries import (
    tool_versions,
    version_on,
)
from betterwork.modules.instruments.services import (
    draft_create,
    draft_drop,
    draft_labels_set,
    draft_seal,
    draft_settings_set,
    draft_submit,
    draft_take_back,
    draft_undo,
    tool_make,
)
from betterwork.modules.instruments.showing import clusters_of, links_shown
from betterwork.modules.instruments.translating import languages_missing
from betterwork.modules.instruments.web.forms import (
    DraftForm,
    LabelForm,
    ReasonForm,
    SealForm,
    SettingsForm,
    ToolForm,
    countries_of,
)
from betterwork.modules.instruments.web.reading import tool_of

BOTH = ("GET", "POST")
MOST_CODES = 12
Doing = Callable[[str, datetime], Any]


def tried(request: HttpRequest, doing: Doing, said: str, form: Any = None) -> bool:
    """Do it, and say what happened; what was refused is said beside the form, or above the page."""
    try:
        doing(actor_of_request(request).id, timezone.now())
    except BetterWorkError as error:
        if form is not None:
            form.add_error(None, str(error))
        else:
            messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


def posted(request: HttpRequest) -> Any:
    """What was typed, when something was."""
    return request.POST if request.method == "POST" else None


def _writes(actor: Actor) -> frozenset[str] | None:
    """The countries for which somebody writes; None: for all of them."""
    return None if actor.in_world(GLOBAL_STAFF) else actor.keys("country", *WRITES)


@page(TOOLS_MAKE, audience=PROGRAMME, methods=BOTH)
def tool_new(request: HttpRequest) -> HttpResponse:
    """Add an instrument."""
    actor = actor_of_request(request)
    form = ToolForm(posted(request), countries=countries_of(_writes(actor)))
    if form.is_valid():
        found = form.cleaned_data
        if not may_write_for(actor, found["country"]):
            raise Http404

        def doing(who: str, at: datetime) -> None:
            tool_make(actor=who, at=at, **found)

        if tried(request, doing, _("Added. Begin a draft of its first version now."), form):
            return redirect("instruments:tool", tool=found["code"])
    return page_render(request, "instruments/tool_new.html", {"form": form})


@page(TOOLS_MAKE, audience=PROGRAMME, methods=BOTH)
def draft_new(request: HttpRequest, tool: str) -> HttpResponse:
    """Begin a draft: for whom, from which version, under which name."""
    found, actor = tool_of(tool), actor_of_request(request)
    allowed = _writes(actor)
    if found.country and not may_write_for(actor, found.country):
        raise Http404
    choices = countries_of(frozenset({found.country}) if found.country else allowed)
    rows = tool_versions(found.code)[::-1]
    now = version_on(found.code, next(iter(sorted(allowed or ())), ""), timezone.localdate())
    form = DraftForm(
        posted(request),
        countries=choices,
        bases=[(one.version, one.version) for one in rows],
        initial={"base": now.version if now else rows[0].version if rows else ""},
    )
    if form.is_valid():
        given = form.cleaned_data
        if not may_write_for(actor, given["country"]):
            raise Http404
        base = next((one for one in rows if one.version == given["base"]), None)
        made: list[ToolDraft] = []

        def doing(who: str, at: datetime) -> None:
            made.append(
                draft_create(
                    actor=who,
                    tool=found,
                    version=given["version"],
                    country=given["country"],
                    based_on=base,
                    at=at,
                )
            )

        if tried(request, doing, _("Begun. Nobody but the staff sees it until it is submitted."), form):
            return redirect("instruments:draft", draft=made[0].key)
    return page_render(request, "instruments/draft_new.html", {"form": form, "tool": TOOL_FOR_ALL.row(found)})


def _with_what_it_names(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """A draft with its tool and the versions it names, by the same question."""
    return rows.select_related("tool", "based_on__document", "sealed").defer("based_on__document__body")


def _with_what_may_be_done(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """The same with its last change that was not taken back, and with what one may do with it."""
    last = DraftChange.objects.filter(draft=OuterRef("pk"), undone=False).order_by("-revision")
    may = {
        name: Exists(policy.visible_to(actor).filter(pk=OuterRef("pk")))
        for name, policy in (("may_edit", DRAFTS_EDIT), ("may_submit", DRAFTS_SUBMIT), ("may_seal", DRAFTS_SEAL))
    }
    rows = rows.annotate(last_action=Subquery(last.values("action")[:1]), last_by=Subquery(last.values("by")[:1]))
    return _with_what_it_names(rows.annotate(**may), actor)


@page(DRAFTS_READ, audience=PROGRAMME, thing=("draft", "key"), reading=_with_what_may_be_done)
def draft(request: HttpRequest, draft: Any) -> HttpResponse:
    """A draft: its clusters, the questions of the one that is open, what changed, what is missing."""
    actor, read, frame = actor_of_request(request), draft_opened(draft), draft_frame(draft, codes=False)
    content, is_open = read.content, draft.state in OPEN
    clusters = clusters_of(content, request.GET.get("cluster", ""))
    opened = next((one.code for one in clusters if one.open), clusters[0].code if clusters else "")
    rows = QUESTION_FOR_STAFF.rows(one for one in read.questions if (one.cluster_code or one.cluster) == opened)
    missing = [_missing_shown(one) for one in draft_missing(draft, read, frame)] if is_open else []
    values = {
        "draft": DRAFT_FOR_STAFF.row(draft),
        "clusters": clusters_of(content, opened),
        "points": _points(rows, links_shown(content.links)),
        "withdrawn": LINK_FOR_STAFF.rows(one for one in read.links if not one.successor),
        "total": len(content.questions),
        "changed": len({link.successor or link.predecessor for link in content.links}),
        "missing": missing,
        "blocked": any(one["blocks"] for one in missing),
        "may_edit": draft.may_edit,
        "may_submit": draft.may_submit,
        "may_seal": draft.may_seal,
        "national": frame.national,
        "undo": draft.last_action if draft.last_by == actor.id else "",
        "older": draft.based_on.version if draft.based_on else "",
    }
    return page_render(request, "instruments/draft.html", values)


def _missing_shown(one: Any) -> dict[str, Any]:
    codes = one.codes
    return {
        "words": one.words,
        "blocks": one.blocks,
        "codes": codes[:MOST_CODES],
        "more": len(codes) - MOST_CODES,
        "step": one.step,
    }


def _points(rows: list[Any], links: Any) -> list[dict[str, Any]]:
    """The rows of a cluster by their points, each with how it descends."""
    points: dict[str, dict[str, Any]] = {}
    for row in rows:
        point = points.setdefault(row.point_code, {"code": row.point_code, "title": row.point, "lines": []})
        point["lines"].append({"row": row, "link": links.get(row.code)})
    return list(points.values())


@page(TOOLS_READ, audience=PUBLIC)
def draft_put(request: HttpRequest, draft: str) -> HttpResponse:
    """Where a matter before the committee leads: staff to the draft, members to what was put before them."""
    actor = actor_of_request(request)
    for policy, url in ((DRAFTS_READ, "instruments:draft"), (DRAFTS_BODY, "instruments:draft_before_body")):
        if policy.visible_to(actor).filter(key=draft).exists():
            return redirect(url, draft=draft)
    raise Http404


@page(DRAFTS_BODY, audience=COMMITTEE, thing=("draft", "key"), reading=_with_what_it_names)
def draft_before_body(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """A draft as the members of the body read it: all its questions, and what changes."""
    read = draft_opened(draft)
    rows = QUESTION_FOR_BODY.rows(read.questions)
    values = {
        "draft": DRAFT_FOR_BODY.row(draft),
        "points": _points(rows, links_shown(read.content.links)),
        "changes": list(zip(LINK_FOR_BODY.rows(read.links), _words_of(draft, read), strict=True)),
        "total": len(rows),
    }
    return page_render(request, "instruments/draft_before_body.html", values)


def _words_of(draft: ToolDraft, read: Opened) -> list[tuple[Words, ...]]:
    """Of each change the words before and now, compared."""
    base = draft_frame(draft, codes=False).base
    before = {one.code: one.text for one in base.questions} if base else {}
    now = {one.code: one.text for one in read.questions}
    return [words_compared(before.get(one.predecessor, ""), now.get(one.successor, "")) for one in read.links]


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def settings(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """How the version is called and from when it is to hold."""
    given = {"version": draft.version, "in_force_from": draft.in_force_from}
    form = SettingsForm(posted(request), initial=given)
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_settings_set(actor=who, draft=draft, at=at, **form.cleaned_data)

        if tried(request, doing, _("Saved."), form):
            return redirect("instruments:draft", draft=draft.key)
    return _form(request, draft, form, _("Name and day"), _("Save"))


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=("POST",))
def undo(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Take the last change back."""
    tried(request, lambda who, at: draft_undo(actor=who, draft=draft, at=at), _("The last change was taken back."))
    return redirect("instruments:draft", draft=draft.key)


@page(DRAFTS_SUBMIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def submit(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Put it before the body, after saying what will happen."""
    if request.method == "POST":
        url = reverse("instruments:draft_put", kwargs={"draft": draft.key})
        tried(
            request,
            lambda who, at: draft_submit(actor=who, draft=draft, url=url, at=at),
            _("Submitted. It does not change until the committee has spoken."),
        )
        return redirect("instruments:draft", draft=draft.key)
    return page_render(request, "instruments/submit.html", {"draft": DRAFT_FOR_STAFF.row(draft)})


@page(DRAFTS_SEAL, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def take_back(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Take it back before the body has decided."""
    form = ReasonForm(posted(request))
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_take_back(actor=who, draft=draft, reason=form.cleaned_data["reason"], at=at)

        if tried(request, doing, _("Taken back. You can change it again."), form):
            return redirect("instruments:draft", draft=draft.key)
    return _form(request, draft, form, _("Take it back"), _("Take it back"))


@page(DRAFTS_SEAL, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def seal(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Seal what was approved and put it in force from a day."""
    form = SealForm(posted(request), initial={"in_force_from": draft.in_force_from})
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_seal(actor=who, draft=draft, at=at, **form.cleaned_data)

        if tried(request, doing, _("Sealed. It never changes again."), form):
            return redirect("instruments:version", tool=draft.tool.code, version=draft.version)
    languages = languages_missing(
        draft.tool.code, draft_read(draft).questions, ("fr", "es", "vi", "km", "id", "ar", "bn")
    )
    values = {"form": form, "draft": DRAFT_FOR_STAFF.row(draft), "untranslated": sorted(languages.items())}
    return page_render(request, "instruments/seal.html", values)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def drop(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Give a draft up."""
    if request.method == "POST":
        tried(request, lambda who, at: draft_drop(actor=who, draft=draft, at=at), _("Given up. It can still be read."))
        return redirect("instruments:tool", tool=draft.tool.code)
    return page_render(request, "instruments/drop.html", {"draft": DRAFT_FOR_STAFF.row(draft)})


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def label(request: HttpRequest, draft: ToolDraft, level: str, code: str) -> HttpResponse:
    """Call a cluster or a point otherwise: in a tool's own draft, and not in one country's."""
    if level not in ("cluster", "point"):
        raise Http404
    found = next((one for one in draft_read(draft).questions if getattr(one, f"{level}_code") == code), None)
    if found is None:
        raise Http404
    form = LabelForm(posted(request), initial={"label": getattr(found, level)})
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_labels_set(actor=who, draft=draft, level=level, code=code, at=at, **form.cleaned_data)

        if tried(request, doing, _("Saved."), form):
            return redirect(f"{reverse('instruments:draft', kwargs={'draft': draft.key})}?cluster={found.cluster_code}")
    return _form(request, draft, form, getattr(found, level), _("Save"))


def _form(request: HttpRequest, draft: ToolDraft, form: Any, title: str, button: str) -> HttpResponse:
    back = reverse("instruments:draft", kwargs={"draft": draft.key})
    values = {"form": form, "title": title, "button": button, "back": back, "draft": DRAFT_FOR_STAFF.row(draft)}
    return page_render(request, "instruments/form.html", values)
