"""Each test of the vault has a key of its own, and interviews as its kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from betterwork.foundation.vault.tests.interviews import interviews_kind, interviews_kind_gone


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.BETTERWORK_HOME = tmp_path
    settings.VAULT_KEY = ""
    interviews_kind()
    yield tmp_path
    interviews_kind_gone()
