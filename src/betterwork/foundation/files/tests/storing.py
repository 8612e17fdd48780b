"""Store files in BETTERWORK_HOME one after the other, until killed.

Started by tests as ``python -m betterwork.foundation.files.tests.storing FIRST``. Prints the digest of each file once
it is stored.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)


def text(number: int) -> bytes:
    """A text of its own for each number, of some hundred thousand bytes."""
    dice = random.Random(number)
    return "\n".join(f"{number} {dice.random()}" for _ in range(dice.randint(1, 12_000))).encode()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    django.setup()
    from django.core.management import call_command

    from betterwork.foundation.files.services import file_store

    call_command("migrate", verbosity=0, interactive=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number in range(int(sys.argv[1]), 1_000_000):
        stored = file_store(content=text(number), at=AT)
        sys.stdout.write(f"{stored.digest}\n")
        sys.stdout.flush()
