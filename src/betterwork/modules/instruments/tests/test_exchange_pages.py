"""Files and differences through the doors: taken away, changed, looked at, brought back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import CountryMark, Known, LegalLink, Relation, TranslatedText
from betterwork.foundation.translations.models import Translation
from betterwork.modules.instruments.draft_services import draft_undo
from betterwork.modules.instruments.drafts import draft_content, draft_read
from betterwork.modules.instruments.exchange_packing import file_packed, file_read, file_unpacked, file_write
from betterwork.modules.instruments.exchange_services import draft_file, draft_file_preview, draft_file_take
from betterwork.modules.instruments.models import DraftChange
from betterwork.modules.instruments.queries import tool_version
from betterwork.modules.instruments.reference import reference_rows
from betterwork.modules.instruments.rules import BadTool
from betterwork.modules.instruments.tests.worlds import AT, CODE, again, begun, changed

pytestmark = pytest.mark.django_db
TURNED = {"added": "withdrawn", "withdrawn": "added", "split": "merged", "merged": "split"}


def page(cast, word: str, name: str, query: str = "", **kwargs):
    return cast.client(word).get(reverse(f"instruments:{name}", kwargs=kwargs) + query)


def text(response) -> str:
    return response.content.decode()


def told_by_the_page(shown: str) -> Counter[tuple[str, str, str]]:
    """The rows of the difference as a reader meets them: (word of the tag, codes)."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in re.findall(r"<tr><th scope=\"row\"><bdi>(.*?)</tr>", shown, re.S):
        codes = row.partition("</bdi>")[0]
        word = re.search(r'class="tag[^"]*">([^<]*)<', row)
        if word is None:
            continue
        one, _arrow, other = codes.partition(" → ")
        found[word[1].lower(), one, other or one] += 1
    return found


def expected(rows: list[dict[str, str]], turned: bool) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        relation, one, other = row["relation"], row["predecessor"], row["successor"]
        if turned:
            relation, one, other = TURNED.get(relation, relation), other, one
        found[relation, one or other, other or one] += 1
    return found


@pytest.mark.capability("B2")
@pytest.mark.parametrize(("older", "newer", "turned"), [("2009", "2014", False), ("2014", "2009", True)])
def test_page_and_files_tell_each_row_of_the_lineage_once_and_nothing_else(cast, older, newer, turned) -> None:
    rows = reference_rows("lineage.csv")
    kwargs = {"tool": "garment", "older": older, "newer": newer}
    shown = text(page(cast, "workers", "difference", **kwargs))
    assert told_by_the_page(shown) == expected(rows, turned)
    assert shown.count("<h1") == 1
    for row in rows:
        assert row["reason"] in shown
    found = json.loads(text(page(cast, "workers", "difference", "?format=json", **kwargs)))
    assert Counter(
        (one["relation"], one["predecessor"] or one["successor"], one["successor"] or one["predecessor"])
        for one in found
    ) == expected(rows, turned)
    data = text(page(cast, "workers", "difference", "?format=csv", **kwargs)).lstrip("\ufeff")
    assert [one["relation"] for one in csv.DictReader(io.StringIO(data))] == [one["relation"] for one in found]


def test_the_counts_of_the_page_lead_to_the_rows_they_count(cast) -> None:
    kwargs = {"tool": "garment", "older": "2009", "newer": "2014"}
    for name, count in (("added", 13), ("split", 2), ("merged", 2), ("reworded", 6)):
        shown = text(page(cast, "advisor", "difference", f"?only={name}", **kwargs))
        assert sum(told_by_the_page(shown).values()) == count
    assert sum(told_by_the_page(text(page(cast, "advisor", "difference", "?only=%3Cb", **kwargs))).values()) == 23


def test_labels_that_changed_are_told_once_and_words_are_told_without_colour(cast) -> None:
    shown = text(page(cast, "advisor", "difference", tool="garment", older="2009", newer="2014"))
    assert shown.count("Hazardous Work and Other Worst Forms") >= 1
    assert '<del><bdi class="visually-hidden">[taken out: </bdi>' in shown
    assert '<ins><bdi class="visually-hidden">[new: </bdi>' in shown


def test_the_difference_needs_few_queries_and_a_stranger_signs_in(cast) -> None:
    client = cast.client("advisor")
    url = reverse("instruments:difference", kwargs={"tool": "garment", "older": "2009", "newer": "2014"})
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as made:
        client.get(url)
    assert len([one for one in made if "instruments_" in one["sql"] or "documents_" in one["sql"]]) <= 4
    assert cast.client("stranger").get(url).status_code == 302
    assert page(cast, "advisor", "difference", tool="garment", older="2009", newer="1999").status_code == 404
    chosen = page(cast, "advisor", "difference_choose", "?older=2014&newer=2009", tool="garment")
    assert chosen.url.endswith("/2014/2009/")


@pytest.mark.capability("B3")
def test_staff_and_the_body_read_what_a_draft_changes_and_others_do_not(cast) -> None:
    draft = changed(begun())
    for word, status in {"manager": 200, "advisor": 200, "abroad": 404, "nobody": 404, "inspector": 404}.items():
        assert page(cast, word, "draft_difference", draft=draft.key).status_code == status, word
    shown = text(page(cast, "manager", "draft_difference", draft=draft.key))
    assert told_by_the_page(shown) == Counter({("reworded", CODE, CODE): 1})
    assert "the labour code changed" in shown
    since = text(page(cast, "manager", "draft_difference", "?from=2009", draft=draft.key))
    assert sum(told_by_the_page(since).values()) == 23
    assert "2009 → 2014 split" in since


@pytest.mark.capability("B2", "P1")
@pytest.mark.parametrize("form", ["xlsx", "yaml", "json"])
def test_a_sealed_version_is_taken_away_and_read_back_the_same(cast, form: str) -> None:
    answer = page(cast, "workers", "version_file", tool="garment", version="2014", form=form)
    assert answer.status_code == 200
    assert f"garment-2014.{form}" in answer["Content-Disposition"]
    version, lineage = tool_version("garment", "2014")
    found = file_read(answer.content)
    assert found.version == replace(version, digest="")
    assert found.lineage == lineage
    assert page(cast, "workers", "version_file", tool="garment", version="2014", form="exe").status_code == 404


def edited_workbook(data: bytes, changes: dict[str, str]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for row in book["questions"].iter_rows(min_row=2):
        if row[0].value in changes:
            row[7].value = changes[row[0].value]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.capability("B2", "B5", "P1")
def test_a_workbook_is_taken_changed_looked_at_and_brought_back(cast) -> None:
    draft = begun()
    taken = page(cast, "manager", "draft_file", draft=draft.key, form="xlsx")
    data = edited_workbook(taken.content, {CODE: "Is any exit locked or blocked?"})
    client, url = cast.client("manager"), reverse("instruments:draft_import", kwargs={"draft": draft.key})
    look = client.post(url, {"file": SimpleUploadedFile("mine.xlsx", data)})
    shown = text(look)
    assert told_by_the_page(shown) == Counter({("reworded", CODE, CODE): 1})
    assert "Nothing is changed yet" in shown
    assert draft_read(again(draft)).by_code[CODE].text != "Is any exit locked or blocked?"
    assert not DraftChange.objects.filter(draft=draft).exists()
    packed = re.search(r'name="packed" value="([^"]+)"', shown)[1]
    seen = re.search(r'name="seen" value="(\d+)"', shown)[1]
    assert client.post(url, {"packed": packed, "seen": seen}).url.endswith(f"/drafts/{draft.key}/")
    content, links = draft_content(again(draft))
    assert content.by_code[CODE].text == "Is any exit locked or blocked?"
    assert [(one.relation, one.successor) for one in links] == [(Relation.REWORDED, CODE)]
    assert client.post(url, {"packed": packed, "seen": seen}).url.endswith("/import/")


def test_a_draft_taken_and_brought_back_unchanged_changes_nothing(cast) -> None:
    draft = changed(begun())
    client, url = cast.client("manager"), reverse("instruments:draft_import", kwargs={"draft": draft.key})
    for form in ("xlsx", "yaml"):
        data = page(cast, "manager", "draft_file", draft=draft.key, form=form).content
        assert "There is nothing to take" in text(client.post(url, {"file": SimpleUploadedFile("a", data)}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7 hello", "neither a workbook"),
        (b"\xd0\xcf\x11\xe0 old xls", "neither a workbook"),
        (b"PK\x03\x04 cut", "not a workbook"),
        (b"schema: other\n", "line 1: this is not a tool"),
        (b'{"schema": 1}', "not a tool version"),
        (b"{", "not well-formed JSON"),
        ("tool: é".encode("latin-1"), "not UTF-8"),
        (b" ", "empty"),
    ],
)
def test_a_bad_file_is_refused_on_the_page_in_one_line(cast, data: bytes, message: str) -> None:
    draft = begun()
    url = reverse("instruments:draft_import", kwargs={"draft": draft.key})
    answer = cast.client("manager").post(url, {"file": SimpleUploadedFile("a.xlsx", data)})
    assert answer.status_code == 200
    assert message in text(answer)
    assert not DraftChange.objects.filter(draft=draft).exists()


def test_only_who_writes_the_draft_brings_files_back(cast) -> None:
    draft = begun()
    for word in ("advisor", "abroad", "analyst", "workers", "nobody"):
        assert page(cast, word, "draft_import", draft=draft.key).status_code == 404, word
        if word != "advisor" and word != "analyst":
            assert page(cast, word, "draft_file", draft=draft.key, form="xlsx").status_code == 404, word
    closed = before_the_body()
    assert page(cast, "manager", "draft_import", draft=closed.key).status_code == 404


def before_the_body():
    draft = begun("2028-VN")
    type(draft).objects.filter(pk=draft.pk).update(state="submitted")
    return again(draft)


def taken(draft, file, seen: int | None = None):
    revision = draft.revision if seen is None else seen
    return draft_file_take(actor="p-manager", draft=draft, file=file, seen=revision, at=AT)


def test_a_file_of_another_tool_country_law_or_question_is_refused() -> None:
    draft = begun()
    file = draft_file(draft)
    for wrong, message in (
        (replace(file.version, tool="fire"), "of the tool “fire”"),
        (replace(file.version, country="KH"), "for the country “KH”"),
        (replace(file.version, legal=(LegalLink(CODE, "no-such-law"),)), "has no no-such-law"),
        (replace(file.version, marks=(CountryMark("X-1", "VN", Known.YES),)), "names the question X-1"),
        (replace(file.version, translations=(TranslatedText(CODE, "text", "xx", "a"),)), "no language is called xx"),
        (replace(file.version, translations=(TranslatedText(CODE, "title", "vi", "a"),)), "no such text"),
    ):
        with pytest.raises(WrongUse, match=message):
            draft_file_preview(actor="p-manager", draft=draft, file=replace(file, version=wrong), at=AT)
    assert not DraftChange.objects.filter(draft=draft).exists()


def test_who_changed_the_draft_meanwhile_is_not_written_over() -> None:
    draft = begun()
    file = draft_file(draft)
    changed(draft)
    with pytest.raises(WrongUse, match="Somebody changed the draft"):
        taken(again(draft), file, seen=0)


@pytest.mark.capability("B5")
def test_translations_in_a_file_are_proposed_for_a_second_person_and_marks_are_taken() -> None:
    draft = begun()
    file = draft_file(draft)
    said = TranslatedText(CODE, "text", "vi", "Lối thoát có bị chặn không?")
    version = replace(file.version, translations=(said,), marks=(CountryMark(CODE, "VN", Known.YES, Known.UNKNOWN),))
    shown = draft_file_preview(actor="p-manager", draft=draft, file=replace(file, version=version), at=AT)
    assert shown.translations == (said,)
    assert not Translation.objects.exists()
    taken(draft, replace(file, version=version))
    row = Translation.objects.get()
    assert (row.text, row.state, row.proposed_by) == (said.text, "draft", "p-manager")
    now = draft_file(again(draft))
    assert now.version.translations == (said,)
    assert now.version.marks == version.marks
    assert draft_file_preview(actor="p-manager", draft=again(draft), file=now, at=AT).empty


def test_a_file_that_was_taken_is_taken_back_by_one_undo() -> None:
    draft = changed(begun())
    before = draft_read(again(draft))
    file = draft_file(again(draft))
    fewer = replace(file.version, questions=file.version.questions[1:])
    taken(again(draft), replace(file, version=fewer))
    assert len(draft_read(again(draft)).questions) == len(before.questions) - 1
    draft_undo(actor="p-manager", draft=again(draft), at=AT)
    assert draft_read(again(draft)) == before


@pytest.mark.parametrize("text_of", ["", "hello", "aGVsbG8=", "e30=", "%%"])
def test_a_packed_file_that_was_tampered_with_is_refused(text_of: str) -> None:
    with pytest.raises(BadTool):
        file_unpacked(text_of)


def test_a_packed_file_comes_back() -> None:
    file = draft_file(begun())
    assert file_unpacked(file_packed(file)) == file
    assert file_read(file_write(file, "json")) == file
