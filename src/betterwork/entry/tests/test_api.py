"""The root of the API: who one is, and errors in one shape."""

from __future__ import annotations

import json

import pytest

from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.doors import checks
from betterwork.foundation.doors.operations import APIS

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_401_as_a_problem(cast) -> None:
    answer = cast.client("stranger").get("/api/v1/me")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["title"] == "Unauthorized"


def test_a_person_learns_who_she_is_and_what_she_holds(cast) -> None:
    found = json.loads(cast.client("advisor").get("/api/v1/me").content)
    assert found == {
        "id": "p-advisor",
        "roles": [{"role": "advisor", "scope": "country:VN", "elevated": False}],
        "needs_second_factor": False,
    }


def test_the_description_of_the_api_is_public(cast) -> None:
    description = json.loads(cast.client("stranger").get("/api/v1/openapi.json").content)
    assert description["openapi"].startswith("3.1")
    assert "/api/v1/me" in description["paths"]


def test_an_operation_without_a_door_stops_the_start(monkeypatch) -> None:
    from ninja import NinjaAPI

    careless = NinjaAPI(urls_namespace="careless")

    @careless.get("open")
    def open_to_all(request):
        return {}

    monkeypatch.setattr("betterwork.foundation.doors.operations.APIS", [*APIS, careless])
    assert [line for line in checks.without_door() if "GET /open" in line]


def test_what_changes_something_needs_more_than_a_cookie(cast, rf) -> None:
    from ninja.errors import HttpError

    from betterwork.foundation.doors.operations import operation
    from betterwork.foundation.doors.policy import SIGNED_IN

    @operation(SIGNED_IN, audience=PUBLIC)
    def change(request):
        return {"changed": True}

    request = rf.post("/", {})
    request.actor = cast.actor("advisor")
    request._dont_enforce_csrf_checks = False
    with pytest.raises(HttpError, match="CSRF"):
        change(request)
