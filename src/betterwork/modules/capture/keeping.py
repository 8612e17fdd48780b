"""What captures keep of a person, handed to her and erased with her."""

from __future__ import annotations

from datetime import datetime

from betterwork.modules.capture.models import Capture, CaptureDevice


def person_erase(person_id: str, at: datetime) -> None:
    """Blank what speaks of her. What she found on visits stays, under an id that says nothing."""
    CaptureDevice.objects.filter(person=person_id).update(label="", forgotten_why="")
    CaptureDevice.objects.filter(forgotten_by=person_id).update(forgotten_why="")
    Capture.objects.filter(taken_by=person_id).update(reopened_why="")
