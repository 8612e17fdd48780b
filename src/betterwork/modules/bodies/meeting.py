"""Calling meetings, their agenda, who is present, and the minutes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.canonical import digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.documents.services import document_seal
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.bodies.models import (
    CALLED,
    CANCELLED,
    HELD,
    MINUTED,
    WAITS,
    AgendaItem,
    Attendance,
    Body,
    Matter,
    Meeting,
    Member,
)
from betterwork.modules.bodies.queries import SECTION, in_force, next_number, present_at, rules_on
from betterwork.modules.bodies.telling import meeting_called_tell

MINUTES = "minutes"
EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day can have begun somewhere."""


def begun(day: date, at: datetime) -> bool:
    """Whether a day has begun anywhere on earth."""
    return day <= (at + EARLIEST_ZONE).date()


def _named(meeting: Meeting) -> str:
    return f"meeting {meeting.id}"


def _state(meeting: Meeting) -> dict[str, Any]:
    kept = {name: getattr(meeting, name) for name in ("number", "place", "remote", "written", "state", "why")}
    return {
        **kept,
        "body": meeting.body_id,
        "day": meeting.day.isoformat(),
        "begins": meeting.begins.isoformat() if meeting.begins else "",
        "present": sorted(present_at(meeting)),
        "minutes": digest(meeting.minutes.encode()) if meeting.minutes else "",
        "minutes_document": meeting.minutes_document.digest if meeting.minutes_document else "",
        "adopted_on": meeting.adopted_on.isoformat() if meeting.adopted_on else "",
    }


@audited("meeting.called", subject=_named, state=_state)
def meeting_call(
    *,
    actor: str,
    body: Body,
    day: date,
    at: datetime,
    begins: time | None = None,
    place: str = "",
    remote: bool = False,
    written: bool = False,
) -> Meeting:
    """Call a meeting, or a written procedure in which answers count until ``day``; the members are told.

    Raises :class:`WrongUse` for a committee that does not sit that day, a meeting without a place that is not remote,
    and a written procedure where the rules of the day do not know one.
    """
    found = Body.objects.select_for_update().get(pk=body.pk)
    if day < found.start or (found.end is not None and found.end < day):
        raise WrongUse(_("The committee does not sit on that day."))
    rules = rules_on(found, day).value
    if written and not rules.written:
        raise WrongUse(_("By its rules this committee decides only when it meets."))
    if not (written or remote or place.strip()):
        raise WrongUse(_("Say where, or that it is remote."))
    meeting = Meeting.objects.create(
        body=found,
        number=next_number(Meeting.objects.filter(body=found)),
        day=day,
        begins=None if written else begins,
        place="" if written else place.strip()[:200],
        remote=remote and not written,
        written=written,
        called_by=actor,
        called_at=at,
    )
    meeting_called_tell(meeting, at)
    return meeting


@audited("meeting.cancelled", subject=_named, state=_state, of="meeting")
def meeting_cancel(*, actor: str, meeting: Meeting, reason: str, at: datetime) -> Meeting:
    """Cancel a meeting that was not held. Raises :class:`WrongUse` for one that was, and without a reason."""
    found = meeting_locked(meeting)
    if found.state != CALLED:
        raise WrongUse(_("It was held or cancelled already."))
    if not reason.strip():
        raise WrongUse(_("Say why it is cancelled: the members read it."))
    found.state, found.why = CANCELLED, reason.strip()[:500]
    found.save(update_fields=["state", "why"])
    return found


def _item_state(item: AgendaItem) -> dict[str, Any]:
    return {"meeting": item.meeting_id, "order": item.order, "title": item.title, "matter": item.matter_id or ""}


@audited("meeting.item.added", subject=lambda one: f"agenda-item {one.id}", state=_item_state)
def item_add(
    *, actor: str, meeting: Meeting, at: datetime, title: str = "", note: str = "", matter: Matter | None = None
) -> AgendaItem:
    """Put a point on the agenda; with a matter, its title stands unless another is given.

    Raises :class:`WrongUse` after the minutes were adopted, and for a matter that is not before this committee.
    """
    found = _open(meeting)
    if matter is not None and (matter.body_id != found.body_id or matter.state != WAITS):
        raise WrongUse(_("This matter does not wait before this committee."))
    if matter is not None and found.items.filter(matter=matter).exists():
        raise WrongUse(_("This matter stands on the agenda already."))
    words = title.strip() or (matter.title if matter else "")
    if not words:
        raise WrongUse(_("Say what the point is about."))
    last = found.items.order_by("-order").values_list("order", flat=True).first() or 0
    return AgendaItem.objects.create(meeting=found, order=last + 1, title=words[:300], note=note.strip(), matter=matter)


@audited("meeting.item.removed", subject=lambda one: f"agenda-item {one.id}", state=_item_state, of="item")
def item_remove(*, actor: str, item: AgendaItem, at: datetime) -> None:
    """Take a point off the agenda. Raises :class:`WrongUse` where something was decided under it."""
    _open(item.meeting)
    if item.decisions.exists():
        raise WrongUse(_("Something was decided under this point: it stays."))
    AgendaItem.objects.filter(pk=item.pk).delete()


@audited("meeting.attendance.noted", subject=_named, state=_state, of="meeting")
def attendance_note(
    *, actor: str, meeting: Meeting, present: Collection[str], at: datetime, remote: Collection[str] = ()
) -> Meeting:
    """Note who is present, by the ids of their terms: the whole list, in place of the one before.

    People come and go: it may be noted again until the minutes are adopted, and each decision keeps who was there.
    Raises :class:`WrongUse` before the day of the meeting, and for whoever is not in office that day.
    """
    found = _open(meeting)
    if found.written:
        raise WrongUse(_("In a written procedure those who answer are counted: nobody is noted as present."))
    if not begun(found.day, at):
        raise WrongUse(_("The day of the meeting has not come."))
    wanted = {one.strip() for one in present}
    rows = {one.id: one for one in Member.objects.filter(in_force(found.day), body=found.body_id, id__in=wanted)}
    if set(rows) != wanted:
        raise WrongUse(_("Only members and alternates who are in office on the day of the meeting count as present."))
    found.attendances.exclude(member__in=wanted).delete()
    for key in sorted(wanted):
        Attendance.objects.update_or_create(
            meeting=found,
            member=rows[key],
            defaults={"remote": key in remote},
            create_defaults={"remote": key in remote, "noted_by": actor, "noted_at": at},
        )
    found.state = HELD
    found.save(update_fields=["state"])
    return found


@audited("meeting.minutes.written", subject=_named, state=_state, of="meeting")
def minutes_write(*, actor: str, meeting: Meeting, text: str, at: datetime) -> Meeting:
    """Write the draft of the minutes. Raises :class:`WrongUse` before the meeting, and once they are adopted."""
    found = _open(meeting)
    if found.state != HELD:
        raise WrongUse(_("Note first who is present: there are no minutes of what has not begun."))
    found.minutes = text.strip()
    found.save(update_fields=["minutes"])
    return found


@audited("meeting.minutes.adopted", subject=_named, state=_state, of="meeting")
def minutes_adopt(*, actor: str, meeting: Meeting, on: date, at: datetime) -> Meeting:
    """Seal the minutes as the committee adopted them on a day; from then on they are only corrected openly.

    Raises :class:`WrongUse` where nothing is written, for a day before the meeting or to come, and a second time.
    """
    found = _open(meeting)
    if not found.minutes:
        raise WrongUse(_("There is no draft to adopt: write the minutes first."))
    if on < found.day or not begun(on, at):
        raise WrongUse(_("Minutes are adopted on the day of the meeting or later, and not on a day to come."))
    document = document_seal(
        kind=MINUTES, key=found.id, sections=_minutes_sections(found, found.minutes, on), at=at, actor=actor
    )
    found.minutes_document, found.adopted_on, found.state = document, on, MINUTED
    found.save(update_fields=["minutes_document", "adopted_on", "state"])
    return found


@audited("meeting.minutes.corrected", subject=_named, state=_state, of="meeting")
def minutes_correct(*, actor: str, meeting: Meeting, text: str, reason: str, at: datetime) -> Meeting:
    """Correct adopted minutes: a new sealed document takes the place of the one before and says why.

    Raises :class:`WrongUse` for minutes that were not adopted, without a reason, and where nothing would change.
    """
    found = meeting_locked(meeting)
    if found.minutes_document is None or found.adopted_on is None:
        raise WrongUse(_("These minutes are a draft still: change the draft."))
    if not reason.strip() or not text.strip():
        raise WrongUse(_("Write the corrected minutes, and why they are corrected."))
    sections = _minutes_sections(found, text.strip(), found.adopted_on)
    document = document_seal(
        kind=MINUTES,
        key=found.id,
        sections=sections,
        at=at,
        actor=actor,
        supersedes=found.minutes_document,
        reason=reason.strip(),
    )
    found.minutes_document, found.minutes = document, text.strip()
    found.save(update_fields=["minutes_document", "minutes"])
    return found


def meeting_locked(meeting: Meeting) -> Meeting:
    """The meeting as stored, its committee's row locked first."""
    Body.objects.select_for_update().get(pk=meeting.body_id)
    return Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)


def _minutes_sections(meeting: Meeting, text: str, on: date) -> dict[str, Any]:
    content = {
        "schema": "betterwork.minutes/1",
        "body": meeting.body_id,
        "meeting": meeting.number,
        "day": meeting.day.isoformat(),
        "adopted_on": on.isoformat(),
        "present": sorted(present_at(meeting)),
        "decisions": sorted(meeting.decisions.values_list("number", flat=True)),
        "text": text,
    }
    return {SECTION: content}


def _open(meeting: Meeting) -> Meeting:
    found = meeting_locked(meeting)
    if found.state in (MINUTED, CANCELLED):
        raise WrongUse(_("The minutes are adopted, or the meeting was cancelled: nothing is added to it any more."))
    return found
