"""Work on the vault of BETTERWORK_HOME in processes that die, each forked from one that is made ready once.

Started by tests as ``python -m betterwork.foundation.vault.tests.cutting points`` (a process dies at each named point)
or ``… kills`` (processes are killed at moments nobody chose). Prints JSON documents, one a line.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

DECISION, MAKING, DECIPHERING = "decision", "making", "deciphering"
"""Where a process dies: the entry is never written; it is written and not yet made; it is there and nothing opened."""
POINTS = (
    ("put", DECISION),
    ("put", MAKING),
    ("change", DECISION),
    ("change", MAKING),
    ("erase", DECISION),
    ("erase", MAKING),
    ("open", DECIPHERING),
    ("open", ""),
    ("erase", ""),
)
SECOND = {"text": "SIMULATED second words"}
LONG = {"text": "SIMULATED heard-behind-the-canteen " * 2000}
"""So long that a database keeps it on pages of its own."""


def item_of(work: str, cut: str) -> str:
    """The item of one case."""
    return f"{POINTS.index((work, cut)) + 1:032x}"


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def dies(*_: Any, **__: Any) -> None:
    os._exit(9)


def forked(do: Callable[[], None]) -> int:
    """Do it in a process of its own, with connections of its own; return the process."""
    from django.db import connections

    connections.close_all()
    process = os.fork()
    if process == 0:
        do()
        os._exit(0)
    return process


def cut_at(point: str) -> None:
    """Let the process die where it would go on."""
    from betterwork.foundation.vault import changing, services

    where: dict[str, tuple[Any, str]] = {
        DECISION: (changing, "entry_append"),
        MAKING: (changing, "change_made"),
        DECIPHERING: (services, "item_content"),
    }
    if point:
        setattr(*where[point], dies)


def work_once(what: str, item: str) -> None:
    """Do one thing with an item."""
    from betterwork.foundation.vault.services import vault_change, vault_erase, vault_open
    from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, LATER, interview_put

    if what == "put":
        interview_put(item_id=item)
    elif what == "open":
        say(opened=item, content=vault_open(actor=ADVISOR_ONE, item_id=item, at=LATER).content)
    elif what == "change":
        vault_change(actor=ADVISOR_ONE, item_id=item, content=SECOND, at=LATER)
    else:
        vault_erase(actor="operator", item_id=item, at=LATER)


def points() -> None:
    """Each case once: a process that dies there."""
    from betterwork.foundation.vault.models import VaultItem
    from betterwork.foundation.vault.tests.interviews import INTERVIEW, interview_put

    for what, point in POINTS:
        item = item_of(what, point)
        if what != "put":
            interview_put(LONG if not point else INTERVIEW, item_id=item)
            row = VaultItem.objects.get(pk=item)
            say(item=item, wrapped=bytes(row.wrapped).hex(), ciphertext=bytes(row.ciphertext).hex())

        def do(what: str = what, item: str = item, point: str = point) -> None:
            cut_at(point)
            work_once(what, item)

        _process, status = os.waitpid(forked(do), 0)
        say(item=item, ended=os.waitstatus_to_exitcode(status))
    look()
    keys_tried()


def kills() -> None:
    """Processes that work without end, killed one after the other, at moments that this machine's speed gives."""
    began = time.perf_counter()
    os.waitpid(forked(lambda: work_without_end(turns=1, told=lambda **_: None)), 0)
    one_turn = time.perf_counter() - began
    dice = random.Random(11)
    for _turn in range(6):
        process = forked(work_without_end)
        time.sleep(dice.uniform(0.3, 4.0) * one_turn)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    look()


def work_without_end(turns: int = 1_000_000, told: Callable[..., None] = say) -> None:
    """Put, open, change, erase some; say what was done once it is done."""
    from betterwork.foundation.vault.services import vault_change, vault_erase, vault_open
    from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, AT, interview_put

    for turn in range(turns):
        item = interview_put({"text": f"SIMULATED {turn}"})
        told(put=item.id)
        vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT)
        told(opened=item.id)
        vault_change(actor=ADVISOR_ONE, item_id=item.id, content=SECOND, at=AT)
        told(changed=item.id)
        if turn % 2:
            vault_erase(actor="operator", item_id=item.id, at=AT)
            told(erased=item.id)


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
    actions: list[list[str]] = []
    page = entries_search(subject="vault-item *", limit=1000)
    while True:
        actions += [[one.action.partition(".")[2], one.subject.split(" ")[1]] for one in page.entries]
        if page.before is None:
            break
        page = entries_search(subject="vault-item *", limit=1000, before=page.before)
    say(before=before, settled=settled, contents=contents, actions=actions[::-1], faults=list(vault_faults()))


def keys_tried() -> None:
    """Open without the key, with another one, and with the right one."""
    from betterwork.core.errors import BetterWorkError
    from betterwork.foundation.vault.keyring import key_file

    right = key_file().read_text()
    for name, text in (("none", ""), ("another", "ab" * 32), ("right", right)):
        if text:
            key_file().write_text(text)
        else:
            key_file().unlink()
        try:
            work_once("open", item_of("open", ""))
        except BetterWorkError as error:
            say(key=name, error=str(error))
        else:
            say(key=name, error="")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    Path(os.environ["BETTERWORK_HOME"]).mkdir(exist_ok=True)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", database="vault", verbosity=0, interactive=False)
    from betterwork.foundation.vault.tests.interviews import interviews_kind

    interviews_kind()
    points() if sys.argv[1] == "points" else kills()
