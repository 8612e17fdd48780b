"""Importing assessments: from export files to sealed documents, every row accounted for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from django.conf import settings

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.assembling import Assembled, Assembler
from betterwork.core.exports.judging import Judge, Refusal
from betterwork.core.exports.reconciling import FileReconciliation, Outcome, Reconciliation
from betterwork.core.exports.rows import Grouped, RowStore, judged_tails, rows_grouped
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.assessments.quarantine import Quarantine, QuarantineFile
from betterwork.modules.assessments.reading import FileRead, file_looked_at, file_read
from betterwork.modules.assessments.rules import mapping_checked, quarantine_name
from betterwork.modules.assessments.sealing import PreparedBatch, Sealer, batch_prepare
from betterwork.modules.countries.queries import country_named
from betterwork.modules.instruments.queries import catalogue

ASSESSMENTS_AT_ONCE = 500
"""Whole assessments sealed in one transaction."""


class Progress(Protocol):
    """Told how far an import is: what is being done, how much of it is done, and how much there is."""

    def __call__(self, what: str, done: int, whole: int) -> None:
        """Take note."""


def _no_progress(what: str, done: int, whole: int) -> None:
    """Nobody is watching."""


def assessments_import(
    *,
    paths: Sequence[Path],
    at: datetime,
    actor: str = OPERATOR,
    supersede: str = "",
    dry_run: bool = False,
    mapping: Mapping[str, str] | None = None,
    quarantine: Path | None = None,
    progress: Progress = _no_progress,
    into: Reconciliation | None = None,
) -> Reconciliation:
    """Import export files one after the other and say what became of every row.

    ``supersede`` is the reason for replacing assessments that are held with other content; empty
    leaves them and refuses the rows. ``mapping`` declares unknown compliance questions (code in
    the file → the tool's code). Refused rows go to ``quarantine``, or to a file under
    BETTERWORK_HOME for each export; a dry run writes them only where ``quarantine`` names a file,
    and nothing else at all.

    Each assessment is sealed whole or not at all; importing again completes what was cut off.
    Raises :class:`BetterWorkError` when a file is not an export. All files are looked at first,
    so that a wrong one among many stops the run before anything is written. ``into`` is filled
    file by file, so that the caller can tell what was done before an error.
    """
    tools = catalogue()
    if not tools.versions:
        raise BetterWorkError("no assessment tool is sealed yet; seal one with: betterwork tool import")
    judge = Judge(tools, _country_code, mapping_checked(mapping or {}, tools))
    sizes = [file_looked_at(path) for path in paths]
    sealer = Sealer(at=at, actor=actor, supersede=supersede.strip(), dry_run=dry_run)
    reconciliation = into if into is not None else Reconciliation()
    reconciliation.dry_run = dry_run
    with ExitStack() as stack:
        shared = stack.enter_context(QuarantineFile(quarantine)) if quarantine else None
        for path, size in zip(paths, sizes, strict=True):
            one = _FileImport(path, size, judge, sealer, progress)
            with _told_how_many_are_done(reconciliation):
                one.run(shared, reconciliation)
    return reconciliation


@contextmanager
def _told_how_many_are_done(reconciliation: Reconciliation) -> Iterator[None]:
    """Add to the message of a file that fails that the ones before it are in."""
    before = len(reconciliation.files)
    try:
        yield
    except BetterWorkError as error:
        if not before or reconciliation.dry_run:
            raise
        raise type(error)(f"{error} (the {before} file(s) before it were imported)") from error


def _country_code(text: str) -> str | None:
    country = country_named(text)
    return country.code if country else None


class _FileImport:
    """The import of one file."""

    def __init__(self, path: Path, size: int, judge: Judge, sealer: Sealer, progress: Progress) -> None:
        self.path, self.size, self.judge, self.sealer, self.progress = path, size, judge, sealer, progress
        self.store = RowStore()
        self.refused = Quarantine()
        self.result = FileReconciliation(file=str(path))
        self._bytes_read = 0

    def run(self, shared: QuarantineFile | None, into: Reconciliation) -> None:
        """Read, settle and seal; the refused rows go to ``shared``, or to the file's own quarantine."""
        try:
            read = file_read(self.path, store=self.store, refuse=self._refuse_broken, advance=self._advance)
            self._settle(read.sha256)
            self._reconcile(read)
            into.files.append(self.result)  # it is done, whether or not the quarantine can be written
            self._write_quarantine(read, shared)
        finally:
            self.refused.close()

    def _settle(self, sha256: str) -> None:
        grouped = rows_grouped(self.store, self.judge)
        lost: dict[tuple[str, int], set[str]] = defaultdict(set)
        for number, head, tail, refusal in grouped.refused_rows():
            self.result.counts.count_refused(refusal)
            self.refused.add(number, head, tail, refusal)
            key = self.judge.key(self.store.heads[head])
            if key is not None:
                lost[key].add(self.store.tails[tail][2].strip())
        assembler = Assembler(
            tool=self.judge.catalogue.tool,
            versions=self.judge.catalogue.versions,
            heads=grouped.heads,
            tails=judged_tails(self.judge, self.store),
            lost=lost,
        )
        done, whole = 0, len(grouped.keys)
        for prepared in _prepared_ahead(grouped, assembler):
            outcomes = self.sealer.seal(prepared, file=sha256)
            for assembled, outcome in outcomes:
                self._count(assembled, outcome)
            done += len(outcomes)
            self.progress("sealing", done, whole)

    def _count(self, assembled: Assembled, outcome: Outcome) -> None:
        self.result.count_assessment(assembled, outcome)
        rows = assembled.rows
        for position, refusal in assembled.refused:
            self.refused.add(rows.numbers[position], rows.heads[position], rows.tails[position], refusal)

    def _reconcile(self, read: FileRead) -> None:
        counts = self.result.counts
        counts.rows_read += len(self.store)
        counts.blank_lines = read.blank_lines
        self.result.sha256, self.result.notes = read.sha256, read.notes
        if not counts.rows_read:
            self.result.notes.append("there is no row after the header")
        if not counts.adds_up:
            raise AssertionError(f"{self.path}: the reconciliation does not add up: {counts.as_json()}")

    def _write_quarantine(self, read: FileRead, shared: QuarantineFile | None) -> None:
        if not len(self.refused) or (self.sealer.dry_run and shared is None):
            return
        folder = Path(settings.BETTERWORK_HOME) / "quarantine"
        with ExitStack() as stack:
            own = QuarantineFile(folder / quarantine_name(self.path.stem, read.sha256))
            file = shared or stack.enter_context(own)
            file.add(self.refused, name=self.path.name, store=self.store, columns=read.columns, place=read.place)
        self.result.quarantine = str(file.path)

    def _refuse_broken(self, number: int, fields: Sequence[str], refusal: Refusal) -> None:
        self.result.counts.rows_read += 1
        self.result.counts.count_refused(refusal)
        self.refused.add_broken(number, fields, refusal)

    def _advance(self, count: int) -> None:
        self._bytes_read += count
        self.progress("reading", self._bytes_read, self.size)


def _prepared_ahead(grouped: Grouped, assembler: Assembler) -> Iterator[PreparedBatch]:
    """Batches of whole assessments, the next one digested and compressed in a thread while one is written."""
    assessments = grouped.assessments()
    with ThreadPoolExecutor(max_workers=1) as thread:
        ahead: Future[PreparedBatch] | None = None
        while batch := [assembler.assemble(rows) for rows in islice(assessments, ASSESSMENTS_AT_ONCE)]:
            following = thread.submit(batch_prepare, batch)
            if ahead is not None:
                yield ahead.result()
            ahead = following
        if ahead is not None:
            yield ahead.result()
