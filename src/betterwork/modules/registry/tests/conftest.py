"""What the tests of the register's pages stand on: one factory with all of its form."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import Answers, Headcount, factory_register


@pytest.fixture
def works() -> Factory:
    """Factory VN/1, of which the cast's factory manager answers."""
    at = timezone.now()
    return factory_register(
        actor="p-1",
        country="VN",
        outside_id="1",
        name="<b>Works</b> One",
        since=date(2015, 1, 1),
        answers=Answers(
            site={"town": "Huế"},
            ownership={"legal_name": "Secret Holdings"},
            registration={
                "product_1": "Shirts",
                "isic_division": "14",
                "buyers": [{"name": "Buyer X", "since_year": 2010}],
            },
            contacts=[{"name": "Manager One", "phone": "+84 1"}],
            headcount=Headcount(date(2016, 1, 1), 700, 300),
        ),
        at=at,
    )
