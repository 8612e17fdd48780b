"""What other systems are told of organisations: that one changed, to whoever may read it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from betterwork.foundation.webhooks.testing import Told
from betterwork.modules.organisations.tests.test_services import add

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A3", "L2")]


def test_staff_are_told_that_an_organisation_changed_and_outsiders_are_not(cast) -> None:
    words = ("advisor", "auditor", "workers", "buyer", "donor")
    told = Told({word: cast.person(word).public_id for word in words}, ["organisation.changed"], timezone.now())
    add("Union of Weavers", key="weavers")
    wanted = ("organisation.changed", {"organisation": "weavers", "url": "/api/v1/organisations/one/weavers"})
    assert told.until(timezone.now()) == {"advisor": [wanted], "auditor": [wanted]}
    assert cast.client("advisor").get(wanted[1]["url"]).json()["name"] == "Union of Weavers"
