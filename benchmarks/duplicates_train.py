"""Train the weights by which duplicates are found, on the training half alone, and write the model's file.

``python benchmarks/duplicates_train.py``. Run by hand when comparisons change; never at start. All pairs of the half
that share a block are used: the labelled ones, and those that chance brought together (two factories each).
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from betterwork.core.matching.comparing import COMPARISONS
from betterwork.core.matching.records import Ready, ready
from betterwork.core.matching.scoring import levels_of, model_read, scores
from betterwork.modules.duplicates.labelled.making import TRAINING_SEED, Pair, pairs_make

FILE = Path(__file__).parents[1] / "src/betterwork/modules/duplicates/data/model.json"
WANTED_PRECISION = 0.998
"""On the training half: above the 0.995 asked of the other half, which was never looked at."""
KEPT_SMALL, BY_CHANCE, MOST, MOST_IN_A_BLOCK = 0.05, 0.3, 24.0, 60
JUDGED = {"domain": (-0.5, 3.0), "number": (-4.0, 8.0), "place": (-4.0, 0.0, 2.0)}
"""What the labelled pairs do not hold is weighed by judgement: the same customs number says nearly all."""


def main() -> None:
    """Fit, choose the threshold, write."""
    pairs = pairs_make(TRAINING_SEED)
    records = [ready(one) for pair in pairs for one in (pair.left, pair.right)]
    blocked = blocked_pairs(records)
    truth = np.array([left // 2 == right // 2 and pairs[left // 2].same for left, right in blocked])
    levels = levels_of(records, blocked)
    names = [(one.name, level) for one in COMPARISONS for level in range(len(one.levels))]
    agree = np.array([levels[name] == level for name, level in names], dtype=float).T
    weight = np.where([left // 2 == right // 2 for left, right in blocked], 1.0, BY_CHANCE)

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        sums = agree @ guess[1:] + guess[0]
        off = (1 / (1 + np.exp(-sums)) - truth) * weight
        whole = (weight * (np.logaddexp(0, sums) - truth * sums)).sum() + KEPT_SMALL * (guess[1:] ** 2).sum()
        return float(whole), np.r_[off.sum(), agree.T @ off + 2 * KEPT_SMALL * guess[1:]]

    fitted = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 3000}).x
    fitted = fitted / np.log(2)
    weights: dict[str, list[float]] = defaultdict(list)
    for (name, _level), value in zip(names, fitted[1:], strict=True):
        weights[name].append(round(float(np.clip(value, -MOST, MOST)), 2))
    content = {"begins": round(float(fitted[0]), 2), "weights": weights | JUDGED, "threshold": 0.0}
    content["threshold"] = threshold(scores(model_read(content), levels), truth, pairs)
    content["seed"] = TRAINING_SEED
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=1))


def threshold(reached: np.ndarray, truth: np.ndarray, pairs: list[Pair]) -> float:
    """The lowest score, in quarters, from which the wanted share of pairs shown is right."""
    for score in np.arange(-2, 8, 0.25):
        shown = reached >= score
        if truth[shown].mean() >= WANTED_PRECISION:
            recall = truth[shown].sum() / sum(pair.same for pair in pairs)
            print(f"training: precision {truth[shown].mean():.4f}, recall {recall:.4f}")
            return float(score)
    raise SystemExit("no score reaches the precision wanted")


def blocked_pairs(records: list[Ready]) -> list[tuple[int, int]]:
    """The pairs that share a block."""
    by_block: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for block in record.blocks:
            by_block[block].append(place)
    few = (some for some in by_block.values() if len(some) <= MOST_IN_A_BLOCK)
    return sorted({(a, b) for some in few for i, a in enumerate(some) for b in some[i + 1 :]})


if __name__ == "__main__":
    main()
