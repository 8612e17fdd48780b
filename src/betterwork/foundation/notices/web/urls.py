"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.notices.web import views

PREFIX = "notices/"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.all_read, name="all_read"),
    path("preferences/", views.preferences, name="preferences"),
    path("<str:notice>/open/", views.notice_open, name="open"),
    path("<str:notice>/read/", views.read, name="read"),
]
