"""A web worker holds the pages and nothing of what computes the evidence: that is work for jobs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    *("ibis", "pyarrow", "duckdb", "altair", "vl_convert", "typst", "scipy", "pandas", "numpy", "holidays"),
    *("splink", "sqlglot", "rapidfuzz", "anyascii"),  # of duplicates
    *("openpyxl", "xlsxwriter", "pyxform", "pikepdf"),  # of files that people give and take
    *("PIL", "lxml"),  # of cleaning pictures and office files
    *("prometheus_client", "pyspark"),
)
LOOK = """
import betterwork.entry.wsgi, sys
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(name for name in {heavy!r} if name in sys.modules))
"""


@pytest.mark.capability("P4")
def test_the_web_server_loads_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", LOOK.format(heavy=HEAVY)],
        env={**os.environ, "BETTERWORK_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == []
