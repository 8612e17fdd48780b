"""What other systems are told of country programmes: the programme's staff and auditors."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from betterwork.foundation.webhooks.testing import Told
from betterwork.modules.countries.services import programme_add, setting_enter

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A1", "L2")]
AT = datetime(2026, 3, 1, tzinfo=UTC)
TOPICS = ["country.setting-changed", "country.state-changed"]
WORDS = ("advisor", "auditor", "government", "factory", "buyer")


def enter(country: str, value: str) -> None:
    given = {"first": date(2026, 3, 1), "source": "a decision of the tests", "at": AT, "actor": "p-global"}
    setting_enter(country=country, name="report_release_days", value=value, **given)


def test_staff_are_told_of_states_and_rules_by_name_and_never_by_value(cast) -> None:
    told = Told({word: cast.person(word).public_id for word in WORDS}, TOPICS, timezone.now())
    programme_add(
        actor="p-global",
        code="MA",
        name="Morocco",
        state="candidate",
        first=date(2026, 3, 1),
        source="the tests",
        at=AT,
    )
    enter("JO", "21")
    enter("", "29")
    found = told.until(timezone.now())
    assert set(found) == {"advisor", "auditor"}
    said = [payload for _topic, payload in found["advisor"]]
    assert [payload["country"] for payload in said] == ["JO", "", "MA"]
    assert said[2]["state"] == "candidate" and said[0]["setting"] == "report_release_days"
    assert not {"21", "29", "a decision of the tests"} & {str(value) for one in said for value in one.values()}
    for payload in said:
        assert cast.client("advisor").get(payload["url"]).status_code == 200, payload


def test_an_endpoint_over_a_country_hears_of_that_one_and_not_of_rules_for_all(cast) -> None:
    here = Told({"analyst": cast.person("analyst").public_id}, TOPICS, timezone.now(), "country:JO")
    for country in ("", "VN", "JO"):
        enter(country, "21")
    assert [payload["country"] for _topic, payload in here.until(timezone.now())["analyst"]] == ["JO"]
