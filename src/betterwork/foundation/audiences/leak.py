"""The one error that stops a page from showing what it may not."""

from __future__ import annotations


class Leak(TypeError):
    """A program tries to show an audience what it may not see. Never caught: the page fails instead."""
