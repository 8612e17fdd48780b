"""Every kind of column keeps every value, on both databases."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, models, transaction
from django.test.utils import isolate_apps

from betterwork.foundation.backup.kinds import field_for, json_plain, kind_of
from betterwork.foundation.backup.rules import BadBackup
from betterwork.foundation.backup.tables import _table, rows_put, rows_read, table_counted
from betterwork.foundation.backup.tests.conftest import Server
from betterwork.foundation.backup.tests.instances import Instance, entered

VALUES: list[dict[str, Any]] = [
    {
        "number": -(1 << 63),
        "words": "Ünïcødé ភាសា \u202e \U0001f600 \\ \" '\n\t\r",
        "truth": True,
        "at": datetime(2026, 11, 22, 9, 0, 0, 1, tzinfo=UTC),
        "day": date(1, 1, 1),
        "clock": time(23, 59, 59, 999_999),
        "took": timedelta(days=-3, seconds=5, microseconds=7),
        "price": Decimal("-12345678.90"),
        "ratio": 0.1,
        "data": bytes(range(256)),
        "name": uuid.UUID(int=1),
        "content": {"b": [1, 0.1, 1e22, -0.0, None, True, {"é": "\u2028"}], "a": ""},
        "address": "2001:db8::1",
    },
    {
        "number": (1 << 63) - 1,
        "words": "",
        "truth": False,
        "at": datetime(1, 1, 2, tzinfo=UTC),
        "day": date(9999, 12, 31),
        "clock": time(0),
        "took": timedelta(0),
        "price": Decimal("0.00"),
        "ratio": 1e300,
        "data": b"",
        "name": uuid.UUID(int=(1 << 128) - 1),
        "content": [],
        "address": "192.0.2.1",
    },
]


@isolate_apps("betterwork.foundation.backup")
def every_kind() -> type[models.Model]:
    class Every(models.Model):
        key = models.CharField(primary_key=True, max_length=20)
        number = models.BigIntegerField(null=True)
        words = models.TextField(null=True)
        truth = models.BooleanField(null=True)
        at = models.DateTimeField(null=True)
        day = models.DateField(null=True)
        clock = models.TimeField(null=True)
        took = models.DurationField(null=True)
        price = models.DecimalField(null=True, max_digits=10, decimal_places=2)
        ratio = models.FloatField(null=True)
        data = models.BinaryField(null=True)
        name = models.UUIDField(null=True)
        content = models.JSONField(null=True)
        address = models.GenericIPAddressField(null=True)

        class Meta:
            app_label = "backup"
            db_table = "every_kind"

        def __str__(self) -> str:
            return str(self.key)

    return Every


KEYS = ["b", "B", "ä", "a", "Z", "ab", "a b", "a-b"]
"""In the order of their bytes on every database, whatever its language."""


def there_and_back(one: Instance, other: Instance) -> None:
    model = every_kind()
    table, lines = _table(model, "default"), []
    with entered(one):
        with connections["default"].schema_editor() as editor:
            editor.create_model(model)
        for number, key in enumerate(KEYS):
            values = VALUES[number] if number < len(VALUES) else {}
            model._base_manager.create(key=key, **values)
        lines = list(_read(table))
        first = table_counted_in(table)
    assert [line[2 : 2 + len(key.encode())] for line, key in zip(lines, sorted(KEYS), strict=True)] == [
        key.encode() for key in sorted(KEYS)
    ]
    with entered(other):
        with connections["default"].schema_editor() as editor:
            editor.create_model(model)
        with transaction.atomic():
            rows_put(connections["default"], table, b"".join(lines))
        assert table_counted_in(table) == first
        for number, values in enumerate(VALUES):
            row = model._base_manager.get(key=KEYS[number])
            assert {name: _bytes(getattr(row, name)) for name in values} == values
        empty = model._base_manager.get(key=KEYS[-1])
        assert all(getattr(empty, name) is None for name in VALUES[0])


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _read(table: Any) -> list[bytes]:
    with transaction.atomic():
        return list(rows_read(connections["default"], table))


def table_counted_in(table: Any) -> Any:
    with transaction.atomic():
        return table_counted(connections["default"], table).same


def test_every_value_comes_back_on_sqlite(tmp_path: Path) -> None:
    there_and_back(Instance(tmp_path / "one"), Instance(tmp_path / "other"))


def test_every_value_comes_back_from_sqlite_on_postgresql(server: Server, tmp_path: Path) -> None:
    there_and_back(Instance(tmp_path / "one"), server(tmp_path / "other"))


def test_every_value_comes_back_from_postgresql_on_sqlite(server: Server, tmp_path: Path) -> None:
    there_and_back(server(tmp_path / "one"), Instance(tmp_path / "other"))


def test_every_column_of_every_model_is_of_a_kind_that_is_known() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            field_for(kind_of(field))


def test_an_unknown_kind_is_refused() -> None:
    class Odd(models.Field[Any, Any]):
        def get_internal_type(self) -> str:
            return "OddField"

    with pytest.raises(TypeError, match="OddField"):
        kind_of(Odd())
    with pytest.raises(BadBackup, match="odd"):
        field_for("odd")


def test_json_is_written_in_one_way() -> None:
    assert json_plain('{"b": 1e16, "a": [-0.0, 0.10, 12345678901234567890123]}') == (
        '{"a":[0.0,0.1,12345678901234567890123],"b":10000000000000000}'
    )
