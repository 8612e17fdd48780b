"""How long a yearly plan takes and how good it is: ``python benchmarks/planning.py``, with ``--quick`` the small size.

On SIMULATED countries of two sizes over 52 weeks with windows of 14: with room to spare, and tight (a tenth cannot be
placed). Medians of three seeds, in seconds of one processor.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import date, timedelta
from statistics import median

from betterwork.core.planning.checking import broken
from betterwork.core.planning.values import Advisor, Due, Problem, Rules

SIZES = {"small": (120, 12), "large": (450, 30)}
BUDGET = {"small": 60.0, "large": 300.0}
SEEDS = (1, 2, 3)
FIRST = date(2027, 1, 4)
Line = tuple[str, str, str, bool | None]


def problem_make(factories: int, advisors: int, *, seed: int, tight: bool, seconds: int = 600) -> Problem:
    """A made-up country: two languages, two competences, industrial zones, leave, conflicts, last year's teams."""
    chance = random.Random(seed)
    weeks = tuple(FIRST + timedelta(days=7 * number) for number in range(52))
    keys = [f"advisor-{number:02}" for number in range(advisors)]
    most = round(2 * factories / advisors * (0.9 if tight else 1.5))
    persons = []
    for number, key in enumerate(keys):
        away = set(chance.sample(weeks, 4)) | {weeks[15], weeks[50], weeks[51]}
        persons.append(
            Advisor(
                key=key,
                interviews=frozenset({"local", "second"} if number % 3 == 0 else {"local"}),
                competences=frozenset(one for one, every in (("payroll", 2), ("chemicals", 4)) if number % every == 0),
                alone=number % 4 != 3,
                away=frozenset(away),
                most_a_week=1 if number % 3 else 2,
                most_in_all=most,
                conflicts=frozenset(f"factory-{chance.randrange(factories):03}" for _one in range(3)),
            )
        )
    due = []
    for number in range(factories):
        last = frozenset(chance.sample(keys, 2))
        start = chance.randrange(-12, 46)
        earliest = max(0, start)
        due.append(
            Due(
                key=f"factory-{number:03}",
                since=FIRST + timedelta(days=7 * start + 20),
                earliest=weeks[earliest],
                latest=weeks[min(51, earliest + 13)],
                place=f"zone-{chance.randrange(max(4, factories // 15)):02}",
                languages=frozenset(["local", *(["second"] if chance.random() < 0.15 else [])]),
                competences=frozenset(["payroll"] if chance.random() < 0.5 else []),
                barred=frozenset(sorted(last)[:1]),
                last=last,
                weight=2 if start < 0 else 1,
            )
        )
    return Problem(weeks, tuple(due), tuple(persons), Rules(seconds=seconds))


def measure(size: str, *, tight: bool) -> Line:
    """Medians over the seeds, as a line of ``make bench``. Stops where a plan breaks a hard rule."""
    from betterwork.core.planning.solving import plan

    seconds, gaps, unplaced, saved = [], [], [], []
    for seed in SEEDS:
        problem = problem_make(*SIZES[size], seed=seed, tight=tight)
        begun = time.process_time()
        made = plan(problem)
        seconds.append(time.process_time() - begun)
        if found := broken(problem, made.visits):
            raise SystemExit(f"a plan breaks hard rules: {found[:3]}")
        if made.quality.out_of_time:
            raise SystemExit("the time ran out: the machine is too busy to measure")
        places = {one.key: one.place for one in problem.factories}
        journeys = {(places[one.factory], one.week, key) for one in made.visits for key in one.pair}
        gaps.append(made.quality.gap)
        unplaced.append(len(made.unplaced))
        saved.append(1 - len(journeys) / (2 * len(made.visits)))
    factories, advisors = SIZES[size]
    name = f"yearly plan, {factories} factories, {advisors} advisors, {'tight' if tight else 'room to spare'}"
    said = (
        f"{median(seconds):.0f} s, {int(median(unplaced))} unplaced, gap {median(gaps):.1%}, "
        f"{median(saved):.0%} of journeys saved"
    )
    return (name, f"< {BUDGET[size]:.0f} s", said, median(seconds) < BUDGET[size])


def lines(*, quick: bool = False) -> list[Line]:
    """The figures for the table of ``make bench``."""
    return [measure(size, tight=tight) for size in (["small"] if quick else SIZES) for tight in (False, True)]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the small size only")
    for name, budget, said, _reached in lines(quick=parser.parse_args().quick):
        print(f"{name}: {said} (budget {budget})", flush=True)


if __name__ == "__main__":
    main()
