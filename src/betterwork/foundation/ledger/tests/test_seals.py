"""Sealed rows refuse every change, also after a migration that makes their table anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.seals import install_seals, missing_seals
from betterwork.foundation.ledger.services import entry_append

TABLE = Entry._meta.db_table
COLUMNS = [field.attname for field in Entry._meta.concrete_fields]


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def entry() -> Entry:
    with transaction.atomic():
        return entry_append(
            kind=AUDIT, action="visit.planned", actor="p-1", subject="visit 1", content={"n": 1},
            at=datetime(2015, 3, 1, tzinfo=UTC),
        )  # fmt: skip


CHANGES: dict[str, Callable[[Entry], object]] = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "update": lambda row: Entry.objects.filter(pk=row.pk).update(actor="other"),
    "delete many": lambda row: Entry.objects.all().delete(),
    "bulk update": lambda row: Entry.objects.bulk_update([row], ["actor"]),
    "upsert": lambda row: Entry.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["number"], update_fields=["actor"]
    ),
    "raw update": lambda row: _sql(f"UPDATE {TABLE} SET actor = 'x' WHERE number = %s", row.pk),
    "raw delete": lambda row: _sql(f"DELETE FROM {TABLE} WHERE number = %s", row.pk),
    "raw upsert": lambda row: _sql(
        f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS)} FROM {TABLE} WHERE number = %s "
        "ON CONFLICT (number) DO UPDATE SET actor = 'x'",
        row.pk,
    ),
    "replace or truncate": lambda row: (
        _sql(f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE} WHERE number = %s", row.pk)
        if connection.vendor == "sqlite"
        else _sql(f"TRUNCATE {TABLE}")
    ),
}


def refused(row: Entry, change: Callable[[Entry], object]) -> None:
    before = list(Entry.objects.order_by("number").values_list("number", "actor", "digest"))
    changed = Entry.objects.get(pk=row.pk)
    changed.actor = "other"
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        change(changed)
    assert list(Entry.objects.order_by("number").values_list("number", "actor", "digest")) == before


@pytest.mark.django_db
@pytest.mark.capability("P2")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_entry_refuses_every_change(change: Callable[[Entry], object]) -> None:
    refused(entry(), change)


if connection.vendor == "sqlite":  # the statement and the pragma are SQLite's own

    @pytest.mark.django_db
    @pytest.mark.capability("P2")
    @pytest.mark.parametrize("same", ["number", "rowid"])
    def test_no_program_replaces_an_entry_whatever_it_collides_with(same: str) -> None:
        row = entry()
        names = ", ".join(name for name in COLUMNS if name != "number")
        place, number = ("rowid", "number") if same == "number" else ("rowid", "99")
        take = f"SELECT {'99' if same == 'number' else place}, {number}, {names} FROM {TABLE} WHERE number = %s"
        _sql("PRAGMA recursive_triggers=OFF")  # as any other program's connection is
        try:
            with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
                _sql(f"INSERT OR REPLACE INTO {TABLE} (rowid, number, {names}) {take}", row.pk)
        finally:
            _sql("PRAGMA recursive_triggers=ON")
        assert Entry.objects.get(pk=row.pk).digest == row.digest


@pytest.fixture
def remade(transactional_db: None) -> Iterator[None]:
    """What a later migration does that changes a column; undone afterwards."""
    old = Entry._meta.get_field("subject")
    new = models.CharField(max_length=300)
    new.set_attributes_from_name("subject")
    new.model = Entry

    def alter(before: models.Field, after: models.Field) -> None:
        with connection.schema_editor() as editor:
            editor.alter_field(Entry, before, after)

    alter(old, new)
    assert missing_seals() == ([TABLE] if connection.vendor == "sqlite" else [])  # so the next line is needed
    call_command("migrate", verbosity=0)
    yield
    alter(new, old)
    install_seals(connection)


@pytest.mark.capability("P2")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_entry_refuses_every_change_after_a_migration_remade_its_table(
    remade: None, change: Callable[[Entry], object]
) -> None:
    assert missing_seals() == []
    refused(entry(), change)


@pytest.mark.django_db
def test_a_seal_that_was_replaced_by_one_that_refuses_nothing_is_missed() -> None:
    if connection.vendor == "sqlite":
        _sql(f"DROP TRIGGER seal_{TABLE}_update")
        _sql(f"CREATE TRIGGER seal_{TABLE}_update BEFORE UPDATE ON {TABLE} BEGIN SELECT 1; END")
    else:
        _sql(
            f"CREATE OR REPLACE FUNCTION seal_{TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        )
    assert missing_seals() == [TABLE]


@pytest.mark.django_db
def test_a_seal_that_is_switched_off_is_missed() -> None:
    if connection.vendor == "sqlite":  # which cannot switch one off, only drop it
        _sql(f"DROP TRIGGER seal_{TABLE}_delete")
    else:
        _sql(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    assert missing_seals() == [TABLE]
