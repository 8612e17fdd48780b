"""What reports add to shared pages, what they need decided, how their entries are called in the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add
from betterwork.foundation.ledger.words import action_words_add
from betterwork.foundation.releases.kinds import release_kind_add
from betterwork.modules.bodies.declaring import decision_kind_add
from betterwork.modules.bodies.kinds import NATIONAL
from betterwork.modules.evidence.figures.declaring import aggregates_add
from betterwork.modules.reports.aggregates import aggregates
from betterwork.modules.reports.asking import ASKED, KIND, reports_forget
from betterwork.modules.reports.giving import ENDORSE
from betterwork.modules.reports.keeping import KEPT
from betterwork.modules.reports.models import Report


def _opened_at(key: str) -> str:
    return reverse("reports:received", kwargs={"report": key})


def _export(person_id: str) -> Any:
    rows = Report.objects.filter(asked_by=person_id).order_by("asked_at", "id")
    return [{"country": one.country, "asked": one.asked_at.isoformat()} for one in rows]


def _erase(person_id: str, at: datetime) -> None:
    reports_forget(person_id=person_id, at=at)


menu_add(MenuItem(_("Evidence"), _("Reports"), "reports:reports", order=310))
action_words_add({"report.made": _("Report made"), ASKED: _("Report asked for"), KEPT: _("Report made and kept")})
release_kind_add(KIND, title=_("Synthesis report"), url=_opened_at)
decision_kind_add(ENDORSE, title=_("Endorse a synthesis report"), body_kind=NATIONAL)
aggregates_add(aggregates)
keeping_add(
    Keeping(
        room="reports",
        what=_("Which reports you asked for, and when."),
        why=_("So that it is known who a report was made for."),
        how_long=_("Until you are erased; the reports stay."),
        models=(Report._meta.label,),
        export=_export,
        erase=_erase,
    )
)
