"""URLs of the register."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.registry.web import views

PREFIX = "factories/"
urlpatterns = [
    path("", views.factories, name="factories"),
    path("mine/", views.factories_own, name="factories_own"),
    path("<int:factory>/", views.factory, name="factory"),
    path("mine/<int:factory>/", views.factory_own, name="factory_own"),
]
