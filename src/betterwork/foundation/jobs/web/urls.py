"""URLs of the jobs."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.jobs.web import views

PREFIX = "jobs/"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<uuid:job>/", views.job, name="job"),
    path("<uuid:job>/now/", views.job_now, name="job_now"),
    path("<uuid:job>/again/", views.job_again, name="job_again"),
    path("<uuid:job>/call-off/", views.job_call_off, name="job_call_off"),
]
