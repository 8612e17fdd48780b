"""URLs of the register."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.registry.web import changing, lists, merging, participation, views

PREFIX = "factories/"
urlpatterns = [
    path("", views.factories, name="factories"),
    path("register/", views.register, name="register"),
    path("participation/", participation.participation, name="participation"),
    path("coverage/", participation.coverage, name="coverage"),
    path("coverage/sector/", participation.sector, name="sector"),
    path("lists/", lists.lists, name="lists"),
    path("lists/empty.csv", lists.empty, name="list_empty"),
    path("lists/<str:given>/", lists.given, name="list"),
    path("merges/<str:merge>/undo/", merging.unmerge, name="unmerge"),
    path("mine/", views.factories_own, name="factories_own"),
    path("mine/<int:factory>/", views.factory_own, name="factory_own"),
    path("mine/<int:factory>/workforce/", changing.workforce_own, name="workforce_own"),
    path("mine/<int:factory>/contacts/", changing.contacts_own, name="contacts_own"),
    *(path(f"mine/<int:factory>/{what}/", view, name=f"{what}_own") for what, view in changing.OWN.items()),
    path("<int:factory>/", views.factory, name="factory"),
    path("<int:factory>/workforce/", changing.workforce, name="workforce"),
    path("<int:factory>/contacts/", changing.contacts, name="contacts"),
    path("<int:factory>/enrol/", changing.enrol, name="enrol"),
    path("<int:factory>/end/", changing.end, name="end"),
    path("<int:factory>/number/", changing.number, name="number"),
    path("<int:factory>/undo/", merging.undo, name="undo"),
    path("<int:factory>/merge/", merging.merge, name="merge"),
    path("<int:factory>/split/", merging.split, name="split"),
    *(path(f"<int:factory>/{what}/", view, name=what) for what, view in {**changing.KEPT, **changing.UPDATED}.items()),
]

_HELP = {
    "how-to/import-a-list-of-factories": (lists.lists, lists.given),
    "algorithms/coverage": (participation.coverage, participation.sector),
}
for _one in urlpatterns:
    _one.callback.help = "how-to/keep-the-register"  # type: ignore[attr-defined]
for _name, _views in _HELP.items():
    for _view in _views:
        _view.help = _name  # type: ignore[attr-defined]
