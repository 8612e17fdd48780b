"""The operations that the app uses: for the visit's team alone, never cached, each thing once."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.plugins.cast import Cast

from betterwork.core.capture.operations import ids_digest
from betterwork.modules.capture.models import Capture, CaptureDevice, CaptureUpload
from betterwork.modules.capture.rules import MOST_CHUNK
from betterwork.modules.capture.tests.making import LAPTOP, TABLET, codes, identifier, interview, operation, visit_made
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.models import VisitMember

pytestmark = [pytest.mark.capability("C2"), pytest.mark.django_db(databases="__all__")]
API = "/api/v1/capture"


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def put(client: Client, path: str, data: bytes) -> Any:
    return client.put(f"{API}{path}", data, content_type="application/octet-stream")


def photo(side: int = 900, shade: int = 90) -> bytes:
    """A picture without much in it, of more than one piece."""
    made = io.BytesIO()
    noise = Image.effect_noise((side, side), shade)
    noise.convert("RGB").save(made, "JPEG", quality=95)
    return made.getvalue()


@pytest.fixture
def visit(cast: Cast) -> Any:
    for word in ("advisor", "partner"):
        cast.person(word)
    return visit_made(day=timezone.localdate())


@pytest.fixture
def package(cast: Cast, visit: Any) -> Any:
    body = {"device": TABLET, "label": "A tablet", "languages": ["en", "vi"]}
    return post(cast.client("advisor"), f"/assignments/{visit.pk}/take", body).json()


def test_a_visit_is_found_and_taken_with_all_that_days_without_a_network_need(cast: Cast, visit: Any) -> None:
    client = cast.client("advisor")
    found = client.get(f"{API}/assignments").json()["items"]
    assert [(one["visit"], one["capture"], one["factory"]) for one in found] == [(visit.pk, None, "SIMULATED Works 1")]
    assert found[0]["languages"] == ["en", "vi"]
    body = {"device": TABLET, "label": "A tablet", "languages": ["en"]}
    answer = post(client, f"/assignments/{visit.pk}/take", body)
    package = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert package["me"] == "p-advisor"
    factory = Factory.objects.get()
    # What a concern raised during the visit is sent with: the named people must know where it is.
    assert package["visit"]["factory_key"] == f"{factory.country}/{factory.outside_id}"
    assert {one["id"] for one in package["team"]} == {"p-advisor", "p-partner"}
    asked = [q for c in package["tool"]["clusters"] for p in c["points"] for q in p["questions"]]
    assert len(asked) == Capture.objects.get().questions >= 250
    assert all(one["texts"]["en"] for one in asked)
    assert package["rules"]["minimum_group"] == 5
    assert package["rules"]["mixes"]
    assert package["causes"]
    assert post(client, f"/assignments/{visit.pk}/take", body).json() == package
    assert (Capture.objects.count(), CaptureDevice.objects.count()) == (1, 1)
    assert client.get(f"{API}/assignments").json()["items"][0]["capture"] == package["capture"]


def test_a_conversation(cast: Cast, package: Any) -> None:
    path = f"/captures/{package['capture']}/sync"
    sent = [operation(1), interview(2, "SIMULATED words")]
    body = {"device": TABLET, "after": 0, "interviews_after": 0, "operations": [*sent, {"id": "x"}]}
    first = post(cast.client("advisor"), path, body)
    told = first.json()
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    assert sorted(told["taken"]) == [identifier(1), identifier(2)]
    assert [one["reason"] for one in told["refused"]] == ["no-operation"]
    assert told["refused"][0]["words"]
    assert (told["operations"], told["cursor"], told["more"], told["state"]) == ([], 1, False, "open")
    body = {"device": LAPTOP, "after": 0, "interviews_after": 0, "operations": []}
    other = post(cast.client("partner"), path, body).json()
    assert sorted(one["id"] for one in other["operations"]) == [identifier(1), identifier(2)]
    body |= {"after": other["cursor"], "interviews_after": other["interviews_cursor"]}
    assert post(cast.client("partner"), path, body).json()["operations"] == []


def test_strangers_find_nothing_anywhere(cast: Cast, package: Any, visit: Any) -> None:
    capture = package["capture"]
    held = {"count": 0, "digest": ids_digest([])}
    tried = [
        ("post", f"/assignments/{visit.pk}/take", {"device": LAPTOP}),
        ("post", f"/captures/{capture}/sync", {"device": LAPTOP}),
        ("post", f"/captures/{capture}/confirm", {"device": LAPTOP, "operations": held}),
        ("post", f"/captures/{capture}/hand-over", {}),
        ("post", f"/captures/{capture}/reopen", {"reason": "SIMULATED reason"}),
        ("get", f"/captures/{capture}/files/{'0' * 64}", None),
        ("get", f"/captures/{capture}/files/{'0' * 64}/state", None),
    ]
    for word in cast.everybody():
        if word in {"advisor", "partner"}:
            continue
        client = cast.client(word)
        for method, path, body in tried:
            answer = client.get(f"{API}{path}") if method == "get" else post(client, path, body)
            assert answer.status_code == (401 if word == "stranger" else 404), (word, path)
        if word not in {"stranger"}:
            answer = client.get(f"{API}/assignments")
            assert answer.status_code == 404 or answer.json() == {"items": []}, word


def test_who_was_taken_off_the_team_is_a_stranger_from_then_on(cast: Cast, package: Any) -> None:
    client = cast.client("partner")
    path = f"/captures/{package['capture']}/sync"
    assert post(client, path, {"device": LAPTOP}).status_code == 200
    VisitMember.objects.filter(person="p-partner").update(left_at=timezone.now())
    assert post(client, path, {"device": LAPTOP}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"device": "no"},
        {"device": TABLET, "operations": [{}] * 251},
        {"device": TABLET, "after": -1},
        {"device": TABLET, "more": 1},
    ],
)
def test_what_cannot_be_meant_is_said_to_be_so(cast: Cast, package: Any, body: Any) -> None:
    assert post(cast.client("advisor"), f"/captures/{package['capture']}/sync", body).status_code == 422


def test_a_token_of_the_form_is_asked_for(cast: Cast, package: Any) -> None:
    strict = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    strict.force_login(cast.person("advisor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert post(strict, f"/captures/{package['capture']}/sync", {"device": TABLET}).status_code == 403


def test_a_file_goes_in_pieces_and_on_where_it_stopped(cast: Cast, package: Any) -> None:
    client, data = cast.client("advisor"), photo()
    assert len(data) > 2 * MOST_CHUNK
    name = hashlib.sha256(data).hexdigest()
    where = f"/captures/{package['capture']}/files/{name}"
    assert client.get(f"{API}{where}/state").json() == {"received": 0, "complete": False}
    first = put(client, f"{where}?offset=0&size={len(data)}", data[:MOST_CHUNK])
    assert first.json() == {"received": MOST_CHUNK, "complete": False}
    wrong = put(client, f"{where}?offset=0&size={len(data)}", data[:1000])
    assert (wrong.status_code, wrong.json()["received"]) == (409, MOST_CHUNK)
    at = MOST_CHUNK
    while at < len(data):
        answer = put(client, f"{where}?offset={at}&size={len(data)}", data[at : at + MOST_CHUNK])
        at = answer.json()["received"]
    assert answer.json() == {"received": len(data), "complete": True}
    assert put(client, f"{where}?offset=0&size={len(data)}", data[:100]).json()["complete"]
    given = cast.client("partner").get(f"{API}{where}")
    assert given.status_code == 200
    assert Image.open(io.BytesIO(b"".join(given.streaming_content))).size == (900, 900)  # type: ignore[attr-defined]
    assert given.headers["Content-Security-Policy"].startswith("sandbox")
    assert given.headers["Cache-Control"] == "no-store"


def test_bytes_that_are_not_what_they_were_said_to_be_are_emptied(cast: Cast, package: Any) -> None:
    client, data = cast.client("advisor"), b"SIMULATED text\n"
    where = f"/captures/{package['capture']}/files/{'0' * 64}"
    answer = put(client, f"{where}?offset=0&size={len(data)}", data)
    assert answer.status_code == 422
    assert client.get(f"{API}{where}/state").json() == {"received": 0, "complete": False}
    assert CaptureUpload.objects.get().refused
    too_large = put(client, f"{where}?offset=0&size={10**9}", data)
    assert too_large.status_code == 422
    assert put(client, f"{where}?offset=0&size=300000", b"x" * (MOST_CHUNK + 1)).status_code in {413, 422}
    assert put(client, f"/captures/{package['capture']}/files/no?offset=0&size=3", b"abc").status_code == 404


def test_a_device_may_forget_when_everything_is_here_and_not_before(cast: Cast, package: Any) -> None:
    client, data = cast.client("advisor"), b"SIMULATED minutes of a meeting\n"
    name, capture = hashlib.sha256(data).hexdigest(), package["capture"]
    said = {"name": "minutes.txt", "type": "text/plain", "size": len(data), "caption": None}
    sent = [operation(1), interview(2, "SIMULATED"), operation(3, said, field=f"file.{name}")]
    held = {"count": 3, "digest": ids_digest(one["id"] for one in sent)}
    body = {"device": TABLET, "operations": held, "files": [name]}
    path = f"/captures/{capture}/confirm"
    assert post(client, path, body).json() == {"complete": False, "missing": {"operations": True, "files": [name]}}
    post(client, f"/captures/{capture}/sync", {"device": TABLET, "operations": sent[:2]})
    assert post(client, path, body).json()["missing"]["operations"]
    post(client, f"/captures/{capture}/sync", {"device": TABLET, "operations": sent})
    assert post(client, path, body).json() == {"complete": False, "missing": {"operations": False, "files": [name]}}
    refused = post(client, f"/captures/{capture}/hand-over", {})
    assert refused.status_code == 422
    assert "has not arrived" in refused.json()["detail"]
    put(client, f"/captures/{capture}/files/{name}?offset=0&size={len(data)}", data)
    assert CaptureDevice.objects.get().confirmed_at is None
    assert post(client, path, body).json() == {"complete": True, "missing": {"operations": False, "files": []}}
    assert CaptureDevice.objects.get().confirmed_at is not None
    assert post(client, f"/captures/{capture}/hand-over", {}).json() == {"state": "handed-over"}
    assert post(client, f"/captures/{capture}/reopen", {"reason": "SIMULATED a page more"}).json() == {"state": "open"}


def test_a_device_that_forgot_and_takes_the_visit_again_answers_for_what_is_new(cast: Cast, package: Any) -> None:
    client, capture = cast.client("advisor"), package["capture"]

    def confirmed(*ids: str) -> bool:
        held = {"count": len(ids), "digest": ids_digest(ids)}
        body = {"device": TABLET, "operations": held, "files": []}
        return bool(post(client, f"/captures/{capture}/confirm", body).json()["complete"])

    code = codes()[1]
    post(client, f"/captures/{capture}/sync", {"device": TABLET, "operations": [operation(1), interview(2, "SIM")]})
    assert confirmed(identifier(1), identifier(2))
    later = [operation(3, code=code), interview(4, "SIMULATED more", of=2)]
    post(client, f"/captures/{capture}/sync", {"device": TABLET, "operations": later})
    assert not confirmed(identifier(3))
    assert confirmed(identifier(3), identifier(4))


def test_a_visit_of_another_kind_or_time_cannot_be_taken(cast: Cast, visit: Any) -> None:
    client, body = cast.client("advisor"), {"device": TABLET}
    visit.first_day = visit.last_day = timezone.localdate() - timedelta(days=200)
    visit.save()
    assert client.get(f"{API}/assignments").json() == {"items": []}
    assert post(client, f"/assignments/{visit.pk}/take", body).status_code == 404
