"""Structured logs without personal data: the route and not the address, the opaque id and not the name."""

from __future__ import annotations

import json
import logging
import logging.config
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

import uuid_utils
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

from betterwork.foundation.doors.pages import actor_of_request

requests = logging.getLogger("betterwork.requests")
SLOW_SECONDS = 1.0

FIELDS = ("request", "method", "route", "status", "milliseconds", "actor", "job", "event")
"""What a record may carry besides its message. Nothing else that is passed with ``extra`` is written."""


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception: its type and where it was raised, never its message.

    A message of an exception holds what the program was working on: an address, an answer, a name.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage() if record.name.startswith("betterwork.") else str(record.msg),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            line["failed"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:]
            ]
        return json.dumps(line, ensure_ascii=True, default=type)


def logs_begin(level: str = "INFO") -> None:
    """Write logs to standard error from now on; for servers and workers."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": JsonLines}},
            "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["error"], "level": "WARNING"},
            "loggers": {
                "betterwork": {"level": level},
                # It would write the address that was asked for, with everything in it.
                "django.request": {"level": "CRITICAL"},
                "django.security": {"level": "CRITICAL"},
                "django.server": {"level": "CRITICAL"},
            },
        }
    )


class RequestLogMiddleware:
    """One line for each request: which page, by whom (opaque id), how long, what came out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure and tell."""
        began = perf_counter()
        number = uuid_utils.uuid7().hex
        request.number = number  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.path_info.startswith("/static/"):
            return response
        seconds = perf_counter() - began
        match = request.resolver_match
        requests.log(
            logging.WARNING if seconds > SLOW_SECONDS or response.status_code >= 500 else logging.INFO,
            "request",
            extra={
                "request": number,
                "method": request.method if request.method in _METHODS else "other",
                "route": match.view_name or match.route if match else "none",
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
                "actor": actor_of_request(request).id or "stranger",
            },
        )
        response["X-Request-Number"] = number
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Tell of a fault: which kind and where, not what it said. That nothing is there for somebody is none."""
        if isinstance(error, Http404 | PermissionDenied | SuspiciousOperation):
            return
        requests.error(
            "fault",
            exc_info=(type(error), error, error.__traceback__),
            extra={"request": getattr(request, "number", ""), "actor": actor_of_request(request).id or "stranger"},
        )


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
