"""What other systems are told of tools: drafts to staff who may read them, what is in force to everybody."""

from __future__ import annotations

import pytest
from django.utils import timezone

from betterwork.foundation.webhooks.testing import Told
from betterwork.modules.bodies.tests import worlds as bodies
from betterwork.modules.instruments.services import draft_seal
from betterwork.modules.instruments.tests.worlds import AT, FROM, decided, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.capability("B3", "L2")]
WORDS = ("advisor", "abroad", "workers", "buyer", "auditor")


def test_who_may_read_a_draft_is_told_of_it_and_everybody_of_what_is_in_force(cast) -> None:
    told = Told(
        {word: cast.person(word).public_id for word in WORDS},
        ["tool.draft-submitted", "tool.version-in-force"],
        timezone.now(),
    )
    body, seats = bodies.committee(cast)
    draft = submitted()
    found = told.until(timezone.now())
    assert set(found) == {"advisor", "auditor"}
    ((topic, payload),) = found["advisor"]
    assert topic == "tool.draft-submitted"
    assert (payload["draft"], payload["tool"], payload["country"]) == (draft.key, "garment", "VN")
    assert cast.client("advisor").get(payload["url"]).status_code == 200

    decided(draft, bodies.meeting_of(body, *seats.values()))
    draft_seal(actor="p-manager", draft=draft, in_force_from=FROM, at=AT)
    found = told.until(timezone.now())
    wanted = {
        "tool": "garment", "version": "2027-VN", "country": "VN", "starts": "2027-01-01",
        "url": "/api/v1/tools/garment/versions/2027-VN",
    }  # fmt: skip
    assert found == {word: [("tool.version-in-force", wanted)] for word in WORDS}
    assert cast.client("buyer").get(wanted["url"]).json()["version"] == "2027-VN"
