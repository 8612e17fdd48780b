"""Long work: making a plan. The solver is heavy and is never loaded where pages are made."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.modules.visits.models import Plan
from betterwork.modules.visits.planning import plan_fail, plan_store
from betterwork.modules.visits.problem import problem_of
from betterwork.modules.visits.rules import MAKING


@job(title=_("Plan of visits made"), together=False, time_limit=timedelta(minutes=20), attempts=3)
def plan_make(context: JobContext, plan: str) -> None:
    """Make a plan from what is known now. Cut off and begun again, it is made once."""
    found = Plan.objects.get(pk=plan)
    if found.state != MAKING:
        return
    context.progress(1, 3, gettext_noop("What is due and who can go"))
    try:
        asked = problem_of(found.country, found.first_day, found.last_day, context.at)
    except WrongUse as error:
        with context.step("no plan") as todo:
            if todo:
                plan_fail(actor=context.actor, plan=found, trouble=str(error), at=context.at)
        return
    context.progress(2, 3, gettext_noop("Who goes where and when"))
    from betterwork.core.planning.solving import plan as solve

    answer = solve(asked.problem)
    with context.step("proposals") as todo:
        if todo:
            plan_store(actor=context.actor, plan=found, asked=asked, found=answer, at=context.at)
    context.progress(3, 3, gettext_noop("Plan made"))
