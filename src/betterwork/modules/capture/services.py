"""Taking a visit, syncing, confirming, deciding conflicts, handing over."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uuid_utils
from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.capture.merging import register_read
from betterwork.core.capture.operations import Operation
from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.keys import WrongKey
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.vault.changing import Busy
from betterwork.foundation.vault.rules import NothingHere
from betterwork.modules.capture.interviewing import (
    Gathered,
    InterviewsTaken,
    interviews_begin,
    interviews_open,
    interviews_part,
    interviews_take,
    version_now,
)
from betterwork.modules.capture.models import (
    HANDED_OVER,
    OPEN,
    Capture,
    CaptureAnswer,
    CaptureDevice,
    CaptureOperation,
    RefusedOperation,
)
from betterwork.modules.capture.of_visits import Visit, is_on_team
from betterwork.modules.capture.queries import files_here, files_missing
from betterwork.modules.capture.rules import Refused, all_there, hand_over_refusal, reason_words
from betterwork.modules.capture.syncing import (
    Given,
    Judged,
    Synced,
    batch_judge,
    operations_given,
    plain_take,
    tool_asked,
)
from betterwork.modules.capture.tools import tool_on

LABEL_LONGEST = 60
_log = logging.getLogger("betterwork.capture")


def _subject(capture: Capture) -> str:
    return f"capture {capture.pk}"


def _told(action: str, *, actor: str, capture: Capture, content: dict[str, Any], at: datetime) -> None:
    entry_append(kind=AUDIT, action=action, actor=actor, subject=_subject(capture), content=content, at=at)


def capture_take(*, actor: Actor, visit: Visit, device: str, label: str, at: datetime) -> Capture:
    """Take a visit onto a device; the capture that its whole team shares. Taken again it stays as it is.

    Outside any transaction: the place of its interviews is made in the vault first. Raises :class:`WrongUse` where no
    tool is in force, NothingHere for who is not on the team.
    """
    if actor.id not in visit.team:
        raise NothingHere
    known = Capture.objects.filter(visit=visit.key).first()
    tool = None if known else tool_on(visit.country, visit.first_day)
    item = interviews_begin(actor=actor.id, visit=visit.key, team=visit.team, at=at)
    with transaction.atomic():
        capture = known
        if tool is not None:
            capture, _made = Capture.objects.get_or_create(
                visit=visit.key,
                defaults={
                    "country": visit.country,
                    "factory": visit.factory,
                    "tool": tool.version.tool,
                    "version": tool.version.version,
                    "digest": tool.version.digest,
                    "questions": len(tool.version.questions),
                    "first_day": visit.first_day,
                    "interviews": item,
                    "taken_by": actor.id,
                    "taken_at": at,
                },
            )
        assert capture is not None
        named = " ".join(label.split())[:LABEL_LONGEST] or _("A device")
        row, made = CaptureDevice.objects.get_or_create(
            capture=capture,
            device=device,
            defaults={"person": actor.id, "label": named, "taken_at": at, "last_day": at.date()},
        )
        if not made:
            row.person, row.label, row.last_day = actor.id, named, at.date()
            row.forgotten_at, row.forgotten_by, row.forgotten_why = None, "", ""
            row.save()
        else:
            content = {"device": row.pk, "version": capture.version}
            _told("capture.taken", actor=actor.id, capture=capture, content=content, at=at)
    return capture


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device is told of a sync."""

    taken: list[str]
    refused: list[Refused]
    given: Given
    interviews: list[dict[str, Any]]
    interviews_cursor: int
    state: str


def operations_take(
    *,
    actor: Actor,
    capture: Capture,
    device: str,
    operations: Sequence[Any],
    after: int,
    interviews_after: int,
    at: datetime,
) -> Answer:
    """Sync: take what a device wrote, each operation exactly once, and give what others wrote since.

    Outside any transaction. The plain part is one; what is said of interviews goes to the vault after it. Cut off at
    any moment and sent again, both halves are right: each knows by the ids what it has. Raises NothingHere for who is
    not on the team now; what the vault cannot take at this moment is not told as taken, and is sent again.
    """
    if not is_on_team(actor.id, capture.visit):
        raise NothingHere
    judged = batch_judge(operations, tool=tool_asked(capture), by=actor.id)
    synced = plain_take(
        actor=actor.id,
        capture=capture,
        device=device,
        operations=judged.plain,
        refused=judged.plain_refused,
        at=at,
    )
    interviews = _interviews(actor, capture, judged, synced, interviews_after, at)
    given = operations_given(capture=capture, after=after, synced=synced, sent=set(synced.taken))
    return Answer(
        taken=[*synced.taken, *interviews.taken],
        refused=[*synced.refused, *interviews.refused],
        given=given,
        interviews=interviews.given,
        interviews_cursor=interviews.cursor,
        state=synced.state,
    )


def _interviews(
    actor: Actor, capture: Capture, judged: Judged, synced: Synced, after: int, at: datetime
) -> InterviewsTaken:
    try:
        found = interviews_take(
            actor=actor,
            capture=capture,
            operations=judged.interviews,
            refused=judged.interviews_refused,
            after=after,
            closed=synced.state == HANDED_OVER,
            at=at,
        )
    except (Busy, WrongKey):  # what is plain is taken and told; the device keeps what it is not told of
        _log.warning("the vault takes nothing at this moment")
        return InterviewsTaken(cursor=after)
    if judged.interviews and Capture.objects.filter(pk=capture.pk, state=HANDED_OVER).exists():
        interviews_part(actor=actor, capture=capture, at=at)  # what came while somebody handed over
    return found


def capture_confirm(
    *, actor: Actor, capture: Capture, device: str, count: int, digest: str, files: Collection[str], at: datetime
) -> tuple[bool, list[str]]:
    """Compare what a device holds with what is here: (whether its operations are all here, files that are missing).

    Where nothing is missing it is written down that the device may forget. Raises NothingHere.
    """
    if not is_on_team(actor.id, capture.visit):
        raise NothingHere
    gathered = interviews_open(actor=actor, capture=capture, at=at)
    row = CaptureDevice.objects.filter(capture=capture, device=device).first()
    number = Capture.objects.values_list("number", flat=True).get(pk=capture.pk)
    operations = all_there(count=count, digest=digest, held=_held(capture, device, row, gathered))
    missing = sorted(set(files) - files_here(capture))
    if operations and not missing and row is not None:
        _confirmed(actor=actor.id, device=row, number=number, turn=gathered.version, at=at)
    return operations, missing


def _held(capture: Capture, device: str, row: CaptureDevice | None, gathered: Gathered) -> Iterator[set[str]]:
    """The sets of operations that are here, of which a device may hold one: its own since it last forgot everything,
    all it ever wrote, with and without those that were refused, and what everybody wrote."""
    rows = CaptureOperation.objects.filter(capture=capture)
    apart = RefusedOperation.objects.filter(capture=capture, device=device).exclude(operation="")
    kept = set(apart.values_list("operation", flat=True)) | gathered.ids_of(device)[1]
    for number, turn in {(row.confirmed_number, row.confirmed_turn) if row else (0, 0), (0, 0)}:
        mine = set(rows.filter(device=device, number__gt=number).values_list("id", flat=True))
        mine |= gathered.ids_of(device, turn)[0]
        yield mine
        yield mine | kept
    everything = set(gathered.operations) | set(rows.values_list("id", flat=True))
    yield everything
    yield everything | kept


@transaction.atomic
def _confirmed(*, actor: str, device: CaptureDevice, number: int, turn: int, at: datetime) -> None:
    row = CaptureDevice.objects.select_for_update().select_related("capture").get(pk=device.pk)
    told = row.confirmed_at is not None
    row.confirmed_at, row.last_day = row.confirmed_at or at, at.date()
    row.confirmed_number, row.confirmed_turn = number, turn
    row.save(update_fields=["confirmed_at", "last_day", "confirmed_number", "confirmed_turn"])
    if not told:
        _told("capture.device.confirmed", actor=actor, capture=row.capture, content={"device": row.pk}, at=at)


def capture_hand_over(*, actor: Actor, capture: Capture, at: datetime) -> Capture:
    """Close a capture for changes: nothing conflicts, every file is here, each interview lies in the vault by itself.

    Outside any transaction. Done again it is done once. Raises :class:`WrongUse` in words, NothingHere.
    """
    if not is_on_team(actor.id, capture.visit):
        raise NothingHere
    _complete_check(Capture.objects.get(pk=capture.pk))
    turn = interviews_part(actor=actor, capture=capture, at=at)
    with transaction.atomic():
        found = Capture.objects.select_for_update().get(pk=capture.pk)
        if found.state == OPEN:
            _complete_check(found)
            found.state, found.handed_over_by, found.handed_over_on = HANDED_OVER, actor.id, at.date()
            found.save(update_fields=["state", "handed_over_by", "handed_over_on"])
            content = {"answered": found.answered, "questions": found.questions}
            _told("capture.handed-over", actor=actor.id, capture=found, content=content, at=at)
    if version_now(capture) != turn:  # somebody wrote of an interview meanwhile
        interviews_part(actor=actor, capture=capture, at=at)
    return found


def _complete_check(capture: Capture) -> None:
    missing = files_missing(capture)
    if why := hand_over_refusal(conflicts=capture.conflicts, files_missing=len(missing)):
        raise WrongUse(str(why))


def _state(capture: Capture) -> dict[str, Any]:
    why = personal(capture.taken_by, capture.reopened_why) if capture.reopened_why else ""
    return {"state": capture.state, "why": why}


@audited("capture.reopened", subject=_subject, state=_state, of="capture")
def capture_reopen(*, actor: str, capture: Capture, reason: str, at: datetime) -> Capture:
    """Open a capture again for changes, with a reason. Raises :class:`WrongUse` for one that is open, or no reason."""
    found = Capture.objects.select_for_update().get(pk=capture.pk)
    if found.state != HANDED_OVER:
        raise WrongUse(_("This visit is open already."))
    if len(reason.strip()) < 10:
        raise WrongUse(_("Say in a sentence why it is opened again."))
    found.state, found.handed_over_by, found.handed_over_on = OPEN, "", None
    found.reopened_why = reason.strip()[:1000]
    found.save(update_fields=["state", "handed_over_by", "handed_over_on", "reopened_why"])
    return found


def conflict_decide(
    *, actor: Actor, capture: Capture, about: str, field: str, chosen: str, seen: Collection[str], at: datetime
) -> str:
    """Decide between values that stand beside each other: an operation like any other, made on all that stand.

    ``chosen`` is the id of the operation whose value counts, ``seen`` the ids that stood when she decided. Returns the
    new operation's id. Raises :class:`WrongUse` where something else stands now.
    """
    row = CaptureAnswer.objects.filter(capture=capture, about=about).first()
    register = register_read(row.registers.get(field) if row else None)
    value = next((one.value for one in register.standing if one.id == chosen), ...)
    if not register.conflict or value is ... or set(register.bases) != set(seen):
        raise WrongUse(_("Something else stands there now. Look again, then decide."))
    made = Operation(
        id=uuid_utils.uuid7().hex,
        about=about,
        field=field,
        value=value,
        bases=register.bases,
        device=_console_device(actor.id),
        made=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        by=actor.id,
    )
    if not is_on_team(actor.id, capture.visit):
        raise NothingHere
    done = plain_take(actor=actor.id, capture=capture, device=made.device, operations=[made], refused=[], at=at)
    if done.refused:
        raise WrongUse(reason_words(done.refused[0].reason))
    return made.id


def _console_device(person: str) -> str:
    """What stands in the place of a device where somebody decides in the console."""
    return hashlib.sha256(f"betterwork console {person}".encode()).hexdigest()[:32]


def _device_state(row: CaptureDevice) -> dict[str, Any]:
    why = personal(row.person, row.forgotten_why) if row.forgotten_why else ""
    return {"capture": row.capture_id, "person": row.person, "lost": row.forgotten_at is not None, "why": why}


def _device_subject(row: CaptureDevice) -> str:
    return f"capture-device {row.pk}"


@audited("capture.device.forgotten", subject=_device_subject, state=_device_state, of="device")
def device_forget(*, actor: str, device: CaptureDevice, reason: str, at: datetime) -> CaptureDevice:
    """Say that a device is lost: what it had not sent is gone, and the page goes on saying so.

    Raises :class:`WrongUse` for one that is confirmed or forgotten already, and without a reason.
    """
    found = CaptureDevice.objects.select_for_update().get(pk=device.pk)
    if found.confirmed_at is not None or found.forgotten_at is not None:
        raise WrongUse(_("Of this device nothing is missing, or it is said to be lost already."))
    if len(reason.strip()) < 10:
        raise WrongUse(_("Say in a sentence what became of it."))
    found.forgotten_at, found.forgotten_by, found.forgotten_why = at, actor, reason.strip()[:1000]
    found.save(update_fields=["forgotten_at", "forgotten_by", "forgotten_why"])
    return found
