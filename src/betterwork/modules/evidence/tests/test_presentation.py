"""Tables as files and as text: columns as promised, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from betterwork.core.evidence.tables import Stamp, Table
from betterwork.modules.evidence import queries
from betterwork.modules.evidence.presentation import table_bytes
from betterwork.modules.evidence.queries import Choice, Store

PROMISED = {
    "rates by point": "country, cluster, compliance_point, assessments, noncompliant, rate, rate_low, rate_high",
    "rates by question": "country, cluster, compliance_point, question_code, question, assessments, noncompliant, "
    "rate, rate_low, rate_high",
    "rates by cluster": "country, cluster, assessments, noncompliant, rate, rate_low, rate_high, points, "
    "mean_point_rate",
    "rates by factory": "country, factory_id, factory, points, noncompliant, rate",
    "trend by point": "country, cluster, compliance_point, cycle, assessments, noncompliant, rate, rate_low, "
    "rate_high, comparable, note",
    "trend by cluster": "country, cluster, period, assessments, noncompliant, rate, rate_low, rate_high, comparable, "
    "note",
    "effort by point": "country, cluster, compliance_point, factories, before_rate, now_rate, improvement, fixed, "
    "relapsed, unchanged_noncompliant, unchanged_compliant, p_value",
    "tenure by cluster": "country, cluster, years, assessments, noncompliant, rate, rate_low, rate_high",
}


@pytest.mark.capability("P1")
@pytest.mark.parametrize("name", PROMISED)
def test_the_columns_are_those_of_the_contract(small_store: Store, name: str) -> None:
    table, _, by = name.split()
    words = {"panel": 2} if name == "trend by point" else {"period": "year"} if table == "trend" else {}
    made = getattr(queries, table)(small_store, by, Choice(country="VN"), **words)
    assert ", ".join(made.columns) == PROMISED[name]
    assert made.rows and made.rows == sorted(made.rows)
    assert {row[0] for row in made.rows} == {"Viet Nam"}
    assert made.definition and made.snapshot.digest


@pytest.mark.capability("P1")
def test_csv_is_utf8_without_a_mark_with_full_shares_and_plain_newlines(small_store: Store) -> None:
    table = queries.rates(small_store, "factory")
    data = table_bytes(table, "csv")
    assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    assert tuple(rows[0]) == table.columns and len(rows) == len(table.rows) + 1
    assert [float(row[5]) for row in rows[1:]] == [row[5] for row in table.rows]
    assert any(row[2] == 'Công ty May "Hòa Bình" 22, Ltd' for row in rows)
    trend = table_bytes(queries.trend(small_store, "cluster", panel=2), "csv").decode()
    assert ",true," in trend and ",false," in trend


@pytest.mark.capability("P1")
def test_json_and_parquet_have_the_same_fields_and_their_definition(small_store: Store) -> None:
    table = queries.trend(small_store, "point", panel=2)
    content = json.loads(table_bytes(table, "json"))
    assert content["rows"] == table.records() and content["columns"] == list(table.columns)
    assert content["definition"] == table.definition and content["notes"] == list(table.notes)
    assert content["snapshot"]["digest"] == table.snapshot.digest and content["rules"]["panel"] == 2
    parquet = pq.read_table(io.BytesIO(table_bytes(table, "parquet")))
    assert parquet.to_pylist() == table.records()
    assert json.loads(parquet.schema.metadata[b"snapshot"])["documents"] == table.snapshot.documents
    assert parquet.schema.metadata[b"definition"].decode() == table.definition


@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
def test_the_same_table_gives_the_same_bytes_also_without_rows(small_store: Store, form: str) -> None:
    for choice in (Choice(country="VN"), Choice(cycle=99)):
        first, again = (queries.rates(small_store, "cluster", choice) for _ in range(2))
        assert table_bytes(first, form) == table_bytes(again, form)


def test_the_text_shows_per_cent_then_the_definition_and_last_the_snapshot() -> None:
    stamp = Stamp("spring", "ab" * 32, "2020-01-01T00:00:00Z", 7, "0.1.0")
    rows = [("Viet Nam", "Paid\nLeave", 7, 6, 6 / 7, 0.486871, 0.974316), ("Viet Nam", "ប្រាក់", 10, 0, 0.0, 0.0, 0.2775)]
    columns = ("country", "compliance_point", "assessments", "noncompliant", "rate", "rate_low", "rate_high")
    table = Table("x", columns, rows, "What it is.", ("One left out.",), stamp, {})
    lines = table_bytes(table, "table").decode().splitlines()
    assert lines[2].split() == ["Viet", "Nam", "Paid", "Leave", "7", "6", "86", "%", "49", "%", "–", "97", "%"]
    assert lines[3].endswith("10             0   0 %     0 % – 28 %")
    assert lines[5:7] == ["What it is.", "One left out."]
    assert lines[-1].startswith("Snapshot: spring, 7 documents") and "abababab" in lines[-1]


def test_a_small_improvement_is_no_minus_zero() -> None:
    stamp = Stamp("x", "0" * 64, "", 1, "")
    text = table_bytes(Table("x", ("improvement",), [(-0.001,)], "", (), stamp, {}), "table").decode()
    assert "\u2212<1 %" in text and "0 %" not in text
