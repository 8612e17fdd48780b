"""Reading a list of factories from a file: CSV in UTF-8, or the first sheet of a workbook. Nothing is executed."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse

MOST_ROWS = 20_000
MOST_CELLS = 2_000_000
"""Of a workbook, empty ones too: one cell in the last column of each row unfolds into hundreds of millions."""
LONGEST_CELL = 2_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "country": ("country", "country code"),
    "outside_id": ("number", "outside id", "factory id", "factory number", "id"),
    "name": ("name", "factory", "factory name", "supplier name"),
    "since": ("since", "from", "holds from"),
    "site.lines": ("address", "site address", "street"),
    "site.town": ("town", "city"),
    "site.region": ("region", "province"),
    "site.postcode": ("postcode", "postal code"),
    "site.latitude": ("latitude", "lat"),
    "site.longitude": ("longitude", "lon", "lng"),
    "office.lines": ("office address", "second address"),
    "office.town": ("office town", "office city"),
    "office.land": ("office country",),
    "ownership.organisation": ("owner key",),
    "ownership.legal_name": ("owner", "owner legal name", "owners legal name"),
    "ownership.headquarters": ("headquarters", "owner headquarters"),
    "group.organisation": ("group key",),
    "group.name": ("group", "factory group"),
    "registration.isic_section": ("isic section",),
    "registration.isic_division": ("isic division", "isic"),
    "registration.began_year": ("began year", "year operations began", "year began"),
    "registration.terms_signed_on": ("terms signed on", "terms signed"),
    "registration.product_1": ("product 1", "main product", "first product"),
    "registration.product_2": ("product 2", "second product"),
    "buyer_1": ("buyer 1",),
    "buyer_1_since": ("buyer 1 since",),
    "buyer_2": ("buyer 2",),
    "buyer_2_since": ("buyer 2 since",),
    "buyer_3": ("buyer 3",),
    "buyer_3_since": ("buyer 3 since",),
    "women": ("women", "female workers"),
    "men": ("men", "male workers"),
    "counted_on": ("counted on", "headcount on", "workers on"),
    "cycle": ("cycle",),
    "enrolled_on": ("enrolled on", "cycle began on"),
    "standing": ("open or closed", "standing"),
    "exporting.state": ("exports", "exporting"),
    "exporting.source": ("exports source", "source of exports"),
}
"""What a column says → the headings under which it is known, in small letters, without signs."""
NEEDED = ("country", "outside_id", "name")
_HEADINGS = {heading: name for name, headings in COLUMNS.items() for heading in (*headings, name)}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: its number in the file, its cells by column, and what is wrong with it as a row."""

    number: int
    cells: Mapping[str, str]
    problems: Sequence[str] = field(default_factory=tuple)


def heading_key(text: str) -> str:
    """A heading as it is compared: small letters, without signs and double blanks."""
    plain = unicodedata.normalize("NFKC", text).replace("_", " ").casefold()
    return re.sub(r"\s+", " ", re.sub(r"['’()*:.]", "", plain)).strip()


def lines_of(data: bytes) -> list[Line]:
    """The rows of a file below its heading, empty ones left out.

    Raises WrongUse for what is no list of factories, and says what would be one.
    """
    rows = _workbook_rows(data) if data.startswith(b"PK\x03\x04") else _text_rows(data)
    columns: dict[int, str] | None = None
    found: list[Line] = []
    for number, cells, problems in rows:
        if not any(cells):
            continue
        if columns is None:
            columns = _columns_of(cells)
            continue
        if len(found) >= MOST_ROWS:
            raise WrongUse(_("A list has %(most)s rows at most. Give it in parts.") % {"most": MOST_ROWS})
        found.append(_line(number, cells, columns, problems))
    if columns is None:
        raise WrongUse(_("The file is empty. Its first row names the columns: country, number, name and more."))
    return found


def _line(number: int, cells: Sequence[str], columns: Mapping[int, str], problems: Sequence[str]) -> Line:
    said = {columns[at]: cell for at, cell in enumerate(cells) if at in columns and cell}
    more = (
        [_("more cells than the first row has")] if any(cells[len(columns) :]) and len(cells) > max(columns) + 1 else []
    )
    long = [_("a cell of more than %(most)s characters") % {"most": LONGEST_CELL}] * any(
        len(cell) > LONGEST_CELL for cell in cells
    )
    return Line(number, said, (*problems, *more, *long))


def _columns_of(cells: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        if not cell:
            continue
        name = _HEADINGS.get(heading_key(cell))
        if name is None:
            raise WrongUse(
                _("No column is called “%(heading)s”. Rename or remove it; the empty list shows all there are.")
                % {"heading": cell[:60]}
            )
        if name in found.values():
            raise WrongUse(_("Two columns say the same: %(heading)s.") % {"heading": cell[:60]})
        found[at] = name
    missing = [name for name in NEEDED if name not in found.values()]
    if missing:
        words = ", ".join(COLUMNS[name][0] for name in missing)
        raise WrongUse(_("The first row must name the columns: %(missing)s is missing.") % {"missing": words})
    return found


def _text_rows(data: bytes) -> Iterator[tuple[int, list[str], list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(_("This is no text in UTF-8. Save it as “CSV UTF-8”, or give the workbook.")) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            yield number, [cell.strip() for cell in next(reader)], []
        except StopIteration:
            return
        except csv.Error as error:
            raise WrongUse(_("Line %(line)s cannot be read as CSV.") % {"line": number}) from error


def _workbook_rows(data: bytes) -> Iterator[tuple[int, list[str], list[str]]]:
    """The rows of the first sheet. A formula is not computed, and neither is the value it had: its row is refused."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a program wrote of the sheet's size may be less than there is
        cells = 0
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells += len(row)
            if number > MOST_ROWS + 100:
                raise WrongUse(_("A list has %(most)s rows at most. Give it in parts.") % {"most": MOST_ROWS})
            if cells > MOST_CELLS:
                raise WrongUse(
                    _("This workbook has too many cells. Take out the empty columns at its end, or give CSV.")
                )
            texts = ["" if _is_formula(cell) else _cell(cell.value) for cell in row]
            formulas = any(map(_is_formula, row))
            yield number, texts, [_("holds a formula: put its value in its place")] if formulas else []
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, SyntaxError) as error:
        raise WrongUse(_("This workbook cannot be read. Save it anew as XLSX, or as CSV UTF-8.")) from error


def _is_formula(cell: Any) -> bool:
    return getattr(cell, "data_type", "") == "f"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def whole_number(text: str) -> int:
    """A number as a list writes it, with thousands set apart by blanks or not at all. Raises WrongUse."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not re.fullmatch(r"[0-9]{1,9}", plain):
        raise WrongUse(_("“%(text)s” is no whole number") % {"text": text[:40]})
    return int(plain)


def day(text: str) -> date:
    """A day as a list writes it: 2026-11-22 or 22/11/2026. Raises WrongUse."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise WrongUse(_("“%(text)s” is no day: write 2026-11-22 or 22/11/2026") % {"text": text[:40]})
