"""Sealing assembled assessments, a batch of whole ones in each transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db import DatabaseError, transaction

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.assembling import Assembled
from betterwork.core.exports.judging import Head
from betterwork.core.exports.reconciling import Outcome
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.services import Prepared, document_prepare, documents_seal
from betterwork.foundation.ledger.rules import AUDIT, OPERATOR
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.queries import (
    KIND,
    SECTION,
    AssessmentKey,
    FactoryKey,
    assessments_held,
    factories_latest,
)
from betterwork.modules.assessments.rules import outcome_of, refusal_of_changed
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import factories_ensure

LONGEST_FACTORY_NAME = 500
"""The register keeps this much of a name; the document keeps all of it."""
LARGEST_ASSESSMENT_ID = 10**15
IMPORTED = "assessments.imported"


@dataclass(slots=True)
class _Candidate:
    """An assessment with its document prepared, and what is held under its number."""

    assembled: Assembled
    head: Head
    prepared: Prepared
    held: Assessment | None = None
    outcome: Outcome = Outcome.NEW


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """Assembled assessments, and those of them that have content with their documents prepared."""

    assembled: Sequence[Assembled]
    candidates: list[_Candidate]


def batch_prepare(assembled: Sequence[Assembled]) -> PreparedBatch:
    """Make the documents of a batch: bytes and digests, no database."""
    with_content = [(one, one.head) for one in assembled if one.content is not None and one.head is not None]
    return PreparedBatch(assembled, [_prepare(one, head) for one, head in with_content])


@dataclass(slots=True)
class Sealer:
    """Seals assessments of one run. ``supersede`` is the reason for replacing what is held, or empty."""

    at: datetime
    actor: str = OPERATOR
    supersede: str = ""
    dry_run: bool = False
    _pretended: dict[AssessmentKey, str] = field(default_factory=dict)  # a dry run's content digests

    def seal(self, batch: PreparedBatch, *, file: str) -> list[tuple[Assembled, Outcome]]:
        """Seal what is new, leave what is unchanged, refuse or supersede what changed; all of it or nothing.

        ``file`` is the SHA-256 of the export that the batch comes from: the ledger keeps it beside the seal.
        Raises :class:`BetterWorkError` when the database refuses, for instance because another
        import is writing the same assessments.
        """
        candidates = batch.candidates
        try:
            if self.dry_run:
                self._judge(candidates)
                self._pretended |= {one.head.key: one.prepared.content_digest for one in _to_write(candidates)}
            else:
                with transaction.atomic():
                    self._judge(candidates)
                    self._write(_to_write(candidates), file)
        except DatabaseError as error:
            raise BetterWorkError(
                f"the database refused the import ({error}); nothing of this batch was kept. "
                "If another import is running, let it end, then run this one again: it completes what is missing"
            ) from error
        outcomes = {one.head.key: one.outcome for one in candidates}
        for one in candidates:
            if one.outcome is Outcome.CHANGED:
                one.assembled.refuse_taken(refusal_of_changed(one.head.assessment))
        return [(one, outcomes.get(one.rows.key, Outcome.REFUSED)) for one in batch.assembled]

    def _judge(self, candidates: list[_Candidate]) -> None:
        held = assessments_held(one.head.key for one in candidates)
        for one in candidates:
            one.held = held.get(one.head.key)
            known = self._pretended.get(one.head.key) or (one.held.document.content_digest if one.held else None)
            one.outcome = outcome_of(content_digest=one.prepared.content_digest, held=known, supersede=self.supersede)

    def _write(self, candidates: list[_Candidate], file: str) -> None:
        if not candidates:
            return
        factories = _factories(candidates, actor=self.actor, at=self.at)
        for one in candidates:
            if one.held is not None:
                one.prepared = _prepare(one.assembled, one.head, one.held.document, self.supersede).prepared
        documents = documents_seal(prepared=[one.prepared for one in candidates], at=self.at, actor=self.actor)
        fresh: list[Assessment] = []
        changed: list[Assessment] = []
        for one, document in zip(candidates, documents, strict=True):
            row = one.held or Assessment(country=one.head.country, assessment_id=one.head.assessment)
            _fill(row, one, factories[one.head.country, one.head.factory_id], document)
            (fresh if one.held is None else changed).append(row)
        Assessment.objects.bulk_create(fresh, batch_size=500)
        fields = ["factory", "document", "start", "cycle", "version", "incomplete"]
        Assessment.objects.bulk_update(changed, fields, batch_size=100)
        # The seal names the documents; this, from which file they came and what they became.
        entry_append(
            kind=AUDIT,
            action=IMPORTED,
            actor=self.actor,
            subject=f"export {file}",
            content={"new": len(fresh), "superseded": len(changed)},
            at=self.at,
            checked=True,
        )


def _prepare(
    assembled: Assembled, head: Head, supersedes: SealedDocument | None = None, reason: str = ""
) -> _Candidate:
    prepared = document_prepare(
        kind=KIND,
        key=f"{head.country}/{head.assessment}",
        sections={SECTION: assembled.content},
        supersedes=supersedes,
        reason=reason,
        checked=True,  # every text was judged, keys are the tool's codes
    )
    return _Candidate(assembled, head, prepared)


def _to_write(candidates: list[_Candidate]) -> list[_Candidate]:
    return [one for one in candidates if one.outcome in (Outcome.NEW, Outcome.SUPERSEDED)]


def _fill(row: Assessment, one: _Candidate, factory: Factory, document: SealedDocument) -> None:
    content = one.assembled.content
    assert content is not None
    row.factory, row.document = factory, document
    row.start, row.cycle = date.fromisoformat(one.head.start), one.head.cycle
    row.version, row.incomplete = one.head.version, content["incomplete"]


def _factories(candidates: list[_Candidate], *, actor: str, at: datetime) -> dict[FactoryKey, Factory]:
    """The factories of a batch. Each takes the names of its assessments in the order of their dates.

    So the latest name stays, and a factory that was once called obsolete is known to be.
    """
    names: dict[FactoryKey, list[tuple[str, int, str]]] = defaultdict(list)
    for one in candidates:
        head = one.head
        key = (head.country, head.factory_id)
        names[key].append((head.start, head.assessment, head.factory_name[:LONGEST_FACTORY_NAME]))
    for key, (start, name) in factories_latest(names).items():
        names[key].append((start.isoformat(), LARGEST_ASSESSMENT_ID, name))
    factories: dict[FactoryKey, Factory] = {}
    turn = {key: _in_turn(named) for key, named in names.items()}
    while turn:
        factories |= factories_ensure(actor=actor, wanted={key: named[0] for key, named in turn.items()}, at=at)
        turn = {key: named[1:] for key, named in turn.items() if len(named) > 1}
    return factories


def _in_turn(named: list[tuple[str, int, str]]) -> list[str]:
    """Names in the order of dates, one for each change of name."""
    return [name for name, _ in groupby(name for _, _, name in sorted(named))]
