"""Searching the ledger: by everything, in pages, by few queries, as table, CSV and JSON."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from django.db import DatabaseError, connection, transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.commands import ledger
from betterwork.foundation.ledger.models import Entry, Verification
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.queries import entries_search, ledger_head
from betterwork.foundation.ledger.seals import drop_seals
from betterwork.foundation.ledger.services import NewEntry, entries_append, person_forget

AT = datetime(2015, 3, 1, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def entries(db: None, settings, tmp_path) -> None:
    settings.BETTERWORK_HOME = tmp_path
    some = [
        NewEntry("audit", "visit.planned", "p-1", "visit 2015-1", {"who": personal("p-9", "Chan Sokha")}, AT),
        NewEntry("audit", "visit.moved", "p-2", "visit 2015-1", {"n": 2}, AT + timedelta(hours=2)),
        NewEntry("release", "report.released", "p-2", "report VN/8", {"to": "public"}, AT + timedelta(days=2)),
        NewEntry("audit", "visit.planned", "p-2", "Visit 2015-2".lower(), {"n": 4}, AT + timedelta(days=3)),
    ]
    with transaction.atomic():
        entries_append(new=some)


def found(**arguments) -> list[tuple[str, str]]:
    return [(one.action, one.actor) for one in entries_search(**arguments).entries]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(ledger, list(arguments))


@pytest.mark.capability("P2")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"actor": "p-1"}, [("visit.planned", "p-1"), ("ledger.key.used", "p-1")]),
        ({"subject": "visit 2015-1"}, [("visit.moved", "p-2"), ("visit.planned", "p-1")]),
        ({"subject": "visit 2015-*", "actor": "p-2"}, [("visit.planned", "p-2"), ("visit.moved", "p-2")]),
        ({"subject": "VISIT*"}, []),
        ({"action": "report.*"}, [("report.released", "p-2")]),
        ({"kind": "release"}, [("report.released", "p-2")]),
        ({"start": AT, "end": AT + timedelta(hours=2), "action": "visit.*"}, [("visit.planned", "p-1")]),
        ({"actor": "p-3"}, []),
    ],
    ids=str,
)
def test_entries_are_found_newest_first_by(arguments, expected) -> None:
    assert found(**arguments) == expected


def test_pages_follow_each_other_without_overlap_or_gap() -> None:
    numbers, before = [], None
    while True:
        page = entries_search(limit=2, before=before)
        numbers += [one.number for one in page.entries]
        before = page.before
        if before is None:
            break
    assert numbers == list(range(ledger_head().number, 0, -1))


def test_a_page_is_bounded() -> None:
    for limit in (0, 1001):
        with pytest.raises(WrongUse, match="1 to 1000"):
            entries_search(limit=limit)


def test_a_search_takes_two_queries_however_many_persons_it_shows(django_assert_num_queries) -> None:
    some = [NewEntry("audit", "role.given", "p-1", f"role {n}", {"x": personal(f"q-{n}", n)}, AT) for n in range(20)]
    with transaction.atomic():
        entries_append(new=some)
    with django_assert_num_queries(2):
        assert [one.content["x"] for one in entries_search(action="role.given", opened=True).entries] == [*range(20)][
            ::-1
        ]


def test_the_command_prints_a_table_with_personal_values_hidden() -> None:
    result = run("search", "--subject", "visit 2015-1")
    assert result.exit_code == 0
    header, moved, planned = result.stdout.splitlines()
    assert header.split() == ["number", "at", "kind", "action", "actor", "subject", "content"]
    assert "2015-03-02 01:00:00  audit  visit.moved" in moved
    assert '{"who":"[personal]"}' in planned


def test_days_of_the_command_are_inside_at_both_ends() -> None:
    rows = json.loads(run("search", "--from", "2015-03-01", "--to", "2015-03-02", "--format", "json").stdout)["entries"]
    assert [row["action"] for row in rows] == ["visit.moved", "visit.planned", "ledger.key.used"]


@pytest.mark.capability("P5")
def test_the_command_opens_personal_values_when_asked_and_shows_erased_ones_as_erased() -> None:
    arguments = ["search", "--actor", "p-1", "--action", "visit.planned", "--personal", "a test", "--format", "csv"]
    (row,) = csv.DictReader(run(*arguments).stdout.splitlines())
    assert json.loads(row["content"]) == {"who": "Chan Sokha"}
    person_forget(person_id="p-9", actor="p-1", at=AT)
    (row,) = csv.DictReader(run(*arguments).stdout.splitlines())
    assert json.loads(row["content"]) == {"who": "[erased]"}


def test_an_entry_that_somebody_made_unreadable_is_shown_as_such() -> None:
    drop_seals(connection)
    Entry.objects.filter(subject="report VN/8").update(content=b"{")
    (entry,) = entries_search(subject="report VN/8").entries
    assert entry.content == "[unreadable: run betterwork ledger verify]"


def test_the_command_says_how_to_get_the_next_page() -> None:
    head = ledger_head()
    result = run("search", "--limit", "1", "--format", "json")
    assert json.loads(result.stdout)["before"] == head.number
    assert result.stderr == f"more: --before {head.number}\n"


def test_head_and_verify_speak_of_the_same_entry() -> None:
    head = run("head").stdout.strip()
    assert head == str(ledger_head())
    result = run("verify", "--expect", head)
    assert result.exit_code == 0, result.output
    assert f"{ledger_head().number} entries: the chain holds, with the head that was kept. Head {head}" in result.stdout


@pytest.mark.capability("P2")
def test_a_look_at_the_whole_chain_is_kept_and_moves_no_head() -> None:
    head = ledger_head()
    assert run("verify").exit_code == 0
    assert run("verify", "--expect", str(head)).exit_code == 0
    drop_seals(connection)
    Entry.objects.filter(subject="report VN/8").update(actor="p-2")
    assert run("verify").exit_code == 1
    kept = Verification.objects.order_by("pk").values_list("actor", "number", "faults", "anchored", "first_fault")
    changed = Entry.objects.get(subject="report VN/8").number
    (good, anchored, bad) = list(kept)
    assert (good, anchored) == (("operator", head.number, 0, False, ""), ("operator", head.number, 0, True, ""))
    assert bad[2] > 0
    assert bad[4].startswith("the seals of") or f"entry {changed}:" in bad[4]
    assert ledger_head().number == head.number


def test_a_database_that_cannot_be_written_is_verified_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr("betterwork.foundation.ledger.services.verification_record", refuse)
    done = run("verify")
    assert (done.exit_code, "the chain holds" in done.stdout) == (0, True)
    assert "could not be kept" in done.stderr


@pytest.mark.capability("P5")
def test_opening_personal_values_on_the_command_line_is_an_entry_too() -> None:
    assert run("search", "--action", "visit.planned", "--personal", " ").exit_code != 0
    assert "Chan Sokha" in run("search", "--action", "visit.planned", "--personal", "a request").stdout
    (told,) = entries_search(action="ledger.personal.opened", opened=True).entries
    assert (told.actor, told.subject, told.content["reason"]) == ("operator", "person p-9", "a request")
