"""The trail as pages: who may read it, what it shows, what opening writes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from betterwork.foundation.ledger import words
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.queries import entries_search, ledger_head
from betterwork.foundation.ledger.rules import AUDIT, RELEASE
from betterwork.foundation.ledger.services import NewEntry, entries_append, entry_append, verification_record

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P2")]
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SECRET = "what was said of her"


@pytest.fixture
def entries(cast: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    settings.BETTERWORK_HOME, settings.LEDGER_KEY = tmp_path, ""
    monkeypatch.setattr(words, "SEEN", {"attachment.downloaded"})
    monkeypatch.setattr("betterwork.foundation.ledger.trail.SEEN", words.SEEN)
    monkeypatch.setitem(words.ACTION_WORDS, "visit.planned", "Visit planned")
    advisor, manager = cast.person("advisor").public_id, cast.person("manager").public_id
    audited = {"before": {"day": "1"}, "after": {"day": "2", "note": personal(advisor, SECRET)}}
    first = NewEntry(AUDIT, "test.done", "p-0", "test 1", {"x": personal("p-0", "the first, which makes the key")}, AT)
    with transaction.atomic():
        entries_append(new=[first])
        return entries_append(
            new=[
                NewEntry(AUDIT, "visit.planned", advisor, "visit VN/1", audited, AT),
                NewEntry(AUDIT, "attachment.downloaded", manager, "attachment 7", {}, AT),
                NewEntry(RELEASE, "report.released", manager, "attachment 7", {"to": "buyer 1"}, AT),
                NewEntry(AUDIT, "attachment.renamed", advisor, "attachment 7", {}, AT),
                NewEntry(AUDIT, "person.described", manager, f"person {advisor}", {}, AT),
                NewEntry(AUDIT, "test.done", "p-gone", "cmd 1", {}, AT),
            ]
        )


ADDRESSES = ("/trail/", "/trail/export/", "/trail/seen/?subject=attachment+7", "/trail/1/", "/trail/1/open/")


@pytest.mark.parametrize("word", ["advisor", "manager", "leader", "analyst", "factory", "buyer", "donor", "nobody"])
def test_nobody_but_auditors_and_global_staff_reads_the_trail(cast: Any, entries: list[Entry], word: str) -> None:
    client = cast.client(word)
    assert [client.get(address).status_code for address in ADDRESSES] == [404] * len(ADDRESSES)


@pytest.mark.parametrize("word", ["auditor", "global"])
def test_auditors_and_global_staff_read_all_of_it(cast: Any, entries: list[Entry], word: str) -> None:
    page = cast.client(word).get("/trail/").content.decode()
    assert "Visit planned" in page
    assert "Advisor of the cast" in page
    assert "a person who was erased" in page
    assert "the operator" in page
    assert SECRET not in page


def test_the_trail_is_narrowed_by_name_action_subject_kind_and_day(cast: Any, entries: list[Entry]) -> None:
    client = cast.client("auditor")

    def numbers(**asked: str) -> list[int]:
        return [row.number for row in client.get("/trail/", asked).context["entries"]]

    planned, downloaded, released, renamed, _, test = (one.number for one in entries)
    assert numbers(who="advisor OF") == [renamed, planned]
    assert numbers(who="p-gone") == [test]
    assert numbers(who="nobody of that name") == []
    assert numbers(subject="attachment 7") == [renamed, released, downloaded]
    assert numbers(subject="attach*", kind="release") == [released]
    assert numbers(action="visit.planned") == [planned]
    assert numbers(start="2026-03-01", end="2026-03-01")[:6] == [one.number for one in entries][::-1]
    assert numbers(start="2026-03-02", end="2026-03-05") == []
    page = client.get("/trail/", {"start": "not a day"})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_the_next_page_begins_where_this_one_ends(cast: Any, entries: list[Entry], monkeypatch: Any) -> None:
    monkeypatch.setattr("betterwork.foundation.ledger.trail.trail_page.__kwdefaults__", {"limit": 2, "reader": ""})
    client, seen, address = cast.client("auditor"), [], "?action="
    while address:
        page = client.get("/trail/" + address)
        seen += [row.number for row in page.context["entries"]]
        address = page.context["older"]
    assert seen == list(range(ledger_head().number, 0, -1))
    assert client.get("/trail/?before=99999999999999999999999").status_code == 200


def test_a_page_of_the_trail_takes_few_queries_whatever_its_length(
    cast: Any, entries: list[Entry], django_assert_max_num_queries: Any
) -> None:
    client = cast.client("auditor")
    client.get("/trail/")
    with django_assert_max_num_queries(14):
        client.get("/trail/", {"who": "cast"})


def test_an_entry_shows_what_changed_and_hides_what_is_personal(cast: Any, entries: list[Entry]) -> None:
    page = cast.client("auditor").get(f"/trail/{entries[0].number}/").content.decode()
    assert "[personal]" in page
    assert SECRET not in page
    assert "Before" in page
    assert entries[0].digest in page


def test_opening_personal_values_wants_a_reason_and_is_told_to_whom_they_speak_of(
    cast: Any, entries: list[Entry]
) -> None:
    client, address, before = cast.client("auditor"), f"/trail/{entries[0].number}/open/", ledger_head().number
    assert SECRET not in client.get(address).content.decode()
    assert SECRET not in client.post(address, {"reason": "  "}).content.decode()
    assert ledger_head().number == before
    assert SECRET in client.post(address, {"reason": "asked for by her"}).content.decode()
    (told,) = entries_search(action="ledger.personal.opened", opened=True).entries
    advisor = cast.person("advisor").public_id
    assert (told.actor, told.subject) == (cast.person("auditor").public_id, f"person {advisor}")
    assert told.content == {"entries": [entries[0].number], "reason": "asked for by her"}
    assert "Personal values opened" in cast.client("advisor").get("/trail/mine/").content.decode()


def test_an_entry_without_personal_values_cannot_be_opened(cast: Any, entries: list[Entry]) -> None:
    client, before = cast.client("auditor"), ledger_head().number
    client.post(f"/trail/{entries[1].number}/open/", {"reason": "x"})
    assert ledger_head().number == before


def test_who_has_seen_a_thing_are_those_it_was_given_to_and_those_who_opened_it(
    cast: Any, entries: list[Entry]
) -> None:
    page = cast.client("auditor").get("/trail/seen/", {"subject": "attachment 7"})
    assert [row.number for row in page.context["entries"]] == [entries[2].number, entries[1].number]
    assert "nobody was given this" in cast.client("auditor").get("/trail/seen/?subject=visit+9").content.decode()


def test_everybody_reads_what_is_recorded_of_her_and_nobody_is_named_there(cast: Any, entries: list[Entry]) -> None:
    page = cast.client("advisor").get("/trail/mine/")
    assert [row.number for row in page.context["entries"]] == [entries[4].number, entries[3].number, entries[0].number]
    assert [row.who for row in page.context["entries"]] == ["another person", "you", "you"]
    assert "Manager of the cast" not in page.content.decode()
    assert SECRET not in page.content.decode()
    assert cast.client("nobody").get("/trail/mine/").context["entries"] == []


def test_an_export_holds_all_that_was_asked_for_hides_what_is_personal_and_is_recorded(
    cast: Any, entries: list[Entry]
) -> None:
    client = cast.client("auditor")
    whole = b"".join(client.get("/trail/export/?format=csv&who=advisor").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(whole)))
    assert [int(row["number"]) for row in rows] == [entries[3].number, entries[0].number]
    assert SECRET not in whole
    assert json.loads(rows[1]["content"])["after"] == {"day": "2", "note": "[personal]"}
    lines = b"".join(client.get("/trail/export/?format=jsonl&subject=attachment+7").streaming_content).decode()
    assert [json.loads(line)["number"] for line in lines.splitlines()] == [one.number for one in entries[3:0:-1]]
    jsonl, as_csv = entries_search(action="ledger.trail.exported").entries
    assert as_csv.content == {"who": cast.person("advisor").public_id}
    assert jsonl.subject == "trail jsonl"


def test_no_cell_of_an_export_becomes_a_formula(cast: Any, entries: list[Entry]) -> None:
    person = cast.person("manager")
    type(person).objects.filter(pk=person.pk).update(name="=HYPERLINK(1)")
    whole = b"".join(cast.client("auditor").get("/trail/export/").streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in {row["who"] for row in csv.DictReader(io.StringIO(whole))}


def test_the_trail_says_when_somebody_last_looked_whether_the_chain_holds(cast: Any, entries: list[Entry]) -> None:
    client = cast.client("auditor")
    assert "Nobody has looked yet" in client.get("/trail/").content.decode()
    head = ledger_head()
    verification_record(actor="operator", head=head, faults=0, first_fault="", anchored=True, at=AT)
    page = client.get("/trail/").content.decode()
    assert f"The chain holds up to entry {head.number}" in page
    verification_record(actor="operator", head=head, faults=2, first_fault="entry 3: missing", anchored=True, at=AT)
    page = client.get("/trail/").content.decode()
    assert "The chain does not hold: 2 faults" in page
    assert "entry 3: missing" in page


def test_pages_write_what_a_thing_is_called_and_never_as_markup(cast: Any) -> None:
    with transaction.atomic():
        content = {"name": "<b>bold</b>"}
        entry = entry_append(kind=AUDIT, action="test.done", actor="p-1", subject="x <i>y</i>", content=content, at=AT)
    for address in ("/trail/", f"/trail/{entry.number}/"):
        page = cast.client("auditor").get(address).content.decode()
        assert "<b>bold" not in page
        assert "<i>y" not in page
