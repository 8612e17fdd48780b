"""Building the evidence store from sealed assessments, and sealing snapshots of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from betterwork.core.canonical import set_digest
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.core.evidence.dimensions import Dimensions, dimensions_of
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import document_sections
from betterwork.foundation.documents.services import document_seal
from betterwork.foundation.ledger.rules import AUDIT, OPERATOR
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.assessments.queries import current_digests, documents_by_digest
from betterwork.modules.countries.queries import countries_known
from betterwork.modules.evidence.builds import (
    Build,
    build_current,
    build_digests,
    build_id,
    build_point,
    build_read,
    build_write,
    partition_places,
)
from betterwork.modules.evidence.figures.reading import figures_digests
from betterwork.modules.evidence.freshness import newest_document
from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.partitions import Partition, partition_name, partition_read, partition_write
from betterwork.modules.evidence.snapshots import SNAPSHOT_KIND
from betterwork.modules.instruments.queries import catalogue

BUILT = "evidence.built"
SNAPSHOT_NAME = re.compile(r"\w[\w.-]{0,99}")
SNAPSHOT_SCHEMA = "betterwork.snapshot/1"
Place = tuple[str, int]
Progress = Callable[[Place, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the places written anew, and how many were reused as they were."""

    build: Build
    written: tuple[Partition, ...]
    reused: int


def store_folder() -> Folder:
    """Where this instance keeps its store."""
    return Folder(Path(settings.BETTERWORK_HOME) / "evidence")


def store_build(*, at: datetime, actor: str = OPERATOR, progress: Progress | None = None) -> Built:
    """Project the current document of every assessment and make that the store tables are made from.

    Partitions whose documents did not change are reused. ``progress`` is told each place (country,
    year) and its number of documents when it is done. The ledger says who built which set.
    Raises :class:`BetterWorkError` when nothing was imported.
    """
    places: dict[Place, list[str]] = {}
    for country, year, digest in current_digests():
        places.setdefault((country, year), []).append(digest)
    if not places:
        raise BetterWorkError("no assessments are sealed yet: run betterwork assessments import FILE first")
    folder = store_folder()
    with folder.locked():
        built = _project(folder, places, progress=progress)
        with transaction.atomic():
            _built_told(built, actor=actor, at=at)
            build_point(folder, built.build)
    return built


def _built_told(built: Built, *, actor: str, at: datetime) -> None:
    content = {
        "documents": built.build.documents,
        "set_digest": built.build.set_digest,
        "written": len(built.written),
        "reused": built.reused,
    }
    subject = f"evidence {built.build.set_digest[:16]}"
    entry_append(kind=AUDIT, action=BUILT, actor=actor, subject=subject, content=content, at=at)


def store_current() -> Build:
    """The build that tables are made from. Raises :class:`BetterWorkError` when there is none."""
    return build_current(store_folder())


def snapshot_seal(*, name: str, build: Build, at: datetime, actor: str = OPERATOR) -> SealedDocument:
    """Seal the set of documents of ``build`` under ``name``; the same set again changes nothing.

    Raises :class:`WrongUse` when the name is not usable or already names another set.
    """
    if not SNAPSHOT_NAME.fullmatch(name):
        raise WrongUse(
            f"{name!r} cannot name a snapshot: up to 100 letters, digits, points, hyphens and underscores, "
            "beginning with a letter or digit"
        )
    held = SealedDocument.objects.filter(kind=SNAPSHOT_KIND, key=name).first()
    content = {
        "schema": SNAPSHOT_SCHEMA,
        "name": name,
        "set_digest": build.set_digest,
        "taken_at": build.taken_at,
        "documents": build_digests(store_folder(), build),
    }
    if figures := figures_digests(build.set_digest):
        content["figures"] = figures
    if held is None:
        return document_seal(kind=SNAPSHOT_KIND, key=name, sections={"programme": content}, at=at, actor=actor)
    if _snapshot_content(held)["set_digest"] != build.set_digest:
        raise WrongUse(
            f"the snapshot {name!r} already names another set of documents, sealed {held.sealed_at:%Y-%m-%d}: "
            "choose another name"
        )
    return held


def snapshot_build(*, snapshot: SealedDocument) -> Build:
    """The build of exactly the snapshot's documents, projected again from them when its partitions are gone."""
    folder, content = store_folder(), _snapshot_content(snapshot)
    found = build_read(folder, build_id(content["set_digest"], dimensions_of(catalogue())))
    if found is not None:
        return found
    by_place: dict[str, list[str]] = content["documents"]
    places = dict(zip(partition_places(by_place), by_place.values(), strict=True))
    with folder.locked():
        return _project(folder, places).build


def _snapshot_content(snapshot: SealedDocument) -> dict[str, Any]:
    """What the snapshot names."""
    content: dict[str, Any] = document_sections(snapshot.body)["programme"]
    return content


def _project(folder: Folder, places: Mapping[Place, list[str]], *, progress: Progress | None = None) -> Built:
    """Write the partitions that are missing and the manifest; the caller holds the lock."""
    dimensions = dimensions_of(catalogue())
    newest = newest_document()  # asked first: what is sealed meanwhile must show as later than this build
    written, partitions = [], []
    for place, digests in sorted(places.items()):
        name = partition_name(*place, dimensions, digests)
        partition = partition_read(folder, name)
        if partition is None:
            partition = partition_project(folder=folder, name=name, dimensions=dimensions, digests=digests)
            written.append(partition)
        partitions.append(partition)
        if progress:
            progress(place, len(digests))
    every = [digest for digests in places.values() for digest in digests]
    build = Build(
        set_digest=set_digest(every),
        documents=len(every),
        taken_at=_latest_seal(every),
        countries={country.code: country.name for country in countries_known()},
        dimensions=dimensions,
        partitions=tuple(partitions),
        newest=newest,
    )
    build_write(folder, build)
    return Built(build, tuple(written), len(partitions) - len(written))


def partition_project(*, folder: Folder, name: str, dimensions: Dimensions, digests: Iterable[str]) -> Partition:
    """Read a partition's documents and write its files. In memory: 3 bytes an answer of this partition."""
    from betterwork.core.evidence.projection import Layout, Projector, in_runs

    projector, layout = Projector(dimensions), Layout(dimensions)
    try:
        projected = [projector.project(digest, content) for digest, content in documents_by_digest(digests)]
    except KeyError as error:
        raise BetterWorkError(
            f"sealed assessments that the snapshot names are not in this database (the first: {error.args[0]}): "
            "import them, or use the database it was sealed in"
        ) from error
    projected.sort(key=lambda one: one.order)
    return partition_write(folder, name, (layout.arrays(run) for run in in_runs(projected)))


def _latest_seal(digests: Iterable[str]) -> str:
    latest = max(_seal_times(set(digests)))
    return latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seal_times(digests: set[str]) -> Iterator[datetime]:
    rows = SealedDocument.objects.filter(kind="assessment").values_list("digest", "sealed_at")
    return (sealed_at for digest, sealed_at in rows.iterator(chunk_size=5000) if digest in digests)
