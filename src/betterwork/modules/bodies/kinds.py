"""The kinds of committee that the programme knows, with the rules each comes with. Countries may set others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.modules.bodies.rules import Composition, composition_of

NATIONAL, MANAGEMENT, ADVISORY = "national-committee", "management-group", "advisory-committee"
FACTORY, ROUND_TABLE = "factory-committee", "round-table"
TITLES: dict[str, Any] = {
    NATIONAL: _("National tripartite committee"),
    MANAGEMENT: _("Management Group"),
    ADVISORY: _("Advisory Committee"),
    FACTORY: _("Factory committee"),
    ROUND_TABLE: _("Round table"),
}
IN_A_SENTENCE: dict[str, Any] = {
    NATIONAL: _("the national tripartite committee"),
    MANAGEMENT: _("the Management Group"),
    ADVISORY: _("the Advisory Committee"),
    FACTORY: _("the factory committee"),
    ROUND_TABLE: _("the round table"),
}
WORLD_LEVEL, COUNTRY_LEVEL, FACTORY_LEVEL = "world", "country", "factory"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of committee: where one sits (world, country, factory), whether there is one at a time, its rules."""

    name: str
    level: str
    one: bool
    representatives: bool
    """Whether a country's representatives of government, employers and workers see it by their role."""
    shipped: tuple[DatedValue[Composition], ...]

    @property
    def title(self) -> str:
        """The kind in words."""
        return str(TITLES[self.name])

    @property
    def may_decide_for_others(self) -> bool:
        """Whether other rooms' matters can be its: there must be one only."""
        return self.one and self.level != FACTORY_LEVEL


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, in the order in which they are shown."""
    text = files("betterwork.modules.bodies").joinpath("data", "kinds.json").read_text(encoding="utf-8")
    return {row["name"]: _kind(row) for row in json.loads(text)}


def kind_called(name: str) -> Kind:
    """The kind of this name. Raises :class:`WrongUse` with the known ones."""
    if name not in kinds():
        raise WrongUse(f"no kind of committee is called {name!r}; known: {', '.join(kinds())}")
    return kinds()[name]


def _kind(row: dict[str, Any]) -> Kind:
    rules = DatedValue(composition_of(row["rules"]), date.fromisoformat(row["from"]), None, row["source"])
    return Kind(row["name"], row["level"], row["one"], row["representatives"], (rules,))
