"""The example of docs/algorithms/quorum.md says what the rules do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from betterwork.modules.bodies.tests.examples import check_quorum

PAGE = Path(__file__).parents[5] / "docs" / "algorithms" / "quorum.md"


def example() -> dict[str, Any]:
    found = re.search(r"^```json example\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.capability("L1")
def test_the_page_of_the_quorum_says_what_the_rules_do(tmp_path):
    check_quorum(example(), tmp_path)


def test_a_page_that_says_something_else_is_found(tmp_path):
    wrong = example()
    wrong["quorum"]["meetings"][0]["heard"] = 2
    with pytest.raises(AssertionError):
        check_quorum(wrong, tmp_path)
