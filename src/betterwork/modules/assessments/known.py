"""What is known of a factory from its sealed assessments, told to lower rooms: what was determined, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from betterwork.core.instrument import Determination
from betterwork.foundation.documents.queries import document_sections
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.queries import SECTION
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import factories_within

WORDS: dict[int, str] = {
    Determination.COMPLIANT: "compliant",
    Determination.NONCOMPLIANT: "non-compliant",
    Determination.NOT_APPLICABLE: "not-applicable",
    Determination.NOT_ASSESSED: "not-assessed",
}


def determinations_before(factory: int, before: date) -> list[tuple[str, str, date]]:
    """(code of a question, determination, day) of the latest assessment of a factory that began before a day.

    Records merged into one are one factory. Four queries for most; what was left blank is not told.
    """
    record = Factory.objects.filter(pk=factory).first()
    records = factories_within(record) if record else []
    found = Assessment.objects.filter(factory__in=records, start__lt=before).select_related("document")
    latest = found.order_by("-start", "-cycle", "-assessment_id").first()
    if latest is None:
        return []
    answers = document_sections(latest.document.body)[SECTION]["answers"]
    return [(code, WORDS[answer], latest.start) for code, answer in sorted(answers.items()) if answer in WORDS]


def assessed_last(factories: Iterable[int]) -> dict[int, tuple[date, tuple[str, ...]]]:
    """Factory → (day on which its latest sealed assessment began, its advisors: not known of imported ones).

    One query. Factories without an assessment are left out.
    """
    rows = Assessment.objects.filter(factory__in=list(factories)).values_list("factory")
    return {one: (last, ()) for one, last in rows.annotate(last=Max("start")).order_by("factory")}
