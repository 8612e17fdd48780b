"""Addresses of the capture app, below the room's own prefix: the service worker's scope is the folder it lies in."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.capture.web import app

urlpatterns = [
    path("", app.shell, name="app"),
    path("manifest.webmanifest", app.manifest, name="app_manifest"),
    path("service-worker.js", app.worker, name="app_worker"),
    path("who.json", app.who, name="app_who"),
    path("words/<slug:language>.json", app.words, name="app_words"),
]
for _view in (app.shell, app.manifest, app.worker, app.who, app.words):
    _view.help = "explanation/what-the-device-protects"  # type: ignore[attr-defined]
