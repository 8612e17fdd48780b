"""Precision, recall and speed of finding duplicate factories: ``python benchmarks/duplicates.py``, and ``make bench``.

On SIMULATED labelled pairs. The weights and the threshold come from the training half; the held-out half only measures.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

RECALL, PRECISION, SPEED = 0.97, 0.995, 5_000
MOST_ERRORS = 40
RECORDS = 20_400
Line = tuple[str, str, str, bool | None]


def main() -> None:
    """Print the figures and every error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=["training", "held-out"], default="held-out")
    half = parser.parse_args().half
    from betterwork.modules.duplicates.measuring import half_measure
    from betterwork.modules.duplicates.wording import measured_lines

    print("\n".join(measured_lines(half_measure(half), most=MOST_ERRORS)))
    print(f"speed: {speed_measure():,.0f} records a second")


def lines() -> list[Line]:
    """The figures for the table of ``make bench``; errors are printed by the script itself."""
    from betterwork.modules.duplicates.measuring import half_measure
    from betterwork.modules.duplicates.wording import measured_lines

    reached = half_measure("held-out")
    print("\n".join(measured_lines(reached, most=MOST_ERRORS)))
    speed = speed_measure()
    return [
        (f"duplicates: recall on {reached.same} held-out pairs", f">= {RECALL}", f"{reached.recall:.4f}",
         reached.recall >= RECALL),
        (f"duplicates: precision on {reached.found} pairs shown", f">= {PRECISION}", f"{reached.precision:.4f}",
         reached.precision >= PRECISION),
        ("duplicates: records read, blocked and scored", f"> {SPEED:,} /s", f"{speed:,.0f} /s", speed > SPEED),
    ]  # fmt: skip


def speed_measure() -> float:
    """Records a second, from texts to scored pairs, the median of three; the process is warm, the texts are new."""
    from betterwork.modules.duplicates.finding import pairs_find
    from betterwork.modules.duplicates.labelled.making import pairs_make

    taken = []
    for turn in range(3):
        records = [
            replace(record, key=f"{seed}-{record.key}")
            for seed in range(RECORDS // 3400)
            for pair in pairs_make(100 * turn + seed + 1)
            for record in (pair.left, pair.right)
        ]
        begun = time.perf_counter()
        pairs_find(records)
        taken.append(time.perf_counter() - begun)
    return RECORDS / sorted(taken)[1]


if __name__ == "__main__":
    main()
