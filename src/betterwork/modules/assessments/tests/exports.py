"""Export files for the tests: the samples taken apart, put together anew, and written in every form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from betterwork.core.exports.layout import COLUMNS
from betterwork.core.exports.reconciling import Reconciliation
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.services import assessments_import

DATA = Path(__file__).parents[5] / "tests" / "data"
SMALL = DATA / "assessment_export_small.csv"
FLAWED = DATA / "assessment_export_flawed.csv"
AT = datetime(2015, 3, 1, tzinfo=UTC)

Row = Sequence[str]


def sample_rows(path: Path = SMALL) -> list[list[str]]:
    """The rows of a sample without its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def some_rows(assessments: int = 2) -> list[list[str]]:
    """The rows of the first assessments of the small sample."""
    rows = sample_rows()
    wanted = list(dict.fromkeys((row[0], row[3]) for row in rows))[:assessments]
    return [row for row in rows if (row[0], row[3]) in wanted]


def csv_text(rows: Iterable[Row], *, separator: str = ",", header: Row = COLUMNS, end: str = "\r\n") -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerows([header, *rows])
    return text.getvalue()


def csv_file(path: Path, rows: Iterable[Row], encoding: str = "utf-8", **form: object) -> Path:
    """Write rows as a CSV file and return its path."""
    path.write_bytes(csv_text(rows, **form).encode(encoding))  # type: ignore[arg-type]
    return path


def imported(*paths: Path, **options: object) -> Reconciliation:
    """Import files; the reconciliation is made sure to add up."""
    result = assessments_import(paths=paths, at=AT, **options)  # type: ignore[arg-type]
    for counts in [result.total, *(file.counts for file in result.files)]:
        assert counts.rows_read == counts.taken + counts.duplicates + sum(counts.refused.values())
    return result


def digests() -> set[str]:
    """The digests of all current documents."""
    return set(Assessment.objects.values_list("document__digest", flat=True))
