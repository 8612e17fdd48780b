"""Addresses of the country programmes."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.countries.web import entering, life, views

PREFIX = "countries/"
urlpatterns = [
    path("", views.countries, name="countries"),
    path("add/", life.add, name="add"),
    path("mine/", views.countries_own, name="countries_own"),
    path("mine/<str:programme>/", views.country_own, name="country_own"),
    path("all/", entering.every, name="every"),
    path("all/rules/<str:name>/", entering.every_rule, name="every_rule"),
    path("all/rules/<str:name>/enter/", entering.every_enter, name="every_enter"),
    path("<str:programme>/", views.country, name="country"),
    path("<str:programme>/state/", life.state, name="state"),
    path("<str:programme>/state/<str:state>/withdraw/", life.withdraw, name="withdraw"),
    path("<str:programme>/rules/<str:name>/", entering.rule, name="rule"),
    path("<str:programme>/rules/<str:name>/enter/", entering.enter, name="enter"),
]

_HELP = {
    "how-to/enter-a-countrys-rule": (
        *(views.country, views.country_own, views.countries_own, entering.rule, entering.enter),
        *(entering.every, entering.every_rule, entering.every_enter),
    ),
    "how-to/begin-a-country-programme": (views.countries, life.add, life.state, life.withdraw),
}
for _name, _views in _HELP.items():
    for _view in _views:
        _view.help = _name  # type: ignore[attr-defined]
