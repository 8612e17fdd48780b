"""Addresses of assessment tools."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.instruments.web import drafts, questions, reading
from betterwork.modules.instruments.web.urls_exchange import exchange_urlpatterns

PREFIX = "tools/"
_DRAFT = "drafts/<str:draft>/"
_QUESTION = f"{_DRAFT}questions/<path:code>/"
urlpatterns = [
    *exchange_urlpatterns,
    path("", reading.tools, name="tools"),
    path("new/", drafts.tool_new, name="tool_new"),
    path("submitted/<str:draft>/open/", drafts.draft_put, name="draft_put"),
    path("submitted/<str:draft>/", drafts.draft_before_body, name="draft_before_body"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(f"{_DRAFT}settings/", drafts.settings, name="draft_settings"),
    path(f"{_DRAFT}undo/", drafts.undo, name="draft_undo"),
    path(f"{_DRAFT}submit/", drafts.submit, name="draft_submit"),
    path(f"{_DRAFT}take-back/", drafts.take_back, name="draft_take_back"),
    path(f"{_DRAFT}seal/", drafts.seal, name="draft_seal"),
    path(f"{_DRAFT}drop/", drafts.drop, name="draft_drop"),
    path(f"{_DRAFT}labels/<str:level>/<str:code>/", drafts.label, name="draft_label"),
    path(f"{_DRAFT}add/", questions.add, name="question_add"),
    path(f"{_QUESTION}edit/", questions.edit, name="question_edit"),
    path(f"{_QUESTION}withdraw/", questions.withdraw, name="question_withdraw"),
    path(f"{_QUESTION}restore/", questions.restore, name="question_restore"),
    path(f"{_QUESTION}join/", questions.join, name="question_join"),
    path(f"{_QUESTION}reason/", questions.reason, name="question_reason"),
    path(f"{_QUESTION}split/", questions.split, name="question_split"),
    path(f"{_QUESTION}merge/", questions.merge, name="question_merge"),
    path(f"{_QUESTION}move/", questions.move, name="question_move"),
    path(f"{_QUESTION}law/", questions.law, name="question_law"),
    path(f"{_QUESTION}marks/", questions.mark, name="question_marks"),
    path(f"{_QUESTION}translations/", questions.translations, name="translations"),
    path("<str:tool>/", reading.tool, name="tool"),
    path("<str:tool>/draft/", drafts.draft_new, name="draft_new"),
    path("<str:tool>/versions/<str:version>/", reading.version, name="version"),
    path("<str:tool>/questions/<path:code>/", reading.question, name="question"),
]

for _one in urlpatterns:
    if _one.callback.__module__ in (drafts.__name__, questions.__name__, reading.__name__):
        _one.callback.help = "how-to/write-a-tool-version"  # type: ignore[attr-defined]
