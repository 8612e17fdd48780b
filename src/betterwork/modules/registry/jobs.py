"""Long work of the register."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.modules.registry.importing import AT_ONCE, checked, lines_kept, list_end, part_take
from betterwork.modules.registry.models import FactoryImport


@job(title=_("List of factories taken"), together=False, time_limit=timedelta(minutes=30), attempts=3)
def factories_list_take(context: JobContext, given: str, countries: list[str] | None) -> None:
    """Take a long list in steps; a step that is done stays done when the job is cut off and begins again."""
    found = FactoryImport.objects.select_related("file").get(pk=given)
    with context.step("look") as todo:
        if todo:
            try:
                checked(found, countries, context.at)
            except WrongUse as error:
                list_end(actor=context.actor, given=found, problem=str(error), at=context.at)
    found.refresh_from_db()
    if found.state == FactoryImport.FAILED:
        return
    lines = lines_kept(found)
    for begin in range(0, len(lines), AT_ONCE):
        context.progress(begin, len(lines), gettext_noop("Rows taken"))
        with context.step(f"rows {begin}") as todo:
            if todo:
                part = lines[begin : begin + AT_ONCE]
                part_take(actor=context.actor, given=found, lines=part, countries=countries, at=context.at)
    with context.step("end") as todo:
        if todo:
            list_end(actor=context.actor, given=found, problem="", at=context.at)
    context.progress(len(lines), len(lines), gettext_noop("Rows taken"))
