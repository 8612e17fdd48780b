"""Partitions of the store: one folder of Parquet files per country and year, named by its content."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from betterwork.core.canonical import digest
from betterwork.core.evidence.dimensions import Dimensions
from betterwork.modules.evidence.layout import ASIDE, LAYOUT, TABLES, Folder

if TYPE_CHECKING:
    from betterwork.core.evidence.projection import PartitionArrays


@dataclass(frozen=True)
class Partition:
    """What a manifest says of one partition."""

    name: str
    country: str
    year: int
    documents: int
    rows: dict[str, int]
    sizes: dict[str, int]  # bytes of each file: a cheap look whether it is whole

    def content(self) -> dict[str, Any]:
        """As a plain dictionary."""
        return asdict(self)


def partition_name(country: str, year: int, dimensions: Dimensions, digests: Iterable[str]) -> str:
    """The name that the same documents under the same tool always give."""
    content = "\n".join([LAYOUT, dimensions.digest, *sorted(digests)])
    return f"{country}-{year}-{digest(content.encode('ascii'))[:32]}"


def partition_read(folder: Folder, name: str) -> Partition | None:
    """The partition if it is there and whole, else None."""
    place = folder.partitions / name
    try:
        found = Partition(**orjson.loads((place / "partition.json").read_bytes()))
        whole = all((place / f"{table}.parquet").stat().st_size == found.sizes[table] for table in TABLES)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if whole else None


def partition_write(folder: Folder, name: str, runs: Iterable[PartitionArrays]) -> Partition:
    """Write a partition from runs of assessments in their order; whole or not at all.

    The same runs give the same bytes.
    """
    country, year, _ = name.split("-")
    aside = folder.partitions / f"{ASIDE}{os.getpid()}-{name}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    rows = _files_write(aside, runs)
    partition = Partition(
        name=name,
        country=country,
        year=int(year),
        documents=rows["assessments"],
        rows=rows,
        sizes={table: (aside / f"{table}.parquet").stat().st_size for table in TABLES},
    )
    (aside / "partition.json").write_bytes(orjson.dumps(partition.content(), option=orjson.OPT_SORT_KEYS))
    final = folder.partitions / name
    shutil.rmtree(final, ignore_errors=True)  # only ever a broken one: whole ones are reused
    aside.rename(final)
    return partition


def _files_write(aside: Path, runs: Iterable[PartitionArrays]) -> dict[str, int]:
    import pyarrow.parquet as pq

    rows = dict.fromkeys(TABLES, 0)
    writers: dict[str, Any] = {}
    try:
        for run in runs:
            for table, data in _arrow_tables(run).items():
                if table not in writers:
                    writers[table] = pq.ParquetWriter(
                        aside / f"{table}.parquet", data.schema, compression="zstd", compression_level=1
                    )
                if data.num_rows:
                    writers[table].write_table(data, row_group_size=1 << 20)
                rows[table] += data.num_rows
    finally:
        for writer in writers.values():
            writer.close()
    return rows


def _arrow_tables(run: PartitionArrays) -> dict[str, Any]:
    import pyarrow as pa

    labels = [pa.array([label[part] for label in run.written_labels], pa.string()) for part in range(3)]
    names = ("written_question", "written_cluster", "written_point")
    answers = {name: pa.array(column) for name, column in run.answers.items()}
    for name, column in zip(names, labels, strict=True):
        # One number per label in all three columns: written as the distinct values of each.
        unique = column.unique()
        place = {value: number for number, value in enumerate(unique.to_pylist())}
        numbers = pa.array([place[value] for value in column.to_pylist()], pa.int16())
        answers[name] = pa.DictionaryArray.from_arrays(numbers.take(pa.array(run.written)), unique)
    return {
        "assessments": pa.table(run.assessments, schema=_assessments_schema()),
        "points": pa.table({name: pa.array(column) for name, column in run.points.items()}),
        "answers": pa.table(answers),
        "facts": pa.table(
            run.facts, schema=pa.schema([("assessment_key", pa.int64()), ("code", pa.string()), ("value", pa.string())])
        ),
    }


def _assessments_schema() -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            ("country", pa.string()),
            ("country_number", pa.int16()),
            ("assessment_key", pa.int64()),
            ("assessment", pa.int64()),
            ("factory_key", pa.int64()),
            ("factory", pa.string()),
            ("factory_name", pa.string()),
            ("start", pa.date32()),
            ("cycle", pa.int32()),
            ("version", pa.string()),
            ("obsolete", pa.bool_()),
            ("incomplete", pa.bool_()),
            ("digest", pa.string()),
        ]
    )
