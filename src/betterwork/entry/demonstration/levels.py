"""How common a breach is: levels the programme published, and levels that are INVENTED."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from betterwork.core.instrument import Question

DATA = Path(__file__).parent / "data"
OTHERS_IN_POINT = 0.15
"""Where a point has questions with a level of their own, the others share at least this part of the point's hazard."""


@dataclass(frozen=True, slots=True)
class PublishedLevel:
    """A share the programme published, to be met by the latest assessment per factory inside the window."""

    country: str
    start: date
    end: date
    """Last day of the window, inside it."""
    level: str
    """``question``, ``point`` or ``cluster`` (any point of it)."""
    code: str
    share: float
    placed_by: str
    provenance: str

    def covers(self, question: Question) -> bool:
        """Whether the question belongs to what the share speaks of."""
        return self.code == {
            "question": question.code,
            "point": question.point_code,
            "cluster": question.cluster_code,
        }.get(self.level)


@cache
def published_levels() -> tuple[PublishedLevel, ...]:
    """The published levels of ``data/published_levels.csv``, in file order."""
    with (DATA / "published_levels.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_published(row) for row in csv.DictReader(file))


def _published(row: Mapping[str, str]) -> PublishedLevel:
    year, month = (int(part) for part in row["end"].split("-"))
    return PublishedLevel(
        country=row["country"],
        start=date.fromisoformat(f"{row['start']}-01"),
        end=date(year, month, monthrange(year, month)[1]),
        level=row["level"],
        code=row["code"],
        share=float(row["share"]),
        placed_by=row["placed_by"],
        provenance=row["provenance"],
    )


@cache
def invented_levels() -> Mapping[tuple[str, str], tuple[float, float]]:
    """(country code or "", point or question code) → (share at the first assessment, share after many years)."""
    with (DATA / "invented_levels.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["country"], row["code"]): (float(row["start"]), float(row["settled"])) for row in csv.DictReader(file)
        }


def hazards(country: str, questions: tuple[Question, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The hazard of each question at the first assessment and after many years: two arrays, one place per question.

    The share non-compliant is ``1 - exp(-hazard)``, so hazards of the questions of a point add up to that of the
    point when questions are independent. ``questions`` are the compliance questions of one tool version.
    """
    start, settled = np.zeros(len(questions)), np.zeros(len(questions))
    places: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        places.setdefault(question.point_code, []).append(place)
    for point, inside in places.items():
        for result, when in ((start, 0), (settled, 1)):
            result[inside] = _hazards_of_point(country, point, [questions[place] for place in inside], when)
    return start, settled


def _hazards_of_point(country: str, point: str, questions: list[Question], when: int) -> np.ndarray:
    """The point's hazard shared among its questions: those with a level of their own first."""
    levels = invented_levels()
    whole = _hazard(levels.get((country, point), levels.get(("", point), (0.1, 0.05)))[when])
    own = np.array(
        [_hazard(levels[country, q.code][when]) if (country, q.code) in levels else np.nan for q in questions]
    )
    weight = np.array([_weight(question.code) for question in questions])
    open_places = np.isnan(own)
    if not open_places.any():
        return own
    rest = max(whole - np.nansum(own), OTHERS_IN_POINT * whole)
    return np.where(open_places, rest * weight / weight[open_places].sum(), own)


def _hazard(share: float) -> float:
    return float(-np.log1p(-share))


def _weight(code: str) -> float:
    """How easily a question is breached within its point: invented, the same for every seed."""
    return 0.15 + (crc32(code.encode("ascii", "replace")) % 1000 / 1000) ** 3
