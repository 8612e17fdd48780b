"""The step of the demonstration that fills the rooms of the programme: register, committees, staff, a draft of a tool.

python -m betterwork.entry.demonstration.programme_step [--size small] [--seed 2014]
"""

from __future__ import annotations

import os
import sys

import click

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.entry.demonstration.plan import DEFAULT_SEED, SIZES


@click.command()
@click.option("--size", type=click.Choice(SIZES), default="small", show_default=True)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
def fill(size: str, seed: int) -> None:
    """Fill the rooms; all of it or nothing."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nobody reads simulated invitations
    from django.utils import timezone

    from betterwork.entry.demonstration.plan import plan_for
    from betterwork.entry.demonstration.programme import programme_fill

    for line in programme_fill(plan_for(size, seed=seed), timezone.now()):
        click.echo(f"  {line}")


if __name__ == "__main__":
    try:
        fill.main(prog_name="python -m betterwork.entry.demonstration.programme_step")
    except (BetterWorkError, WrongUse) as error:
        click.echo(f"betterwork: {error}", err=True)
        sys.exit(1)
