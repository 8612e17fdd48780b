"""Store files in BETTERWORK_HOME in processes that are killed at moments nobody chose.

Started by tests as ``python -m betterwork.foundation.files.tests.storing``. Prints the digest of each file once it is
stored.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)


def text(number: int) -> bytes:
    """A text of its own for each number, of some hundred thousand bytes."""
    dice = random.Random(number)
    return "\n".join(f"{number} {dice.random()}" for _ in range(dice.randint(1, 12_000))).encode()


def store_without_end(first: int) -> None:
    from betterwork.foundation.files.services import file_store

    for number in range(first, 1_000_000):
        stored = file_store(content=text(number), at=AT)
        sys.stdout.write(f"{stored.digest}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    Path(os.environ["BETTERWORK_HOME"]).mkdir(exist_ok=True)
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    dice = random.Random(7)
    for turn in range(8):
        connections.close_all()
        process = os.fork()
        if process == 0:
            store_without_end(turn * 10_000)
        time.sleep(dice.uniform(0.05, 0.4))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
