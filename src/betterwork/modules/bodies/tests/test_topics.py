"""What other systems are told of committees: staff of their country, and apart from them whoever sits there."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from betterwork.foundation.webhooks.testing import Told
from betterwork.modules.bodies.tests.worlds import approved, brought, committee, meeting_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("L1", "L2")]
TOPICS = ["matter.decided", "matter.decided-own"]
WORDS = ("advisor", "abroad", "government", "workers", "factory", "buyer", "auditor")


def decided(cast: Any) -> Any:
    body, seats = committee(cast)
    matter = brought()
    return approved(meeting_of(body, *seats.values()), matter=matter, text="The secret trial is approved.")


def test_staff_and_members_are_told_each_with_the_link_that_they_may_open(cast) -> None:
    told = Told({word: cast.person(word).public_id for word in WORDS}, TOPICS, timezone.now())
    made = decided(cast)
    found = told.until(timezone.now())
    assert {word: [topic for topic, _said in said] for word, said in found.items()} == {
        "advisor": ["matter.decided"], "auditor": ["matter.decided"],
        "government": ["matter.decided-own"], "workers": ["matter.decided-own"],
    }  # fmt: skip
    for word, said in found.items():
        ((_topic, payload),) = said
        assert payload["decision"] == made.id and payload["matter"] == made.matter_id
        assert set(payload) == {"matter", "kind", "decision", "url"}
        assert "secret trial" in cast.client(word).get(payload["url"]).content.decode()


def test_an_endpoint_over_a_country_hears_of_the_committees_of_that_one(cast) -> None:
    person = cast.person("analyst").public_id
    here = Told({"here": person}, TOPICS, timezone.now(), "country:VN")
    elsewhere = Told({"elsewhere": person}, TOPICS, timezone.now(), "country:JO")
    made = decided(cast)
    ((topic, payload),) = here.until(timezone.now())["here"]
    assert topic == "matter.decided" and payload["decision"] == made.id
    assert elsewhere.until(timezone.now()) == {}
