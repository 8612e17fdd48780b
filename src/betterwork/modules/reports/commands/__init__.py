"""The command `betterwork report`: what the programme publishes."""

from __future__ import annotations

from betterwork.modules.reports.commands.synthesis import report

__all__ = ["report"]
