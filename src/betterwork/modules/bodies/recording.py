"""Agreements and memoranda, comments of the Governing Body, and follow-up of decisions and comments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.canonical import digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.people.models import Person
from betterwork.modules.bodies.models import (
    COOPERATION,
    DONE,
    DROPPED,
    MEMORANDUM,
    OPEN,
    Agreement,
    Decision,
    FollowUp,
    Remark,
)


def _follow_up_state(one: FollowUp) -> dict[str, Any]:
    return {
        "body": one.body_id or "",
        "decision": one.decision_id or "",
        "remark": one.remark_id or "",
        "what": digest(one.what.encode()),
        "owner": one.owner,
        "due": one.due.isoformat(),
        "state": one.state,
    }


@audited("follow-up.added", subject=lambda one: f"follow-up {one.id}", state=_follow_up_state)
def follow_up_add(
    *,
    actor: str,
    what: str,
    owner: str,
    due: date,
    at: datetime,
    decision: Decision | None = None,
    remark: Remark | None = None,
) -> FollowUp:
    """Say what is to be done after a decision or a comment, by whom (her opaque id) and by when.

    Raises :class:`WrongUse` for nothing to do, an owner nobody knows, and for what follows from neither or both.
    """
    if (decision is None) == (remark is None):
        raise WrongUse("something is followed up after a decision or after a comment: name one of them")
    if not what.strip():
        raise WrongUse(_("Say what is to be done."))
    if not Person.objects.filter(public_id=owner, state__in=(Person.INVITED, Person.ACTIVE)).exists():
        raise WrongUse(_("Say who does it: somebody who has an account."))
    return FollowUp.objects.create(
        body=decision.body if decision else None,
        decision=decision,
        remark=remark,
        what=what.strip(),
        owner=owner,
        due=due,
        added_by=actor,
        added_at=at,
    )


@audited("follow-up.closed", subject=lambda one: f"follow-up {one.id}", state=_follow_up_state, of="follow_up")
def follow_up_close(*, actor: str, follow_up: FollowUp, state: str, note: str, at: datetime) -> FollowUp:
    """Say that it is done, or that it is dropped and why. Raises :class:`WrongUse` for what is closed already."""
    found = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if found.state != OPEN:
        raise WrongUse(_("It is closed already."))
    if state not in (DONE, DROPPED) or not note.strip():
        raise WrongUse(_("Say whether it is done or dropped, and in a sentence what came of it."))
    found.state, found.note, found.closed_at = state, note.strip(), at
    found.save(update_fields=["state", "note", "closed_at"])
    return found


@audited(
    "agreement.noted",
    subject=lambda one: f"agreement {one.id}",
    state=lambda one: {"kind": one.kind, "title": one.title, "country": one.country, "signed": one.signed.isoformat()},
)
def agreement_note(
    *,
    actor: str,
    kind: str,
    title: str,
    parties: str,
    signed: date,
    start: date,
    reference: str,
    at: datetime,
    end: date | None = None,
    country: str = "",
    note: str = "",
) -> Agreement:
    """Keep the Agreement of Cooperation or a memorandum as a dated record, with where its text is.

    Raises :class:`WrongUse` for missing words, and for days in the wrong order.
    """
    if kind not in (COOPERATION, MEMORANDUM) or not (title.strip() and parties.strip() and reference.strip()):
        raise WrongUse(_("Say what it is called, between whom it is, and where its text is to be found."))
    if end is not None and end < start:
        raise WrongUse(_("The last day is before the first."))
    return Agreement.objects.create(
        kind=kind,
        title=title.strip()[:300],
        parties=parties.strip()[:300],
        country=country,
        signed=signed,
        start=start,
        end=end,
        reference=reference.strip()[:300],
        note=note.strip(),
        noted_by=actor,
        noted_at=at,
    )


@audited(
    "agreement.ended",
    subject=lambda one: f"agreement {one.id}",
    state=lambda one: {"end": one.end.isoformat() if one.end else ""},
    of="agreement",
)
def agreement_end(*, actor: str, agreement: Agreement, end: date, note: str, at: datetime) -> Agreement:
    """Say that an agreement ends after a day, and why. Raises :class:`WrongUse` for a day before its first."""
    found = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if end < found.start or not note.strip():
        raise WrongUse(_("Say why it ends, and a day that is not before its first."))
    found.end, found.note = end, "\n".join(one for one in (found.note, note.strip()) if one)
    found.save(update_fields=["end", "note"])
    return found


@audited(
    "remark.noted",
    subject=lambda one: f"remark {one.id}",
    state=lambda one: {"session": one.session, "day": one.day.isoformat(), "text": digest(one.text.encode())},
)
def remark_note(*, actor: str, session: str, day: date, text: str, at: datetime, reference: str = "") -> Remark:
    """Keep a comment of the Governing Body, so that its follow-up can be shown. Raises :class:`WrongUse`."""
    if not (session.strip() and text.strip()):
        raise WrongUse(_("Say in which session it was made, and what was said."))
    return Remark.objects.create(
        session=session.strip()[:40],
        day=day,
        text=text.strip(),
        reference=reference.strip()[:300],
        noted_by=actor,
        noted_at=at,
    )
