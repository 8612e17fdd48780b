"""Errors in one shape (RFC 9457): what went wrong, where, and the number under which the log knows the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import HttpError
from pydantic import Field

KIND = "application/problem+json"

DETAILS: dict[int, str] = {
    400: "This request cannot be read.",
    401: "Sign in, or send a token that counts.",
    403: "This is not allowed in this way.",
    404: "There is nothing here.",
    405: "This address knows other methods; they stand in the header Allow.",
    409: "Another request stands in the way of this one.",
    413: "This is larger than what is read.",
    415: "Send the body as application/json.",
    422: "What was sent cannot be meant.",
    429: "Too many requests; the header Retry-After says in how many seconds to go on.",
    500: "Something went wrong that was not foreseen. Give the request's number to whoever runs this platform.",
    503: "The platform is busy; try again in a moment.",
}


class Fault(Schema):
    """One thing that is wrong in what was sent. What was sent is not repeated."""

    where: str = Field(description="The place: query.limit, body.name.", examples=["query.limit"])
    what: str = Field(description="What was expected there.", examples=["Input should be less than or equal to 200"])


class ProblemShape(Schema):
    """An error after RFC 9457."""

    type: str = Field(description="A name of the kind of problem.", examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", ge=400, le=599, examples=[404])
    detail: str = Field(description="What went wrong and what to do.", examples=["There is nothing here."])
    request: str = Field(description="The number of the request in the platform's log.", examples=["019a0b1c"])
    faults: list[Fault] = Field(default_factory=list, description="What is wrong in what was sent, place by place.")


class Problem(HttpError):
    """An error with more to say than its status: faults, headers, and what an operation adds (``more``)."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        faults: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, detail or DETAILS.get(status, ""))
        self.faults, self.headers, self.more = tuple(faults), dict(headers or {}), dict(more or {})


def problem_response(
    request: HttpRequest,
    status: int,
    detail: str = "",
    *,
    faults: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """An answer that is a problem. ``more`` are members that an operation adds (RFC 9457, 3.2)."""
    body: dict[str, Any] = {
        **(more or {}),
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or DETAILS.get(status, HTTPStatus(status).phrase),
        "request": getattr(request, "number", ""),
        "faults": [{"where": where, "what": what} for where, what in faults],
    }
    answer = HttpResponse(orjson.dumps(body), status=status, content_type=KIND)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Better Work"'
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer
