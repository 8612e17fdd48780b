"""The world of the tests holds something of everything that can be stored."""

from __future__ import annotations

import pytest

from tests.trust.planting import all_models, is_text, places
from tests.trust.world import World

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def test_every_model_has_a_row(world: World) -> None:
    empty = [one._meta.label for one in all_models() if not one._base_manager.exists()]
    assert empty == world.missing
    assert not empty, f"no row of {', '.join(empty)}: make one in tests/trust/peopling.py through its room's services"


def test_every_field_for_text_holds_some(world: World) -> None:
    empty = [str(one) for one in places() if one.empty and is_text(one.field) and not one.reason]
    assert not empty, f"nothing stands in {', '.join(empty)}: fill it in tests/trust/peopling.py"
