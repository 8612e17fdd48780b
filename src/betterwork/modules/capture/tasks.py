"""What captures put on the home of who visits. Only what is known: a silent device may hold something or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betterwork.foundation.contributions.registry import Task
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.capture.models import OPEN
from betterwork.modules.capture.policy import CAPTURES_OWN, DEVICES_OWN
from betterwork.modules.capture.rules import QUIET_DAYS

MOST = 20


def tasks_of_captures(actor: Actor, at: datetime) -> Iterator[Task]:
    """What this person should do about her visits' captures now."""
    if not CAPTURES_OWN.may(actor):
        return
    own = CAPTURES_OWN.visible_to(actor).select_related("factory").filter(conflicts__gt=0, state=OPEN)
    for one in own.order_by("first_day", "id")[:MOST]:
        words = ngettext(
            "%(count)d conflict to decide: %(factory)s", "%(count)d conflicts to decide: %(factory)s", one.conflicts
        )
        yield Task(
            title=words % {"count": one.conflicts, "factory": one.factory.name},
            why=_("Two of you wrote different things in the same place. The visit cannot be handed over before."),
            url=reverse("capture:conflicts", kwargs={"capture": one.pk}),
            state=_("Decide"),
            state_kind="wait",
            order=20,
        )
    quiet = DEVICES_OWN.visible_to(actor).filter(
        confirmed_at__isnull=True, forgotten_at__isnull=True, last_day__lte=at.date() - timedelta(days=QUIET_DAYS)
    )
    for device in quiet.select_related("capture__factory").order_by("last_day", "id")[:MOST]:
        days = (at.date() - device.last_day).days
        words = ngettext("Not seen for %(days)d day: %(label)s", "Not seen for %(days)d days: %(label)s", days)
        yield Task(
            title=words % {"days": days, "label": device.label},
            why=_("It carries the visit to %(factory)s and may not have sent everything. Bring it to a network.")
            % {"factory": device.capture.factory.name},
            url=reverse("capture:capture", kwargs={"capture": device.capture_id}),
            state=_("May hold what was not sent"),
            state_kind="wait",
            order=21,
        )
