"""Addresses of releases."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.releases.web import views

PREFIX = "releases/"
urlpatterns = [
    path("", views.given, name="given"),
    path("received/", views.received, name="received"),
    path("received/<str:release>/", views.received_one, name="received_one"),
    path("<str:release>/", views.given_one, name="given_one"),
    path("<str:release>/withdraw/", views.withdraw, name="withdraw"),
]
for _view in (views.given, views.given_one, views.withdraw):
    _view.help = "explanation/releases"  # type: ignore[attr-defined]
for _view in (views.received, views.received_one):
    _view.help = "how-to/read-what-was-given-to-you"  # type: ignore[attr-defined]
