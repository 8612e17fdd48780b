"""The step of the demonstration that makes its people, and the code of one of them, in the demonstration's home.

python -m betterwork.entry.demonstration.people_step make|code [EMAIL]
"""

from __future__ import annotations

import os
import sys

import click

from betterwork.core.errors import BetterWorkError


@click.group()
def step() -> None:
    """Load the rooms."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nobody reads simulated invitations
    # Their pass phrase is printed for all to read: it need not take half a second each to make. Signing in makes it
    # anew as everybody's is.
    settings.PASSWORD_HASHERS = ["betterwork.entry.demonstration.people.KnownToAll", *settings.PASSWORD_HASHERS]


@step.command()
def make() -> None:
    """Make the people."""
    from django.utils import timezone

    from betterwork.entry.demonstration.people import people_make

    click.echo(f"  {len(people_make(timezone.now()))} people, at least one of each role")


@step.command()
@click.argument("email")
def code(email: str) -> None:
    """Print the code that her app would show now."""
    from django.utils import timezone

    from betterwork.entry.demonstration.people import code_at

    click.echo(code_at(email, timezone.now()))


if __name__ == "__main__":
    try:
        step(standalone_mode=False)
    except BetterWorkError as error:
        click.echo(f"betterwork: {error}", err=True)
        sys.exit(1)
