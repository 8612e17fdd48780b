"""Builds of the store: a manifest that names the partitions of one set of sealed documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import orjson

from betterwork import __version__
from betterwork.core.canonical import digest
from betterwork.core.errors import BetterWorkError
from betterwork.core.evidence.dimensions import Dimensions
from betterwork.core.evidence.tables import Stamp
from betterwork.modules.evidence.layout import LAYOUT, Folder, file_replace
from betterwork.modules.evidence.partitions import Partition, partition_read

BUILD_SCHEMA = "betterwork.evidence-build/1"


@dataclass(frozen=True)
class Build:
    """The projection of one set of documents: what a table is made from.

    ``countries`` maps ISO codes to the names the programme writes; ``newest`` is the digest of the
    assessment sealed last when it was made, by which a later one is noticed.
    """

    set_digest: str
    documents: int
    taken_at: str
    countries: Mapping[str, str]
    dimensions: Dimensions
    partitions: tuple[Partition, ...]
    newest: str

    @property
    def id(self) -> str:
        """Names the manifest: the same documents under the same tool and layout are the same build."""
        return build_id(self.set_digest, self.dimensions)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of start that have assessments."""
        return tuple(sorted({one.year for one in self.partitions}))

    def stamp(self, name: str) -> Stamp:
        """The stamp under every table made from this build."""
        return Stamp(name, self.set_digest, self.taken_at, self.documents, __version__)

    def files(
        self,
        folder: Folder,
        table: str,
        *,
        country: str | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> list[Path]:
        """The Parquet files of a table that can hold rows of the country and the years (both inside)."""
        return [
            folder.file(one.name, table)
            for one in self.partitions
            if (country is None or one.country == country)
            and (since is None or one.year >= since)
            and (until is None or one.year <= until)
        ]


def build_id(set_digest: str, dimensions: Dimensions) -> str:
    """The name of the build of a set of documents."""
    return digest("\n".join([BUILD_SCHEMA, LAYOUT, dimensions.digest, set_digest]).encode("ascii"))


def build_write(folder: Folder, build: Build) -> None:
    """Write the manifest; its partitions must be in place."""
    content = {
        "schema": BUILD_SCHEMA,
        "set_digest": build.set_digest,
        "documents": build.documents,
        "taken_at": build.taken_at,
        "countries": dict(build.countries),
        "dimensions": build.dimensions.content(),
        "partitions": [one.content() for one in build.partitions],
        "newest": build.newest,
    }
    file_replace(folder.builds / f"{build.id}.json", orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


def build_read(folder: Folder, name: str) -> Build | None:
    """The build of that id if its manifest and all its partitions are there, else None."""
    try:
        content = orjson.loads((folder.builds / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return None
    if content.get("schema") != BUILD_SCHEMA:
        return None
    partitions = tuple(Partition(**one) for one in content["partitions"])
    if any(partition_read(folder, one.name) is None for one in partitions):
        return None
    return Build(
        set_digest=content["set_digest"],
        documents=content["documents"],
        taken_at=content["taken_at"],
        countries=content["countries"],
        dimensions=Dimensions.from_content(content["dimensions"]),
        partitions=partitions,
        newest=content["newest"],
    )


def build_current(folder: Folder) -> Build:
    """The build that tables are made from when no snapshot is named.

    Raises :class:`BetterWorkError` when there is none or it is not whole.
    """
    try:
        name = folder.current.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BetterWorkError("there is no evidence store yet: run betterwork evidence build") from error
    build = build_read(folder, name)
    if build is None:
        raise BetterWorkError("the evidence store is not whole: run betterwork evidence build to mend it")
    return build


def build_point(folder: Folder, build: Build) -> None:
    """Make this the current build."""
    file_replace(folder.current, f"{build.id}\n".encode("ascii"))


def build_digests(folder: Folder, build: Build) -> dict[str, list[str]]:
    """The digests of a build's documents, by partition ("KH-2013"), sorted."""
    import pyarrow.parquet as pq

    found: dict[str, list[str]] = {}
    for one in build.partitions:
        column = pq.read_table(folder.file(one.name, "assessments"), columns=["digest"], memory_map=False)
        found[f"{one.country}-{one.year}"] = sorted(column.column("digest").to_pylist())
    return found


def partition_places(places: Iterable[str]) -> list[tuple[str, int]]:
    """("KH", 2013) from "KH-2013"."""
    return [(place[:2], int(place[3:])) for place in places]
