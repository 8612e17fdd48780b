"""Triggers by which the database refuses to change or delete what is sealed.

A room names its sealed tables with ``seal_table``; the triggers are put back after every
migration (SQLite drops them silently when it remakes a table) and looked for at start-up.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

SEALED_TABLES: set[str] = set()


def seal_table(table: str) -> None:
    """Declare that rows of ``table`` may be added and never changed or removed."""
    SEALED_TABLES.add(table)


def _sqlite_statements(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS seal_{table}_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is sealed: {verb} refused'); END"
        for verb in ("update", "delete")
    ]


def _postgresql_statements(table: str) -> list[str]:
    function = f"seal_{table}_refuse"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} is sealed: % refused', lower(TG_OP); END $$",
        f"CREATE OR REPLACE TRIGGER seal_{table}_rows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"CREATE OR REPLACE TRIGGER seal_{table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]


def install_seals(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every sealed table that exists. Doing it again changes nothing."""
    existing = set(connection.introspection.table_names())
    statements = _postgresql_statements if connection.vendor == "postgresql" else _sqlite_statements
    with connection.cursor() as cursor:
        for table in sorted(SEALED_TABLES & existing):
            for statement in statements(table):
                cursor.execute(statement)


def drop_seals(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off. For test databases that must be emptied between tests, and nothing else."""
    if not str(connection.settings_dict["NAME"]).rpartition("/")[2].startswith(("test_", "file:memorydb")):
        raise RuntimeError("seals come off test databases only")
    with connection.cursor() as cursor:
        for table in sorted(SEALED_TABLES & set(connection.introspection.table_names())):
            names = (
                [f"seal_{table}_rows", f"seal_{table}_truncate"]
                if connection.vendor == "postgresql"
                else [f"seal_{table}_update", f"seal_{table}_delete"]
            )
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for name in names:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_seals(alias: str = "default") -> list[str]:
    """Sealed tables that exist in the database but whose triggers do not."""
    connection = connections[alias]
    existing = set(connection.introspection.table_names())
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        triggers = {row[0] for row in cursor.fetchall()}
    suffixes = ("rows", "truncate") if connection.vendor == "postgresql" else ("update", "delete")
    return [
        table
        for table in sorted(SEALED_TABLES & existing)
        if any(f"seal_{table}_{suffix}" not in triggers for suffix in suffixes)
    ]
