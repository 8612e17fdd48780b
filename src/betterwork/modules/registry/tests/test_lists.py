"""Lists of factories: a dry run row by row, then taken as shown; formulas are text or refused."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime

import openpyxl
import pytest

from betterwork.core.errors import WrongUse
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.ledger.models import Entry
from betterwork.modules.registry.judging import lines_judged
from betterwork.modules.registry.lists import COLUMNS, heading_key, lines_of
from betterwork.modules.registry.models import (
    Enrolment,
    Factory,
    FactoryImport,
    FactoryName,
    ImportRow,
    Site,
    Workforce,
)
from betterwork.modules.registry.services import factories_ensure, factory_merge, factory_set, list_give, list_take

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A2")]
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
HEAD = (
    "Country,Number,Name,Since,Town,Owner,Headquarters,ISIC division,Buyer 1,Buyer 1 since,"
    "Women,Men,Counted on,Cycle,Enrolled on,Exports,Exports source"
)
FULL = (
    "Viet Nam,7,Bình Minh,2020-05-01,Huế,Example Ltd,Taipei,14,Buyer One,2009,"
    "800,200,31/01/2026,2,2026-02-01,yes,Ministry list"
)


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def given(*rows: str, countries=None, head: str = HEAD) -> FactoryImport:
    return list_give(actor="p-1", content=csv_of(*rows, head=head), name="list.csv", countries=countries, at=AT)


def verdicts(one: FactoryImport) -> list[str]:
    return list(ImportRow.objects.filter(of=one).order_by("number").values_list("verdict", flat=True))


def test_a_dry_run_writes_nothing_and_taking_it_does_what_was_shown() -> None:
    factories_ensure(actor="p-1", wanted={("VN", "1"): "Same", ("VN", "2"): "Old name"}, at=AT)
    entries = Entry.objects.count()
    one = given(FULL, "vn,1,Same", "VNM,2,New name,,Huế", "Nowhere,3,X", "VN,7,Twice", head=HEAD)
    assert verdicts(one) == ["added", "unchanged", "changed", "refused", "refused"]
    assert (one.added, one.changed, one.unchanged, one.refused) == (1, 1, 1, 2)
    assert Entry.objects.count() == entries + 1 and not Factory.objects.filter(outside_id="7").exists()
    changed = ImportRow.objects.get(of=one, verdict="changed")
    assert ["name", "Old name", "New name"] in changed.changes and ["town", "", "Huế"] in changed.changes
    assert "row 2 speaks of this factory" in ImportRow.objects.filter(of=one).latest("number").reasons[0]
    list_take(actor="p-1", given=one, countries=None, at=AT)
    made = Factory.objects.get(outside_id="7")
    assert (made.name, Site.objects.get(factory=made).since) == ("Bình Minh", date(2020, 5, 1))
    assert Workforce.objects.get(factory=made).workers == 1000 and Enrolment.objects.get(factory=made).cycle == 2
    renamed = Factory.objects.get(outside_id="2")
    assert renamed.name == "New name"
    assert [row.name for row in FactoryName.objects.filter(factory=renamed).order_by("pk")] == ["Old name", "New name"]
    with pytest.raises(WrongUse, match="already"):
        list_take(actor="p-1", given=one, countries=None, at=AT)
    again = given(FULL, "VN,2,New name,,Huế")
    assert verdicts(again) == ["unchanged", "unchanged"]
    with pytest.raises(WrongUse, match="Nothing"):
        list_take(actor="p-1", given=again, countries=None, at=AT)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Atlantis,1,X", "no country programme"),
        ("JO,1,X", "not yours"),
        ("VN,,X", "number and a name"),
        ("VN,1,", "number and a name"),
        (f"VN,{'9' * 65},X", "longer"),
        ("VN,1,X,2030-01-01", "to come"),
        ("VN,1,X,01-02-2020", "no day"),
        ("VN,1,X,,,,Taipei", "who owns it"),
        ("VN,1,X,,,,,fourteen", "division"),
        ("VN,1,X,,,,,,Buyer,soon", "whole number"),
        ("VN,1,X,,,,,,,2009", "buyer has a name"),
        ("VN,1,X,,,,,,,,5", "headcount has"),
        ("VN,1,X,,,,,,,,5,-5,2020-01-01", "whole number"),
        ("VN,1,X,,,,,,,,5,5,2030-01-01", "to come"),
        ("VN,1,X,,,,,,,,,,,2", "first day"),
        ("VN,1,X,,,,,,,,,,,0,2020-01-01", "from 1"),
        ("VN,1,X,,,,,,,,,,,,,maybe,List", "Choose one of"),
        ("VN,1,X,,,,,,,,,,,,,yes", "where this is written"),
        ("VN,1,X,,,,,,,,,,,,,,,extra", "more cells"),
        (f"VN,1,{'x' * 501}", "longer"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_the_reason(row: str, why: str) -> None:
    one = given(row, "VN,2,Good", countries={"VN"})
    assert verdicts(one) == ["refused", "added"]
    assert why in " ".join(ImportRow.objects.get(of=one, verdict="refused").reasons)
    assert ImportRow.objects.get(of=one, verdict="refused").changes == []


def test_a_row_of_a_record_merged_away_is_refused() -> None:
    made = factories_ensure(actor="p-1", wanted={("VN", "1"): "A", ("VN", "2"): "A"}, at=AT)
    factory_merge(actor="p-1", kept=made["VN", "1"], gone=made["VN", "2"], reason="same", at=AT)
    assert verdicts(given("VN,1,A", "VN,2,Another")) == ["unchanged", "refused"]


def test_a_list_is_not_taken_when_the_register_changed_meanwhile() -> None:
    made = factories_ensure(actor="p-1", wanted={("VN", "1"): "A"}, at=AT)["VN", "1"]
    one = given("VN,1,A,,Huế")
    factory_set(actor="p-2", factory=made, what="site", values={"town": "Hội An"}, since=AT.date(), at=AT)
    with pytest.raises(WrongUse, match="changed since you looked"):
        list_take(actor="p-1", given=one, countries=None, at=AT)
    assert Site.objects.get(withdrawn_at__isnull=True).town == "Hội An"
    one.refresh_from_db()
    assert one.state == FactoryImport.READ


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_a_name(sign: str, cast) -> None:
    one = given(f'VN,1,"{sign}cmd|calc!A1"')
    list_take(actor="p-1", given=one, countries=None, at=AT)
    assert Factory.objects.get().name == f"{sign}cmd|calc!A1"
    answer = cast.client("manager").get("/factories/?format=csv")
    assert f"'{sign}cmd" in b"".join(answer.streaming_content).decode()


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_with_its_days_and_a_formula_is_refused() -> None:
    data = workbook(
        [
            ["Country", "Number", "Name", "Women", "Men", "Counted on"],
            ["VN", 1, "One", 10, 5.0, datetime(2026, 1, 31)],
            ["VN", 2, "=HYPERLINK(1)", 10, 5, date(2026, 1, 31)],
            ["VN", 3, "Three", "=1+1", 5, date(2026, 1, 31)],
            [None, None],
            ["VN", 4, "Four"],
        ]
    )
    one = list_give(actor="p-1", content=data, name="list.xlsx", countries=None, at=AT)
    assert verdicts(one) == ["added", "refused", "refused", "added"]
    assert "formula" in ImportRow.objects.filter(of=one, verdict="refused").first().reasons[0]
    list_take(actor="p-1", given=one, countries=None, at=AT)
    assert Workforce.objects.get().on == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Country,Number\nVN,1\n", "name is missing"),
        (b"Country,Number,Name,Shoe size\nVN,1,A,44\n", "Shoe size"),
        (b"Country,Number,Name,Factory\nVN,1,A,A\n", "say the same"),
        (b"\n\n", "empty"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(data: bytes, why: str) -> None:
    with pytest.raises((WrongUse, FileRefused), match=why):
        list_give(actor="p-1", content=data, name="x.csv", countries=None, at=AT)
    with pytest.raises((WrongUse, FileRefused)):
        list_give(actor="p-1", content=b"PK\x03\x04 no workbook", name="x.xlsx", countries=None, at=AT)


def test_a_long_list_is_looked_through_with_few_queries_and_taken_by_a_job(django_assert_max_num_queries) -> None:
    rows = [f"VN,{n},Works {n},2020-01-01,Huế" for n in range(1200)]
    lines = lines_of(csv_of(*rows))
    with django_assert_max_num_queries(60):
        lines_judged(lines, countries=None, today=AT.date())
    one = given(*rows, "VN,1,Said twice", "JO,x,One of Jordan", "VN,7,Again")
    assert (one.added, one.refused) == (1201, 2)
    one = list_take(actor="p-1", given=one, countries=None, at=AT)
    assert one.state == FactoryImport.TAKING and not Factory.objects.exists()
    with pytest.raises(WrongUse, match="already"):
        list_take(actor="p-1", given=one, countries=None, at=AT)
    jobs_run_all(AT)
    one.refresh_from_db()
    assert (one.state, Factory.objects.count(), Site.objects.count()) == (FactoryImport.TAKEN, 1201, 1200)
    assert Factory.objects.get(country="VN", outside_id="1").name == "Works 1"


def test_every_column_is_known_by_the_heading_of_the_empty_list() -> None:
    assert len({heading_key(one) for names in COLUMNS.values() for one in names}) == sum(map(len, COLUMNS.values()))
    head = ";".join(names[0] for names in COLUMNS.values())
    assert lines_of(f"{head}\nVN;1;A".encode())[0].cells == {"country": "VN", "outside_id": "1", "name": "A"}


def _workbook_of(rows: str) -> bytes:
    """A workbook whose sheet holds these rows as they stand, and does not say how large it is."""
    import re
    import zipfile

    book, made, out = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["country", "number", "name"])
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub("<dimension[^>]*/>", "", part.decode())
                part = text.replace("</sheetData>", f"{rows}</sheetData>").encode()
            new.writestr(name, part)
    return out.getvalue()


def test_a_small_workbook_that_unfolds_into_millions_of_cells_is_refused_and_holds_up_nobody() -> None:
    """One cell in the last of 16,384 columns, in every row: 150 kB that took three minutes to read."""
    wide = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 3_000))
    with pytest.raises(WrongUse, match="empty columns"):
        lines_of(_workbook_of(wide))


def test_a_row_full_of_formulas_is_looked_at_once() -> None:
    cells = "".join(f'<c r="{openpyxl.utils.get_column_letter(n)}2"><f>1</f></c>' for n in range(1, 16_385))
    began = time.perf_counter()
    assert lines_of(_workbook_of(f'<row r="2">{cells}</row>')) == []
    assert time.perf_counter() - began < 5, "it took half a minute"


def test_rows_beyond_what_a_workbook_says_of_its_size_are_read_too() -> None:
    """Some programs write the size of the empty sheet: what was filled in later must not be lost in silence."""
    import zipfile

    out = io.BytesIO()
    row = "".join(f'<c r="{column}2" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in
                  (("A", "VN"), ("B", "7"), ("C", "Beyond")))  # fmt: skip
    whole = _workbook_of(f'<row r="2">{row}</row>')
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"<sheetData>", b'<dimension ref="A1:C1"/><sheetData>')
            new.writestr(name, part)
    (line,) = lines_of(out.getvalue())
    assert line.cells["name"] == "Beyond"


def test_who_lost_a_country_reads_its_lists_no_more_though_she_gave_them(cast) -> None:
    """A row shows what the register said before: it is read by the role of today."""
    from betterwork.foundation.doors.actor import Actor, Held
    from betterwork.modules.registry.policy import IMPORTS_READ

    factories_ensure(actor="p-1", wanted={("VN", "1"): "Old name"}, at=AT)
    one = given("VN,1,New name")
    refused = given("JO,5,X", countries={"VN"})
    both = frozenset({Held("team-leader", "country:VN"), Held("team-leader", "country:KH")})
    assert set(IMPORTS_READ.visible_to(Actor("p-1", both))) == {one, refused}
    moved = Actor("p-1", frozenset({Held("team-leader", "country:KH")}))
    assert set(IMPORTS_READ.visible_to(moved)) == {refused}
    assert not IMPORTS_READ.may(moved, one)
