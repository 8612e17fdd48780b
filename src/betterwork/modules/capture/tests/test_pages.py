"""Pages of captures: the team's, and counts and days for those who lead."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.plugins.cast import Cast

from betterwork.modules.capture.models import Capture, CaptureAnswer, CaptureDevice
from betterwork.modules.capture.tests.making import (
    AT,
    LAPTOP,
    TWO,
    Device,
    codes,
    identifier,
    interview,
    operation,
    taken,
    visit_made,
)

pytestmark = pytest.mark.capability("C2")
TEAM_PAGES = ("", "answers/", "conflicts/", "interviews/", "refused/", "hand-over/")


@pytest.fixture
def conflicting(cast: Cast, capture: Capture) -> Capture:
    cast.person("advisor"), cast.person("partner")
    Device(capture).sync(operation(1, "compliant"), operation(3, "SIMULATED seen there", field="reason"))
    Device(capture, TWO, LAPTOP).sync(
        operation(2, "non-compliant", device=LAPTOP), {"about": "visit", "id": "SIM-WRONG"}
    )
    capture.refresh_from_db()
    return capture


def test_the_team_has_every_page_and_nobody_else_has_any(cast: Cast, conflicting: Capture) -> None:
    for word in ("advisor", "partner"):
        client = cast.client(word)
        assert client.get("/captures/").status_code == 200
        for page in TEAM_PAGES:
            assert client.get(f"/captures/{conflicting.pk}/{page}").status_code == 200, page
    for word in cast.everybody():
        if word in {"advisor", "partner"}:
            continue
        for page in TEAM_PAGES:
            answer = cast.client(word).get(f"/captures/{conflicting.pk}/{page}")
            assert answer.status_code == (302 if word == "stranger" else 404), (word, page)


def test_who_leads_sees_counts_and_days_and_no_answer(cast: Cast, conflicting: Capture) -> None:
    for word in ("leader", "manager", "global"):
        client = cast.client(word)
        assert client.get("/captures/progress/").status_code == 200
        answer = client.get(f"/captures/progress/{conflicting.pk}/")
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "SIMULATED seen there" not in text
        assert "Not compliant" not in text
        assert "09:30" not in text
    for word in ("analyst", "advisor", "abroad", "factory", "committee", "buyer", "inspector", "auditor", "nobody"):
        assert cast.client(word).get(f"/captures/progress/{conflicting.pk}/").status_code == 404, word


def test_both_values_stand_side_by_side_and_a_person_decides(cast: Cast, conflicting: Capture) -> None:
    client = cast.client("partner")
    page = client.get(f"/captures/{conflicting.pk}/conflicts/").content.decode()
    assert "Compliant" in page
    assert "Not compliant" in page
    assert "Advisor of the cast" in page
    given = {
        "about": f"question:{codes()[0]}",
        "field": "determination",
        "seen": f"{identifier(1)} {identifier(2)}",
        "chosen": identifier(2),
    }
    address = f"/captures/{conflicting.pk}/conflicts/"
    assert "choose first" in client.post(address, {**given, "chosen": ""}, follow=True).content.decode()
    other = client.post(address, {**given, "chosen": identifier(9)}, follow=True).content.decode()
    assert "Something else stands there now" in other
    answer = client.post(f"/captures/{conflicting.pk}/conflicts/", given, follow=True)
    assert "Decided" in answer.content.decode()
    assert CaptureAnswer.objects.get(capture=conflicting).determination == "non-compliant"
    again = client.post(f"/captures/{conflicting.pk}/conflicts/", given, follow=True)
    assert "Something else stands there now" in again.content.decode()


def test_a_visits_page_leads_its_team_to_what_was_taken_down_and_who_leads_to_the_counts(
    cast: Cast, conflicting: Capture
) -> None:
    address = f"/visits/{conflicting.visit}/"
    own, led = f"/captures/{conflicting.pk}/", f"/captures/progress/{conflicting.pk}/"
    team = cast.client("advisor").get(address).content.decode()
    assert own in team and "Open the app" in team and address in cast.client("advisor").get(own).content.decode()
    leader = cast.client("leader").get(address).content.decode()
    assert led in leader and own not in leader and "Open the app" not in leader
    assert "Take along" not in team


def test_a_visits_page_says_to_its_team_alone_that_it_can_be_taken_along(cast: Cast) -> None:
    team = (cast.person("advisor").public_id, cast.person("partner").public_id)
    address = f"/visits/{visit_made(*team, day=timezone.localdate()).pk}/"
    assert "Take along" in cast.client("advisor").get(address).content.decode()
    assert "Take along" not in cast.client("leader").get(address).content.decode()


def test_what_was_refused_is_shown_as_it_came(cast: Cast, conflicting: Capture) -> None:
    assert "SIM-WRONG" in cast.client("advisor").get(f"/captures/{conflicting.pk}/refused/").content.decode()


def test_a_lost_device_goes_on_being_named(cast: Cast, conflicting: Capture) -> None:
    device = CaptureDevice.objects.get(capture=conflicting)
    client = cast.client("partner")
    assert client.get(f"/captures/devices/{device.pk}/lost/").status_code == 200
    client.post(f"/captures/devices/{device.pk}/lost/", {"reason": "SIMULATED left in a taxi."})
    page = client.get(f"/captures/{conflicting.pk}/").content.decode()
    assert "what it had not sent is gone" in page
    assert "left in a taxi" in page
    assert cast.client("leader").get(f"/captures/devices/{device.pk}/lost/").status_code == 404


def test_handing_over_and_opening_again(cast: Cast, capture: Capture) -> None:
    Device(capture).sync(operation(1))
    client = cast.client("advisor")
    answer = client.post(f"/captures/{capture.pk}/hand-over/", follow=True)
    assert "Handed over" in answer.content.decode()
    assert client.post(f"/captures/{capture.pk}/reopen/", {"reason": "no"}).status_code == 200
    client.post(f"/captures/{capture.pk}/reopen/", {"reason": "SIMULATED a page was forgotten."})
    capture.refresh_from_db()
    assert capture.state == "open"


def test_interviews_are_shown_after_they_are_asked_for(cast: Cast, capture: Capture) -> None:
    Device(capture).sync(interview(1, "SIMULATED nobody may go out"), interview(2, "workers", field="source"))
    client = cast.client("partner")
    assert "nobody may go out" not in client.get(f"/captures/{capture.pk}/interviews/").content.decode()
    assert "nobody may go out" in client.post(f"/captures/{capture.pk}/interviews/").content.decode()
    assert cast.client("leader").post(f"/captures/{capture.pk}/interviews/").status_code == 404


def test_two_hundred_fifty_questions_take_few_queries(cast: Cast, capture: Capture) -> None:
    some = codes()
    Device(capture).sync(*(operation(n, "SIMULATED", field="reason", code=some[n % len(some)]) for n in range(1, 251)))
    client = cast.client("advisor")
    client.get(f"/captures/{capture.pk}/answers/")
    with CaptureQueriesContext(connections["default"]) as asked:
        assert client.get(f"/captures/{capture.pk}/answers/").status_code == 200
    assert len(asked) <= 12, [one["sql"][:120] for one in asked]


def test_a_list_takes_the_same_queries_for_one_visit_and_for_thirty(cast: Cast) -> None:
    cast.person("advisor")
    client = cast.client("advisor")
    taken(visit_made())
    client.get("/captures/")
    with CaptureQueriesContext(connections["default"]) as few:
        client.get("/captures/")
    for number in range(2, 32):
        taken(visit_made(outside_id=str(number)))
    with CaptureQueriesContext(connections["default"]) as many:
        assert client.get("/captures/").status_code == 200
    assert len(many) <= len(few) + 1


def test_homes_name_conflicts_and_silent_devices_of_the_team_alone(cast: Cast, conflicting: Capture) -> None:
    from datetime import timedelta

    from betterwork.modules.capture.tasks import tasks_of_captures

    later = AT + timedelta(days=5)
    titles = [str(one.title) for one in tasks_of_captures(cast.actor("partner"), later)]
    assert any("conflict to decide" in one for one in titles)
    assert any("Not seen for 5 days" in one for one in titles)
    assert list(tasks_of_captures(cast.actor("leader"), later)) == []
