"""Matters that other rooms bring, what committees decide on them, answers to advice, and follow-up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from betterwork.core.canonical import digest
from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.services import document_seal
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.bodies.declaring import decision_kind
from betterwork.modules.bodies.events import MATTER_DECIDED, MatterDecided
from betterwork.modules.bodies.kinds import IN_A_SENTENCE
from betterwork.modules.bodies.meeting import begun, meeting_locked
from betterwork.modules.bodies.models import (
    CANCELLED,
    DECIDED,
    HELD,
    MINUTED,
    WAITS,
    WITHDRAWN,
    AgendaItem,
    Answer,
    Body,
    Decision,
    Matter,
    Meeting,
    new_id,
)
from betterwork.modules.bodies.queries import (
    SECTION,
    Say,
    chair_on,
    country_words,
    decision_on,
    matter_waiting,
    next_number,
    present_at,
    rules_on,
    say_on,
    seats_of,
)
from betterwork.modules.bodies.rules import (
    ADVICE,
    APPROVED,
    OUTCOMES,
    Ballot,
    Composition,
    Quorum,
    ballot_refusal,
    composition_content,
    outcome_refusal,
    quorum_of,
    voices,
)
from betterwork.modules.bodies.telling import matter_decided_tell
from betterwork.modules.bodies.verifying import DOCUMENT, decision_content, decision_fault, decision_key

LATEST_ZONE = timedelta(hours=12)
"""How far behind UTC a day can still last somewhere."""
_SUBJECT = re.compile(r"[^\s@＠]{1,128}")


class NotDecided(WrongUse):
    """What is asked for needs a decision of a committee and has none that counts: the message says why."""


def _matter_state(matter: Matter) -> dict[str, Any]:
    kept = {name: getattr(matter, name) for name in ("kind", "subject", "title", "country", "state", "why")}
    return {**kept, "body": matter.body_id}


def _matter_named(matter: Matter) -> str:
    return f"matter {matter.id}"


@audited("matter.brought", subject=_matter_named, state=_matter_state)
def matter_bring(*, actor: str, kind: str, subject: str, title: str, url: str, country: str, at: datetime) -> Matter:
    """Put something before the committee that has the say on it today. ``subject`` is the caller's own opaque name.

    What waits there already is given back as it is; what waits before a committee that has the say no longer is moved
    to the one that has it now. Raises :class:`WrongUse` for a kind no room declared, a subject that is no opaque name,
    and where there is no such committee yet.
    """
    if not _SUBJECT.fullmatch(subject):
        raise WrongUse("a matter is named by 1 to 128 characters without spaces and @")
    if url and (not url.startswith("/") or url.startswith("//")):
        raise WrongUse("a matter leads to a page of the platform")
    say = say_on(kind, country=country, on=at.date())
    if say.body is None:
        raise WrongUse(_no_body(say, country))
    Body.objects.select_for_update().get(pk=say.body.pk)  # brought twice at once, it waits once
    waiting = matter_waiting(kind, subject, country=country)
    if waiting is not None:
        waiting.body, waiting.title, waiting.url = say.body, title[:300], url
        waiting.save(update_fields=["body", "title", "url"])
        return waiting
    return Matter.objects.create(
        body=say.body,
        kind=kind,
        subject=subject,
        title=title.strip()[:300],
        url=url,
        country=country,
        brought_by=actor,
        brought_at=at,
    )


@audited("matter.withdrawn", subject=_matter_named, state=_matter_state, of="matter")
def matter_withdraw(*, actor: str, matter: Matter, reason: str, at: datetime) -> Matter:
    """Take a matter back before it is decided. Raises :class:`WrongUse` for a closed one, and without a reason."""
    found = Matter.objects.select_for_update().get(pk=matter.pk)
    if found.state != WAITS:
        raise WrongUse(_("It was decided or withdrawn already."))
    if not reason.strip():
        raise WrongUse(_("Say why it is withdrawn."))
    found.state, found.why, found.closed_at = WITHDRAWN, reason.strip()[:500], at
    found.save(update_fields=["state", "why", "closed_at"])
    return found


def _decision_state(decision: Decision) -> dict[str, Any]:
    return {
        "body": decision.body_id,
        "number": decision.number,
        "meeting": decision.meeting_id,
        "matter": decision.matter_id or "",
        "outcome": decision.outcome,
        "document": decision.document.digest,
        "supersedes": decision.supersedes_id or "",
    }


@audited("decision.taken", subject=lambda one: f"decision {one.id}", state=_decision_state)
def decision_take(
    *,
    actor: str,
    meeting: Meeting,
    text: str,
    outcome: str,
    ballot: Ballot,
    at: datetime,
    matter: Matter | None = None,
    item: AgendaItem | None = None,
    reasons: str = "",
    conditions: str = "",
    supersedes: Decision | None = None,
    why: str = "",
) -> Decision:
    """Record what a committee decided in a meeting or by written procedure, and seal it.

    ``supersedes`` names an earlier decision of the same committee whose place this one takes, ``why`` says why.
    Raises :class:`WrongUse` with the reasons in words: no quorum, the chair or a side missing, no majority, a
    committee that has no say on the matter that day, a meeting that is not held or is over.
    """
    found = meeting_locked(meeting)
    item = item or (found.items.filter(matter=matter).first() if matter else None)
    matter = matter or (item.matter if item else None) or (supersedes.matter if supersedes else None)
    matter = Matter.objects.select_for_update().get(pk=matter.pk) if matter else None
    _meeting_check(found, item, matter, at)
    _matter_check(found, matter, supersedes)
    _superseding_check(found, supersedes, why)
    if not text.strip():
        raise WrongUse(_("Write down what was decided, in a sentence that can stand alone."))
    carried = _carried(found, outcome, reasons, ballot)
    decision = Decision(
        id=new_id(),
        body=found.body,
        number=next_number(Decision.objects.filter(body=found.body)),
        meeting=found,
        item=item,
        matter=matter,
        day=found.day,
        text=text.strip(),
        outcome=outcome,
        reasons=reasons.strip(),
        conditions=conditions.strip(),
        way=ballot.way,
        votes=[[name, carried.sides.get(name, name), vote] for name, vote in sorted(ballot.votes.items())],
        quorum=quorum_content(carried.quorum),
        supersedes=supersedes,
        why=why.strip(),
        recorded_by=actor,
        taken_at=at,
    )
    decision.document = _sealed(decision, carried, at)
    decision.save(force_insert=True)
    _closed(found, matter, decision, at)
    return decision


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a decision was carried by: the rules of the day, who was present and heard, the quorum."""

    rules: DatedValue[Composition]
    present: frozenset[str]
    quorum: Quorum
    sides: dict[str, str]


def _carried(meeting: Meeting, outcome: str, reasons: str, ballot: Ballot) -> _Carried:
    """Look whether it carries. Raises WrongUse with all that is missing, in words."""
    rules, seats = rules_on(meeting.body, meeting.day), seats_of(meeting.body)
    present = set(ballot.votes) if meeting.written else present_at(meeting)
    quorum = quorum_of(rules.value, seats, present, meeting.day, chair=chair_on(meeting.body, meeting.day))
    if not quorum.reached:
        raise WrongUse(_("This cannot be decided, there is no quorum. %(why)s") % {"why": " ".join(quorum.missing)})
    heard = voices(seats, present, meeting.day)
    refusal = outcome_refusal(rules.value, outcome, reasons) or _way_refusal(meeting, ballot)
    if refusal := refusal or ballot_refusal(rules.value, heard, ballot):
        raise WrongUse(_("This cannot be decided. %(why)s") % {"why": refusal})
    return _Carried(rules, frozenset(present), quorum, {one.speaker: one.side for one in heard})


def _sealed(decision: Decision, carried: _Carried, at: datetime) -> SealedDocument:
    """Seal a decision; one that takes the place of another follows its document, and says why."""
    matter, supersedes = decision.matter, decision.supersedes
    extra = {
        "schema": "betterwork.decision/1",
        "kind": matter.kind if matter else "",
        "subject": matter.subject if matter else "",
        "present": sorted(carried.present),
        "rules": composition_content(carried.rules.value),
        "rules_source": carried.rules.source,
        "supersedes": supersedes.id if supersedes else "",
    }
    before = supersedes.document if supersedes else None
    return document_seal(
        kind=DOCUMENT,
        key=before.key if before else decision_key(decision.body_id, decision.number),
        sections={SECTION: {**extra, **decision_content(decision)}},
        at=at,
        actor=decision.recorded_by,
        supersedes=before,
        reason=decision.why,
    )


def _closed(meeting: Meeting, matter: Matter | None, decision: Decision, at: datetime) -> None:
    if meeting.written and meeting.state != HELD:
        meeting.state = HELD
        meeting.save(update_fields=["state"])
    if matter is None:
        return
    matter.state, matter.closed_at = DECIDED, at
    matter.save(update_fields=["state", "closed_at"])
    fact = MatterDecided(matter.id, matter.kind, matter.subject, decision.outcome, decision.id)
    event_publish(name=MATTER_DECIDED, content=fact, at=at)
    matter_decided_tell(decision, at)


def decision_require(kind: str, subject: str, *, country: str, on: date) -> Decision:
    """The decision that approves something, as it counts on a day: taken by then, by the committee that had the say.

    Raises :class:`NotDecided` with the reason in one sentence: no committee, not brought, not decided yet, returned
    or refused, decided by another committee than the one that had the say, or not what was sealed.
    """
    found = decision_on(kind, subject, country=country, on=on)
    if found is None:
        raise NotDecided(_not_decided(kind, subject, country, on))
    facts = {"body": found.body.name, "day": date_format(found.day, "j F Y"), "why": _sentence(found.reasons)}
    say = say_on(kind, country=country, on=found.day)
    if say.body is None or say.body.pk != found.body_id:
        facts["kind"] = str(IN_A_SENTENCE[say.kind])
        raise NotDecided(_("The decision of %(body)s does not count: on %(day)s %(kind)s had the say.") % facts)
    if missing := found.quorum.get("missing"):
        facts["why"] = " ".join(str(one) for one in missing)
        raise NotDecided(_("The decision of %(body)s of %(day)s does not count, there was no quorum. %(why)s") % facts)
    if decision_fault(found):
        raise NotDecided(_("The decision of %(body)s of %(day)s is not what was sealed: verify the ledger.") % facts)
    if found.outcome != APPROVED:
        facts["outcome"] = str(OUTCOMES[found.outcome][0])
        raise NotDecided(_("%(body)s did not approve it on %(day)s: %(outcome)s. %(why)s") % facts)
    return found


@audited(
    "decision.answered",
    subject=lambda one: f"decision {one.decision_id}",
    state=lambda one: {"in_name_of": one.in_name_of, "text": digest(one.text.encode())},
)
def advice_answer(*, actor: str, decision: Decision, text: str, in_name_of: str, at: datetime) -> Answer:
    """Answer a piece of advice, once. Raises :class:`WrongUse` for what is no advice or is answered already."""
    meeting_locked(decision.meeting)
    if decision.outcome != ADVICE:
        raise WrongUse(_("Only advice is answered: this was decided."))
    if Answer.objects.filter(decision=decision).exists():
        raise WrongUse(_("This advice was answered already."))
    if not text.strip() or not in_name_of.strip():
        raise WrongUse(_("Write the answer, and in whose name it is given."))
    return Answer.objects.create(
        decision=decision,
        text=text.strip(),
        in_name_of=in_name_of.strip()[:200],
        answered_by=actor,
        answered_at=at,
    )


def quorum_content(quorum: Quorum) -> dict[str, Any]:
    """A quorum as it is sealed with a decision."""
    kept = {name: getattr(quorum, name) for name in ("heard", "members", "needed", "chair")}
    return {**kept, "sides": [list(one) for one in quorum.sides], "missing": list(quorum.missing)}


def _meeting_check(meeting: Meeting, item: AgendaItem | None, matter: Matter | None, at: datetime) -> None:
    if meeting.state in (MINUTED, CANCELLED):
        raise WrongUse(_("The minutes are adopted, or the meeting was cancelled: nothing is decided in it any more."))
    if not begun(meeting.day, at):
        raise WrongUse(_("The day of the meeting has not come."))
    if meeting.state != HELD and not meeting.written:
        raise WrongUse(_("Note first who is present: nothing is decided without a quorum."))
    if item is not None and item.meeting_id != meeting.id:
        raise WrongUse(_("This point stands on the agenda of another meeting."))
    if item is not None and item.matter_id and (matter is None or item.matter_id != matter.pk):
        raise WrongUse(_("This point of the agenda is about another matter."))


def _matter_check(meeting: Meeting, matter: Matter | None, supersedes: Decision | None) -> None:
    if matter is None:
        return
    say = say_on(matter.kind, country=matter.country, on=meeting.day)
    if say.body is None or say.body.pk != meeting.body_id:
        facts = {"kind": IN_A_SENTENCE[say.kind], "body": meeting.body.name}
        raise WrongUse(_("On this %(kind)s has the say, and not %(body)s.") % facts)
    if supersedes is None and matter.state != WAITS:
        raise WrongUse(_("This matter was decided or withdrawn already: decide anew by superseding the decision."))
    if meeting.day < (matter.brought_at - LATEST_ZONE).date():
        raise WrongUse(_("This matter was brought after that day: it can be decided in a later meeting only."))
    if supersedes is None and matter.body_id != meeting.body_id:
        raise WrongUse(_("This matter does not wait before this committee."))
    if supersedes is not None and supersedes.matter_id != matter.pk:
        raise WrongUse(_("A decision is superseded by one on the same matter."))


def _superseding_check(meeting: Meeting, supersedes: Decision | None, why: str) -> None:
    if supersedes is None:
        if why.strip():
            raise WrongUse(_("Only a decision that takes the place of an earlier one says why."))
        return
    if supersedes.body_id != meeting.body_id:
        raise WrongUse(_("Only the committee that decided can decide anew."))
    if supersedes.day > meeting.day:
        raise WrongUse(_("A decision cannot take the place of one of a later day."))
    if Decision.objects.filter(supersedes=supersedes).exists():
        raise WrongUse(_("Another decision took its place already: supersede that one."))
    if not why.strip():
        raise WrongUse(_("Say why the earlier decision is superseded."))


def _way_refusal(meeting: Meeting, ballot: Ballot) -> str | None:
    if meeting.written and ballot.way != "members":
        return _("In a written procedure each member answers for herself.")
    return None


def _not_decided(kind: str, subject: str, country: str, on: date) -> str:
    say = say_on(kind, country=country, on=on)
    if say.body is None:
        return _no_body(say, country)
    if (waiting := matter_waiting(kind, subject, country=country)) is not None:
        return _("%(body)s has not decided on it yet: it waits there since %(day)s.") % {
            "body": waiting.body.name,
            "day": date_format(waiting.brought_at.date(), "j F Y"),
        }
    facts = {"body": say.body.name, "what": decision_kind(kind).title}
    return _("It has not been decided: bring it before %(body)s first (%(what)s).") % facts


def _no_body(say: Say, country: str) -> str:
    facts = {"kind": IN_A_SENTENCE[say.kind], "country": country_words(country)}
    if not country:
        return _("Nobody can decide on it: %(kind)s does not sit. Set it up first.") % facts
    return _("Nobody can decide on it: in %(country)s %(kind)s does not sit. Set it up first.") % facts


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", "។", "।", "؟")) else f"{text}."
