"""What the story of a visit asks of the server's own databases, of a process that stays beside the server.

It is one process for all questions: to start the platform for each would take longer than what the two advisors do.
It lives on while the server is killed and started, and writes nothing meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from betterwork.entry.demonstration.home import environment_for
from tests.stories.instance import ROOT, Instance


class Beside:
    """The process, as the story asks it."""

    def __init__(self, instance: Instance) -> None:
        self._log = instance.home.with_suffix(".beside").open("wb+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.stories.visit_server"],
            env={**environment_for(instance.home), "BETTERWORK_URL": instance.url},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def ask(self, *words: str) -> Any:
        """What ``clear``, ``manages VISIT``, ``held VISIT`` or ``code WORD`` tells."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        told = self._process.stdout.readline()
        assert told, self._said()
        return json.loads(told)

    def code(self, word: str) -> str:
        """The code that her app would show now."""
        return str(self.ask("code", word))

    def _said(self) -> str:
        self._process.wait(timeout=30)
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-3000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()


# -- in that process


def code(word: str) -> str:
    """The code that her app would show now."""
    from django.utils import timezone

    from betterwork.entry.demonstration.people import code_at
    from betterwork.entry.demonstration.sign_ins import DOMAIN

    return code_at(f"{word}@{DOMAIN}", timezone.now())


def clear() -> None:
    """Put the demonstration's own plan and visits aside: the story makes its own."""
    from django.utils import timezone

    from betterwork.modules.visits.models import Plan, Visit
    from betterwork.modules.visits.planning import plan_put_aside
    from betterwork.modules.visits.services import visit_cancel

    at = timezone.now()
    for plan in Plan.objects.filter(state__in=("making", "proposed")):
        plan_put_aside(actor=plan.made_by, plan=plan, reason="Another plan is asked for.", at=at)
    for visit in Visit.objects.filter(state__in=("planned", "under-way")):
        visit_cancel(actor=visit.made_by, visit=visit, reason="Another visit comes first.", at=at)


def manages(key: str) -> None:
    """Make the factory manager who can sign in the manager of the factory that a visit goes to."""
    from django.utils import timezone

    from betterwork.entry.demonstration.sign_ins import DOMAIN, FIRST, SECOND
    from betterwork.foundation.access.services import grant_confirm, grant_give
    from betterwork.foundation.people.models import Person
    from betterwork.modules.visits.models import Visit

    at, visit = timezone.now(), Visit.objects.select_related("factory").get(pk=key)
    lead, second, manager = (
        Person.objects.get(email=f"{word}@{DOMAIN}").public_id for word in (FIRST, SECOND, "factory")
    )
    scope = f"factory:{visit.country}/{visit.factory.outside_id}"
    grant = grant_give(
        actor=lead, person=manager, role="factory-manager", scope=scope, starts=at, reason="Of the story", at=at
    )
    if grant.confirmed_at is None:
        grant_confirm(actor=second, grant=grant, at=at)


def held(key: str) -> dict[str, Any]:
    """All that the server holds of the capture of a visit: ids and digests, never a word."""
    from django.utils import timezone

    from betterwork.core.canonical import canonical_bytes, digest
    from betterwork.core.capture.merging import fold
    from betterwork.core.capture.operations import operation_trusted
    from betterwork.foundation.doors.actor import Actor, Held
    from betterwork.foundation.doors.roles import ADVISOR
    from betterwork.foundation.files.queries import file_bytes
    from betterwork.foundation.ledger.queries import instance_faults
    from betterwork.foundation.vault.verifying import vault_faults
    from betterwork.modules.alerts.models import Concern
    from betterwork.modules.capture.interviewing import interviews_open
    from betterwork.modules.capture.models import Capture, CaptureDevice, CaptureOperation, CaptureUpload
    from betterwork.modules.capture.models import RefusedOperation as Refused

    capture = Capture.objects.get(visit=key)
    columns = ("id", "about", "field", "value", "bases", "device", "made")
    rows = list(CaptureOperation.objects.filter(capture=capture).order_by("number").values(*columns, "number"))
    actor = Actor(capture.team[0], frozenset({Held(ADVISOR, f"country:{capture.country}")}))
    interviews: list[Any] = []
    if capture.state == "open":
        interviews = list(interviews_open(actor=actor, capture=capture, at=timezone.now()).operations.values())
    state = fold(operation_trusted(one) for one in (*rows, *interviews))
    uploads = CaptureUpload.objects.filter(capture=capture).select_related("file")
    return {
        "plain": [[one["id"], operation_trusted(one).digest()] for one in rows],
        "numbers": [one["number"] for one in rows],
        "vault": [[one["id"], operation_trusted(one).digest()] for one in interviews],
        "stands": {
            f"{about.partition(':')[0] if about.startswith('interview:') else about} {name}": digest(
                canonical_bytes(value)
            )
            for about in state.abouts()
            for name, value in state.values(about).items()
        },
        "files": {
            one.sha256: {
                "size": one.size,
                "received": one.received,
                "stored": hashlib.sha256(b"".join(file_bytes(one.file))).hexdigest() if one.file else "",
            }
            for one in uploads
        },
        "concerns": list(
            Concern.objects.filter(where__contains=key, factory=capture.factory_id)
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
        "refused": Refused.objects.filter(capture=capture).count(),
        "confirmed": CaptureDevice.objects.filter(capture=capture, confirmed_at__isnull=False).count(),
        "devices": CaptureDevice.objects.filter(capture=capture).count(),
        "capture": capture.pk,
        "state": capture.state,
        "answered": capture.answered,
        "questions": capture.questions,
        "conflicts": capture.conflicts,
        "faults": [*map(str, vault_faults()), *map(str, instance_faults())],
    }


def main() -> None:
    """Answer each line of the input with a line."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    django.setup()
    from django.db import connections

    known = {one.__name__: one for one in (clear, code, held, manages)}
    for line in sys.stdin:
        what, *words = json.loads(line)
        told = known[what](*words)
        connections.close_all()  # between two questions it holds nothing of the databases
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
