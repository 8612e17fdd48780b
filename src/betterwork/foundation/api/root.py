"""The API itself: ninja's, with errors as problems and a description that is whole."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as BadRequest
from ninja.openapi.schema import OpenAPISchema

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.api.describing import Description
from betterwork.foundation.api.guard import guarded
from betterwork.foundation.api.problems import Problem, problem_response
from betterwork.foundation.doors.pages import actor_of_request

requests = logging.getLogger("betterwork.requests")


class PlatformAPI(NinjaAPI):
    """The API of the platform."""

    def __init__(self, *, description: str) -> None:
        super().__init__(
            title="Better Work",
            version="1",
            description=description,
            docs_url=None,
            openapi_url="openapi.json",
            urls_namespace="api",
        )
        self.add_decorator(guarded, mode="view")
        problems_handle(self)

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:
        """The description of the API, with what all operations have in common."""
        return Description(self, self.get_root_path({}))

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The function's own name where the room gave none."""
        return str(operation.view_func.__name__)


def problems_handle(api: NinjaAPI) -> None:
    """Put every error into the shape of a problem."""
    for kind, handler in (
        (HttpError, _refused),
        (Http404, _not_found),
        (PermissionDenied, _not_found),
        (BadRequest, _bad_request),
        (RequestDataTooBig, _too_big),
        (SuspiciousOperation, _unreadable),
        (WrongUse, _wrong_use),
        (BetterWorkError, _stands_against),
        (OperationalError, _busy),
        (Exception, _unforeseen),
    ):
        api.add_exception_handler(kind, handler)  # type: ignore[arg-type]


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    faults, headers, more = (error.faults, error.headers, error.more) if isinstance(error, Problem) else ((), {}, {})
    # What a parser has to say may repeat what was sent.
    words = "" if error.status_code == 400 else str(error)
    return problem_response(request, error.status_code, words, faults=faults, headers=headers, more=more)


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(request, 404)


def _bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
    """Where, and what was expected. What was sent is not repeated."""
    faults = [(".".join(map(str, one["loc"]))[:120], str(one["msg"])[:200]) for one in error.errors[:20]]
    return problem_response(request, 422, faults=faults)


def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(request, 413)


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(request, 400)


def _wrong_use(request: HttpRequest, error: WrongUse) -> HttpResponse:
    return problem_response(request, 422, str(error))


def _stands_against(request: HttpRequest, error: BetterWorkError) -> HttpResponse:
    return problem_response(request, 409, str(error))


def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A database that is locked or gone: said as such, and told to the log like any other failure."""
    if "locked" not in str(error):
        return _unforeseen(request, error)
    return problem_response(request, 503, headers={"Retry-After": "2"})


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    """A failure: the log hears where, whoever asked hears the request's number and nothing of the inside."""
    got_request_exception.send(sender=PlatformAPI, request=request)
    requests.error(
        "fault",
        exc_info=sys.exc_info() if sys.exc_info()[0] else (type(error), error, error.__traceback__),
        extra={"request": getattr(request, "number", ""), "actor": actor_of_request(request).id or "stranger"},
    )
    return problem_response(request, 500)
