"""Reading assessments: what is held, the documents behind it, and whether they still hold together."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Max, QuerySet

from betterwork.core.instrument import Determination
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import document_faults, document_sections
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import pointers, with_state

KIND = "assessment"
SECTION = "programme"
T = TypeVar("T")
AssessmentKey = tuple[str, int]
"""(ISO country code, ``Quest.ID``)."""
FactoryKey = tuple[str, str]
"""(ISO country code, the factory's outside id)."""

_AT_ONCE = 500


def assessments_held(keys: Iterable[AssessmentKey]) -> dict[AssessmentKey, Assessment]:
    """The assessments held under these keys, each with its document's digests but without its body."""
    by_country: dict[str, list[int]] = {}
    for country, number in keys:
        by_country.setdefault(country, []).append(number)
    held: dict[AssessmentKey, Assessment] = {}
    for country, numbers in by_country.items():
        for some in _in_parts(numbers):
            rows = Assessment.objects.filter(country=country, assessment_id__in=some)
            for row in rows.select_related("document").defer("document__body", "document__sections"):
                held[row.country, row.assessment_id] = row
    return held


def factories_latest(keys: Iterable[FactoryKey]) -> dict[FactoryKey, tuple[date, str]]:
    """Factory → (start of its latest assessment held, the factory's name), for those that have one."""
    by_country: dict[str, list[str]] = {}
    for country, outside_id in keys:
        by_country.setdefault(country, []).append(outside_id)
    found: dict[FactoryKey, tuple[date, str]] = {}
    for country, ids in by_country.items():
        for some in _in_parts(ids):
            rows = Assessment.objects.filter(factory__country=country, factory__outside_id__in=some)
            named = rows.values_list("factory__outside_id", "factory__name").annotate(latest=Max("start"))
            found |= {(country, outside_id): (latest, name) for outside_id, name, latest in named}
    return found


def current_digests() -> list[tuple[str, int, str]]:
    """(country code, year of start, digest) of the current document of every assessment, sorted."""
    rows = Assessment.objects.values_list("country", "start__year", "document__digest")
    return sorted(rows.iterator(chunk_size=5000))


def assessment_documents() -> Iterator[tuple[str, bytes]]:
    """(digest, stored body) of the current document of every assessment, in bounded memory."""
    rows = Assessment.objects.order_by("pk").values_list("document__digest", "document__body")
    for digest, body in rows.iterator(chunk_size=_AT_ONCE):
        yield digest, bytes(body)


def documents_by_digest(digests: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(digest, content) of the documents named, in the order asked; superseded ones can be read too.

    Memory is bounded. Raises KeyError with the first digest that no sealed assessment has.
    """
    for some in _in_parts(digests):
        rows = SealedDocument.objects.filter(kind=KIND, digest__in=some).values_list("digest", "body")
        bodies = dict(rows)
        for digest in some:
            yield digest, document_sections(bodies[digest])[SECTION]


def assessments_faults() -> Iterator[str]:
    """One line for each thing that does not hold together: a document and its digests, a row and its document."""
    documents = SealedDocument.objects.filter(kind=KIND).select_related("supersedes").order_by("pk")
    for document in documents.iterator(chunk_size=_AT_ONCE):
        try:
            faults = document_faults(document)
        except (zlib.error, ValueError, AttributeError, TypeError):
            faults = ["the body cannot be read"]
        yield from (f"{document.key} {document.digest[:12]}: {fault}" for fault in faults)
    rows = Assessment.objects.select_related("document", "factory", "document__superseded_by").order_by("pk")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield from (f"{row}: {fault}" for fault in _row_faults(row))


@dataclass(slots=True)
class OpenFindings:
    """Findings that are open in a country: how many, and in which factories (rows of the register)."""

    findings: int = 0
    factories: set[int] = field(default_factory=set)


def findings_open(
    rows: QuerySet[Assessment], asked: Mapping[tuple[str, str], Collection[str]], on: date
) -> dict[str, OpenFindings]:
    """Country → findings open on a day, of those of ``asked``: (tool, version) → codes of questions.

    A finding is open when the latest assessment of a factory, among ``rows`` and begun by then, found it. Records
    merged into one are one factory; of factories that closed or are retired nothing is open. The codes are those of
    the version by which was assessed. Three queries, and one for each thousand assessments; memory is bounded.
    """
    versions = {version for _tool, version in asked}
    into = pointers()
    latest: dict[int, tuple[date, int, int, str]] = {}
    begun = rows.filter(start__lte=on).order_by().values_list("factory", "start", "assessment_id", "pk", "version")
    for record, start, number, pk, version in begun.iterator(chunk_size=5000):
        factory, one = _standing_for(record, into), (start, number, pk, version)
        latest[factory] = max(latest.get(factory, one), one)
    working = with_state(Factory.objects.all(), on).exclude(state_now__in=("closed", "retired"))
    works = set(working.values_list("pk", flat=True).iterator(chunk_size=5000)) if latest else set()
    wanted = {one[2]: factory for factory, one in latest.items() if factory in works and one[3] in versions}
    found: dict[str, OpenFindings] = {}
    for some in _in_parts(sorted(wanted), 1000):
        bodies = Assessment.objects.filter(pk__in=some).values_list("pk", "country", "document__body")
        for pk, country, body in bodies.iterator(chunk_size=100):
            content = document_sections(body)[SECTION]
            codes = asked.get((content["tool"]["tool"], content["tool"]["version"]), ())
            count = sum(content["answers"].get(code) == Determination.NONCOMPLIANT for code in codes)
            if count:
                told = found.setdefault(country, OpenFindings())
                told.findings += count
                told.factories.add(wanted[pk])
    return found


def _standing_for(record: int, into: Mapping[int, int]) -> int:
    """The record at the end of the merges."""
    seen: set[int] = set()
    while record in into and record not in seen:
        seen.add(record)
        record = into[record]
    return record


def _row_faults(row: Assessment) -> Iterator[str]:
    try:
        content = document_sections(row.document.body)[SECTION]
        stored = (content["start"], content["cycle"], content["tool"]["version"], content["incomplete"])
        owner = (content["country"], content["assessment"], content["factory"]["id"])
    except (zlib.error, ValueError, KeyError, TypeError):
        return  # told already: the document itself is at fault
    if stored != (row.start.isoformat(), row.cycle, row.version, row.incomplete):
        yield "date, cycle, version or completeness differ from its document"
    if owner != (row.country, row.assessment_id, row.factory.outside_id):
        yield "it points to another assessment's document"
    if hasattr(row.document, "superseded_by"):
        yield "its document was superseded, and the row points to the old one"


def _in_parts(items: Iterable[T], most: int = _AT_ONCE) -> Iterator[Sequence[T]]:
    iterator = iter(items)
    while part := list(islice(iterator, most)):
        yield part
