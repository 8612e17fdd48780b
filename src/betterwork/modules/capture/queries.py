"""Reading captures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from betterwork.core.capture.merging import Register, register_read
from betterwork.modules.capture.models import Capture, CaptureAnswer, CaptureDevice, CaptureOperation, CaptureUpload


def files_named(capture: Capture) -> dict[str, dict[str, Any]]:
    """SHA-256 → what is said of each file that stands anywhere in a capture. One query."""
    found: dict[str, dict[str, Any]] = {}
    rows = CaptureAnswer.objects.filter(capture=capture, files__gt=0).order_by("about")
    for registers in rows.values_list("registers", flat=True):
        for name, raw in registers.items():
            if name.startswith("file.") and (value := register_read(raw).value) is not None:
                found[name.removeprefix("file.")] = value
    return found


def files_missing(capture: Capture) -> list[str]:
    """The files that are named and have not arrived. Two queries."""
    return sorted(set(files_named(capture)) - files_here(capture))


def files_here(capture: Capture) -> set[str]:
    """The files that have arrived, by the digest that the device gave. One query."""
    rows = CaptureUpload.objects.filter(capture=capture, file__isnull=False)
    return set(rows.values_list("sha256", flat=True))


def upload_of(capture: Capture, sha256: str) -> CaptureUpload | None:
    """A file that has arrived, with what is stored; None where it has not."""
    rows = CaptureUpload.objects.filter(capture=capture, sha256=sha256, file__isnull=False)
    return rows.select_related("file").first()


def registers_of(capture: Capture, about: str = "") -> dict[str, dict[str, Register]]:
    """About → field → what stands, of everything or of one thing. One query."""
    rows = CaptureAnswer.objects.filter(capture=capture)
    rows = rows.filter(about=about) if about else rows
    return {
        name: {one: register_read(raw) for one, raw in sorted(registers.items())}
        for name, registers in rows.values_list("about", "registers")
    }


@dataclass(frozen=True, slots=True)
class Conflict:
    """A register in which different values stand."""

    about: str
    field: str
    register: Register


def conflicts_of(capture: Capture) -> Iterator[Conflict]:
    """The conflicts of a capture, by about and field. One query."""
    rows = CaptureAnswer.objects.filter(capture=capture, conflicts__gt=0).order_by("about")
    for about, registers in rows.values_list("about", "registers"):
        for name in sorted(registers):
            register = register_read(registers[name])
            if register.conflict:
                yield Conflict(about, name, register)


def operations_made(ids: list[str]) -> dict[str, CaptureOperation]:
    """Operations by their ids: who wrote, on which day."""
    return CaptureOperation.objects.in_bulk(ids)


def capture_export(person_id: str) -> dict[str, Any]:
    """What this room keeps of a person, for herself; interviews are the vault's."""
    devices = CaptureDevice.objects.filter(person=person_id).order_by("taken_at", "id")
    return {
        "devices": [
            {"label": one.label, "taken": one.taken_at.isoformat(), "last day": one.last_day.isoformat()}
            for one in devices
        ],
        "written": [
            {"about": one.about, "field": one.field, "value": one.value, "at": one.taken_at.isoformat()}
            for one in CaptureOperation.objects.filter(by=person_id).order_by("capture", "number").iterator(500)
        ],
        "captures": Capture.objects.filter(Q(taken_by=person_id) | Q(handed_over_by=person_id)).count(),
        "files": CaptureUpload.objects.filter(by=person_id).count(),
    }
