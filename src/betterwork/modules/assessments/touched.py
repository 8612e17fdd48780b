"""What a change of law touches among what was found: the open findings, told to those who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betterwork.foundation.doors.actor import Actor
from betterwork.modules.assessments.policy import ASSESSMENTS_READ
from betterwork.modules.assessments.queries import findings_open
from betterwork.modules.countries.queries import country_title
from betterwork.modules.instruments.law_touched import Questions, TouchedMore

ORDER = 20


def findings_touched(actor: Actor, questions: Questions, country: str, on: date) -> Iterator[TouchedMore]:
    """For each country that the actor may see: how many findings are open on these questions, in how many factories.

    To whom no assessment is open nothing is told, not even that there is none.
    """
    if not questions or not ASSESSMENTS_READ.may(actor):
        return
    rows = ASSESSMENTS_READ.visible_to(actor)
    found = findings_open(rows.filter(country=country) if country else rows, questions, on)
    for title, one in sorted((country_title(code), one) for code, one in found.items()):
        factories = len(one.factories)
        note = ngettext(
            "in %(factories)d factory, at its latest assessment",
            "in %(factories)d factories, each at its latest assessment",
            factories,
        )
        yield TouchedMore(
            title=_("Open findings in %(country)s") % {"country": title},
            count=one.findings,
            note=note % {"factories": factories},
            order=ORDER,
        )
