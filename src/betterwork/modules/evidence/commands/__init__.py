"""The command `betterwork evidence`: build the store, make tables of it, seal a snapshot."""

from __future__ import annotations

from betterwork.modules.evidence.commands.store import evidence
from betterwork.modules.evidence.commands.tables import effort, headline, rates, tenure, trend

for command in (rates, trend, effort, tenure, headline):
    evidence.add_command(command)

__all__ = ["evidence"]
