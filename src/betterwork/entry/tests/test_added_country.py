"""A country programme that was added in the console stands wherever those do that come with the program."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.scopes import scope_choices, scope_words
from betterwork.modules.bodies.services import body_found
from betterwork.modules.countries.services import programme_add
from betterwork.modules.registry.models import Factory

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("A1")]
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def morocco() -> str:
    given = {"state": "candidate", "first": date(2026, 3, 1), "source": "a decision of the tests", "at": AT}
    programme_add(actor="p-global", code="MA", name="Morocco", **given)
    return "MA"


CHOSEN = (
    "/factories/", "/factories/register/", "/factories/participation/", "/factories/coverage/",
    "/committees/", "/committees/new/", "/committees/agreements/new/",
    "/organisations/", "/organisations/add/", "/countries/",
    "/tools/new/", "/tools/garment/draft/", "/tools/law/", "/tools/law/new/",
    "/duplicates/", "/reports/ask/", "/search/?q=morocco",
)  # fmt: skip


@pytest.mark.parametrize("address", CHOSEN)
def test_it_can_be_chosen_where_a_country_is_chosen(cast, morocco: str, address: str) -> None:
    page = cast.client("global").get(address)
    assert page.status_code == 200
    assert "Morocco" in page.content.decode()


def test_roles_are_given_over_it_and_their_holders_see_its_name(cast, morocco: str) -> None:
    assert ("country:MA", "Morocco") in scope_choices(cast.actor("global"), {"country"})
    Grant.objects.filter(person=cast.person("manager").public_id).update(scope="country:MA")
    assert scope_choices(cast.actor("manager"), {"country"}) == [("country:MA", "Morocco")]
    assert scope_words("country:MA") == "Morocco"
    page = cast.client("manager").get("/factories/register/").content.decode()
    assert '<span class="bar-scope">Morocco</span>' in page and "Viet Nam" not in page


def test_the_api_knows_it(cast, morocco: str) -> None:
    client = cast.client("global")
    assert "MA" in {one["code"] for one in client.get("/api/v1/countries?limit=50").json()["items"]}
    assert client.get("/api/v1/factories/coverage/MA").status_code == 200
    given = {"name": "Moroccan Makers", "kind": "employers", "country": "MA"}
    made = client.post("/api/v1/organisations", given, content_type="application/json")
    assert made.status_code == 201 and made.json()["place"] == "Morocco"


def questions(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/factories/", "/committees/"])
def test_a_list_of_its_things_asks_no_question_for_each_row(cast, morocco: str, address: str) -> None:
    client = cast.client("global")

    def more(number: int) -> None:
        Factory.objects.create(country=morocco, outside_id=f"{number}", name=f"Works {number}")
        given = {"kind": "round-table", "name": f"Table {number}", "start": date(2026, 1, 1), "country": morocco}
        body_found(actor="operator", at=AT, **given)

    more(1)
    few = questions(client, address)
    for number in range(2, 20):
        more(number)
    assert questions(client, address) == few
