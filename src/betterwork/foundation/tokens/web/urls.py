"""Addresses of tokens."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.tokens.web import views

PREFIX = "tokens/"
urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("make/", views.make, name="make"),
    path("<str:token>/end/", views.end, name="end"),
]
for _view in (views.tokens, views.make, views.end):
    _view.help = "how-to/use-the-api"  # type: ignore[attr-defined]
