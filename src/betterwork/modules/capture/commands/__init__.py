"""The command `betterwork capture`."""

from __future__ import annotations

import click


@click.group()
def capture() -> None:
    """Drafts of assessments taken down on devices."""
