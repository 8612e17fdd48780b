"""A table as text for people, CSV, JSON or Parquet: the same table gives the same bytes."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from math import isnan
from textwrap import wrap
from typing import Any

from betterwork.core.evidence.tables import Stamp, Table
from betterwork.core.wording import SPACE, per_cent
from betterwork.modules.evidence.csv_form import cell_text, csv_text

FORMATS = ("table", "csv", "json", "parquet")
SHARES = {"rate", "rate_low", "rate_high", "mean_point_rate", "before_rate", "now_rate", "improvement", "value"}
WIDEST = 44
LINE = 110


def table_bytes(table: Table, form: str) -> bytes:
    """The table in one of :data:`FORMATS`, text in UTF-8 without a byte order mark, lines ended by ``\\n``."""
    if form == "parquet":
        return _parquet(table)
    write = csv_text if form == "csv" else _json if form == "json" else _text
    return write(table).encode("utf-8")


def stamp_content(stamp: Stamp) -> dict[str, Any]:
    """The stamp as a plain dictionary."""
    return {
        "name": stamp.name,
        "digest": stamp.digest,
        "taken_at": stamp.taken_at,
        "documents": stamp.documents,
        "code_version": stamp.code_version,
    }


def _json(table: Table) -> str:
    content = {
        "table": table.name,
        "columns": list(table.columns),
        "rows": table.records(),
        "definition": table.definition,
        "notes": list(table.notes),
        "snapshot": stamp_content(table.snapshot),
        "rules": table.rules,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _parquet(table: Table) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        name: pa.array([row[place] for row in table.rows], None if table.rows else pa.null())
        for place, name in enumerate(table.columns)
    }
    said = {
        "table": table.name,
        "definition": table.definition,
        "notes": json.dumps(list(table.notes), ensure_ascii=False),
        "snapshot": json.dumps(stamp_content(table.snapshot)),
        "rules": json.dumps(table.rules),
    }
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(columns).replace_schema_metadata(said), out, compression="zstd")
    return bytes(out.getvalue().to_pybytes())


def _text(table: Table) -> str:
    """Aligned columns with shares as per cent, then definition, notes and, last, the snapshot."""
    names, rows = _readable(table)
    wide = [max(_width(cell) for cell in column) for column in zip(names, *rows, strict=True)]
    right = [all(_is_number(row[place]) for row in table.rows) for place in _kept_places(table)]
    lines = [_line(names, wide, right), "  ".join("─" * n for n in wide)]
    lines += [_line(row, wide, right) for row in rows]
    if not table.rows:
        lines.append("(no rows)")
    stamp = table.snapshot
    lines.append("")
    for said in (table.definition, *table.notes):
        lines += wrap(said, LINE, break_long_words=False, break_on_hyphens=False)
    lines.append(
        f"Snapshot: {stamp.name}, {stamp.documents} documents, latest sealed {stamp.taken_at}, "
        f"digest {stamp.digest[:16]}; betterwork {stamp.code_version}."
    )
    return "\n".join(lines) + "\n"


def _kept_places(table: Table) -> list[int]:
    # The interval's two ends stand together, under rate_low.
    return [place for place, name in enumerate(table.columns) if name != "rate_high"]


def _readable(table: Table) -> tuple[list[str], list[list[str]]]:
    places = _kept_places(table)
    names = ["95 % interval" if table.columns[place] == "rate_low" else table.columns[place] for place in places]
    high = table.columns.index("rate_high") if "rate_high" in table.columns else -1
    rows = []
    for row in table.rows:
        cells = []
        for place in places:
            name, value = table.columns[place], row[place]
            if name == "rate_low":
                cells.append(f"{_per_cent(value)} – {_per_cent(row[high])}")
            elif name in SHARES:
                cells.append(_per_cent(value))
            elif name == "p_value":
                cells.append(f"{value:.3f}")
            else:
                # The last column is a sentence where it is text: nothing stands to its right.
                cells.append(_short(cell_text(value), None if place == len(table.columns) - 1 else WIDEST))
        rows.append(cells)
    return names, rows


def _per_cent(value: float | None) -> str:
    return "–" if value is None or isnan(value) else per_cent(value).replace(SPACE, " ")


def _short(text: str, widest: int | None) -> str:
    clean = "".join(" " if unicodedata.category(one).startswith("C") else one for one in text)
    return clean if widest is None or _width(clean) <= widest else clean[: widest - 1] + "…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) or unicodedata.category(one) == "Mn"
        else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(cells: Sequence[str], wide: Iterable[int], right: Iterable[bool]) -> str:
    padded = [
        " " * (n - _width(cell)) + cell if flush else cell + " " * (n - _width(cell))
        for cell, n, flush in zip(cells, wide, right, strict=True)
    ]
    return "  ".join(padded).rstrip()
