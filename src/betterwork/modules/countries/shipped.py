"""What comes with the program: the tables in ``data/``."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from betterwork.core.dated import DatedValue

Shipped = tuple[DatedValue[str], ...]
"""The values of a setting, with their days and sources."""


def shipped_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table in ``data/``."""
    text = files("betterwork.modules.countries").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def shipped_settings() -> Mapping[str, Mapping[str, Shipped]]:
    """By name of the setting and country ("" for every country), also of settings that higher rooms declare."""
    found: dict[str, dict[str, Shipped]] = defaultdict(dict)
    for row in shipped_rows("country_settings.csv"):
        value = DatedValue(
            value=row["value"],
            start=date.fromisoformat(row["from"]),
            end=date.fromisoformat(row["until"]) if row["until"] else None,
            source=row["source"],
        )
        of_name = found[row["name"]]
        of_name[row["country"]] = (*of_name.get(row["country"], ()), value)
    return dict(found)
