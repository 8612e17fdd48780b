"""The operations of organisations."""

from __future__ import annotations

from typing import get_args

import pytest

from betterwork.modules.organisations.api import Kind, Level
from betterwork.modules.organisations.models import Organisation
from betterwork.modules.organisations.rules import KINDS, LEVELS
from betterwork.modules.organisations.tests.test_pages import speaks_for
from betterwork.modules.organisations.tests.test_services import add

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A3"), pytest.mark.capability("P1")]
ROOT = "/api/v1/organisations"


def post(client, address: str, **given):
    return client.post(f"{ROOT}{address}", given, content_type="application/json")


def test_the_api_knows_the_kinds_and_levels_that_there_are() -> None:
    assert get_args(Kind) == KINDS and get_args(Level) == LEVELS


def test_organisations_are_listed_narrowed_and_read(cast) -> None:
    add(key="weavers"), add("Big Buyer", "buyer", "", key="big")
    client = cast.client("advisor")
    everything = client.get(f"{ROOT}?limit=1").json()
    assert [one["key"] for one in everything["items"]] == ["big"] and everything["next"]
    assert [one["key"] for one in client.get(everything["next"]).json()["items"]] == ["weavers"]
    for asked in ("kind=workers", "country=VN", "level=national", "q=weav"):
        assert [one["key"] for one in client.get(f"{ROOT}?{asked}").json()["items"]] == ["weavers"], asked
    assert client.get(f"{ROOT}?kind=party").status_code == 422
    assert client.get(f"{ROOT}/one/weavers").json()["place"] == "Viet Nam"
    assert client.get(f"{ROOT}/one/nobody").status_code == 404
    assert client.get(f"{ROOT}/one/weavers/names").json()["items"][0]["name"] == "Union of Weavers"
    for word in ("buyer", "workers", "factory"):
        assert cast.client(word).get(ROOT).status_code == 404
    assert cast.client("stranger").get(ROOT).status_code == 401


def test_one_is_entered_and_renamed_by_who_may(cast) -> None:
    client = cast.client("manager")
    made = post(client, "", name="Makers", kind="employers", country="VN", key="makers")
    assert (made.status_code, made.json()["level"]) == (201, "national")
    for given in ({"kind": "buyer"}, {"kind": "employers", "country": "JO"}):
        refused = post(client, "", name="Other", **given)
        assert refused.status_code == 422 and "outside the countries" in refused.content.decode()
    assert post(client, "", name="MAKERS", kind="employers", country="VN").status_code == 422
    assert post(client, "", name="M", kind="employers", country="VN", mail="nobody").status_code == 422
    assert post(client, "/one/makers/names", name="Makers United", first="2015-01-01").status_code == 201
    assert Organisation.objects.get().name == "Makers United"
    assert post(cast.client("abroad"), "/one/makers/names", name="Mine").status_code == 404
    assert post(cast.client("advisor"), "", name="Mine", kind="buyer").status_code == 404


def test_who_speaks_for_one_reads_that_one(cast) -> None:
    add(key="weavers"), add("Big Buyer", "buyer", "", key="buyer-1")
    speaks_for(cast, "workers", "weavers")
    (own,) = cast.client("workers").get(f"{ROOT}/own").json()["items"]
    assert own["key"] == "weavers" and "entered_by" not in own
    (own,) = cast.client("buyer").get(f"{ROOT}/buyer").json()["items"]
    assert own["key"] == "buyer-1"
    assert cast.client("buyer").get(f"{ROOT}/own").status_code == 404
