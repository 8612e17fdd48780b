"""The pages of endpoints: making, trying and removing one, and what was sent to it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.webhooks.calling import Called
from betterwork.foundation.webhooks.models import Delivery, Endpoint
from betterwork.foundation.webhooks.sealing import opened
from betterwork.foundation.webhooks.tests.worlds import TOPIC, URL, happen, make

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def test_the_pages_make_try_and_remove_an_endpoint(cast, topic, line) -> None:
    client = cast.client("advisor")
    assert "No address" in client.get("/webhooks/").content.decode()
    sent = {"title": "cases", "url": URL, "topics": [TOPIC], "scope": "country:VN"}
    page = client.post("/webhooks/make/", sent).content.decode()
    found = Endpoint.objects.get()
    assert opened(found.secret) in page
    assert opened(found.secret) not in client.get(f"/webhooks/{found.id}/").content.decode()
    assert client.post(f"/webhooks/{found.id}/test/").status_code == 302
    jobs_run_all(timezone.now())
    message = Delivery.objects.get()
    assert "Received" in client.get(f"/webhooks/{found.id}/").content.decode()
    assert "200" in client.get(f"/webhooks/messages/{message.id}/").content.decode()
    assert client.post(f"/webhooks/messages/{message.id}/again/").status_code == 302
    for other in ("partner", "global"):
        assert cast.client(other).get(f"/webhooks/{found.id}/").status_code == 404
        assert cast.client(other).get(f"/webhooks/messages/{message.id}/").status_code == 404
    assert client.post("/webhooks/make/", {**sent, "url": "http://a.example/"}).status_code == 200
    assert "whsec_" in client.post(f"/webhooks/{found.id}/secret/").content.decode()
    assert client.get(f"/webhooks/{found.id}/remove/").status_code == 200
    assert client.post(f"/webhooks/{found.id}/remove/").status_code == 302
    assert Endpoint.objects.get().secret == "" and client.get(f"/webhooks/{found.id}/").status_code == 404


def test_the_list_says_why_a_message_waits(cast, topic, line) -> None:
    made = make(cast)
    line.answers[URL] = Called(500, "answered 500")
    happen()
    jobs_run_all(timezone.now())
    page = cast.client("advisor").get(f"/webhooks/{made.endpoint.id}/").content.decode()
    assert "Waits" in page and "answered 500" in page
    Delivery.objects.update(state=Delivery.RECEIVED)
    assert "answered 500" not in cast.client("advisor").get(f"/webhooks/{made.endpoint.id}/").content.decode()


def test_the_log_of_3000_messages_takes_few_questions(cast, topic, django_assert_max_num_queries) -> None:
    made, at = make(cast), timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            id=f"msg_{n}", endpoint=made.endpoint, topic=TOPIC, body="{}", made_at=at, next_at=at, state="received"
        )
        for n in range(3000)
    )
    client = cast.client("advisor")
    client.get("/webhooks/")
    with django_assert_max_num_queries(14):  # with the session, the person, her roles and the frame
        assert client.get(f"/webhooks/{made.endpoint.id}/?page=40").status_code == 200
