"""What all of `/api/` has in common: limits, and problems instead of pages, also where no operation was reached."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from betterwork.foundation.api.limits import Counted, counted
from betterwork.foundation.api.problems import KIND, problem_response
from betterwork.foundation.api.settings_of import requests_a_minute, requests_of_strangers_a_minute
from betterwork.foundation.doors.pages import actor_of_request

PREFIX = "/api/"
logger = logging.getLogger("betterwork.api")


class ApiMiddleware:
    """Stands after those that say who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count, pass on, and put what comes back as a page into the shape of a problem."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        left = _counted(request)
        if left.wait:
            answer: HttpResponseBase = problem_response(request, 429, headers={"Retry-After": str(left.wait)})
        elif getattr(request, "token_refused", ""):
            status = 403 if getattr(request, "token_reads_only", False) else 401
            answer = problem_response(request, status, request.token_refused)  # type: ignore[attr-defined]
        elif actor_of_request(request).needs_second_factor:
            answer = problem_response(request, 403, "Set up your second step first: your roles do not count yet.")
        else:
            answer = _unchanged(request, _as_problem(request, self.get_response(request)))
        answer["RateLimit-Policy"] = f'"minute";q={left.most};w=60'
        answer["RateLimit"] = f'"minute";r={left.left};t={left.wait or 60}'
        return answer


def _counted(request: HttpRequest) -> Counted:
    """Count for the token, else the person, else the address: with a token that does not count, for the address."""
    token, actor = getattr(request, "token_id", ""), actor_of_request(request)
    now = time.time()
    if token:
        return counted(f"token {token}", requests_a_minute(), now)
    if actor.signed_in:
        return counted(f"person {actor.id}", requests_a_minute(), now)
    return counted(f"address {asker_at(address_of(request))}", requests_of_strangers_a_minute(), now)


def address_of(request: HttpRequest) -> str:
    """The address that a request comes from: behind the proxy of the settings, what that proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return str(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()) or "proxy"
    return str(request.META.get("REMOTE_ADDR", ""))


def asker_at(address: str) -> str:
    """Who is counted for an address: of version 6 the whole network (/64) that one connection is given."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _unchanged(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Name what was read by its digest, and answer 304 where the asker has it already."""
    if request.method != "GET" or answer.status_code != 200 or not isinstance(answer, HttpResponse):
        return answer
    name = f'"{sha256(answer.content).hexdigest()[:32]}"'
    answer["ETag"] = name
    found = get_conditional_response(request, etag=name, response=answer)
    assert found is not None
    return found


def _as_problem(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """An answer that is no JSON becomes a problem: a page that says 404, a way to the sign-in, a file too large."""
    kind = str(answer.headers.get("Content-Type", ""))
    if answer.status_code < 300 or answer.status_code == 304 or kind == KIND:
        return answer
    status = 401 if answer.status_code in {301, 302, 303, 307, 308} else answer.status_code
    kept = {name: value for name, value in answer.headers.items() if name in {"Allow", "Retry-After"}}
    return problem_response(request, status, headers=kept)
