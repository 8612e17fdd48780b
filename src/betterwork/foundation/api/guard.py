"""What stands before every operation: what was sent must be declared, and what changes something is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from betterwork.foundation.api.once import answered_once
from betterwork.foundation.api.problems import Problem
from betterwork.foundation.api.settings_of import MOST_BODY
from betterwork.foundation.doors.operations import SAFE, entered
from betterwork.foundation.doors.pages import actor_of_request

Run = Callable[..., HttpResponse]
C = TypeVar("C", bound=Callable[..., Any])


def guarded(run: Run) -> Run:
    """Wrap an operation's ``run``: the decorator of the whole API, applied once to each operation."""
    of = run.__self__  # type: ignore[attr-defined]
    names = frozenset(_parameters(of))
    reads = any(model.__ninja_param_source__ == "body" for model in of.models)

    def run_guarded(request: HttpRequest, **path: Any) -> HttpResponse:
        try:
            entered(request, of.view_func.door, path)  # who may not come in learns nothing of what is wanted
            _declared_only(request, names)
            if request.method not in SAFE:
                _readable(request, reads)
                person = actor_of_request(request).id
                if person and not getattr(of.view_func, "commits_itself", False):
                    return answered_once(request, person, lambda: run(request, **path), timezone.now())
            return run(request, **path)
        except Exception as error:  # noqa: BLE001 - ninja puts every error into words
            answer: HttpResponse = of.api.on_exception(request, error)
            return answer

    return run_guarded


def commits_itself(function: C) -> C:
    """Say of an operation that it writes in transactions of its own, and knows by ids the asker made what it did.

    For what goes to the vault, whose services run outside any transaction. Such an operation needs no
    ``Idempotency-Key`` and takes no notice of one: sent again, it must change nothing. Stands above ``@operation``.
    """
    function.commits_itself = True  # type: ignore[attr-defined]
    return function


def _parameters(of: Any) -> list[str]:
    """The names under which an operation takes parameters of the query."""
    found = []
    for model in of.models:
        if model.__ninja_param_source__ == "query":
            found += list(getattr(model, "__ninja_flatten_map__", {}) or model.model_fields)
    return found


def _declared_only(request: HttpRequest, names: frozenset[str]) -> None:
    """Refuse parameters that nobody declared: a filter with a slip in it would silently be none."""
    faults = [
        (f"query.{_named(name)}", "this list knows no such parameter") for name in request.GET if name not in names
    ]
    faults += [
        (f"query.{_named(name)}", "given once, without the character NUL")
        for name, values in request.GET.lists()
        if name in names and (len(values) > 1 or any("\x00" in value for value in values))
    ]
    if faults:
        raise Problem(422, faults=faults[:20])


def _named(name: str) -> str:
    return "".join(one for one in name if one.isprintable())[:60]


def _readable(request: HttpRequest, reads: bool) -> None:
    """Refuse a body that is too large, of another kind, or not text."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BODY:
        raise Problem(413, f"At most {MOST_BODY // 1_000_000} MB are read.")
    if reads and request.content_type != "application/json":
        raise Problem(415)
