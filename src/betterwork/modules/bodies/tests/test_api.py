"""The API of committees, under the same rules as the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from betterwork.modules.bodies.models import Decision
from betterwork.modules.bodies.tests.worlds import approved, brought, committee, meeting_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1"), pytest.mark.capability("L1")]
ROOT = "/api/v1/committees"


def get(cast: Any, word: str, path: str) -> Any:
    answer = cast.client(word).get(f"{ROOT}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_staff_read_committees_members_matters_and_decisions(cast):
    body, seats = committee(cast)
    matter = brought()
    meeting = meeting_of(body, *seats.values(), day=timezone.localdate())
    assert [one["id"] for one in get(cast, "manager", "?country=VN")["items"]] == [body.id]
    assert get(cast, "manager", f"/{body.id}")["kind_title"] == "National tripartite committee"
    members = get(cast, "advisor", f"/{body.id}/members")["items"]
    assert {one["side"] for one in members} == {"government", "employers", "workers"} and members[0]["called"]
    assert get(cast, "manager", "/matters?state=waits")["items"][0]["subject"] == "trial-1"
    decision = approved(meeting, matter=matter, at=timezone.now())
    assert get(cast, "auditor", "/decisions")["items"][0]["id"] == decision.id
    assert get(cast, "manager", f"/decisions/{decision.id}")["outcome"] == "approved"
    assert get(cast, "manager", "/meetings")["items"][0]["state"] == "held"
    assert get(cast, "workers", "/own")["items"][0]["id"] == body.id
    assert get(cast, "workers", "/own/decisions")["items"][0]["text"] == "The trial is approved."


def test_strangers_to_a_committee_get_nothing(cast):
    body, _seats = committee(cast)
    for word, path in (("abroad", f"/{body.id}"), ("workers", f"/{body.id}"), ("buyer", ""), ("factory", "/own")):
        assert cast.client(word).get(f"{ROOT}{path}").status_code in (403, 404), word
    assert get(cast, "abroad", "")["items"] == []


def test_a_meeting_is_run_and_a_decision_without_quorum_refused_with_the_reason(cast):
    body, seats = committee(cast)
    matter = brought()
    meeting = meeting_of(body, day=timezone.localdate())
    client = cast.client("manager")
    url = f"{ROOT}/meetings/{meeting.id}"
    few = [seats["government"].id, seats["employers"].id]
    answer = client.put(f"{url}/present", {"members": few}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["missing"] == ["No member of the workers' side is present."]
    given = {"text": "Approved.", "outcome": "approved", "matter": matter.id}
    refused = client.post(f"{url}/decisions", given, content_type="application/json")
    assert refused.status_code == 422 and "No member of the workers' side is present." in refused.content.decode()
    everybody = {"members": [one.id for one in seats.values()]}
    assert client.put(f"{url}/present", everybody, content_type="application/json").json()["reached"]
    nothing = client.post(f"{url}/decisions", {**given, "matter": "none"}, content_type="application/json")
    assert nothing.status_code == 422 and not Decision.objects.exists()
    made = client.post(f"{url}/decisions", given, content_type="application/json")
    assert made.status_code == 201 and made.json()["matter_title"] == "Approve trial one"
    assert cast.client("advisor").post(f"{url}/decisions", given, content_type="application/json").status_code == 404
