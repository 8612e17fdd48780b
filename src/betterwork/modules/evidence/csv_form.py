"""A table as CSV, for commands and pages alike: the same table gives the same bytes."""

from __future__ import annotations

import csv
import io
from math import isnan
from typing import Any

from betterwork.core.evidence.tables import Table


def csv_text(table: Table) -> str:
    """The table as CSV by the contract: shares as fractions that are not rounded, lines ended by ``\\n``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([cell_text(value) for value in row] for row in table.rows)
    return out.getvalue()


def cell_text(value: Any) -> str:
    """A value as it stands in a CSV."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or (isinstance(value, float) and isnan(value)) else str(value)
