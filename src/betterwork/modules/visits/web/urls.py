"""Addresses of visits."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.visits.web import joint, planning, views

PREFIX = "visits/"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("due/", planning.due, name="due"),
    path("new/", planning.new, name="new"),
    path("plans/", planning.plans, name="plans"),
    path("plans/<str:plan>/", planning.plan, name="plan"),
    path("plans/<str:plan>/accept/", planning.accept, name="accept"),
    path("plans/<str:plan>/put-aside/", planning.put_aside, name="put_aside"),
    path("services/", planning.time_of_services, name="services"),
    path("joint/", joint.joint, name="joint"),
    path("joint/<str:visit>/", joint.joint_visit, name="joint_visit"),
    path("<str:visit>/", views.visit, name="visit"),
    path("<str:visit>/accept/", planning.accept_one, name="accept_one"),
    path("<str:visit>/arrive/", views.arrive, name="arrive"),
    path("<str:visit>/done/", views.end, name="end"),
    path("<str:visit>/time/", views.time, name="time"),
    path("<str:visit>/change/", views.change, name="change"),
    path("<str:visit>/call-off/", views.cancel, name="cancel"),
    path("<str:visit>/tell/", views.tell, name="tell"),
]
_VIEWS = (
    *(views.calendar, views.visit, views.arrive, views.end, views.time, views.change, views.cancel, views.tell),
    *(planning.due, planning.new, planning.plans, planning.plan, planning.accept, planning.put_aside),
    *(planning.accept_one, planning.time_of_services, joint.joint, joint.joint_visit),
)
for _view in _VIEWS:
    _view.help = "how-to/plan-visits"  # type: ignore[attr-defined]
