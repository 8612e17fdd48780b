"""What other systems are told of the register: ids and links, to those who may read what they lead to."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from betterwork.foundation.webhooks.testing import Told
from betterwork.foundation.webhooks.topics import TOPICS
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import factory_merge, factory_register, factory_rename, factory_unmerge

pytestmark = [pytest.mark.django_db, pytest.mark.capability("L2")]
MINE = [name for name in TOPICS if name.startswith("factory.")]


def told_of(cast: Any, *words: str, scope: str = "world") -> Told:
    return Told({word: cast.person(word).public_id for word in words}, MINE, timezone.now(), scope)


def registered(country: str = "VN", number: str = "1") -> Factory:
    given = {"country": country, "outside_id": number, "name": "Secret Works", "since": None, "at": timezone.now()}
    return factory_register(actor="operator", **given)


def test_staff_are_told_of_factories_they_may_read_and_nobody_else_is(cast) -> None:
    told = told_of(cast, "advisor", "abroad", "auditor", "factory", "workers", "buyer")
    one = registered()
    found = told.until(timezone.now())
    wanted = ("factory.registered", {"factory": one.pk, "url": f"/api/v1/factories/{one.pk}"})
    assert found == {"advisor": [wanted], "auditor": [wanted]}
    assert cast.client("advisor").get(wanted[1]["url"]).json()["name"] == "Secret Works"


def test_a_change_says_what_changed_by_its_word_alone(cast) -> None:
    one, told = registered(), told_of(cast, "advisor")
    told.until(timezone.now())
    factory_rename(actor="operator", factory=one, name="New Name", since=None, reason="A new owner", at=timezone.now())
    ((topic, payload),) = told.until(timezone.now())["advisor"]
    assert topic == "factory.changed" and payload["what"] == "name" and payload["factory"] == one.pk
    assert "New Name" not in str(payload) and "owner" not in str(payload)


def test_merges_are_told_with_the_record_that_was_kept(cast) -> None:
    one, two, told = registered(), registered(number="2"), told_of(cast, "leader", "abroad")
    told.until(timezone.now())
    at = timezone.now()
    merge = factory_merge(actor="operator", kept=one, gone=two, reason="the same", at=at)
    ids = {"merge": merge.pk, "kept": one.pk, "gone": two.pk, "url": f"/api/v1/factories/{one.pk}"}
    assert told.until(timezone.now()) == {"leader": [("factory.merged", ids)]}
    factory_unmerge(actor="operator", merge=merge, reason="another one", at=timezone.now())
    assert told.until(timezone.now()) == {"leader": [("factory.unmerged", ids)]}


def test_an_endpoint_over_one_country_or_factory_hears_of_that_one(cast) -> None:
    here = told_of(cast, "analyst", scope="country:JO")
    registered(), registered("JO", "9")
    told = here.until(timezone.now())
    (jordan,) = Factory.objects.filter(country="JO")
    assert [payload["factory"] for _topic, payload in told["analyst"]] == [jordan.pk]
