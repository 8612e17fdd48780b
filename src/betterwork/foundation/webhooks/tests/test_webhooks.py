"""What is owed to endpoints: nothing lost, nothing twice without its id, nobody held up, nobody told too much."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Grant
from betterwork.foundation.doors.policy import POLICIES, Policy
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.people.services import person_leave
from betterwork.foundation.webhooks import jobs, telling
from betterwork.foundation.webhooks.calling import Called
from betterwork.foundation.webhooks.models import Delivery, Endpoint, Try
from betterwork.foundation.webhooks.rules import AFTER, headers_signed, payload_check, signature
from betterwork.foundation.webhooks.sealing import opened
from betterwork.foundation.webhooks.services import (
    delivery_again,
    endpoint_make,
    endpoint_remove,
    endpoint_resume,
    endpoint_test,
    secret_rotate,
)
from betterwork.foundation.webhooks.tests.worlds import OTHER, TOPIC, URL, happen, make
from betterwork.foundation.webhooks.topics import TOPICS

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def test_what_happened_is_sent_signed_and_says_ids_only(cast, topic, line) -> None:
    made = make(cast)
    happen("t-7")
    jobs_run_all(timezone.now())
    ((headers, body),) = line.to(URL)
    said = json.loads(body)
    assert said["type"] == TOPIC and said["data"] == {"thing": "t-7", "url": "/things/t-7/"}
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == wanted
    assert Delivery.objects.get().state == Delivery.RECEIVED


def test_the_signature_is_that_of_the_specification() -> None:
    # The example of the reference libraries of Standard Webhooks.
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nobody_is_told_what_she_may_not_read_or_did_not_ask_for(cast, topic, line) -> None:
    make(cast, "advisor", url=URL, scope="country:VN")
    make(cast, "abroad", url=OTHER, scope="country:JO")
    make(cast, "buyer", url="https://buyer.example/")
    happen(country="VN")
    jobs_run_all(timezone.now())
    assert {url for url, _headers, _body in line.sent} == {URL}


def test_rights_are_asked_when_it_happens_and_not_when_the_endpoint_was_made(cast, topic, line) -> None:
    make(cast)
    Grant.objects.filter(person="p-advisor").update(ended_at=timezone.now(), ended_by="operator")
    happen()
    jobs_run_all(timezone.now())
    assert line.sent == []


def _loses_her_role() -> None:
    Grant.objects.filter(person="p-advisor").update(ended_at=timezone.now(), ended_by="operator")


def test_who_lost_her_role_meanwhile_is_not_told_by_a_later_try(cast, topic, line) -> None:
    made = make(cast)
    line.answers[URL] = Called(500, "answered 500")
    happen()
    at = timezone.now()
    jobs_run_all(at)
    assert len(line.sent) == 1
    _loses_her_role()
    line.answers[URL] = Called(200)
    jobs_run_all(at + timedelta(hours=1))
    found = Delivery.objects.get()
    assert len(line.sent) == 1 and found.state == Delivery.GIVEN_UP
    assert "no longer" in Try.objects.latest("id").problem
    delivery_again(actor="p-advisor", delivery=found, at=at + timedelta(hours=2))
    jobs_run_all(at + timedelta(hours=2))
    assert len(line.sent) == 1, "nor does she have it sent again by hand"
    assert Endpoint.objects.get(pk=made.endpoint.pk).failures == 1, "her receiver did nothing wrong"


def test_what_waits_for_a_stopped_endpoint_is_asked_about_again_when_it_is_told_again(cast, topic, line) -> None:
    made = make(cast)
    line.answers[URL] = Called(410, "answered 410")
    happen()
    jobs_run_all(timezone.now())
    assert Endpoint.objects.get().state == Endpoint.STOPPED and len(line.sent) == 1
    _loses_her_role()
    endpoint_resume(actor="p-advisor", endpoint=made.endpoint, at=timezone.now())
    jobs_run_all(timezone.now())
    assert len(line.sent) == 1 and Delivery.objects.get().state == Delivery.GIVEN_UP


def test_a_role_taken_for_a_while_tells_nobody_anything(cast, topic, line, monkeypatch) -> None:
    """A page asked for with such a role leaves an entry before it is made; a call elsewhere would leave none."""
    from betterwork.foundation.access.models import Elevation

    only = Policy("tested.topic.advisors", "Advisors.", lambda actor: actor.holds("advisor"))
    POLICIES.pop("tested.topic.advisors")
    monkeypatch.setitem(TOPICS, TOPIC, replace(TOPICS[TOPIC], policy=only))
    make(cast, "global")
    at = timezone.now()
    Elevation.objects.create(
        person="p-global", role="advisor", scope="country:VN", reason="to look at it", starts=at,
        ends=at + timedelta(hours=1),
    )  # fmt: skip
    happen()
    jobs_run_all(at + timedelta(minutes=1))
    assert line.sent == []


def test_a_token_over_one_country_reads_no_message_of_another_nor_sends_it_again(cast, topic) -> None:
    from django.test import Client

    from betterwork.foundation.tokens.services import token_make

    cast.person("analyst")
    at = timezone.now()
    for country in ("VN", "JO"):
        endpoint = Endpoint.objects.create(
            person="p-analyst", scope=f"country:{country}", title="x", url=URL, topics=[], secret="00", made_at=at
        )
        Delivery.objects.create(
            id=f"msg_1_{country}", endpoint=endpoint, topic=TOPIC, body="{}", made_at=at, next_at=at, state="received"
        )
    ends = at + timedelta(days=9)
    made = token_make(
        actor="p-analyst", person="p-analyst", title="t", scope="country:VN", writes=True, ends=ends, at=at
    )
    program = Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})
    assert [one["id"] for one in program.get("/api/v1/webhooks/messages").json()["items"]] == ["msg_1_VN"]
    assert [one["scope"] for one in program.get("/api/v1/webhooks").json()["items"]] == ["country:VN"]
    assert program.post("/api/v1/webhooks/messages/msg_1_JO/again").status_code == 404
    assert program.post("/api/v1/webhooks/messages/msg_1_VN/again").status_code == 202


def test_what_fails_is_tried_again_for_days_and_nothing_is_lost(cast, topic, line) -> None:
    made = make(cast)
    line.answers[URL] = Called(500, "answered 500")
    for number in range(3):
        happen(f"t-{number}")
    at = timezone.now()
    jobs_run_all(at)
    assert len(line.sent) == 1, "an endpoint that fails waits as a whole"
    moment = at
    for _step in range(12):
        moment += timedelta(hours=4)
        jobs_run_all(moment)
    assert Endpoint.objects.get(pk=made.endpoint.pk).state == Endpoint.ACTIVE
    line.answers[URL] = Called(200)
    for _step in range(12):
        moment += timedelta(hours=2)
        jobs_run_all(moment)
    got = {json.loads(body)["data"]["thing"] for _headers, body in line.to(URL)}
    assert got == {"t-0", "t-1", "t-2"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.RECEIVED}
    ids = {headers["webhook-id"] for headers, _body in line.to(URL)}
    assert len(ids) == 3, "a message keeps its id through every try"


def test_an_endpoint_that_fails_holds_up_no_other(cast, topic, line) -> None:
    make(cast, "advisor", url=URL)
    make(cast, "partner", url=OTHER)
    line.answers[URL] = Called(0, "no answer within 10 seconds", 10_000)
    for number in range(30):
        happen(f"t-{number}")
    jobs_run_all(timezone.now())
    assert len(line.to(OTHER)) == 30
    assert len(line.to(URL)) == 1


def test_five_days_of_failing_stop_an_endpoint_and_its_person_is_told(cast, topic, line, monkeypatch) -> None:
    told = []
    monkeypatch.setattr(telling, "TOLD", [lambda person, endpoint, at: told.append((person, endpoint))])
    made, moment = make(cast), timezone.now()
    line.answers[URL] = Called(503, "answered 503")
    for number in range(40):
        happen(f"t-{number}")
        jobs_run_all(moment)
        moment += timedelta(hours=4)
    found = Endpoint.objects.get(pk=made.endpoint.pk)
    assert found.state == Endpoint.STOPPED
    assert told == [("p-advisor", found.id)]
    waiting = Delivery.objects.filter(state=Delivery.WAITING).count()
    assert waiting > 0
    line.answers[URL] = Called(200)
    endpoint_resume(actor="p-advisor", endpoint=found, at=moment)
    jobs_run_all(moment)
    assert Delivery.objects.filter(state=Delivery.WAITING).count() == 0


def test_who_says_gone_is_told_nothing_more(cast, topic, line) -> None:
    made = make(cast)
    line.answers[URL] = Called(410, "answered 410")
    happen()
    jobs_run_all(timezone.now())
    assert Endpoint.objects.get(pk=made.endpoint.pk).state == Endpoint.STOPPED
    with pytest.raises(WrongUse, match="told nothing"):
        endpoint_test(actor="p-advisor", endpoint=made.endpoint, at=timezone.now())


def test_after_the_last_try_a_message_is_given_up_and_can_be_sent_again_by_hand(cast, topic, line) -> None:
    made = make(cast)
    happen()
    moment = timezone.now()
    jobs_run_all(moment)
    Delivery.objects.update(state=Delivery.WAITING, tries=len(AFTER), next_at=moment)
    line.answers[URL] = Called(500, "answered 500")
    jobs.endpoint_wake(made.endpoint.id, moment)
    jobs_run_all(moment)
    given_up = Delivery.objects.get()
    assert given_up.state == Delivery.GIVEN_UP
    line.answers[URL] = Called(200)
    delivery_again(actor="p-advisor", delivery=given_up, at=timezone.now())
    jobs_run_all(timezone.now())
    assert Delivery.objects.get().state == Delivery.RECEIVED
    with pytest.raises(WrongUse, match="not yours"):
        delivery_again(actor="p-partner", delivery=given_up, at=timezone.now())


def test_a_new_secret_signs_beside_the_old_one_for_a_day(cast, topic, line) -> None:
    made, at = make(cast), timezone.now()
    new = secret_rotate(actor="p-advisor", endpoint=made.endpoint, at=at)
    happen()
    jobs_run_all(timezone.now())
    ((headers, body),) = line.to(URL)
    second = int(headers["webhook-timestamp"])
    both = [signature(one, message=headers["webhook-id"], at=second, body=body) for one in (new.secret, made.secret)]
    assert headers["webhook-signature"].split() == both
    happen("t-2")
    jobs_run_all(at + timedelta(days=1, minutes=1))
    assert len(line.to(URL)[1][0]["webhook-signature"].split()) == 1


def test_secrets_lie_encrypted_and_in_no_ledger(cast, topic) -> None:
    made = make(cast)
    stored = Endpoint.objects.get().secret
    assert made.secret not in stored and opened(stored) == made.secret
    for entry in Entry.objects.all():
        assert made.secret.encode() not in bytes(entry.content) and b"one.example" not in bytes(entry.content)


def test_the_same_event_owes_nothing_twice(cast, topic, line) -> None:
    from betterwork.foundation.events.services import events_replay

    make(cast)
    happen()
    jobs_run_all(timezone.now())
    events_replay(subscriber=f"webhooks.{TOPIC}", actor="operator", at=timezone.now())
    jobs_run_all(timezone.now())
    assert Delivery.objects.count() == 1 and len(line.sent) == 1


def test_killed_between_the_call_and_its_record_a_message_is_sent_again(cast, topic, line, monkeypatch) -> None:
    make(cast)
    happen()
    at = timezone.now()

    def dies(**_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "try_record", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs_run_all(at)
    assert Delivery.objects.get().state == Delivery.WAITING
    for minutes in (2, 8, 16):
        jobs.endpoint_wake(Endpoint.objects.get().id, at + timedelta(minutes=minutes))
        jobs_run_all(at + timedelta(minutes=minutes))
    assert Delivery.objects.get().state == Delivery.RECEIVED
    assert len({headers["webhook-id"] for headers, _body in line.to(URL)}) == 1


def test_who_leaves_is_told_nothing_more(cast, topic, line) -> None:
    make(cast)
    person_leave(actor="operator", person=cast.person("advisor"), at=timezone.now())
    happen()
    jobs_run_all(timezone.now())
    assert line.sent == [] and Endpoint.objects.get().state == Endpoint.STOPPED


@pytest.mark.parametrize(
    ("more", "says"),
    [({"url": "http://a.example/"}, "https"), ({"title": " "}, "name"), ({"scope": "country:JO"}, "no role over")],
)
def test_a_wrong_endpoint_is_refused(cast, topic, more, says) -> None:
    given = {"title": "x", "url": URL, "topics": [TOPIC], "scope": "world", **more}
    cast.person("advisor")
    with pytest.raises(WrongUse, match=says):
        endpoint_make(actor="p-advisor", at=timezone.now(), **given)
    with pytest.raises(WrongUse, match="topics"):
        endpoint_make(actor="p-advisor", at=timezone.now(), title="x", url=URL, topics=["no.such"])
    cast.person("nobody")
    with pytest.raises(WrongUse, match="no role"):
        endpoint_make(actor="p-nobody", at=timezone.now(), title="x", url=URL, topics=[TOPIC])


@pytest.mark.parametrize(
    "payload", [{"a": "two words"}, {"a": "one@ilo.example"}, {"a": {"b": 1}}, {"a": 1.5}, {"a": [1]}]
)
def test_a_payload_holds_ids_and_links_only(payload) -> None:
    with pytest.raises(WrongUse, match="ids and links"):
        payload_check(payload)


def test_removing_drops_what_waits_and_the_address_is_kept_no_longer_than_its_log(cast, topic, line) -> None:
    made = make(cast)
    happen()
    endpoint_remove(actor="p-advisor", endpoint=made.endpoint, at=timezone.now())
    jobs_run_all(timezone.now())
    assert line.sent == [] and Try.objects.count() == 0


def test_headers_carry_one_signature_for_each_secret() -> None:
    at = timezone.now()
    found = headers_signed(["whsec_AAAA", "whsec_BBBB"], message="msg_1", at=at, body=b"{}")
    assert len(found["webhook-signature"].split()) == 2 and found["webhook-timestamp"] == str(int(at.timestamp()))


def test_commands_list_test_and_remove(cast, topic) -> None:
    from click.testing import CliRunner

    from betterwork.foundation.webhooks.commands import webhook

    made, runner = make(cast), CliRunner()
    assert URL in runner.invoke(webhook, ["list"]).output
    assert runner.invoke(webhook, ["test", made.endpoint.id]).exit_code == 0
    assert "waiting" in runner.invoke(webhook, ["log", made.endpoint.id]).output
    assert runner.invoke(webhook, ["rotate", made.endpoint.id]).output.startswith("whsec_")
    assert runner.invoke(webhook, ["remove", made.endpoint.id]).exit_code == 0
    assert runner.invoke(webhook, ["test", made.endpoint.id]).exit_code == 1
