"""A tool as a workbook that people edit in a spreadsheet and bring back: written, and read without trusting it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from betterwork.core.instrument import AnswerKind, Kind, Known, Relation, ReportingLevel
from betterwork.modules.instruments.exchange_fields import (
    ANSWER_COLUMNS,
    DEFAULTS,
    HEAD,
    LONGEST,
    MOST_QUESTIONS,
    MOST_ROWS,
    PARTS,
    QUESTION_COLUMNS,
    BadValue,
    ToolFile,
    file_made,
    rows_of,
    shortened,
    value_read,
)
from betterwork.modules.instruments.rules import BadTool

LARGEST = 10_000_000
"""Bytes of a workbook that is brought back."""
SHEETS: dict[str, tuple[str, ...]] = {
    "tool": ("what", "value"),
    "questions": QUESTION_COLUMNS,
    "answers": ("code", *ANSWER_COLUMNS),
    **{name: columns for name, (_, columns) in PARTS.items()},
    "notes": ("sheet", "column", "what to write"),
}
"""Every sheet with its headings. ``notes`` is for people and is not read."""
_YES_NO = ("yes", "no")
_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("questions", "kind"): tuple(Kind),
    ("questions", "reporting_level"): tuple(ReportingLevel),
    ("questions", "noncompliant_answer"): _YES_NO,
    ("questions", "publicly_reported"): _YES_NO,
    ("questions", "only_where_it_applies"): _YES_NO,
    ("questions", "zero_tolerance"): tuple(Known),
    ("answers", "answer"): tuple(AnswerKind),
    ("lineage", "relation"): tuple(Relation),
    ("marks", "publicly_reported"): tuple(Known),
    ("marks", "zero_tolerance"): tuple(Known),
}
_WIDE = {"text": 70, "guidance": 60, "source": 40, "reason": 50, "value": 60, "what to write": 90, "point": 34}
_NOTES = (
    ("every sheet", "", "Rows may be added, moved and taken out; headings and sheets stay. Formulas are refused."),
    ("tool", "in_force_from", "A day as 2014-01-31."),
    ("questions", "code", "Stable over versions; each once. What a code means never changes."),
    ("questions", "legal_basis", "Several with ; between. A semicolon inside one is written \\;"),
    ("questions", "noncompliant_answer", "yes or no: the answer that is a finding."),
    ("questions", "zero_tolerance", "yes, no, or not known. Empty means not known, never no."),
    ("questions", "only_where_it_applies", "yes: the whole point may be missing, such as accommodation."),
    ("answers", "answer", "Only for questions that are answered otherwise than by a finding: facts."),
    ("lineage", "relation", "How a question descends from an older version. What is the same needs no row."),
    ("legal", "reference", "The key of a reference in the register of law."),
    ("marks", "country", "Two letters. Not known: as the tool says."),
    ("translations", "field", "text or guidance."),
)


def workbook_write(file: ToolFile) -> bytes:
    """The workbook, the same bytes each time. Raises :class:`BadTool` for a tool that a workbook cannot hold.

    What was written is read back before it is given out: nobody gets a workbook that would bring back something else.
    """
    data = _written(file)
    if workbook_read(data) != replace(file, version=replace(file.version, digest="")):
        raise BadTool("this tool holds signs that a workbook would change; take it as YAML")
    return data


def _written(file: ToolFile) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{file.version.tool} {file.version.version}", "created": datetime(2000, 1, 1)})
    heading = book.add_format({"bold": True, "bg_color": "#E6ECF7", "border": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    rows = rows_of(file) | {
        "tool": [{"what": name, "value": str(getattr(file.version, name))} for name in HEAD],
        "notes": [dict(zip(SHEETS["notes"], note, strict=True)) for note in _NOTES],
    }
    for name, columns in SHEETS.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDE.get(column, 18), cell)
            sheet.write_string(0, at, column, heading)
            if chosen := _CHOICES.get((name, column)):
                sheet.data_validation(1, at, MOST_QUESTIONS, at, {"validate": "list", "source": list(chosen)})
        for number, row in enumerate(rows[name], start=1):
            for at, column in enumerate(columns):
                if row[column]:
                    sheet.write_string(number, at, row[column], cell)
        sheet.autofilter(0, 0, max(len(rows[name]), 1), len(columns) - 1)
    book.close()
    return out.getvalue()


def workbook_read(data: bytes) -> ToolFile:
    """The tool that a workbook holds. Raises :class:`BadTool` naming sheet, row and column."""
    if len(data) > LARGEST:
        raise BadTool(f"the workbook has {len(data) // 1_000_000} MB; {LARGEST // 1_000_000} MB at most")
    sheets = _sheets(data)
    head = {row["what"]: row["value"] for _, row in sheets["tool"] if row.get("what") in HEAD}
    unknown = sorted({row["what"] for _, row in sheets["tool"]} - set(HEAD))
    if unknown:
        raise BadTool(f"sheet tool: {shortened(unknown[0])} is not known; known: {', '.join(HEAD)}")
    head = {name: _value("tool", 1, name, head.get(name, "")) for name in HEAD}
    questions = _questions(sheets["questions"], sheets["answers"])
    parts = {
        name: [{c: _value(name, at, c, text) for c, text in row.items()} for at, row in sheets[name]] for name in PARTS
    }
    return file_made(head, questions, parts)


_Rows = list[tuple[int, dict[str, str]]]


def _questions(rows: _Rows, answers: _Rows) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    places: dict[str, int] = {}
    for at, row in rows:
        question = {column: _value("questions", at, column, text) for column, text in row.items()}
        code = question["code"]
        if code in found:
            raise _bad("questions", at, "code", f"{shortened(code)} stands in row {places[code]} already")
        found[code], places[code] = question, at
    if not found:
        raise BadTool("sheet questions: there is no question")
    told: dict[str, int] = {}
    for at, row in answers:
        code = row["code"]
        if code not in found:
            raise _bad("answers", at, "code", f"{shortened(code)} is no question of this workbook")
        if code in told:
            raise _bad("answers", at, "code", f"{shortened(code)} stands in row {told[code]} already")
        told[code] = at
        found[code] |= {c: _value("answers", at, c, text) for c, text in row.items() if c != "code"}
    return [{name: value for name, value in one.items() if value != DEFAULTS.get(name)} for one in found.values()]


def _value(sheet: str, row: int, column: str, text: str) -> Any:
    try:
        return value_read(sheet, column, text)
    except BadValue as error:
        raise _bad(sheet, row, column, str(error)) from error


def _bad(sheet: str, row: int, column: str, words: str) -> BadTool:
    return BadTool(f"sheet {sheet}, row {row}, column {column}: {words}")


def _sheets(data: bytes) -> dict[str, _Rows]:
    """Every sheet's rows as texts. What is inside was looked through before openpyxl sees it."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise BadTool("this is not a workbook (.xlsx), or it is cut off: save it anew and choose it again")
    from betterwork.foundation.files.cleaning.office import office_cleaned

    clean = office_cleaned(data).data
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(clean), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise BadTool("this workbook cannot be read: save it anew as .xlsx and choose it again") from error
    try:
        missing = [name for name in SHEETS if name not in book.sheetnames and name != "notes"]
        if missing:
            raise BadTool(f"the sheet {missing[0]} is missing: take the workbook anew, or add an empty sheet with it")
        return {name: list(_rows(book[name], name)) for name in SHEETS if name != "notes"}
    except BadTool:
        raise
    except Exception as error:
        raise BadTool("this workbook cannot be read: save it anew as .xlsx and choose it again") from error
    finally:
        book.close()


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    most = MOST_QUESTIONS if name in {"tool", "questions", "answers"} else MOST_ROWS
    columns: list[str] = []
    sheet.reset_dimensions()  # what a program wrote of the sheet's size may be less than there is
    for at, cells in enumerate(sheet.iter_rows(max_col=40), start=1):
        texts = [_cell(name, at, columns[i] if i < len(columns) else "", one) for i, one in enumerate(cells)]
        if at == 1:
            columns = _columns(name, texts)
            continue
        if at > 4 * most:
            raise BadTool(f"sheet {name} has more than {most} rows: take out what is not of the tool")
        if not any(texts):
            continue
        if at - 1 > most:
            raise BadTool(f"sheet {name} has more than {most} rows: take out what is not of the tool")
        beyond = next((i for i, text in enumerate(texts) if text and i >= len(columns)), None)
        if beyond is not None:
            raise BadTool(f"sheet {name}, row {at}: the cell beyond the last heading holds {shortened(texts[beyond])}")
        yield at, {column: texts[i] if i < len(texts) else "" for i, column in enumerate(columns) if column}
    if not columns:
        raise BadTool(f"sheet {name} is empty: its first row holds the headings {', '.join(SHEETS[name])}")


def _columns(name: str, texts: list[str]) -> list[str]:
    found = [text.strip() for text in texts]
    while found and not found[-1]:
        found.pop()
    for column in found:
        if column not in SHEETS[name]:
            words = shortened(column) if column else "without a heading"
            raise BadTool(f"sheet {name}, row 1: the column {words} is not known; known: {', '.join(SHEETS[name])}")
        if found.count(column) > 1:
            raise BadTool(f"sheet {name}, row 1: the column {column} stands twice")
    missing = [column for column in SHEETS[name] if column not in found]
    if missing:
        raise BadTool(f"sheet {name}, row 1: the column {missing[0]} is missing")
    return found


def _cell(sheet: str, row: int, column: str, cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or not isinstance(value, str | bool | int | float | date):
        raise _bad(sheet, row, column or str(cell.column), "holds a formula: write what it gives as text")
    if cell.data_type == "e":
        raise _bad(sheet, row, column or str(cell.column), f"holds an error ({shortened(value)}): write it anew")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.time().isoformat() != "00:00:00":
            raise _bad(sheet, row, column, "holds a moment: write a day as 2014-01-31")
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not value.is_integer():
        raise _bad(sheet, row, column, f"holds the number {value}: format the cell as text and write it anew")
    text = str(int(value)) if isinstance(value, int | float) else value
    if len(text) > LONGEST:
        raise _bad(sheet, row, column, f"has {len(text)} signs: {LONGEST} at most")
    return text
