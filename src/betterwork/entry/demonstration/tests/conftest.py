from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from betterwork.entry.demonstration.export import exports_write
from betterwork.entry.demonstration.plan import plan_for
from betterwork.entry.demonstration.tests.support import COUNTRIES, sample_catalogue

Programme = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Reads the export files of a size and seed back as one table of text; written once each."""
    read: dict[tuple[str, int, tuple[str, ...]], pd.DataFrame] = {}

    def get(size: str = "small", seed: int = 2014, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        if (size, seed, columns) not in read:
            folder = tmp_path_factory.mktemp(f"{size}{seed}")
            files = exports_write(plan_for(size, seed=seed), sample_catalogue(), COUNTRIES, folder)
            frames = [_table(file.path, columns) for file in files]
            read[size, seed, columns] = pd.concat(frames, ignore_index=True)
        return read[size, seed, columns]

    return get


def _table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, usecols=list(columns) or None, engine="pyarrow")
