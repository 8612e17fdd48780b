"""Weighing agreements: the sum of one weight per thing compared, in powers of two, after Fellegi and Sunter.

The weights are fitted together and not one by one: Unit 1 and Unit 2 of an owner agree on name, address and owner at
once, and evidence that hangs together must not be counted three times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from betterwork.core.matching.comparing import COMPARISONS, NOT_KNOWN, Levels
from betterwork.core.matching.records import Ready

SURE, LIKELY = "almost certain", "likely"
VERY = 4.0
"""How far above the threshold a score is almost certain: sixteen times the odds."""


@dataclass(frozen=True, slots=True)
class Model:
    """Trained parameters: where the sum begins, the weight of each level, and from which score a pair is shown."""

    begins: float
    weights: Mapping[str, tuple[float, ...]]
    threshold: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing compared of a pair: its level's code ("unit.other"), and its weight: above 0 for, below against."""

    code: str
    weight: float


def model_read(content: Mapping[str, object]) -> Model:
    """The model as its file says it. Raises ValueError where the file does not fit the comparisons."""
    weights = {name: tuple(values) for name, values in dict(content["weights"]).items()}  # type: ignore[call-overload]
    expected = {one.name: len(one.levels) for one in COMPARISONS}
    if {name: len(values) for name, values in weights.items()} != expected:
        raise ValueError("the trained weights do not fit the comparisons: train anew")
    return Model(float(content["begins"]), weights, float(content["threshold"]))  # type: ignore[arg-type]


def levels_of(records: Sequence[Ready], pairs: Sequence[tuple[int, int]]) -> dict[str, Levels]:
    """The levels of pairs of records (by their places), per comparison."""
    found = {}
    for one in COMPARISONS:
        column = [getattr(record, one.column) for record in records]
        found[one.name] = one.function([column[left] for left, _ in pairs], [column[right] for _, right in pairs])
    return found


def scores(model: Model, levels: Mapping[str, Levels]) -> npt.NDArray[np.float64]:
    """The score of each pair: log2 of the odds that both are one factory."""
    total = np.full(len(next(iter(levels.values()))), model.begins)
    for name, found in levels.items():
        total += np.array([*model.weights[name], 0.0])[found]  # the last place is NOT_KNOWN, -1
    return total


def reasons(model: Model, levels: Mapping[str, int]) -> list[Reason]:
    """What speaks for and against, the heaviest first; what is not known says nothing."""
    found = [
        Reason(f"{one.name}.{one.levels[levels[one.name]]}", round(model.weights[one.name][levels[one.name]], 2))
        for one in COMPARISONS
        if levels.get(one.name, NOT_KNOWN) != NOT_KNOWN
    ]
    return sorted(found, key=lambda reason: (-abs(reason.weight), reason.code))


def score_words(score: float, threshold: float) -> str:
    """How sure a score above the threshold is, in one of two words."""
    return SURE if score >= threshold + VERY else LIKELY
