"""What every operation of the API has in common, tried on some of them and on one made for the test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from betterwork.foundation.access.models import Grant
from betterwork.foundation.api import once
from betterwork.foundation.api.limits import counted
from betterwork.foundation.api.models import KeptAnswer
from betterwork.foundation.api.pages import Asked, listed
from betterwork.foundation.api.problems import KIND, Problem
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.audiences.presentations import PRESENTATIONS, Presentation
from betterwork.foundation.webhooks.models import Delivery, Endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def endpoint_of(cast: Any, word: str = "advisor") -> Endpoint:
    person = cast.person(word).public_id
    return Endpoint.objects.create(
        person=person,
        scope="world",
        title="x",
        url="https://a.example/",
        topics=[],
        secret="00",
        made_at=timezone.now(),
    )


def token_of(cast: Any, word: str = "advisor", writes: bool = True) -> str:
    from betterwork.foundation.tokens.services import token_make

    at, person = timezone.now(), cast.person(word).public_id
    return token_make(
        actor=person, person=person, title="t", scope="world", writes=writes, ends=at + timedelta(days=9), at=at
    ).secret


def program(secret: str) -> Client:
    return Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"}, raise_request_exception=False)


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == KIND
    said: dict[str, Any] = json.loads(answer.content)
    assert said["status"] == status and said["title"] and said["detail"]
    assert said["request"] == answer["X-Request-Number"]
    return said


def test_every_error_is_a_problem(cast: Any, settings: Any) -> None:
    she, stranger = cast.client("advisor"), Client(headers={"host": "localhost"})
    problem(stranger.get("/api/v1/me"), 401)
    problem(she.get("/api/v1/no/such/thing"), 404)
    problem(she.get("/api/"), 404)
    problem(she.get("/api/v1/tools/a%00b/versions/2014"), 404)
    problem(stranger.get("/api/v1/webhooks/abc"), 401)
    problem(she.get("/api/v1/webhooks/abc"), 404)
    assert problem(she.delete("/api/v1/me"), 405) and she.delete("/api/v1/me")["Allow"] == "GET"
    said = problem(she.get("/api/v1/webhooks?limit=201&cursor="), 422)
    assert said["faults"][0]["where"] == "query.limit"
    assert problem(she.get("/api/v1/webhooks?colour=red"), 422)["faults"][0]["where"] == "query.colour"
    assert "red" not in she.get("/api/v1/webhooks?colour=red").content.decode()
    problem(she.get("/api/v1/webhooks?limit=1&limit=2"), 422)
    problem(she.get("/api/v1/webhooks?cursor=made-up"), 422)
    problem(she.get("/api/v1/webhooks/messages?endpoint=%00"), 422)
    large = {"data": "x" * 1_000_001, "content_type": "text/plain"}
    hers = f"/api/v1/webhooks/{endpoint_of(cast).id}/test"
    problem(program(token_of(cast)).post(hers, **large), 413)
    # Whom the door keeps out learns nothing of what would be read.
    problem(program(token_of(cast)).post("/api/v1/webhooks/x/test", **large), 404)
    problem(stranger.post(hers, **large), 413)  # before any door: of a stranger that much is never read


def test_a_failure_tells_nothing_of_the_inside(cast: Any, monkeypatch: Any) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the inner words with a secret")

    monkeypatch.setattr("betterwork.foundation.webhooks.api.listed", fails)
    client = cast.client("advisor")
    client.raise_request_exception = False
    answer = client.get("/api/v1/webhooks")
    assert "inner words" not in json.dumps(problem(answer, 500))


def test_a_browser_needs_the_csrf_token_and_a_program_does_not(cast: Any) -> None:
    found = endpoint_of(cast)
    browser = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    browser.force_login(cast.person("advisor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    problem(browser.post(f"/api/v1/webhooks/{found.id}/test"), 403)
    strict = Client(
        headers={"host": "localhost", "authorization": f"Bearer {token_of(cast)}"}, enforce_csrf_checks=True
    )
    assert strict.post(f"/api/v1/webhooks/{found.id}/test").status_code == 202


def test_with_a_key_a_request_is_done_once_and_answered_the_same(cast: Any) -> None:
    found, client = endpoint_of(cast), program(token_of(cast))
    url, key = f"/api/v1/webhooks/{found.id}/test", {"Idempotency-Key": "first"}
    answers = [client.post(url, headers=key) for _time in range(3)]
    assert [one.status_code for one in answers] == [202, 202, 202]
    assert len({one.content for one in answers}) == 1
    assert [one.headers.get("Idempotent-Replayed") for one in answers] == [None, "true", "true"]
    assert Delivery.objects.count() == 1
    assert (
        "key came with another"
        in problem(client.post(f"{url}?", data="x", content_type="text/plain", headers=key), 422)["detail"]
    )
    assert client.post(url, headers={"Idempotency-Key": "second"}).status_code == 202
    assert client.post(url).status_code == 202
    assert Delivery.objects.count() == 3


def test_the_key_of_one_person_is_not_that_of_another(cast: Any) -> None:
    one, other = endpoint_of(cast, "advisor"), endpoint_of(cast, "partner")
    key = {"Idempotency-Key": "same"}
    assert program(token_of(cast, "advisor")).post(f"/api/v1/webhooks/{one.id}/test", headers=key).status_code == 202
    assert program(token_of(cast, "partner")).post(f"/api/v1/webhooks/{other.id}/test", headers=key).status_code == 202
    problem(
        program(token_of(cast, "partner")).post(f"/api/v1/webhooks/{one.id}/test", headers={"Idempotency-Key": "b"}),
        404,
    )


def test_what_was_refused_did_nothing_and_frees_its_key(cast: Any) -> None:
    found, client = endpoint_of(cast), program(token_of(cast))
    key = {"Idempotency-Key": "again"}
    Endpoint.objects.update(state=Endpoint.STOPPED)
    problem(client.post(f"/api/v1/webhooks/{found.id}/test", headers=key), 422)
    assert KeptAnswer.objects.count() == 0
    Endpoint.objects.update(state=Endpoint.ACTIVE)
    assert client.post(f"/api/v1/webhooks/{found.id}/test", headers=key).status_code == 202


def test_what_fails_after_writing_leaves_nothing(cast: Any, monkeypatch: Any) -> None:
    found, client = endpoint_of(cast), program(token_of(cast))

    def fails(**_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(once, "answer_keep", fails)
        problem(client.post(f"/api/v1/webhooks/{found.id}/test", headers={"Idempotency-Key": "k"}), 500)
    assert Delivery.objects.count() == 0
    assert client.post(f"/api/v1/webhooks/{found.id}/test", headers={"Idempotency-Key": "k"}).status_code == 202
    assert Delivery.objects.count() == 1


def test_while_the_first_is_being_done_the_second_is_told_to_wait(cast: Any, monkeypatch: Any) -> None:
    from betterwork.foundation.webhooks import api

    found, client = endpoint_of(cast), program(token_of(cast))
    key, seen, kept = {"Idempotency-Key": "slow"}, [], api.endpoint_test

    def slow(**given_: Any) -> Any:
        seen.append(client.post(f"/api/v1/webhooks/{found.id}/test", headers=key))
        return kept(**given_)

    monkeypatch.setattr(api, "endpoint_test", slow)
    assert client.post(f"/api/v1/webhooks/{found.id}/test", headers=key).status_code == 202
    assert problem(seen[0], 409) and seen[0]["Retry-After"]
    assert Delivery.objects.count() == 1


def test_a_lock_of_a_process_that_was_killed_is_free(settings: Any) -> None:
    """Another process holds the byte, and is killed with it."""
    path = Path(settings.BETTERWORK_HOME) / "cache" / "api-keys.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    code = (
        "import fcntl,os,sys,time\n"
        "f=os.open(sys.argv[1],os.O_RDWR|os.O_CREAT)\n"
        "fcntl.lockf(f,fcntl.LOCK_EX,1,7)\nprint('held',flush=True)\ntime.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with once._byte_locked(7) as got:
            assert got is False
    finally:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    with once._byte_locked(7) as got:
        assert got is True


def test_kept_answers_are_forgotten_after_a_day(cast: Any) -> None:
    from betterwork.foundation.api.services import answers_forget

    found, client = endpoint_of(cast), program(token_of(cast))
    client.post(f"/api/v1/webhooks/{found.id}/test", headers={"Idempotency-Key": "k"})
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    client.post(f"/api/v1/webhooks/{found.id}/test", headers={"Idempotency-Key": "k"})
    assert Delivery.objects.count() == 2
    assert answers_forget(at=timezone.now() + timedelta(days=2)) == 1
    with pytest.raises(IntegrityError):
        KeptAnswer.objects.bulk_create(
            KeptAnswer(person="p", key="k", request="", status=200, kind="", body=b"", at=timezone.now())
            for _n in (1, 2)
        )


def test_too_many_requests_are_told_when_to_come_again(cast: Any, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE, settings.API_STRANGERS_A_MINUTE = 5, 3
    client = program(token_of(cast))
    answers = [client.get("/api/v1/me") for _time in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert problem(answers[-1], 429) and 1 <= int(answers[-1]["Retry-After"]) <= 120
    assert answers[0]["RateLimit"].startswith('"minute";r=4')
    guessing = Client(headers={"host": "localhost", "authorization": "Bearer bw_" + "x" * 43})
    statuses = [guessing.get("/api/v1/me", REMOTE_ADDR="203.0.113.9").status_code for _time in range(4)]
    assert statuses == [401, 401, 401, 429]
    assert program(token_of(cast)).get("/api/v1/me", REMOTE_ADDR="203.0.113.9").status_code == 200


@given(st.lists(st.floats(0, 400, allow_nan=False), min_size=1, max_size=60), st.integers(1, 12))
def test_no_more_than_the_limit_passes_in_a_minute_and_who_waits_as_told_is_let_in(
    moments: list[float], most: int
) -> None:
    name = os.urandom(8).hex()
    passed: list[float] = []
    now = 6_000.0
    for gap in moments:
        now += gap / 20
        found = counted(name, most, now)
        if not found.wait:
            passed.append(now)
            continue
        later = counted(f"{name}", most, now + found.wait, cost=0)
        assert later.wait == 0, (found, later)
    for one in passed:
        window = one // 60
        assert sum(other // 60 == window for other in passed) <= most


def test_the_limit_holds_over_threads(settings: Any) -> None:
    name, now, found = os.urandom(8).hex(), 6_000.0, []

    def ask() -> None:
        for _time in range(20):
            found.append(counted(name, 50, now).wait == 0)

    threads = [threading.Thread(target=ask) for _number in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(found) == 50


def test_what_one_has_already_is_not_sent_again(cast: Any) -> None:
    client = cast.client("advisor")
    first = client.get("/api/v1/me")
    again = client.get("/api/v1/me", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert client.get("/api/v1/me", headers={"If-None-Match": '"other"'}).status_code == 200


def test_pages_follow_each_other_and_miss_nothing(cast: Any, django_assert_max_num_queries: Any) -> None:
    found, at = endpoint_of(cast), datetime(2026, 1, 1, tzinfo=UTC)
    Delivery.objects.bulk_create(
        Delivery(
            id=f"msg_{number:04}", endpoint=found, topic="a.b", body="{}", next_at=at,
            made_at=at + timedelta(microseconds=number // 3),
        )
        for number in range(3000)
    )  # fmt: skip
    client, url, seen = program(token_of(cast)), "/api/v1/webhooks/messages?limit=200", []
    client.get(url)
    while url:
        with django_assert_max_num_queries(8):
            page = client.get(url).json()
        assert len(page["items"]) <= 200
        seen += [one["id"] for one in page["items"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 3000
    first = client.get("/api/v1/webhooks/messages?limit=1").json()
    other = first["next"].replace("/messages", "")
    problem(client.get(other), 422)


class Sorted(Asked):
    sort: str | None = None


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "B", "b", "é"]), st.integers(0, 3)), max_size=12),
    st.sampled_from([None, "role", "-role", "scope", "-scope"]),
    st.integers(1, 5),
)
def test_every_order_gives_each_row_once_also_when_a_row_comes_between(
    db: None, rf: Any, rows: Any, sort: Any, limit: int
) -> None:
    shown = PRESENTATIONS.get("tested role") or Presentation(
        "tested role", model=Grant, audience=OWN_PERSON, fields=("id", "role", "scope")
    )
    Grant.objects.all().delete()
    at = timezone.now()

    def add(role: str, scope: Any) -> Grant:
        return Grant.objects.create(person="p", role=role, scope=str(scope), starts=at, given_by="x", given_at=at)

    made = [add(role, scope).id for role, scope in rows]
    sorts = {"role": ("role",), "scope": ("scope", "-role")}
    seen, cursor, first = [], None, True
    while first or cursor:
        page = listed(
            rf.get("/x"), Grant.objects.all(), shown, Sorted(limit=limit, cursor=cursor, sort=sort),
            order=("-given_at", "id"), sorts=sorts,
        )  # fmt: skip
        seen += [one.id for one in page["items"]]
        cursor = page["next"].partition("cursor=")[2].replace("%3A", ":") if page["next"] else None
        if first:
            add("b", 1)
        first = False
    assert sorted(one for one in seen if one in made) == sorted(made)
    assert len(seen) == len(set(seen))


def test_a_cursor_of_another_order_is_refused(db: None, rf: Any) -> None:
    with pytest.raises(Problem):
        listed(rf.get("/x"), Grant.objects.all(), PRESENTATIONS["grant for its holder"], Asked(cursor="x:y:z"))


COMMITS_ITSELF = {
    "concerns_raise",
    "capture_take",
    "capture_sync",
    "capture_confirm",
    "capture_hand_over",
}
"""What knows by ids the asker made, or by the state of the thing, what it did: it needs no ``Idempotency-Key``."""


def test_the_description_is_whole(client: Any) -> None:
    said = client.get("/api/v1/openapi.json", headers={"host": "localhost"}).json()
    assert said["openapi"] == "3.1.0"
    text, ids = json.dumps(said), []
    for found in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        ahead: Any = said
        for step in found.removeprefix("#/").split("/"):
            ahead = ahead[step.replace("~1", "/")]
    for path, methods in said["paths"].items():
        for method, one in methods.items():
            where = f"{method} {path}"
            ids.append(one["operationId"])
            assert one["summary"] and one["description"] and one["tags"], where
            assert {"401", "404", "422", "429", "500"} <= set(one["responses"]), where
            assert one["security"], where
            good = [status for status in one["responses"] if status.startswith("2")]
            assert good and all("content" in one["responses"][status] for status in good), where
            if method == "post":
                once = any(given_["name"] == "Idempotency-Key" for given_ in one["parameters"])
                assert once == (one["operationId"] not in COMMITS_ITSELF), where
            for given_ in one["parameters"]:
                assert given_["schema"], where
    assert len(ids) == len(set(ids))
    import jsonschema

    for name, shape in said["components"]["schemas"].items():
        assert shape.get("type"), name
        jsonschema.Draft202012Validator.check_schema(shape)


def test_a_cursor_of_another_list_is_refused_and_is_no_failure(cast: Any) -> None:
    """Both lists go by ``id``; the one holds text there and the other numbers."""
    endpoint_of(cast), endpoint_of(cast)
    she = cast.client("advisor")
    cursor = json.loads(she.get("/api/v1/webhooks?limit=1").content)["next"].partition("cursor=")[2]
    said = problem(she.get(f"/api/v1/factories?cursor={cursor}"), 422)
    assert said["faults"][0]["where"] == "query.cursor"


def test_who_owns_a_whole_network_of_version_6_is_counted_as_one(settings: Any) -> None:
    settings.API_STRANGERS_A_MINUTE = 3
    answers = [Client().get("/api/v1/me", REMOTE_ADDR=f"2001:db8:1:2::{n}").status_code for n in range(1, 6)]
    assert answers == [401, 401, 401, 429, 429]
    assert Client().get("/api/v1/me", REMOTE_ADDR="2001:db8:1:3::1").status_code == 401
    assert Client().get("/api/v1/me", REMOTE_ADDR="no address").status_code == 401
