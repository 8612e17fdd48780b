"""Each test has a key of the vault of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.BETTERWORK_HOME = tmp_path
    settings.VAULT_KEY = ""
    yield tmp_path
