from __future__ import annotations

from datetime import UTC, datetime

import pytest

from betterwork.entry.demonstration.export import exports_write
from betterwork.entry.demonstration.tests.test_exports import TINY
from betterwork.modules.assessments.services import assessments_import
from betterwork.modules.countries.queries import countries
from betterwork.modules.instruments.queries import catalogue


@pytest.mark.django_db
@pytest.mark.capability("B2")
def test_the_real_import_takes_every_row_of_the_shipped_tool_and_finds_nothing_incomplete(tmp_path):
    by_code = {country.code: country for country in countries()}
    files = exports_write(TINY, catalogue(), by_code, tmp_path)
    told = assessments_import(paths=[file.path for file in files], at=datetime(2020, 1, 1, tzinfo=UTC), dry_run=True)
    for written, read in zip(files, told.files, strict=True):
        assert read.counts.rows_read == written.rows == read.counts.taken + read.counts.duplicates
        assert sum(read.counts.refused.values()) == read.counts.incomplete == 0
        assert sum(read.counts.assessments.values()) == written.assessments
        assert read.counts.undeclared_facts == read.counts.other_labels == 0
