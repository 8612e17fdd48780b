"""Addresses of staff."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.staff.web import views

PREFIX = "staff/"
urlpatterns = [
    path("", views.staff, name="staff"),
    path("mine/", views.mine, name="mine"),
    path("mine/enter/<slug:kind>/", views.enter_mine, name="enter_mine"),
    path("mine/<str:fact>/end/", views.end_mine, name="end_mine"),
    path("facts/<str:fact>/end/", views.end, name="end"),
    path("<str:person>/", views.person, name="person"),
    path("<str:person>/enter/<slug:kind>/", views.enter, name="enter"),
]
for _view in (views.staff, views.person, views.mine, views.enter, views.enter_mine, views.end, views.end_mine):
    _view.help = "how-to/keep-staff-facts"  # type: ignore[attr-defined]
