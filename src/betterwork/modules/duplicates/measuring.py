"""How well duplicates are found: precision and recall on the labelled SIMULATED pairs, with every error."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from betterwork.core.matching.records import Record
from betterwork.core.matching.scoring import Model
from betterwork.modules.duplicates.finding import Found, pairs_find
from betterwork.modules.duplicates.labelled.making import HARD, HELD_OUT_SEED, TRAINING_SEED, Pair, pairs_make

HALVES = {"training": TRAINING_SEED, "held-out": HELD_OUT_SEED}


@dataclass(frozen=True, slots=True)
class Measured:
    """What was reached on one half. ``wrong``: shown and not one factory; ``missed``: one factory and not shown."""

    half: str
    pairs: int
    same: int
    hard: int
    found: int
    right: int
    wrong: tuple[tuple[str, Record, Record], ...]
    missed: tuple[tuple[str, Record, Record], ...]
    by_way: tuple[tuple[str, int, int], ...]
    """(how the pair was made, found of one factory or wrongly shown, of how many)."""
    seconds: float

    @property
    def precision(self) -> float:
        """Of the pairs shown, the share that are one factory."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that are one factory, the share shown."""
        return self.right / self.same if self.same else 1.0


def half_measure(half: str, trained: Model | None = None) -> Measured:
    """Find pairs among all records of one half together, blocked as in earnest, and compare with the labels.

    A pair shown of two records that were not made as a pair counts as wrong too.
    """
    made = pairs_make(HALVES[half])
    records = [record for pair in made for record in (pair.left, pair.right)]
    begun = time.perf_counter()
    found = pairs_find(records, trained)
    return _counted(half, made, records, found, time.perf_counter() - begun)


def _counted(
    half: str, made: Sequence[Pair], records: Sequence[Record], found: Sequence[Found], seconds: float
) -> Measured:
    by_key = {record.key: record for record in records}
    shown = {(one.left, one.right) for one in found}
    labelled = {(f"{number}-a", f"{number}-b"): pair for number, pair in enumerate(made)}
    right = {key for key in shown if key in labelled and labelled[key].same}
    wrong = sorted(shown - right)
    missed = sorted(key for key, pair in labelled.items() if pair.same and key not in shown)
    ways = Counter(pair.how for pair in made)
    hits = Counter(labelled[key].how for key in shown if key in labelled)
    return Measured(
        half=half,
        pairs=len(made),
        same=sum(pair.same for pair in made),
        hard=sum(pair.kind == HARD for pair in made),
        found=len(shown),
        right=len(right),
        wrong=tuple(
            (labelled[key].how if key in labelled else "never a pair", by_key[key[0]], by_key[key[1]]) for key in wrong
        ),
        missed=tuple((labelled[key].how, labelled[key].left, labelled[key].right) for key in missed),
        by_way=tuple((way, hits[way], count) for way, count in sorted(ways.items())),
        seconds=seconds,
    )
