"""Addresses of people."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.people.web import help_pages, joining, me, people, registering

PREFIX = "people/"
urlpatterns = [
    path("", people.people, name="people"),
    path("invite/", people.invite, name="invite"),
    path("me/", me.me, name="me"),
    path("me/kept/", me.me_kept, name="me_kept"),
    path("me/export/", me.me_export, name="me_export"),
    path("join/<str:token>/", joining.join, name="join"),
    path("register/", registering.register, name="register"),
    path("register/asked/", registering.registered, name="registered"),
    path("registrations/", registering.registrations, name="registrations"),
    path("registrations/<str:registration>/", registering.registration_answer, name="registration"),
    path("<str:person>/", people.person, name="person"),
    path("<str:person>/send-again/", people.send_again, name="send_again"),
    path("<str:person>/sign-out/", people.sign_out, name="sign_out"),
    path("<str:person>/leave/", people.leave, name="leave"),
    path("<str:person>/return/", people.invite_back, name="return"),
]
help_pages.helps_set()
