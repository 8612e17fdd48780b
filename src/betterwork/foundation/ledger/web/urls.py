"""Addresses of the trail."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.ledger.web import views

PREFIX = "trail/"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.trail_export, name="export"),
    path("mine/", views.trail_mine, name="mine"),
    path("seen/", views.trail_seen, name="seen"),
    path("<int:entry>/", views.entry_page, name="entry"),
    path("<int:entry>/open/", views.entry_open, name="open"),
]
