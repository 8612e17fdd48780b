"""Entries as a table for reading, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from betterwork.foundation.ledger.queries import Page, Shown
from betterwork.foundation.ledger.rules import moment

COLUMNS = ("number", "at", "kind", "action", "actor", "subject", "content", "digest")
_WIDEST = 60


def page_write(page: Page, form: str) -> str:
    """The page in a form: ``table`` (content cut to one line), ``csv``, or ``json`` with ``before`` for the next."""
    rows = [_row(entry) for entry in page.entries]
    if form == "json":
        return json.dumps({"entries": rows, "before": page.before}, indent=1, ensure_ascii=False) + "\n"
    if form == "csv":
        return _csv([{**row, "content": _one_line(row["content"])} for row in rows])
    return _table(rows)


def _row(entry: Shown) -> dict[str, Any]:
    return {column: getattr(entry, column) for column in COLUMNS} | {"at": moment(entry.at)}


def _one_line(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _table(rows: list[dict[str, Any]]) -> str:
    columns = COLUMNS[:-1]
    lines = [list(columns)]
    for row in rows:
        content = _one_line(row["content"])
        shown = content if len(content) <= _WIDEST else content[: _WIDEST - 1] + "…"
        lines.append([str(row["number"]), row["at"][:19].replace("T", " "), *map(str, list(row.values())[2:6]), shown])
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(line.rstrip() + "\n" for line in padded)
