"""The tables as files: CSV with a definition beside each, and one workbook of them all."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from betterwork.modules.reports import words
from betterwork.modules.reports.content.texts import SIMULATED_NOTICE, SIMULATED_SHORT
from betterwork.modules.reports.values import Frame, SafeReport, SafeTable, Value

ORDER = (
    *("rates_by_cluster", "rates_by_point", "rates_by_question", "public_issues", "national_questions"),
    *("effort_by_point", "trend_mean_by_cluster", "trend_by_cluster", "trend_by_point"),
    *("tenure_mean_by_cluster", "tenure_by_cluster", "tenure_by_point"),
    *("factories_by_years", "headline_facts", "published_figures"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHARES = ("rate", "share", "_here", "_programme", "improvement", "rate_low", "rate_high")


def files_of(report: SafeReport) -> list[SafeTable]:
    """The tables that leave, in the order of the report."""
    return [report.tables[name] for name in ORDER if name in report.tables]


def _csv_value(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    # A text that a spreadsheet would read as a formula is kept a text.
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def csv_bytes(table: SafeTable) -> bytes:
    """A table by the contract: UTF-8 without mark, RFC 4180, ``\\n``; shares unrounded, withheld values empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_csv_value(row[name]) for name in table.columns])
    return out.getvalue().encode("utf-8")


def definition_text(table: SafeTable, frame: Frame) -> bytes:
    """What a CSV holds, in words, with the snapshot that made it."""
    lines = [table.title, ""]
    if frame.simulated:
        lines += [SIMULATED_NOTICE, ""]
    lines += [
        table.definition,
        "withheld: why values of a row are empty; empty where nothing is withheld. "
        + words.withheld_rule(frame.minimum_group),
        "Shares are fractions from 0 to 1, not rounded.",
        "",
        f"Country: {frame.country}",
        f"Period: {frame.start.isoformat()} to {frame.end.isoformat()}, both days inside",
        f"Snapshot: {frame.snapshot.name or 'current'}, digest {frame.snapshot.digest}",
        f"Code version: {frame.snapshot.code_version}",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def workbook(report: SafeReport) -> bytes:
    """``tables.xlsx``: first what the sheets hold, then a sheet for each table. No text is ever a formula."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(out, options)
    taken = datetime.fromisoformat(report.frame.snapshot.taken_at).replace(tzinfo=None, microsecond=0)
    book.set_properties(
        {
            "title": f"{report.frame.country}: compliance synthesis report, tables",
            "author": "Better Work platform",
            "created": taken,
            "comments": SIMULATED_NOTICE if report.frame.simulated else "",
        }
    )
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "notice": book.add_format({"bold": True, "bg_color": "#FFF5C8"}),
    }
    tables = files_of(report)
    _read_me(book, report, tables, formats)
    for table in tables:
        _sheet(book, report, table, formats)
    book.close()
    return out.getvalue()


def _page(sheet: object, report: SafeReport) -> None:
    """In print every page of every sheet says that data are simulated."""
    if report.frame.simulated:
        sheet.set_header(f"&C{SIMULATED_SHORT}")  # type: ignore[attr-defined]
    sheet.set_footer("&L&A&RPage &P of &N")  # type: ignore[attr-defined]
    sheet.set_landscape()  # type: ignore[attr-defined]
    sheet.set_paper(9)  # type: ignore[attr-defined]
    sheet.fit_to_pages(1, 0)  # type: ignore[attr-defined]


def _read_me(book, report: SafeReport, tables: Sequence[SafeTable], formats) -> None:  # type: ignore[no-untyped-def]
    frame = report.frame
    sheet = book.add_worksheet("Read me")
    _page(sheet, report)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    lines = [
        ("Country", frame.country),
        ("Period", f"{frame.start.isoformat()} to {frame.end.isoformat()}"),
        ("Factories assessed", str(report.factories.counted)),
        ("Withheld", words.withheld_rule(frame.minimum_group)),
        ("Shares", "Fractions from 0 to 1, not rounded; shown here as per cent."),
        ("Snapshot", f"{frame.snapshot.name or 'current'}, digest {frame.snapshot.digest}"),
        ("Code version", frame.snapshot.code_version),
    ]
    row = 0
    if frame.simulated:
        sheet.write_string(row, 0, "SIMULATED", formats["notice"])
        sheet.write_string(row, 1, SIMULATED_NOTICE, formats["notice"])
        row += 2
    for name, text in lines:
        sheet.write_string(row, 0, name, formats["bold"])
        sheet.write_string(row, 1, text, formats["wrap"])
        row += 1
    row += 1
    sheet.write_string(row, 0, "Sheet", formats["head"])
    sheet.write_string(row, 1, "What it holds", formats["head"])
    for table in tables:
        row += 1
        sheet.write_string(row, 0, table.name, formats["bold"])
        sheet.write_string(row, 1, f"{table.title}. {table.definition}", formats["wrap"])


def _sheet(book, report: SafeReport, table: SafeTable, formats) -> None:  # type: ignore[no-untyped-def]
    sheet = book.add_worksheet(table.name)
    _page(sheet, report)
    top = 0
    if report.frame.simulated:
        sheet.write_string(0, 0, SIMULATED_SHORT, formats["notice"])
        top = 1
    for place, name in enumerate(table.columns):
        sheet.write_string(top, place, name, formats["head"])
        sheet.set_column(place, place, _width(name))
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(0, top)
    for line, row in enumerate(table.rows, top + 1):
        for place, name in enumerate(table.columns):
            value = row[name]
            if isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, formats["share"] if name.endswith(SHARES) else None)
            elif value is not None and value != "":
                sheet.write_string(line, place, str(value))
    if table.rows:
        sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)


def _width(name: str) -> float:
    return {"question": 60, "compliance_point": 38, "cluster": 38, "withheld": 34, "statement": 60, "note": 30}.get(
        name, 15
    )
