"""The root of the API. Rooms add their operations to it; each declares its door."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as BadRequest

from betterwork.foundation.audiences.names import OWN_PERSON, PUBLIC
from betterwork.foundation.doors.operations import APIS, operation
from betterwork.foundation.doors.pages import actor_of_request, declare_space
from betterwork.foundation.doors.policy import EVERYBODY_MAY, SIGNED_IN

api = NinjaAPI(title="Better Work", version="1", docs_url=None, openapi_url="openapi.json", urls_namespace="api")
APIS.append(api)


def problem(request: HttpRequest, status: int, detail: Any) -> HttpResponse:
    """An error as RFC 9457 wants it: what went wrong, in one shape for all."""
    answer = api.create_response(
        request,
        {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail},
        status=status,
    )
    answer["Content-Type"] = "application/problem+json"
    return answer


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What an operation refuses."""
    return problem(request, error.status_code, str(error))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """What is not there, for this person."""
    return problem(request, 404, "There is nothing here.")


@api.exception_handler(BadRequest)
def bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
    """What was sent and cannot be meant: where, and what was expected. What was sent is not repeated."""
    faults = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors]
    return problem(request, 422, faults)


@api.get("me", url_name="me", summary="Who you are for this platform, and the roles you hold now")
@operation(SIGNED_IN, audience=OWN_PERSON)
def me(request: HttpRequest) -> dict[str, Any]:
    """The id under which the platform knows you, and your roles with what they are over."""
    actor = actor_of_request(request)
    held = [{"role": one.role, "scope": one.scope, "elevated": one.elevated} for one in sorted(actor.held)]
    return {"id": actor.id, "roles": held, "needs_second_factor": actor.needs_second_factor}


declare_space("api", EVERYBODY_MAY, audience=PUBLIC, why="Each operation asks its own door.")
