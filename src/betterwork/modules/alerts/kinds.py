"""What a concern can be about: the list that is shipped (``data/kinds.json``), each kind with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Any] = {
    "child-below-minimum-age": _("A child below the minimum age works there"),
    "child-worst-forms": _("Somebody under 18 is in a worst form of child labour"),
    "kept-from-leaving": _("Workers are kept from leaving, so that they work"),
    "forced-by-violence": _("Violence or threats make people work"),
    "abuse-and-violence": _("Physical abuse or violence, sexual violence too"),
    "punished-for-leaving-danger": _("Workers are punished for leaving danger"),
    "imminent-danger": _("Something threatens life or health now"),
    "reprisals": _("Somebody is made to suffer for having spoken"),
    "other": _("Something else that is as serious"),
}


@dataclass(frozen=True, slots=True)
class ConcernKind:
    """A kind of concern: its name, in words, where it is written, and whether that was seen."""

    name: str
    title: Any
    source: str
    verified: bool


@cache
def kinds() -> tuple[ConcernKind, ...]:
    """Every kind, in the order in which they are offered."""
    rows = orjson.loads((Path(__file__).parent / "data" / "kinds.json").read_bytes())
    return tuple(ConcernKind(row["kind"], TITLES[row["kind"]], row["source"], row["verified"]) for row in rows)


def kind_title(name: str) -> Any:
    """A kind in words; its name where this version does not know it any more."""
    return TITLES.get(name, name)
