"""Triggers by which the database refuses to change or delete what is sealed.

A room names its sealed tables with ``seal_table``; the triggers are put back after every
migration (SQLite drops them silently when it remakes a table) and looked for at start-up: that
they are there, are ours, and are not switched off.
"""

from __future__ import annotations

import re

from django.db import connections, transaction
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


def _sqlite_insert_statement(connection: BaseDatabaseWrapper, table: str) -> str:
    """A trigger that refuses a row which would take the place of another.

    ``INSERT OR REPLACE`` removes the row it collides with, and tells the trigger on DELETE only where
    ``recursive_triggers`` is on, which is each connection's own choice. So collisions are looked for first.
    """
    with connection.cursor() as cursor:
        columns = [["rowid = NEW.rowid"]]
        cursor.execute('SELECT name, partial FROM pragma_index_list(%s) WHERE "unique" ORDER BY name', [table])
        for index, partial in cursor.fetchall():
            cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
            same = [f'"{column}" = NEW."{column}"' for (column,) in cursor.fetchall()]
            if partial:
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [index])
                where = cursor.fetchone()[0].partition(" WHERE ")[2]
                same += [f"({where})", "(" + re.sub(r'("\w+")', r"NEW.\1", where) + ")"]
            columns.append(same)
    there = f"EXISTS (SELECT 1 FROM {table} WHERE "  # noqa: S608  # the table is the platform's own
    collisions = [f"{there}{' AND '.join(same)})" for same in columns]
    return (
        f"CREATE TRIGGER seal_{table}_insert BEFORE INSERT ON {table} WHEN {' OR '.join(collisions)} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is sealed: replace refused'); END"
    )


def _refusal(table: str) -> str:
    return f"BEGIN RAISE EXCEPTION '{table} is sealed: % refused', lower(TG_OP); END"


def _postgresql_statements(table: str) -> list[str]:
    function = f"seal_{table}_refuse"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ {_refusal(table)}$$",
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
            if connection.vendor == "sqlite":
                # Made anew each time: a migration may have added a unique index that it must ask about.
                with transaction.atomic(using=connection.alias):
                    cursor.execute(f"DROP TRIGGER IF EXISTS seal_{table}_insert")
                    cursor.execute(_sqlite_insert_statement(connection, table))


def drop_seals(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off. For test databases that must be emptied between tests, and nothing else."""
    if not str(connection.settings_dict["NAME"]).rpartition("/")[2].startswith(("test_", "file:memorydb")):
        raise RuntimeError("seals come off test databases only")
    with connection.cursor() as cursor:
        for table in sorted(SEALED_TABLES & set(connection.introspection.table_names())):
            names = (
                [f"seal_{table}_rows", f"seal_{table}_truncate"]
                if connection.vendor == "postgresql"
                else [f"seal_{table}_{verb}" for verb in ("update", "delete", "insert")]
            )
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for name in names:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_seals(alias: str = "default") -> list[str]:
    """Sealed tables that exist in the database but whose triggers do not, or do something else, or are off."""
    connection = connections[alias]
    existing = set(connection.introspection.table_names())
    working = _working_postgresql if connection.vendor == "postgresql" else _working_sqlite
    suffixes = ("rows", "truncate") if connection.vendor == "postgresql" else ("update", "delete", "insert")
    triggers = working(connection)
    return [
        table
        for table in sorted(SEALED_TABLES & existing)
        if any((table, f"seal_{table}_{suffix}") not in triggers for suffix in suffixes)
    ]


def _working_sqlite(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = cursor.fetchall()
    ours = {_words(sql) for table in SEALED_TABLES for sql in _sqlite_statements(table)}
    ours |= {_words(_sqlite_insert_statement(connection, table)) for table in SEALED_TABLES & {row[0] for row in found}}
    return {(table, name) for table, name, sql in found if _words(sql) in ours}


def _working_postgresql(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
        return {(table, name) for table, name, source in cursor.fetchall() if _words(source) == _words(_refusal(table))}


def _words(sql: str) -> str:
    """A statement without what differs between what was typed and what the database keeps of it."""
    return " ".join(sql.replace('"', "").replace("IF NOT EXISTS ", "").split())
