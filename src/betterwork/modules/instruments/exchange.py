"""Tool versions as files: canonical JSON with lineage, CSV for a spreadsheet, the difference of two."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from betterwork.core.canonical import canonical_bytes
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.core.instrument import Kind, Known, Lineage, Question, ReportingLevel, ToolVersion
from betterwork.modules.instruments.exchange_fields import ToolFile
from betterwork.modules.instruments.exchange_packing import file_read, file_write
from betterwork.modules.instruments.rules import BadTool, Change, version_content, version_from_content

COLUMNS = (
    "code", "kind", "cluster_code", "cluster", "point_code", "point", "text", "standard_kind", "reporting_level",
    "noncompliant_answer", "legal_basis", "tags", "publicly_reported", "zero_tolerance", "guidance",
    "only_where_it_applies", "source",
)  # fmt: skip
CHANGE_COLUMNS = ("relation", "predecessor", "successor", "before", "after", "reason")


def version_write(version: ToolVersion, lineage: Sequence[Lineage], form: str) -> bytes:
    """The version as ``json`` (canonical, with lineage), ``csv`` (questions only), or one of ``FORMS``."""
    if form not in {"json", "csv"}:
        return file_write(ToolFile(version, tuple(lineage)), form)
    if form == "json":
        return canonical_bytes(version_content(version, lineage)) + b"\n"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(question, column)) for column in COLUMNS] for question in version.questions)
    return out.getvalue().encode("utf-8")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def version_read(
    file: Path, *, tool: str | None, version: str | None, in_force_from: str | None, approval: str
) -> tuple[ToolVersion, tuple[Lineage, ...]]:
    """A version from a file that :func:`version_write` wrote, or a person after its pattern.

    Raises :class:`BadTool` that names file, line, column and what was expected, and
    :class:`WrongUse` when a CSV comes without the version's name and date.
    """
    data = file.read_bytes()
    if _is_whole(data):
        try:
            found = file_read(data)
        except BetterWorkError as error:
            raise BadTool(f"{file}: {error}") from error
        return found.version, found.lineage
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTool(f"{file}: not UTF-8 text (byte {error.start})") from error
    if text.lstrip().startswith("{"):
        try:
            content = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise BadTool(f"{file}: not well-formed JSON: {error}") from error
        return version_from_content(content)
    if not (tool and version and in_force_from):
        raise WrongUse("a CSV holds questions only: give --tool, --version and --in-force-from with it")
    questions = _questions_from_csv(file, text)
    return ToolVersion(tool, version, in_force_from, approval or "approval not recorded", questions), ()


def _is_whole(data: bytes) -> bool:
    """Whether this is a workbook or YAML: these hold the whole version, not its questions only."""
    lines = (line for line in data[:10_000].splitlines() if line.strip() and not line.startswith(b"#"))
    return data.startswith(b"PK") or next(lines, b"").lstrip(b"\xef\xbb\xbf").startswith(b"schema:")


def _questions_from_csv(file: Path, text: str) -> tuple[Question, ...]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS[:7] if column not in (reader.fieldnames or [])]
    if missing:
        raise BadTool(f"{file}, line 1: the column {missing[0]!r} is missing")
    questions = []
    try:
        for row in reader:
            questions.append(_question_from_row(row))
    except (ValueError, csv.Error) as error:
        raise BadTool(f"{file}, line {reader.line_num}: {error}") from error
    return tuple(questions)


def _question_from_row(row: dict[str, str | None]) -> Question:
    def text(column: str) -> str:
        return (row.get(column) or "").strip()

    def listed(column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text(column).split(";") if part.strip())

    def yes(column: str) -> bool:
        if text(column) not in {"yes", "no", ""}:
            raise ValueError(f"column {column!r} is {text(column)!r}: write yes or no")
        return text(column) == "yes"

    return Question(
        code=text("code"),
        kind=Kind(text("kind") or Kind.COMPLIANCE),
        cluster_code=text("cluster_code"),
        cluster=text("cluster"),
        point_code=text("point_code"),
        point=text("point"),
        text=text("text"),
        standard_kind=text("standard_kind"),
        reporting_level=ReportingLevel(text("reporting_level") or ReportingLevel.FACTORY),
        noncompliant_answer=text("noncompliant_answer"),
        legal_basis=listed("legal_basis"),
        tags=listed("tags"),
        publicly_reported=yes("publicly_reported"),
        zero_tolerance=Known(text("zero_tolerance") or Known.UNKNOWN),
        guidance=text("guidance"),
        only_where_it_applies=yes("only_where_it_applies"),
        source=text("source"),
    )


def difference_write(changes: Iterable[Change], form: str) -> str:
    """The difference of two versions as ``csv``, ``json`` or a ``table`` to read."""
    rows = [{key: str(value) for key, value in asdict(change).items()} for change in changes]
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, CHANGE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()
    counts = Counter(row["relation"] for row in rows)
    lines = [", ".join(f"{n} {relation}" for relation, n in sorted(counts.items())) or "no difference"]
    for row in rows:
        codes = " → ".join(dict.fromkeys(code for code in (row["predecessor"], row["successor"]) if code))
        lines.append(f"{row['relation']:<10} {codes:<22} {row['after'] or row['before']}")
        lines.extend(f"{'':<33} {row['reason']}" for _ in range(1) if row["reason"])
    return "\n".join(lines) + "\n"
