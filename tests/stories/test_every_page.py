"""Every page that can be reached by links, in English (heavy: Khmer too): axe, narrow, the same with scripts off."""

from __future__ import annotations

import pytest
from conftest import EVERYTHING

from tests.stories.conftest import Visit
from tests.stories.instance import Instance
from tests.stories.walking import WHO, walked

pytestmark = pytest.mark.capability("P3")


@pytest.mark.parametrize("language", ["en", "km"] if EVERYTHING else ["en"])
@pytest.mark.parametrize("word", WHO, ids=lambda word: word or "stranger")
def test_a_page_of_every_kind_can_be_used_by_everybody(
    visit: Visit, instance: Instance, word: str, language: str
) -> None:
    walked(visit, instance, word, language, without_scripts=True)
