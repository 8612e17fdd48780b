"""What captures put on the page of a visit: taking it along, or how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Panel
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.capture.of_visits import visits_to_take
from betterwork.modules.capture.policy import CAPTURE_PROGRESS, CAPTURES_OWN, CAPTURES_TAKE


def panels_of_visit(actor: Actor, visit: Any, at: datetime) -> Iterator[Panel]:
    """On a visit's page: for its team the way to the app and what was taken down, for who leads the counts."""
    own = CAPTURES_OWN.visible_to(actor).filter(visit=visit.pk).first()
    led = None if own else CAPTURE_PROGRESS.visible_to(actor).filter(visit=visit.pk).first()
    found = own or led
    if found is not None:
        page = "capture:capture" if own else "capture:progress"
        values = {
            "answered": found.answered,
            "questions": found.questions,
            "url": reverse(page, kwargs={"capture": found.pk}),
            "app": reverse("capture:app") if own else "",
        }
        yield Panel(_("How far it is"), "capture/panels/visit.html", values, order=10)
    elif CAPTURES_TAKE.may(actor) and any(one.key == visit.pk for one in visits_to_take(actor.id, at.date())):
        values = {"app": reverse("capture:app")}
        yield Panel(_("Take along"), "capture/panels/visit.html", values, order=10)
