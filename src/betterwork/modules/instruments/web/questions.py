"""Pages on which one question of a draft is written: in place, and each step that changes the lineage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.core.instrument import CountryMark, Kind, Known, Question
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.languages.known import KNOWN
from betterwork.modules.instruments.drafts import draft_frame, draft_read
from betterwork.modules.instruments.lineage import Content
from betterwork.modules.instruments.models import DraftQuestion, ToolDraft
from betterwork.modules.instruments.policy import DRAFTS_EDIT
from betterwork.modules.instruments.presentations import DRAFT_FOR_STAFF, QUESTION_FOR_STAFF
from betterwork.modules.instruments.queries import draft_question, laws_to_choose
from betterwork.modules.instruments.services import (
    EditedMeanwhile,
    draft_laws_set,
    draft_mark_set,
    draft_parts_join,
    draft_question_add,
    draft_question_edit,
    draft_question_move,
    draft_question_restore,
    draft_question_split,
    draft_question_withdraw,
    draft_questions_merge,
    draft_reason_set,
    question_translate,
    question_translation_accept,
)
from betterwork.modules.instruments.showing import links_shown
from betterwork.modules.instruments.translating import translations_of_question
from betterwork.modules.instruments.web.drafts import BOTH, posted, tried
from betterwork.modules.instruments.web.forms import (
    AddForm,
    LawForm,
    MarkForm,
    MergeForm,
    MoveForm,
    QuestionForm,
    ReasonForm,
    SplitForm,
    TranslationForm,
    countries_of,
)


def _found(draft: ToolDraft, code: str) -> tuple[DraftQuestion, Content, Question]:
    row, content = draft_question(draft, code), draft_read(draft)
    if row is None:
        raise Http404
    return row, content, content.by_code[code]


def back_to(draft: ToolDraft, question: Question | None = None) -> str:
    """The draft's page, with the cluster of a question open."""
    url = reverse("instruments:draft", kwargs={"draft": draft.key})
    return f"{url}?cluster={question.cluster_code}#{question.code}" if question else url


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def edit(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """A question in place. Asked for by htmx it is a part of the draft's page; without scripts a page of its own."""
    row, content, question = _found(draft, code)
    link = links_shown(content.links).get(code)
    given = QuestionForm.of(question, row.revision, link.reason if link else "")
    form = QuestionForm(posted(request), question=question, initial=given)
    theirs = None
    if form.is_valid():
        try:
            draft_question_edit(
                actor=actor_of_request(request).id,
                draft=draft,
                code=code,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
                at=timezone.now(),
            )
        except EditedMeanwhile as error:
            form.add_error(None, str(error))
            theirs = row.text
            form = _seen_now(request, form, question, row.revision, str(error))
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            return _edited(request, draft, code)
    in_place = bool(request.headers.get("HX-Request"))
    values = {
        "form": form,
        "theirs": theirs,
        "draft": DRAFT_FOR_STAFF.row(draft),
        "question": QUESTION_FOR_STAFF.row(row),
        "link": link,
        "back": back_to(draft, question),
        "marks": [one for one in content.marks if one.code == code],
        "laws": len([one for one in content.legal if one[0] == code]),
        "joined": any(
            str(one.relation) in ("split", "merged") and code in (one.predecessor, one.successor)
            for one in content.links
        ),
    }
    template = "instruments/part_edit.html" if in_place else "instruments/edit.html"
    return page_render(request, template, values)


def _seen_now(request: HttpRequest, form: QuestionForm, question: Question, revision: int, why: str) -> QuestionForm:
    """The same words with the newest revision: who has read both texts saves knowingly."""
    again = request.POST.copy()
    again["seen"] = str(revision)
    bound = QuestionForm(again, question=question)
    bound.is_valid()
    bound.add_error(None, why)
    return bound


def _edited(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    row, content, question = _found(draft, code)
    if request.headers.get("HX-Request"):
        line = {"row": QUESTION_FOR_STAFF.row(row), "link": links_shown(content.links).get(code)}
        values = {"line": line, "draft": DRAFT_FOR_STAFF.row(draft), "may_edit": True}
        return page_render(request, "instruments/part_words.html", values)
    return redirect(back_to(draft, question))


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def add(request: HttpRequest, draft: ToolDraft) -> HttpResponse:
    """Ask something new."""
    content, frame = draft_read(draft), draft_frame(draft)
    like = {one.point_code: one for one in content.questions}
    points = [(code, f"{code} {one.point}") for code, one in like.items()]
    first = request.GET.get("point", "")
    form = AddForm(posted(request), points=points, new_points=not frame.national, initial={"point": first})
    if form.is_valid():
        found = form.cleaned_data
        question = _made(found, like.get(found["point"]))

        def doing(who: str, at: datetime) -> None:
            draft_question_add(actor=who, draft=draft, question=question, reason=found["reason"], at=at)

        if tried(request, doing, _("Added."), form):
            return redirect(back_to(draft, question))
    return _form(request, draft, form, _("Ask something new"), _("Add this question"), None)


def _made(found: dict[str, Any], like: Question | None) -> Question:
    """The question that was typed, under an existing point or a new one."""
    legal = tuple(part.strip() for part in found["legal_basis"].split(";") if part.strip())
    kind = Kind(found["kind"])
    if like is not None:
        place = (like.cluster_code, like.cluster, like.point_code, like.point)
    else:
        place = (found["cluster_code"], found["cluster"], found["point_code"], found["point_title"])
    standard = like.standard_kind if like else ""
    return Question(found["code"], kind, *place, found["text"].strip(), standard_kind=standard, legal_basis=legal)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def withdraw(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Ask it no longer, with the reason."""
    _row, _content, question = _found(draft, code)
    form = ReasonForm(posted(request))
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_question_withdraw(actor=who, draft=draft, code=code, reason=form.cleaned_data["reason"], at=at)

        if tried(request, doing, _("Withdrawn. It stands below, and can be asked again."), form):
            return redirect(back_to(draft, question))
    return _form(request, draft, form, _("Withdraw %(code)s") % {"code": code}, _("Ask it no longer"), question)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=("POST",))
def restore(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Ask a withdrawn question again."""
    tried(request, lambda who, at: draft_question_restore(actor=who, draft=draft, code=code, at=at), _("Asked again."))
    return redirect(back_to(draft))


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=("POST",))
def join(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Take a split or a merge back."""
    tried(request, lambda who, at: draft_parts_join(actor=who, draft=draft, code=code, at=at), _("Taken back."))
    return redirect(back_to(draft))


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def reason(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Say why a question changed, after it did."""
    content = draft_read(draft)
    mine = [one for one in content.links if code in (one.predecessor, one.successor)]
    if not mine:
        raise Http404
    form = ReasonForm(posted(request), initial={"reason": mine[0].reason})
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_reason_set(actor=who, draft=draft, code=code, reason=form.cleaned_data["reason"], at=at)

        if tried(request, doing, _("Saved."), form):
            return redirect(back_to(draft, content.by_code.get(code)))
    title = _("Why %(code)s changed") % {"code": code}
    return _form(request, draft, form, title, _("Save"), content.by_code.get(code))


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def split(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Ask one question as several."""
    row, _content, question = _found(draft, code)
    form = SplitForm(posted(request), initial={"seen": row.revision, "code_1": code, "text_1": question.text})
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_question_split(
                actor=who,
                draft=draft,
                code=code,
                parts=form.parts(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
                at=at,
            )

        if tried(request, doing, _("Split. Each part keeps what the question rested on."), form):
            return redirect(back_to(draft, question))
    return _form(request, draft, form, _("Split %(code)s") % {"code": code}, _("Ask it as several"), question)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def merge(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Ask several questions as one."""
    _row, _content, question = _found(draft, code)
    form = MergeForm(posted(request), initial={"successor": code, "text": question.text})
    if form.is_valid():
        found = form.cleaned_data
        others = [part.strip() for part in found["others"].replace(";", ",").split(",") if part.strip()]

        def doing(who: str, at: datetime) -> None:
            draft_questions_merge(
                actor=who,
                draft=draft,
                codes=[code, *others],
                successor=found["successor"],
                text=found["text"],
                reason=found["reason"],
                at=at,
            )

        if tried(request, doing, _("Merged."), form):
            return redirect(back_to(draft, question))
    title = _("Merge %(code)s with others") % {"code": code}
    return _form(request, draft, form, title, _("Ask them as one"), question)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def move(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """Ask it elsewhere: behind another question, or first of a point."""
    _row, content, question = _found(draft, code)
    places: list[tuple[str, str]] = []
    for one in content.questions:
        if not places or places[-1][0].partition("|")[0] != one.point_code:
            words = _("First of %(point)s %(title)s") % {"point": one.point_code, "title": one.point}
            places.append((f"{one.point_code}|", words))
        if one.code != code:
            places.append((f"{one.point_code}|{one.code}", _("Behind %(code)s") % {"code": one.code}))
    form = MoveForm(posted(request), places=places)
    if form.is_valid():
        point, _sign, after = form.cleaned_data["place"].partition("|")

        def doing(who: str, at: datetime) -> None:
            given = {"point_code": point, "after": after, "reason": form.cleaned_data["reason"]}
            draft_question_move(actor=who, draft=draft, code=code, at=at, **given)

        if tried(request, doing, _("Moved."), form):
            return redirect(back_to(draft, draft_read(draft).by_code[code]))
    return _form(request, draft, form, _("Move %(code)s") % {"code": code}, _("Move it there"), question)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def law(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """The references of the register that a question rests on: international ones and the country's."""
    _row, content, question = _found(draft, code)
    now = [key for one, key in content.legal if one == code]
    form = LawForm(posted(request), choices=laws_to_choose(draft.country, now), initial={"references": now})
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            draft_laws_set(actor=who, draft=draft, code=code, at=at, **form.cleaned_data)

        if tried(request, doing, _("Saved."), form):
            return redirect(back_to(draft, question))
    return _form(request, draft, form, _("Law of %(code)s") % {"code": code}, _("Save"), question)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def mark(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """How a country marks a question: publicly reported, serious."""
    _row, _content, question = _found(draft, code)
    choices = [one for one in countries_of(frozenset({draft.country}) if draft.country else None) if one[0]]
    form = MarkForm(posted(request), countries=choices)
    if form.is_valid():
        found = form.cleaned_data
        made = CountryMark(code, found["country"], Known(found["publicly_reported"]), Known(found["zero_tolerance"]))
        if tried(request, lambda who, at: draft_mark_set(actor=who, draft=draft, mark=made, at=at), _("Saved."), form):
            return redirect(back_to(draft, question))
    return _form(request, draft, form, _("Marks of %(code)s") % {"code": code}, _("Save"), question)


@page(DRAFTS_EDIT, audience=PROGRAMME, thing=("draft", "key"), methods=BOTH)
def translations(request: HttpRequest, draft: ToolDraft, code: str) -> HttpResponse:
    """The texts of a question in every language, side by side, each with its state."""
    row, _content, question = _found(draft, code)
    tool = draft.tool.code
    languages = [(one.code, one.own_name) for one in KNOWN.values() if one.code != "en"]
    form = TranslationForm(posted(request) if "accept" not in request.POST else None, languages=languages)
    here = reverse("instruments:translations", kwargs={"draft": draft.key, "code": code})
    accepted = request.POST.get("accept", "")
    if accepted.isdecimal():
        key = int(accepted)
        tried(
            request,
            lambda who, at: question_translation_accept(
                actor=who, tool=tool, question=question, translation=key, at=at
            ),
            _("Saved. It is shown once it is approved."),
        )
        return redirect(here)
    if form.is_valid():

        def doing(who: str, at: datetime) -> None:
            question_translate(actor=who, tool=tool, question=question, at=at, **form.cleaned_data)

        if tried(request, doing, _("Proposed. A second person reviews and approves it."), form):
            return redirect(here)
    values = {
        "form": form,
        "draft": DRAFT_FOR_STAFF.row(draft),
        "question": QUESTION_FOR_STAFF.row(row),
        "texts": translations_of_question(tool, question),
        "back": back_to(draft, question),
    }
    return page_render(request, "instruments/translations.html", values)


def _form(
    request: HttpRequest, draft: ToolDraft, form: Any, title: str, button: str, question: Question | None
) -> HttpResponse:
    values = {
        "form": form,
        "title": title,
        "button": button,
        "back": back_to(draft, question),
        "draft": DRAFT_FOR_STAFF.row(draft),
        "words": question.text if question else "",
    }
    return page_render(request, "instruments/form.html", values)
