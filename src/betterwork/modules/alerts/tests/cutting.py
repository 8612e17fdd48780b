"""Raise concerns and write steps in processes that die at a named point, each forked from one that is made ready once.

Started by ``test_power_cuts.py`` as ``python -m betterwork.modules.alerts.tests.cutting`` from the folder of the
project. Prints a JSON document for each case: what stood after the cut, what a retry said, what stands in the end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

NOTICE, WORDS_BEGIN, ENTRY, MAKING, STEP, AFTER = "notice", "words", "entry", "making", "step", "after"
"""Where the process dies: telling inside the transaction; before the words; before and after the entry of the vault;
before the step's transaction; once all is done."""
RAISE, NOTE = "raise", "note"
CASES = (
    *((RAISE, point) for point in (NOTICE, WORDS_BEGIN, ENTRY, MAKING, AFTER)),
    *((NOTE, point) for point in (WORDS_BEGIN, ENTRY, MAKING, STEP, NOTICE, AFTER)),
)


def concern_of(what: str, point: str) -> str:
    """The concern of one case."""
    return f"{CASES.index((what, point)) + 1:032x}"


def step_of(what: str, point: str) -> str:
    """The step of one case."""
    return f"{CASES.index((what, point)) + 1:031x}f"


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def dies(*_: Any, **__: Any) -> None:
    os._exit(9)


def forked(do: Callable[[], None]) -> int:
    """Do it in a process of its own, with connections of its own; return how it ended."""
    from django.db import connections

    connections.close_all()
    process = os.fork()
    if process == 0:
        do()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def cut_at(what: str, point: str) -> None:
    """Let the process die where it would go on."""
    from betterwork.foundation.vault import changing
    from betterwork.modules.alerts import services, words

    if point == STEP:
        services._STEPS["noted"] = dies
        return
    where: dict[str, tuple[Any, str]] = {
        NOTICE: (services, "raised_tell" if what == RAISE else "step_tell"),
        WORDS_BEGIN: (words, "vault_put"),
        ENTRY: (changing, "entry_append"),
        MAKING: (changing, "change_made"),
    }
    if point in where:
        setattr(*where[point], dies)


def work(cast: Any, what: str, point: str, at: Any) -> str:
    """Raise the concern or write the step of a case; return in a word how that ended."""
    from betterwork.core.errors import BetterWorkError
    from betterwork.modules.alerts.models import Concern
    from betterwork.modules.alerts.services import concern_note
    from betterwork.modules.alerts.tests.concerns import DONE, raised

    try:
        if what == RAISE:
            raised(cast, concern_id=concern_of(what, point), at=at)
        else:
            concern = Concern.objects.get(pk=concern_of(what, point))
            concern_note(actor="p-leader", concern=concern, words=DONE, at=at, step_id=step_of(what, point))
    except BetterWorkError as error:
        return type(error).__name__
    return "done"


def looked(what: str, point: str) -> dict[str, Any]:
    """What stands of a case: rows, notices, entries, and which words."""
    from betterwork.foundation.ledger.queries import entries_search
    from betterwork.foundation.notices.models import Notice
    from betterwork.foundation.vault.keyring import vault_key
    from betterwork.foundation.vault.models import VaultItem
    from betterwork.foundation.vault.services import item_content
    from betterwork.modules.alerts.models import Concern, ConcernStep

    concern = concern_of(what, point)
    item = VaultItem.objects.filter(pk=concern if what == RAISE else step_of(what, point)).first()
    return {
        "rows": Concern.objects.filter(pk=concern).count(),
        "steps": ConcernStep.objects.filter(concern=concern, kind="noted").count(),
        "told": Notice.objects.filter(kind="alerts.raised", url__contains=concern).count(),
        "raised": len(entries_search(subject=f"concern {concern}", action="alerts.concern.raised").entries),
        "noted": len(entries_search(subject=f"concern {concern}", action="alerts.concern.noted").entries),
        "words": json.loads(item_content(item=item, key=vault_key()))["words"] if item else "",
    }


def run_cases() -> None:
    """Each case: cut, look, send it again three times, look."""
    from tests.plugins.cast import Cast

    from betterwork.foundation.vault.verifying import vault_faults
    from betterwork.modules.alerts.models import Concern
    from betterwork.modules.alerts.services import concern_take, words_tidy
    from betterwork.modules.alerts.tests.concerns import AT, name, raised

    cast = Cast()
    name(cast, "leader", "partner")
    cast.person("advisor")
    for what, point in CASES:
        if what == NOTE:
            raised(cast, concern_id=concern_of(what, point), at=AT)
            concern_take(actor="p-leader", concern=Concern.objects.get(pk=concern_of(what, point)), at=AT)

        def do(what: str = what, point: str = point) -> None:
            cut_at(what, point)
            work(cast, what, point, AT)
            dies()

        ended = forked(do)
        cut = looked(what, point)
        again = [work(cast, what, point, AT + timedelta(minutes=minutes)) for minutes in (1, 61, 62)]
        say(what=what, point=point, ended=ended, cut=cut, again=again, then=looked(what, point))
    tidied = words_tidy(actor="operator", at=AT + timedelta(days=2))
    say(faults=list(vault_faults()), tidied=tidied)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    Path(os.environ["BETTERWORK_HOME"]).mkdir(exist_ok=True)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", database="vault", verbosity=0, interactive=False)
    run_cases()
