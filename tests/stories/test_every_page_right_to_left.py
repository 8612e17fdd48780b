"""Every page that can be reached by links, from right to left. Beside the walk in English: another worker takes it."""

from __future__ import annotations

import pytest
from conftest import EVERYTHING

from tests.stories.conftest import Visit
from tests.stories.instance import Instance
from tests.stories.walking import WHO, walked

pytestmark = pytest.mark.capability("P3")


@pytest.mark.parametrize("word", WHO, ids=lambda word: word or "stranger")
def test_a_page_of_every_kind_can_be_used_from_right_to_left(visit: Visit, instance: Instance, word: str) -> None:
    walked(visit, instance, word, "ar", without_scripts=EVERYTHING)
