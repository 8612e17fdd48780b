"""The two pages of docs/algorithms say what this does."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.worked_examples import PAGES, examples

from betterwork.core.capture.tests.examples import check_merging, check_sources_shown
from betterwork.core.capture.triangulation import SHIPPED, mixes_as_text


@pytest.mark.parametrize(
    ("page", "check"), [("merging-answers", check_merging), ("sources-shown", check_sources_shown)]
)
def test_the_worked_example_of_the_page_holds(page: str, check: object, tmp_path: Path) -> None:
    blocks = [one for one in examples() if one.page == page]
    assert blocks
    for one in blocks:
        check(one.content, tmp_path)  # type: ignore[operator]


def test_the_page_names_the_shipped_rule() -> None:
    page = " ".join((PAGES / "sources-shown.md").read_text(encoding="utf-8").split())
    for line in mixes_as_text(SHIPPED).split("; "):
        assert line in page
