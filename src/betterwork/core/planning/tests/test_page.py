"""The page of the visit plan says what the planner does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from betterwork.core.planning.solving import WHOLE_MOST
from betterwork.core.planning.tests.examples import check_visit_plan
from betterwork.core.planning.values import Rule

PAGE = Path(__file__).parents[5] / "docs" / "algorithms" / "visit-plan.md"


@pytest.mark.capability("C1")
def test_the_worked_example_is_what_the_planner_does(tmp_path: Path) -> None:
    [block] = re.findall(r"^```json example\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    check_visit_plan(json.loads(block), tmp_path)


def test_the_page_names_every_rule_and_the_size_up_to_which_a_plan_is_proven() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| {rule} |" in text for rule in Rule)
    assert f"{WHOLE_MOST:,} combinations" in text
