"""Stores that many tests read and none changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.queries import Store, store_of_build
from betterwork.modules.evidence.tests.sample import build_of, contents_of_csv

Made = Callable[..., Store]


@pytest.fixture(scope="session")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Folder]:
    """The small sample as a build."""
    folder = Folder(tmp_path_factory.mktemp("small"))
    return build_of(folder, contents_of_csv()), folder


@pytest.fixture(scope="session")
def small_store(small_build: tuple[Any, Folder]) -> Iterator[Store]:
    """The small sample, opened on DuckDB."""
    with store_of_build(*small_build, engine="duckdb") as store:
        yield store


@pytest.fixture
def store_made(tmp_path: Path) -> Iterator[Made]:
    """A function that opens a store of made-up contents."""
    with ExitStack() as stack:

        def make(contents: list[dict[str, Any]], catalogue: Any = None) -> Store:
            folder = Folder(tmp_path / "evidence")
            build = build_of(folder, contents, catalogue)
            return stack.enter_context(store_of_build(build, folder, engine="duckdb"))

        yield make
