"""A SIMULATED store of any size, written straight into partitions by numpy: for measuring, never for showing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from betterwork.core.canonical import digest, set_digest
from betterwork.core.evidence.dimensions import Dimensions
from betterwork.core.evidence.projection import Layout, Projected, in_runs
from betterwork.modules.countries.queries import countries
from betterwork.modules.evidence.builds import Build
from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.partitions import partition_name, partition_write

YEARS = range(2009, 2019)
ANSWERS_EACH = 250
EXPORT_HEAD = (
    "Country,Factory.Assessed.ID,Factory.Assessed.Name,Quest.ID,Assesment.Start.Date,Cycle,TQ.Name,Cluster,CP,"
    "Question.ID,Q.Label,Question.type,Finding,Tags\n"
)


def build_generate(folder: Folder, dimensions: Dimensions, answers: int, seed: int = 1) -> Build:
    """A build of about that many answers: eight countries, ten yearly cycles, two tool versions."""
    folder.partitions.mkdir(parents=True, exist_ok=True)
    folder.builds.mkdir(parents=True, exist_ok=True)
    codes = [country.code for country in countries()]
    factories = max(1, round(answers / ANSWERS_EACH / len(YEARS) / len(codes)))
    rng, layout = np.random.default_rng(seed), Layout(dimensions)
    partitions, digests = [], []
    for country in codes:
        for year in YEARS:
            every = list(_assessments(dimensions, country, year, factories, rng))
            every.sort(key=lambda one: one.order)
            digests += [one.digest for one in every]
            name = partition_name(country, year, dimensions, [one.digest for one in every])
            partitions.append(partition_write(folder, name, (layout.arrays(run) for run in in_runs(every))))
    return Build(
        set_digest=set_digest(digests),
        documents=len(digests),
        taken_at="2020-01-01T00:00:00Z",
        countries={country.code: country.name for country in countries()},
        dimensions=dimensions,
        partitions=tuple(partitions),
        newest="",
    )


def _assessments(
    dimensions: Dimensions, country: str, year: int, factories: int, rng: np.random.Generator
) -> Iterator[Projected]:
    version = dimensions.versions[0 if year < 2014 else -1]
    questions = np.array(sorted(one.index for one in dimensions.by_version[version].values()), dtype=np.int16)
    cycle = year - YEARS[0] + 1
    # Each question has a level of its own that falls over the years.
    level = np.random.default_rng(7).beta(1, 8, len(dimensions.questions))[questions] * 0.93**cycle
    findings: Any = (rng.random((factories, len(questions)), dtype=np.float32) < level).astype(np.int8)
    starts = rng.integers(0, 365, factories)
    for number in range(factories):
        key = f"{country}{year}{number}"
        yield Projected(
            digest=digest(key.encode()),
            country=country,
            assessment=number * 100 + cycle,
            factory=f"{number:06d}",
            factory_name=f"Simulated {country} {number}{' (Obsolete)' if number % 40 == 39 else ''}",
            start=date(year, 1, 1) + timedelta(days=int(starts[number])),
            cycle=cycle,
            version=version,
            incomplete=False,
            questions=questions,
            answers=findings[number],
            facts=(("F-01", str(500 + number % 1000)),),
        )


def export_generate(file: Path, rows: int, seed: int = 1) -> int:
    """Write an assessment export of about that many rows; return how many it has."""
    from betterwork.core.instrument import Kind
    from betterwork.modules.instruments.queries import catalogue

    version = catalogue().versions[-1]
    names = [name for (_, name), one in catalogue().named.items() if one == version.version]
    rng = np.random.default_rng(seed)
    programmes = countries()
    each = len(version.questions)
    tails = [
        (
            f"{_csv(one.cluster)},{_csv(one.point)},{one.code},{_csv(one.text)}",
            one.kind is Kind.FACT,
            "; ".join(one.tags),
        )
        for one in version.questions
    ]
    total = max(1, rows // each)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(EXPORT_HEAD)
        for number in range(total):
            country, factory, cycle = programmes[number % len(programmes)], number // 4, 1 + number % 4
            head = (
                f"{country.name},{factory},Simulated {factory},{number + 1},"
                f"{1 + number % 28:02d}/{1 + number % 12:02d}/{2014 + cycle},{cycle},{names[0]}"
            )
            found = rng.random(each) < 0.12
            out.writelines(
                f"{head},{tail},{'FGW' if fact else 'NCQ'},{500 if fact else int(one)},{tags}\n"
                for (tail, fact, tags), one in zip(tails, found, strict=True)
            )
    return total * each


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(one in text for one in ',"\n') else text
