"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.webhooks.web import views

PREFIX = "webhooks/"
urlpatterns = [
    path("", views.endpoints, name="endpoints"),
    path("make/", views.make, name="make"),
    path("messages/<str:delivery>/", views.message, name="message"),
    path("messages/<str:delivery>/again/", views.again, name="again"),
    path("<str:endpoint>/", views.endpoint, name="endpoint"),
    path("<str:endpoint>/test/", views.test, name="test"),
    path("<str:endpoint>/resume/", views.resume, name="resume"),
    path("<str:endpoint>/secret/", views.secret, name="secret"),
    path("<str:endpoint>/remove/", views.remove, name="remove"),
]
for _view in (views.endpoints, views.make, views.endpoint, views.message, views.secret, views.remove):
    _view.help = "how-to/receive-webhooks"  # type: ignore[attr-defined]
