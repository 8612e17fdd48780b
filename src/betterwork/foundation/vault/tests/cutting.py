"""Work on the vault of BETTERWORK_HOME in a process of its own, which may die at a chosen point.

Started by tests as ``python -m betterwork.foundation.vault.tests.cutting WORK [CUT]``. ``WORK`` is put, open, change,
erase, all (without end, until killed) or look; ``CUT`` names what dies: decision (the entry is never written), making
(it is written and not yet made), deciphering. Prints one JSON document, or with ``all`` a line for each thing done.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

ITEM = "0" * 31 + "1"


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def dies(*_: Any, **__: Any) -> None:
    os._exit(9)


def cut(point: str) -> None:
    """Let the process die where it would go on."""
    from betterwork.foundation.vault import changing, services

    where = {"decision": (changing, "entry_append"), "making": (changing, "change_made")}
    module, name = where.get(point, (services, "item_content"))
    setattr(module, name, dies)


def work(what: str) -> None:
    """Do one thing with the item."""
    from betterwork.foundation.vault.services import vault_change, vault_erase, vault_open
    from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, AT, LATER, interview_put

    if what == "put":
        interview_put(item_id=ITEM)
    elif what == "open":
        say(opened=vault_open(actor=ADVISOR_ONE, item_id=ITEM, at=AT).content)
    elif what == "change":
        vault_change(actor=ADVISOR_ONE, item_id=ITEM, content={"text": "SIMULATED second words"}, at=LATER)
    elif what == "erase":
        vault_erase(actor="operator", item_id=ITEM, at=LATER)


def work_without_end() -> None:
    """Put, open, change, open, erase some; say what was done once it is done."""
    from betterwork.foundation.vault.services import vault_change, vault_erase, vault_open
    from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, AT, interview_put

    say(ready=True)
    for turn in range(1_000_000):
        item = interview_put({"text": f"SIMULATED {turn}"})
        say(put=item.id)
        say(opened=item.id, content=vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT).content)
        vault_change(actor=ADVISOR_ONE, item_id=item.id, content={"text": f"SIMULATED again {turn}"}, at=AT)
        say(changed=item.id)
        if turn % 2:
            vault_erase(actor="operator", item_id=item.id, at=AT)
            say(erased=item.id)


def look() -> None:
    """Settle long after, and tell how the vault and the ledger stand."""
    from betterwork.foundation.ledger.queries import entries_search
    from betterwork.foundation.vault.keyring import vault_key
    from betterwork.foundation.vault.models import VaultItem
    from betterwork.foundation.vault.services import item_content, vault_settle
    from betterwork.foundation.vault.tests.interviews import AT
    from betterwork.foundation.vault.verifying import vault_faults

    before = list(vault_faults())
    settled = vault_settle(at=AT + timedelta(days=1))
    contents = {one.pk: json.loads(item_content(item=one, key=vault_key())) for one in VaultItem.objects.all()}
    actions = []
    page = entries_search(subject="vault-item *", limit=1000)
    while True:
        actions += [[one.action, one.subject.split(" ")[1]] for one in page.entries]
        if page.before is None:
            break
        page = entries_search(subject="vault-item *", limit=1000, before=page.before)
    say(before=before, settled=settled, contents=contents, actions=actions[::-1], faults=list(vault_faults()))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", database="vault", verbosity=0, interactive=False)
    from betterwork.foundation.vault.tests.interviews import interviews_kind

    interviews_kind()
    if len(sys.argv) > 2:
        cut(sys.argv[2])
    if sys.argv[1] == "look":
        look()
    elif sys.argv[1] == "all":
        work_without_end()
    else:
        work(sys.argv[1])
