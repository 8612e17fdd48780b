"""Tokens with which programs enter the API."""

from __future__ import annotations

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Tokens with which programs enter the API."""

    name = "betterwork.foundation.tokens"
    label = "tokens"
