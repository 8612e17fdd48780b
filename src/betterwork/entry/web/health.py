"""Whether the platform is alive and ready, and its figures for machines that watch it."""

from __future__ import annotations

from dataclasses import asdict
from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.doors.pages import page
from betterwork.foundation.doors.policy import EVERYBODY_MAY
from betterwork.foundation.events.queries import events_figures
from betterwork.foundation.jobs.queries import jobs_figures
from betterwork.foundation.ledger.queries import ledger_head


@page(EVERYBODY_MAY, audience=PUBLIC)
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"live": True})


@page(EVERYBODY_MAY, audience=PUBLIC)
def ready(request: HttpRequest) -> HttpResponse:
    """Both databases answer; 503 while one does not. Says which, and nothing of what is in them."""
    found = {alias: _answers(alias) for alias in connections}
    return JsonResponse({"ready": all(found.values()), **found}, status=200 if all(found.values()) else 503)


@page(EVERYBODY_MAY, audience=PUBLIC)
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, for who shows METRICS_TOKEN; without one set there is no such page."""
    token, shown = settings.METRICS_TOKEN, request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not compare_digest(token.encode(), shown.encode()):
        raise Http404
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    at = timezone.now()
    for kind, figures in (("jobs", jobs_figures(at=at)), ("events", events_figures(at=at))):
        for name, value in asdict(figures).items():
            words = f"{kind.capitalize()}: {name.replace('_', ' ')}"
            Gauge(f"betterwork_{kind}_{name}", words, registry=registry).set(value)
    head = Gauge("betterwork_ledger_entries", "Entries in the ledger", registry=registry)
    head.set(ledger_head().number)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
