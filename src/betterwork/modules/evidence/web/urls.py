"""Addresses of evidence."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.evidence.web import asking, committee, views

PREFIX = "evidence/"
urlpatterns = [
    path("", views.countries, name="countries"),
    path("refresh/", views.refresh, name="refresh"),
    path("own/", committee.own, name="own"),
    path("aggregates/<str:figures>/", committee.rates, name="aggregates"),
    path("aggregates/<str:figures>/trend/", committee.trend, name="aggregates_trend"),
    path("aggregates/<str:figures>/improvement/", committee.improvement, name="aggregates_improvement"),
    path("aggregates/<str:figures>/years/", committee.years, name="aggregates_years"),
    path("asked/<str:asked>/", asking.asked, name="asked"),
    path("asked/<str:asked>/now/", asking.asked_now, name="asked_now"),
    path("<str:figures>/", views.country, name="country"),
    path("<str:figures>/trend/", views.trend, name="trend"),
    path("<str:figures>/improvement/", views.improvement, name="improvement"),
    path("<str:figures>/years/", views.years, name="years"),
    path("<str:figures>/headline/", views.headline, name="headline"),
    path("<str:figures>/ask/", asking.ask, name="ask"),
]
for _view in (one.callback for one in urlpatterns):
    _view.help = "how-to/read-the-evidence"  # type: ignore[attr-defined]
