"""Sealed documents: digests, succession, and a database that refuses every change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.canonical import NotCanonical, canonical_bytes
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import document_faults, document_sections
from betterwork.foundation.documents.services import document_prepare, document_seal
from betterwork.foundation.ledger.seals import install_seals, missing_seals

AT = datetime(2015, 3, 1, tzinfo=UTC)
TABLE = SealedDocument._meta.db_table
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture
def sealed(db) -> SealedDocument:
    return document_seal(kind="example", key="a/1", sections={"public": {"n": 1}, "programme": {"n": 2}}, at=AT)


@given(values)
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(content) -> None:
    def turned(one):
        if isinstance(one, dict):
            return {key: turned(one[key]) for key in reversed(list(one))}
        return [turned(part) for part in one] if isinstance(one, list) else one

    assert canonical_bytes(turned(content)) == canonical_bytes(content)


@pytest.mark.parametrize("content", [{"a": 0.5}, {"é": 1}, {"a": [1, {"b": float("nan")}]}, {"a": object()}])
def test_what_has_no_single_form_is_refused(content) -> None:
    with pytest.raises(NotCanonical):
        canonical_bytes(content)


@given(values, values)
def test_a_prepared_document_gives_its_sections_back(one, other) -> None:
    prepared = document_prepare(kind="example", key="k", sections={"public": one, "programme": other})
    assert document_sections(prepared.body) == {"public": one, "programme": other}


def test_a_sealed_document_has_no_faults(sealed: SealedDocument) -> None:
    assert document_faults(SealedDocument.objects.get(pk=sealed.pk)) == []


def test_the_digest_of_one_section_changes_the_root_and_not_the_other_section() -> None:
    first = document_prepare(kind="k", key="1", sections={"public": {"n": 1}, "programme": {"n": 2}})
    second = document_prepare(kind="k", key="1", sections={"public": {"n": 1}, "programme": {"n": 3}})
    assert first.sections["public"] == second.sections["public"]
    assert first.digest != second.digest


@pytest.mark.capability("B2")
@pytest.mark.parametrize(
    "change",
    [
        lambda row: setattr(row, "reason", "x") or row.save(),
        lambda row: row.delete(),
        lambda row: SealedDocument.objects.filter(pk=row.pk).update(key="other"),
        lambda row: SealedDocument.objects.filter(pk=row.pk).delete(),
        lambda row: SealedDocument.objects.bulk_update([setattr(row, "key", "x") or row], ["key"]),
        lambda row: SealedDocument.objects.bulk_create(
            [SealedDocument(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | {"key": "x"})],
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["key"],
        ),
        lambda row: _sql(f"UPDATE {TABLE} SET body = 'x' WHERE id = %s", row.pk),
        lambda row: _sql(f"DELETE FROM {TABLE} WHERE id = %s", row.pk),
        lambda row: _sql(
            f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE id = %s ON CONFLICT (id) DO UPDATE SET key = 'x'", row.pk
        ),
    ],
    ids=["save", "delete", "update", "delete many", "bulk update", "upsert", "raw update", "raw delete", "raw upsert"],
)
def test_the_database_refuses_every_change(sealed: SealedDocument, change) -> None:
    before = SealedDocument.objects.values().get(pk=sealed.pk)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        change(SealedDocument.objects.get(pk=sealed.pk))
    assert {**SealedDocument.objects.values().get(pk=sealed.pk), "body": 0} == {**before, "body": 0}


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_replacing_a_row_is_refused_too(sealed: SealedDocument) -> None:
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        if connection.vendor == "sqlite":
            _sql(f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE} WHERE id = %s", sealed.pk)
        else:
            _sql(f"TRUNCATE {TABLE} CASCADE")


if connection.vendor == "sqlite":  # the statement and the pragma are SQLite's own

    @pytest.mark.django_db
    @pytest.mark.capability("B2")
    @pytest.mark.parametrize(
        "columns", [{}, {"id": None}, {"id": None, "digest": "0" * 64}], ids=["same row", "same digest", "same key"]
    )
    def test_replacing_a_row_is_refused_on_a_connection_that_never_set_recursive_triggers(
        sealed: SealedDocument, columns: dict[str, object]
    ) -> None:
        _sql("PRAGMA recursive_triggers=OFF")  # as any other program's connection is
        try:
            row = SealedDocument.objects.filter(pk=sealed.pk).values().get() | {"body": b"forged", **columns}
            row["sections"] = "{}"
            names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
            with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
                _sql(f"INSERT OR REPLACE INTO {TABLE} ({names}) VALUES ({marks})", *row.values())
        finally:
            _sql("PRAGMA recursive_triggers=ON")


def test_seals_come_back_after_a_table_lost_them(sealed: SealedDocument) -> None:
    with transaction.atomic():
        name = f"seal_{TABLE}_{'update' if connection.vendor == 'sqlite' else 'rows'}"
        _sql(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))
        assert missing_seals() == [TABLE]
        install_seals(connection)
        assert missing_seals() == []


def test_every_sealed_table_has_its_seals(db) -> None:
    assert missing_seals() == []


def test_a_correction_supersedes_once_and_says_why(sealed: SealedDocument) -> None:
    later = document_seal(
        kind="example", key="a/1", sections={"public": {"n": 9}}, at=AT, supersedes=sealed, reason="typo"
    )
    assert later.supersedes == sealed
    assert document_faults(later) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        document_seal(
            kind="example", key="a/1", sections={"public": {"n": 8}}, at=AT, supersedes=sealed, reason="again"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        document_seal(kind="example", key="a/1", sections={"public": {"n": 7}}, at=AT, supersedes=later)


def test_a_key_has_one_beginning(sealed: SealedDocument) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        document_seal(kind="example", key="a/1", sections={"public": {"n": 5}}, at=AT)


def test_a_changed_body_is_found(sealed: SealedDocument) -> None:
    forged = SealedDocument.objects.get(pk=sealed.pk)
    forged.body = document_prepare(kind="example", key="a/1", sections={"public": {"n": 1}, "programme": {"n": 3}}).body
    assert document_faults(forged) == ["section programme does not match its digest"]
