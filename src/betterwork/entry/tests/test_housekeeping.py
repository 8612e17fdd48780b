"""What the platform does every night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from betterwork.entry.housekeeping import ledger_verify_job, people_tidy_job
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.ledger.models import Entry, Verification
from betterwork.foundation.ledger.seals import drop_seals, install_seals
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.notices.models import Notice

AT = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
@pytest.mark.capability("P2")
def test_a_chain_that_does_not_hold_is_told_to_who_must_know(cast) -> None:
    for word in ("global", "auditor", "advisor"):
        cast.person(word)
    with transaction.atomic():
        for n in range(3):
            entry_append(
                kind="audit", action="visit.planned", actor="p-1", subject=f"visit {n}", content={"n": n}, at=AT
            )
    job_enqueue(task=ledger_verify_job, at=AT)
    jobs_run_all(AT)
    assert Verification.objects.latest("pk").faults == 0
    assert not Notice.objects.filter(kind="ledger.broken").exists()

    drop_seals(connection)
    try:
        Entry.objects.filter(number=2).update(actor="p-somebody-else")
    finally:
        install_seals(connection)
    job_enqueue(task=ledger_verify_job, at=AT + timedelta(days=1))
    jobs_run_all(AT + timedelta(days=1))
    assert Verification.objects.latest("pk").faults > 0
    told = set(Notice.objects.filter(kind="ledger.broken").values_list("person", flat=True))
    assert told == {"p-global", "p-auditor"}


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
@pytest.mark.capability("P5")
def test_sessions_that_are_over_are_forgotten(cast) -> None:
    cast.client("advisor")
    assert Session.objects.count() == 1
    later = timezone.now() + timedelta(days=2)
    job_enqueue(task=people_tidy_job, at=later)
    jobs_run_all(later)
    assert Session.objects.count() == 0
