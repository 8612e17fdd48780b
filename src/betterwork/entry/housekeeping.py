"""What the platform does every night for rooms that stand below the jobs."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.queries import holders
from betterwork.foundation.doors.roles import AUDITOR, GLOBAL_STAFF, WORLD
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.ledger.queries import instance_faults, ledger_head
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.foundation.ledger.services import verification_record
from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import NOW
from betterwork.foundation.notices.services import notice_give
from betterwork.foundation.people.registering import registrations_expire
from betterwork.foundation.people.services import sessions_expire


@job(title=_("Forget sessions that are over and requests that nobody answered"))
def people_tidy_job(context: JobContext) -> dict[str, int]:
    """Delete what is kept of people for a time only, once that time has passed."""
    return {"sessions": sessions_expire(at=context.at), "requests": registrations_expire(at=context.at)}


@job(title=_("Look whether the chain of the ledger holds"), together=False)
def ledger_verify_job(context: JobContext) -> dict[str, int]:
    """Look at the whole chain; keep what was found, and tell who must know when something does not hold."""
    head, faults = ledger_head(), [str(fault) for fault in instance_faults()]
    first = faults[0] if faults else ""
    verification_record(actor=OPERATOR, head=head, faults=len(faults), first_fault=first, anchored=False, at=context.at)
    if faults:
        with transaction.atomic():
            notice_give(
                persons=holders(GLOBAL_STAFF, WORLD, context.at) | holders(AUDITOR, WORLD, context.at),
                kind=BROKEN,
                facts={"count": len(faults)},
                url=reverse("ledger:trail"),
                at=context.at,
                key=f"{head.number} {len(faults)}",
            )
    return {"entries": head.number, "faults": len(faults)}


BROKEN = "ledger.broken"
notice_kind_add(
    BROKEN,
    title=_("The chain of the ledger does not hold"),
    words=_(
        "The nightly look found faults in the ledger (%(count)s). Somebody changed the database past the platform."
    ),
    urgency=NOW,
    must=True,
)
