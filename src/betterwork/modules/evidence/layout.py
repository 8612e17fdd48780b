"""Where the store lies and how its files come to be: written aside, then renamed, so that a build
killed at any point leaves the last good one standing."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from betterwork.core.errors import BetterWorkError

LAYOUT = "betterwork.evidence/1"
"""Name of the layout of the files. Changing what a partition holds changes this name, and so all partitions."""
TABLES = ("assessments", "points", "answers", "facts")
ASIDE = ".aside-"


@dataclass(frozen=True)
class Folder:
    """The store's folder: ``partitions/<name>/<table>.parquet``, ``builds/<id>.json``, ``current``."""

    path: Path

    @property
    def partitions(self) -> Path:
        """Immutable partitions, each named by its content."""
        return self.path / "partitions"

    @property
    def builds(self) -> Path:
        """Manifests, each naming the partitions of one set of documents."""
        return self.path / "builds"

    @property
    def current(self) -> Path:
        """The file that names the build that tables are made from."""
        return self.path / "current"

    @property
    def spill(self) -> Path:
        """Where the engine spills what does not fit in memory."""
        return self.path / "spill"

    def file(self, partition: str, table: str) -> Path:
        """The Parquet file of one table of a partition."""
        return self.partitions / partition / f"{table}.parquet"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store for one build; what earlier, killed builds left aside is swept away.

        Raises :class:`BetterWorkError` when another build runs. The lock ends with its process.
        """
        for folder in (self.partitions, self.builds):
            folder.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BetterWorkError("another build of the evidence store is running: wait until it ends") from error
            for left in [*self.partitions.glob(f"{ASIDE}*"), *self.builds.glob(f"{ASIDE}*")]:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield


def file_replace(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step: a reader sees the old file or the new one, never a part."""
    aside = path.with_name(f"{ASIDE}{os.getpid()}-{path.name}")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
