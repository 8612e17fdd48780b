"""Reading organisations from a CSV file, row by row: what would be taken, what is there already, what is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.modules.countries.queries import country_named, settings_held
from betterwork.modules.organisations.models import Organisation, OrganisationName, new_id
from betterwork.modules.organisations.rules import (
    GLOBAL,
    NATIONAL,
    key_refusal,
    name_cleaned,
    name_key,
    name_refusal,
    place_refusal,
)

COLUMNS = ("kind", "name", "country", "level", "group", "mail", "key")
"""``kind`` and ``name`` are needed. ``level`` is taken from whether there is a country; ``group`` is a name or key."""
NEEDED = ("kind", "name")
MOST_ROWS, MOST_CHARACTERS = 2_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file and what becomes of it. ``problem`` is why it is refused; ``known``: it is there already."""

    line: int
    kind: str = ""
    name: str = ""
    country: str = ""
    level: str = ""
    group: str = ""
    mail: str = ""
    key: str = ""
    problem: str = ""
    known: bool = False

    @property
    def taken(self) -> bool:
        """Whether an organisation is made of it."""
        return not self.problem and not self.known


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a file: read = taken + known + refused."""

    rows: tuple[Row, ...]

    @property
    def taken(self) -> int:
        """How many organisations are made."""
        return sum(one.taken for one in self.rows)

    @property
    def known(self) -> int:
        """How many rows name one that is there already."""
        return sum(one.known for one in self.rows)

    @property
    def refused(self) -> tuple[Row, ...]:
        """The rows refused, each with its reason."""
        return tuple(one for one in self.rows if one.problem)


@dataclass(slots=True)
class _There:
    """What is there, and what the rows before have added."""

    keys: set[str] = field(default_factory=set)
    named: dict[tuple[str, str, str], str] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=dict)

    def add(self, key: str, kind: str, country: str, name: str) -> None:
        self.keys.add(key)
        self.named[kind, country, name_key(name)] = key
        self.by_name.setdefault(name_key(name), set()).add(key)


def organisations_judged(text: str, *, today: date, within: Collection[str] | None = None) -> Judged:
    """Judge each row of a file against what is there and the rows before it. Three queries, whatever its length.

    Raises :class:`WrongUse` for a file without the needed columns, with unknown ones, or too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise WrongUse(_("The file is too long: at most %(most)s characters.") % {"most": MOST_CHARACTERS})
    there = _there()
    found: list[Row] = []
    with settings_held():
        for line, cells in _read(text):
            row = _row(line, cells, there, today, within)
            if row.taken:
                there.add(row.key, row.kind, row.country, row.name)
            found.append(row)
    return Judged(tuple(found))


def _read(text: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in NEEDED if name not in columns]
        unknown = [name for name in columns if name not in COLUMNS]
        if missing or unknown or len(set(columns)) != len(columns):
            words = {"columns": ", ".join(COLUMNS), "found": ", ".join(columns) or "-"}
            raise WrongUse(_("The first line names the columns, some of: %(columns)s. Found: %(found)s.") % words)
        reader.fieldnames = columns
        rows = [(reader.line_num, dict(row)) for row in reader]
    except csv.Error as error:
        raise WrongUse(_("Line %(line)s is no CSV: %(why)s") % {"line": reader.line_num, "why": error}) from error
    if len(rows) > MOST_ROWS:
        raise WrongUse(_("The file has too many rows: at most %(most)s.") % {"most": MOST_ROWS})
    return rows


def _row(line: int, cells: dict[str, str], there: _There, today: date, within: Collection[str] | None) -> Row:
    if None in cells or None in cells.values():
        return Row(
            line, name=str(cells.get("name") or ""), problem=_("It has more or fewer cells than the first line.")
        )
    given = {name: value.strip() for name, value in cells.items()}
    country = country_named(given.get("country", "")) if given.get("country") else None
    row = Row(
        line,
        kind=given["kind"].lower(),
        name=name_cleaned(given["name"]),
        country=country.code if country else "",
        level=given.get("level", "").lower() or (NATIONAL if country else GLOBAL),
        mail=given.get("mail", ""),
        key=given.get("key", ""),
    )
    if given.get("country") and country is None:
        return replace(row, problem=_("No country programme is called %(name)s.") % {"name": given["country"]})
    problem = _problem(row, today, within)
    if problem:
        return replace(row, problem=problem)
    known = there.named.get((row.kind, row.country, name_key(row.name)))
    if known is not None:
        other = _("It is there already under the key %(key)s.") % {"key": known}
        return replace(
            row, key=known, problem=other if row.key not in {"", known} else "", known=row.key in {"", known}
        )
    if row.key in there.keys:
        return replace(row, problem=_("The key %(key)s is taken.") % {"key": row.key})
    return _in_its_group(replace(row, key=row.key or new_id()), given.get("group", ""), there)


def _problem(row: Row, today: date, within: Collection[str] | None) -> str:
    problem = place_refusal(row.kind, row.level, row.country) or name_refusal(row.name, None, today)
    if not problem and row.key:
        problem = key_refusal(row.key)
    if not problem and within is not None and row.country not in within:
        problem = _("It lies outside the countries for which you enter organisations.")
    if not problem and row.mail:
        try:
            validate_email(row.mail)
        except ValidationError:
            problem = _("%(mail)s is no mail address.") % {"mail": row.mail}
    return problem


def _in_its_group(row: Row, group: str, there: _There) -> Row:
    if not group:
        return row
    keys = {group} if group in there.keys else there.by_name.get(name_key(group), set())
    if len(keys) == 1:
        return replace(row, group=next(iter(keys)))
    words = _("No organisation is called %(name)s, here or in a row before.")
    if keys:
        words = _("Several organisations are called %(name)s: write the key of one.")
    return replace(row, problem=words % {"name": group})


def _there() -> _There:
    found = _There(keys=set(Organisation.objects.values_list("key", flat=True)))
    rows = OrganisationName.objects.filter(corrected_at__isnull=True).select_related("organisation")
    for one in rows.only("name", "organisation__key", "organisation__kind", "organisation__country"):
        found.add(one.organisation.key, one.organisation.kind, one.organisation.country, one.name)
    return found
