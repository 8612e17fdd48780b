"""Append entries to the ledger of BETTERWORK_HOME, from several threads, each in transactions of its own.

Started by tests as ``python -m betterwork.foundation.ledger.tests.appending TRANSACTIONS ENTRIES THREADS``.
Prints the number of the last entry of each transaction once it is committed.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)


def append(transactions: int, entries: int, writer: int) -> None:
    """Write ``transactions`` times ``entries`` entries."""
    from django.db import connection, transaction

    from betterwork.foundation.ledger.rules import AUDIT
    from betterwork.foundation.ledger.services import NewEntry, entries_append

    for turn in range(transactions):
        new = [
            NewEntry(AUDIT, "visit.planned", f"writer-{writer}", f"visit {writer}-{turn}-{one}", {"n": one}, AT)
            for one in range(entries)
        ]
        with transaction.atomic():
            last = entries_append(new=new)[-1].number
        sys.stdout.write(f"{last}\n")
        sys.stdout.flush()
    connection.close()


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "betterwork.entry.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    transactions, entries, writers = map(int, sys.argv[1:])
    threads = [threading.Thread(target=append, args=(transactions, entries, one)) for one in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
