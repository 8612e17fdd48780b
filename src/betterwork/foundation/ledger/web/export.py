"""The trail as a file, line by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.console.listing import FORMULA_BEGINS
from betterwork.foundation.doors.pages import refuse_leaks
from betterwork.foundation.ledger.rules import moment

FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
"""The forms in which the trail can be taken, and what they are to a browser."""
COLUMNS = ("number", "at", "kind", "action", "actor", "who", "subject", "content", "digest")


def csv_lines(rows: Iterable[Row], *, audience: str) -> Iterator[str]:
    """Lines of a CSV that a spreadsheet opens; no cell becomes a formula."""
    yield "\ufeff" + _csv_line(list(COLUMNS))
    for entry in _plain(rows, audience):
        content = json.dumps(entry.pop("content"), ensure_ascii=False, separators=(",", ":"))
        yield _csv_line([_cell(str((entry | {"content": content})[name])) for name in COLUMNS])


def json_lines(rows: Iterable[Row], *, audience: str) -> Iterator[str]:
    """One JSON object a line."""
    for entry in _plain(rows, audience):
        yield json.dumps(entry, ensure_ascii=False) + "\n"


def _plain(rows: Iterable[Row], audience: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        refuse_leaks(row, audience=audience, where="the export of the trail")
        yield {name: getattr(row, name) for name in COLUMNS} | {"at": moment(row.at)}


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text


def _csv_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
