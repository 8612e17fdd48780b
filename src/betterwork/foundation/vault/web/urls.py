"""Addresses of the vault. Items are opened on pages of the rooms they come from."""

from django.urls import path

from betterwork.foundation.vault.web.views import openings

PREFIX = "vault/"
urlpatterns = [path("", openings, name="openings")]

openings.help = "explanation/vault"  # type: ignore[attr-defined]
