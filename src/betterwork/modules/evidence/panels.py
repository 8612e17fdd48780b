"""A factory's own figures on its page: for the programme's staff, and for those who answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import FACTORY
from betterwork.foundation.contributions.registry import Panel
from betterwork.modules.evidence.figures.reading import LATEST, SAFE, Part, factory_figures, figures_current, part_of
from betterwork.modules.evidence.figures.rules_now import minimum_now
from betterwork.modules.evidence.models import Figures

LAST_SHOWN = 2
"""How many assessments stand beside the first one; those between are counted and not shown."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The head of a column: an assessment of the factory."""

    day: date
    cycle: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """A row: points not met of points asked at each assessment, and how the country stands."""

    name: str
    cells: list[tuple[int, int] | None]
    country: float | None
    factories: int


@dataclass(frozen=True, slots=True)
class Open:
    """A question that was not met at the latest assessment."""

    cluster: str
    point: str
    code: str
    text: str


def factory_panels(actor: Any, thing: Any, at: datetime) -> Iterator[Panel]:
    """For staff: all that is computed of the factory."""
    yield from _panels(thing, audience="")


def own_factory_panels(actor: Any, thing: Any, at: datetime) -> Iterator[Panel]:
    """For who answers for it: its own figures, and its country's where they speak of enough factories."""
    yield from _panels(thing, audience=FACTORY)


def _panels(thing: Any, *, audience: str) -> Iterator[Panel]:
    figures = figures_current(thing.country)
    own = factory_figures(figures, thing.outside_id) if figures else None
    if figures is None or own is None:
        return
    visits = own["assessments"]
    latest = visits[-1]
    rates = _country_rates(figures, within=not audience)
    beside = visits if len(visits) <= LAST_SHOWN + 1 else [visits[0], *visits[-LAST_SHOWN:]]
    values = {
        "visits": [Visit(date.fromisoformat(one["start"]), one["cycle"]) for one in beside],
        "between": len(visits) - len(beside),
        "clusters": _clusters(beside, rates),
        "points": latest["points"],
        "unmet": latest["unmet"],
        "since": own.get("since"),
        "incomplete": latest["incomplete"],
        "digest": figures.set_digest[:12],
        "own": bool(audience),
    }
    yield Panel(_("How the factory stands"), "evidence/panels/standing.html", values, order=20, audience=audience)
    questions = [Open(*one) for one in own["open"]]
    listed = {"questions": questions, "day": date.fromisoformat(latest["start"])}
    yield Panel(_("Not met at the latest assessment"), "evidence/panels/open.html", listed, order=21, audience=audience)


def _clusters(visits: list[dict[str, Any]], rates: dict[str, tuple[float, int]]) -> list[Cluster]:
    by_visit = [{name: (unmet, asked) for name, asked, unmet in one["clusters"]} for one in visits]
    names = sorted({name for found in by_visit for name in found})
    return [Cluster(name, [found.get(name) for found in by_visit], *rates.get(name, (None, 0))) for name in names]


def _country_rates(figures: Figures, *, within: bool) -> dict[str, tuple[float, int]]:
    """Cluster → mean rate of its points in the country, and how many factories were asked.

    Outside the programme from the aggregates alone, in which small groups are withheld.
    """
    if not within and figures.minimum_group < max(1, minimum_now(figures.country)):
        return {}
    part: Part | None = part_of(figures, LATEST if within else SAFE)
    table = part.table("rates-cluster") if part else None
    return {
        row["cluster"]: (row["mean_point_rate"], row["assessments"])
        for row in (table.records() if table else ())
        if row["mean_point_rate"] is not None
    }
