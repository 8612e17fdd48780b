"""One report of the simulated country, written once for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from betterwork.modules.reports.content.derived import with_derived
from betterwork.modules.reports.rules import report_safe
from betterwork.modules.reports.services import report_write
from betterwork.modules.reports.tests import world
from betterwork.modules.reports.values import ReportData, SafeReport


@pytest.fixture(scope="session")
def raw() -> ReportData:
    return world.data()


@pytest.fixture(scope="session")
def safe(raw: ReportData) -> SafeReport:
    return with_derived(report_safe(raw))


@pytest.fixture(scope="session")
def folder(raw: ReportData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("report") / "viet-nam"
    report_write(data=raw, target=target)
    return target
