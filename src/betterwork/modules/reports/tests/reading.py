"""Reading back what a report says: text of a PDF, cells of its page, words of every file."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pikepdf

HEX = r"<([0-9A-Fa-f]+)>"


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """Code → text of a font, from its ToUnicode map."""
    found: dict[int, str] = {}
    cmap = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(HEX + r"\s*" + HEX, block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for low, high, start in re.findall(HEX + r"\s*" + HEX + r"\s*" + HEX, block):
            for number in range(int(low, 16), int(high, 16) + 1):
                found[number] = chr(int(start, 16) + number - int(low, 16))
    return found


def _stream_text(owner: pikepdf.Object, resources: pikepdf.Object) -> str:
    letters: dict[int, str] = {}
    said: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(owner):
        if str(operator) == "Tf":
            letters = _letters(resources.Font[str(operands[0])])
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    data = bytes(part)
                    codes = (int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2))
                    said += [letters.get(code, "") for code in codes]
        elif str(operator) == "Do":
            inner = resources.XObject[str(operands[0])]
            if inner.get("/Subtype") == "/Form":
                said.append(_stream_text(inner, inner.get("/Resources", resources)))
        elif str(operator) in ("ET", "Td", "Tm"):
            said.append(" ")
    return "".join(said)


def pdf_pages(path: Path) -> list[str]:
    """The words of each page, artifacts and charts included."""
    with pikepdf.open(path) as pdf:
        return [re.sub(r"\s+", " ", _stream_text(page.obj, page.obj.Resources)) for page in pdf.pages]


class Tables(HTMLParser):
    """The rows of each table of a page, by the table's caption."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.caption, self.cell, self.row = "", None, []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("caption", "th", "td"):
            self.cell = ""
        if tag == "tr":
            self.row = []

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self.caption = self.cell or ""
            self.tables[self.caption] = []
        if tag in ("th", "td") and self.cell is not None:
            self.row.append(self.cell.strip())
        if tag in ("caption", "th", "td"):
            self.cell = None
        if tag == "tr":
            self.tables[self.caption].append(self.row)


def page_tables(path: Path) -> dict[str, list[list[str]]]:
    """Caption → rows of cells."""
    reader = Tables()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.tables


def csv_rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as its rows."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def words_of(path: Path) -> str:
    """Everything a file says, whatever its kind."""
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            data = str(pdf.docinfo) if pdf.docinfo else ""
        return data + "\n".join(pdf_pages(path))
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
        return "\n".join([*book.sheetnames, *cells])
    return path.read_text(encoding="utf-8")


def files_in(folder: Path) -> list[Path]:
    """Every file of a report."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
