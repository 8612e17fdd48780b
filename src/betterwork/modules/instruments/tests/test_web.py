"""The pages of tools and drafts, through their doors."""

from __future__ import annotations

import gzip
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from betterwork.foundation.contributions.registry import home_tasks, search_hits
from betterwork.modules.bodies.tests import worlds as bodies
from betterwork.modules.instruments.drafts import draft_read
from betterwork.modules.instruments.models import DraftQuestion, Tool, ToolDraft, ToolVersion
from betterwork.modules.instruments.tests.worlds import AT, CODE, WHY, again, begun, changed, decided, submitted

pytestmark = pytest.mark.django_db


def page(cast, word: str, name: str, **kwargs):
    return cast.client(word).get(reverse(f"instruments:{name}", kwargs=kwargs))


def text(response) -> str:
    return response.content.decode()


def post(cast, word: str, name: str, data, htmx: bool = False, **kwargs):
    headers = {"HX-Request": "true"} if htmx else {}
    return cast.client(word).post(reverse(f"instruments:{name}", kwargs=kwargs), data, headers=headers)


@pytest.mark.capability("B1")
@pytest.mark.parametrize("word", ["advisor", "workers", "inspector", "factory", "nobody"])
def test_whoever_is_signed_in_reads_the_tools_and_every_sealed_question(cast, word: str) -> None:
    assert "2014" in text(page(cast, word, "tools"))
    shown = text(page(cast, word, "tool", tool="garment"))
    assert "historic, approval not recorded" in shown
    assert "Begin a draft" not in shown
    shown = text(page(cast, word, "version", tool="garment", version="2014"))
    assert shown.count("<tr>") >= 253
    assert shown.count("<h1") == 1
    shown = text(page(cast, word, "question", tool="garment", code="OSH-8-90"))
    assert "OSH-8-06" in shown
    assert "blocked and locked exits were one question" in shown


def test_what_is_no_tool_version_or_question_is_not_found(cast) -> None:
    for name, kwargs in (
        ("tool", {"tool": "none"}),
        ("version", {"tool": "garment", "version": "1999"}),
        ("question", {"tool": "garment", "code": "NO-1"}),
        ("draft", {"draft": "none"}),
    ):
        assert page(cast, "global", name, **kwargs).status_code == 404


@pytest.mark.capability("B2")
def test_a_draft_is_read_and_changed_by_its_country_and_no_other(cast) -> None:
    draft = begun()
    world = begun("2027", "")
    for word, status in {
        "manager": 200,
        "leader": 200,
        "advisor": 200,
        "global": 200,
        "analyst": 200,
        "abroad": 404,
        "workers": 404,
        "inspector": 404,
        "nobody": 404,
    }.items():
        assert page(cast, word, "draft", draft=draft.key).status_code == status, word
    for word, status in {"manager": 200, "leader": 200, "global": 200, "advisor": 404, "analyst": 404}.items():
        assert page(cast, word, "question_edit", draft=draft.key, code=CODE).status_code == status, word
    for word, status in {"global": 200, "manager": 404}.items():
        assert page(cast, word, "question_edit", draft=world.key, code=CODE).status_code == status, word
    assert page(cast, "leader", "draft_submit", draft=draft.key).status_code == 404
    assert page(cast, "abroad", "draft", draft=world.key).status_code == 200


def test_a_manager_begins_a_draft_for_her_country_and_for_no_other(cast) -> None:
    given = {"version": "2027-VN", "country": "VN", "base": "2014"}
    answer = post(cast, "manager", "draft_new", given, tool="garment")
    draft = ToolDraft.objects.get(version="2027-VN")
    assert answer.url == reverse("instruments:draft", kwargs={"draft": draft.key})
    for country in ("KH", ""):
        post(cast, "manager", "draft_new", {**given, "version": "x", "country": country}, tool="garment")
    assert ToolDraft.objects.filter(tool__code="garment").count() == 1
    assert "draft of version" in text(post(cast, "manager", "draft_new", given, tool="garment"))


@pytest.mark.capability("B2")
def test_a_question_is_edited_in_place_with_scripts_and_on_its_own_page_without(cast) -> None:
    draft = begun()
    shown = text(page(cast, "manager", "question_edit", draft=draft.key, code=CODE))
    assert "<h1" in shown
    question = draft_read(draft).by_code[CODE]
    given = {
        "seen": 0,
        "text": "Is any exit blocked?",
        "reporting_level": "factory",
        "zero_tolerance": question.zero_tolerance,
        "noncompliant_answer": question.noncompliant_answer,
        "legal_basis": "; ".join(question.legal_basis),
        "reason": WHY,
    }
    answer = post(cast, "manager", "question_edit", given, draft=draft.key, code=CODE)
    assert answer.status_code == 302
    assert draft_read(draft).by_code[CODE].text == "Is any exit blocked?"
    answer = post(
        cast, "manager", "question_edit", {**given, "seen": 1, "text": "Again?"}, True, draft=draft.key, code=CODE
    )
    assert answer.status_code == 200
    assert "Again?" in text(answer)
    assert "<h1" not in text(answer)


@pytest.mark.capability("B2")
def test_who_saves_over_anothers_words_is_shown_both_and_may_save_again(cast) -> None:
    draft = begun()
    changed(draft, text="Hers?", by="p-leader")
    given = {"seen": 0, "text": "Mine?", "reporting_level": "factory", "zero_tolerance": "yes", "reason": WHY}
    shown = text(post(cast, "manager", "question_edit", given, draft=draft.key, code=CODE))
    assert "Hers?" in shown
    assert "Mine?" in shown
    assert draft_read(draft).by_code[CODE].text == "Hers?"
    assert 'name="seen" value="1"' in shown
    post(cast, "manager", "question_edit", {**given, "seen": 1}, draft=draft.key, code=CODE)
    assert draft_read(draft).by_code[CODE].text == "Mine?"


@pytest.mark.capability("B2")
def test_every_step_has_its_page(cast) -> None:
    draft = begun()
    of = {"draft": draft.key, "code": "CHL-1-02"}
    parts = {"code_1": "CHL-1-02", "text_1": "A?", "code_2": "CHL-1-77", "text_2": "B?", "reason": WHY, "seen": 0}
    assert post(cast, "manager", "question_split", parts, **of).status_code == 302
    assert post(cast, "manager", "question_join", {}, **of).status_code == 302
    merged = {"others": "OSH-1-02", "successor": "OSH-1-01", "text": "Both?", "reason": WHY}
    assert post(cast, "manager", "question_merge", merged, draft=draft.key, code="OSH-1-01").status_code == 302
    moved = {"place": "OSH-3|", "reason": WHY}
    assert post(cast, "manager", "question_move", moved, draft=draft.key, code="OSH-2-02").status_code == 302
    law = {"references": ["ilo-c155"]}
    assert post(cast, "manager", "question_law", law, draft=draft.key, code="OSH-2-03").status_code == 302
    marks = {"country": "VN", "publicly_reported": "yes", "zero_tolerance": "not known"}
    assert post(cast, "manager", "question_marks", marks, draft=draft.key, code="OSH-2-03").status_code == 302
    new = {"code": "OSH-2-77", "kind": "compliance", "point": "OSH-2", "text": "New?", "reason": WHY}
    assert post(cast, "manager", "question_add", new, draft=draft.key).status_code == 302
    gone = {"reason": "no longer law"}
    assert post(cast, "manager", "question_withdraw", gone, draft=draft.key, code="OSH-2-04").status_code == 302
    why = {"reason": "another"}
    assert post(cast, "manager", "question_reason", why, draft=draft.key, code="OSH-2-04").status_code == 302
    shown = text(page(cast, "manager", "draft", draft=draft.key))
    assert "no longer law" not in shown
    assert "another" in shown
    assert post(cast, "manager", "question_restore", {}, draft=draft.key, code="OSH-2-04").status_code == 302
    assert post(cast, "manager", "draft_undo", {}, draft=draft.key).status_code == 302
    for name in ("question_split", "question_merge", "question_move", "question_law", "question_marks", "translations"):
        assert page(cast, "manager", name, draft=draft.key, code="OSH-3-01").status_code == 200, name
    for name in ("question_withdraw", "question_edit"):
        assert page(cast, "manager", name, draft=draft.key, code="OSH-3-01").status_code == 200, name
    for name in ("draft_settings", "draft_drop", "draft_submit", "question_add"):
        assert page(cast, "manager", name, draft=draft.key).status_code == 200, name
    assert page(cast, "global", "tool_new").status_code == 200
    assert page(cast, "manager", "draft_new", tool="garment").status_code == 200
    content = draft_read(draft)
    assert ("OSH-2-03", "ilo-c155") in content.legal
    assert content.marks[0].country == "VN"
    assert content.by_code["OSH-2-02"].point_code == "OSH-3"


@pytest.mark.capability("B1")
def test_a_refused_step_says_why_beside_what_was_typed(cast) -> None:
    draft = begun()
    assert page(cast, "manager", "draft_label", draft=draft.key, level="point", code="OSH-1").status_code == 200
    shown = text(post(cast, "manager", "draft_label", {"label": "X"}, draft=draft.key, level="point", code="OSH-1"))
    assert "same in all countries" in shown
    new = {"code": "CHL-1-02", "kind": "compliance", "point": "OSH-2", "text": "New words?", "reason": WHY}
    shown = text(post(cast, "manager", "question_add", new, draft=draft.key))
    assert "stands in the draft already" in shown
    assert "New words?" in shown


@pytest.mark.capability("B5")
def test_a_translation_is_proposed_by_one_and_approved_by_another(cast) -> None:
    draft = begun()
    of = {"draft": draft.key, "code": CODE}
    given = {"language": "vi", "field": "text", "text": "Lối thoát?"}
    assert post(cast, "manager", "translations", given, **of).status_code == 302
    shown = text(page(cast, "leader", "translations", **of))
    key = shown.partition('name="accept" value="')[2].partition('"')[0]
    post(cast, "manager", "translations", {"accept": key}, **of)
    assert "Approve it" not in text(page(cast, "leader", "translations", **of))
    for _ in range(2):
        post(cast, "leader", "translations", {"accept": key}, **of)
    assert ">Approved<" in text(page(cast, "leader", "translations", **of))


@pytest.mark.capability("B3", "L2")
def test_from_submitting_to_in_force_each_sees_what_is_hers(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = begun()
    changed(draft)
    of = {"draft": draft.key}
    assert page(cast, "workers", "draft_before_body", **of).status_code == 404
    assert "Submit to the committee" not in text(page(cast, "manager", "draft", **of))
    post(cast, "manager", "draft_settings", {"version": "2027-VN", "in_force_from": "2100-01-01"}, **of)
    assert "Submit to the committee" in text(page(cast, "manager", "draft", **of))
    post(cast, "manager", "draft_submit", {}, **of)
    assert again(draft).state == "submitted"
    shown = text(page(cast, "workers", "draft_before_body", **of))
    assert WHY in shown
    assert "Is any exit blocked?" in shown
    changes = shown.partition("What changes</h2>")[2].partition("All questions</h2>")[0]
    assert CODE in changes and "<ins>" in changes and "<del>" in changes
    assert page(cast, "workers", "draft", **of).status_code == 404
    assert page(cast, "workers", "draft_put", **of).url == f"/tools/submitted/{draft.key}/"
    assert page(cast, "manager", "draft_put", **of).url == f"/tools/drafts/{draft.key}/"
    assert page(cast, "abroad", "draft_put", **of).status_code == 404
    assert page(cast, "manager", "question_edit", draft=draft.key, code=CODE).status_code == 404
    assert "2027-VN" in text(page(cast, "workers", "tool", tool="garment"))
    shown = text(post(cast, "manager", "draft_seal", {"in_force_from": "2100-01-01"}, **of))
    assert "has not decided on it yet" in shown
    now = timezone.now()  # the page brought it before the committee by the real clock
    decided(again(draft), bodies.meeting_of(body, *seats.values(), day=now.date()), at=now)
    answer = post(cast, "manager", "draft_seal", {"in_force_from": "2100-01-01"}, **of)
    assert answer.url == reverse("instruments:version", kwargs={"tool": "garment", "version": "2027-VN"})
    assert "Trial committee, decision 1" in text(page(cast, "workers", "version", tool="garment", version="2027-VN"))
    assert page(cast, "manager", "draft", **of).status_code == 200


def test_home_says_what_came_back_and_the_search_finds_tools(cast) -> None:
    bodies.committee(cast)
    draft = submitted()
    ToolDraft.objects.filter(pk=draft.pk).update(state="returned", answered_at=AT)
    assert any("was returned" in str(task.title) for task in home_tasks(cast.actor("manager"), AT))
    assert not any("was returned" in str(task.title) for task in home_tasks(cast.actor("advisor"), AT))
    assert any(hit.url == "/tools/garment/" for hit in search_hits(cast.actor("workers"), "garment"))


MOST_QUERIES = 8
"""Of a whole page, who asks and the frame around it among them (DESIGN 4)."""


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        *((name, "begun") for name in ("tools", "tool", "version", "draft")),
        *(("draft", stands) for stands in ("changed", "submitted")),
        ("draft_before_body", "submitted"),
    ],
)
def test_pages_of_250_questions_ask_eight_queries_and_weigh_little(cast, name: str, stands: str) -> None:
    bodies.committee(cast)
    draft = {"begun": begun, "changed": lambda: changed(begun()), "submitted": submitted}[stands]()
    of = {"version": {"tool": "garment", "version": "2014"}, "tool": {"tool": "garment"}, "tools": {}}
    url = reverse(f"instruments:{name}", kwargs=of.get(name, {"draft": draft.key}))
    client = cast.client("workers" if name == "draft_before_body" else "manager")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = client.get(url)
        took = time.perf_counter() - began
    assert answer.status_code == 200
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:110] for one in asked.captured_queries)
    assert len(gzip.compress(answer.content, 6)) < 40 * 1000
    assert took < 2


def test_the_form_of_a_question_asks_few_queries(cast) -> None:
    draft = begun()
    url = reverse("instruments:question_edit", kwargs={"draft": draft.key, "code": CODE})
    client = cast.client("manager")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    own = [one["sql"] for one in asked.captured_queries if "instruments_" in one["sql"] or "documents_" in one["sql"]]
    assert len(own) <= 12, own


def test_a_draft_without_questions_says_what_to_do(cast) -> None:
    tool = Tool.objects.get(code="garment")
    ToolDraft.objects.create(key="empty", tool=tool, version="0", country="VN", made_by="p-manager", made_at=AT)
    assert "No question yet" in text(page(cast, "manager", "draft", draft="empty"))
    assert not DraftQuestion.objects.filter(draft__key="empty").exists()
    assert ToolVersion.objects.filter(tool="garment").count() == 2


def test_what_submitting_needs_is_not_called_optional(cast) -> None:
    draft = begun()
    for name, more, label in (
        ("draft_settings", {}, "In force from"),
        ("question_edit", {"code": CODE}, "Why it changes"),
    ):
        shown = text(page(cast, "manager", name, draft=draft.key, **more))
        label_of = shown.partition(f">{label}")[2].partition("</label>")[0]
        assert "optional" not in label_of and f">{label}" in shown
    assert "(optional)" in shown
