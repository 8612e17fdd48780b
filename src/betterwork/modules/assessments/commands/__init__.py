"""The command `betterwork assessments`."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.assessments.policy import ASSESSMENTS_IMPORT, ASSESSMENTS_VERIFY

if TYPE_CHECKING:
    from betterwork.core.exports.reconciling import Counts, FileReconciliation, Reconciliation
    from betterwork.modules.assessments.services import Progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def assessments() -> None:
    """What was found: import exports of factory assessments, and check what is held."""


@command_door(ASSESSMENTS_IMPORT)
@assessments.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--report", type=_NEW_FILE, metavar="FILE", help="Write the reconciliation as JSON.")
@click.option(
    "--quarantine",
    type=_NEW_FILE,
    metavar="FILE",
    help="Where refused rows go. Without it: a file for each export under BETTERWORK_HOME/quarantine.",
)
@click.option(
    "--mapping",
    type=_FILE,
    metavar="FILE",
    help="CSV with the columns code_in_file,code: declares compliance questions the tool does not know.",
)
@click.option(
    "--supersede",
    metavar="REASON",
    help="Replace assessments held with other content; the reason stays with the new document.",
)
def assessments_import_command(
    files: tuple[Path, ...],
    dry_run: bool,
    report: Path | None,
    quarantine: Path | None,
    mapping: Path | None,
    supersede: str | None,
) -> None:
    """Import assessment exports (CSV in any encoding and separator, or XLSX) and account for every row.

    Each assessment becomes one sealed document. Importing the same file again changes nothing.
    Exit status: 0 when every row was taken or was a duplicate; 1 when rows were refused (the
    others were taken) or a file is no export; 2 for wrong use.

    \b
    Examples:
      betterwork assessments import vietnam.csv
      betterwork assessments import exports/*.csv --dry-run --report reconciliation.json
      betterwork assessments import corrected.xlsx --supersede "Findings corrected after review"
    """
    from django.utils import timezone

    from betterwork.core.errors import BetterWorkError
    from betterwork.core.exports.reconciling import Reconciliation
    from betterwork.modules.assessments.services import assessments_import

    _reason_checked(supersede)
    _written_files_checked([*files, mapping], {"--report": report, "--quarantine": quarantine})
    result = Reconciliation()
    try:
        with _progress_shown() as progress:
            assessments_import(
                paths=files,
                at=timezone.now(),
                actor=actor_of_command().id,
                supersede=supersede or "",
                dry_run=dry_run,
                mapping=mapping_read(mapping) if mapping else None,
                quarantine=quarantine,
                progress=progress,
                into=result,
            )
    except (BetterWorkError, KeyboardInterrupt):
        if result.files:  # what was done before is done, and told
            _told(result, report)
        raise
    _told(result, report)
    if result.total.refused_total:
        click.echo(f"{result.total.refused_total} rows were refused; {_rest(result)}", err=True)
        sys.exit(1)


def _reason_checked(supersede: str | None) -> None:
    from betterwork.core.exports.values import is_clean_text

    if supersede is not None and not (supersede.strip() and is_clean_text(supersede)):
        raise click.BadParameter("say why: the reason stays with the new document", param_hint="--supersede")


def _written_files_checked(read: Sequence[Path | None], written: Mapping[str, Path | None]) -> None:
    """Refuse to write where it cannot work, or over a file that is read, before anything is done."""
    taken = {path.resolve() for path in read if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        folder = path.absolute().parent
        if not folder.is_dir():
            raise click.BadParameter(f"there is no folder {path.parent}", param_hint=option)
        if not os.access(path if path.exists() else folder, os.W_OK):
            raise click.BadParameter(f"{path} cannot be written: no permission", param_hint=option)
        if path.resolve() in taken:
            raise click.BadParameter(f"{path} is in use already; name another file", param_hint=option)
        taken.add(path.resolve())


def _told(result: Reconciliation, report: Path | None) -> None:
    """The reconciliation on standard output first: it must not be lost where the report cannot be written."""
    from betterwork.core.exports.judging import ascii_safe

    click.echo("\n".join(ascii_safe(line) for line in summary(result)))
    if report:
        _report_written(report, result)


@command_door(ASSESSMENTS_VERIFY)
@assessments.command("verify")
def assessments_verify_command() -> None:
    """Check every sealed assessment against its digests. Exit status 1 when anything does not hold together."""
    from betterwork.modules.assessments.models import Assessment
    from betterwork.modules.assessments.queries import assessments_faults

    faults = 0
    for fault in assessments_faults():
        faults += 1
        click.echo(fault)
    if faults:
        click.echo(f"{faults} faults", err=True)
        sys.exit(1)
    click.echo(f"{Assessment.objects.count()} assessments: every document matches its digests")


def mapping_read(path: Path) -> dict[str, str]:
    """The codes a mapping file declares. Raises :class:`BetterWorkError` naming the line that is wrong."""
    from betterwork.core.errors import BetterWorkError

    mapping: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"code_in_file", "code"} <= set(rows.fieldnames or ()):
                raise BetterWorkError(f"{path}: the header must be code_in_file,code")
            for row in rows:
                written, code = ((row[name] or "").strip() for name in ("code_in_file", "code"))
                if not written or not code or mapping.get(written, code) != code:
                    what = "leads to two codes" if written and code else "needs a code in both columns"
                    raise BetterWorkError(f"{path}, line {rows.line_num}: {written or 'the row'} {what}")
                mapping[written] = code
    except (UnicodeDecodeError, csv.Error) as error:
        raise BetterWorkError(f"{path}: not a CSV file in UTF-8 ({error})") from error
    return mapping


def summary(result: Reconciliation) -> Iterator[str]:
    """What a person is told, line by line."""
    for file in result.files:
        yield from _file_summary(file)
    total = result.total
    if len(result.files) > 1:
        yield f"total: {_row_counts(total)}"
    yield f"assessments: {_assessment_counts(total)}"
    if total.incomplete:
        yield f"incomplete: {total.incomplete} assessments lack questions of their tool version"
    if result.dry_run:
        yield "dry run: nothing was written"


def _file_summary(file: FileReconciliation) -> Iterator[str]:
    counts = file.counts
    yield f"{file.file}: {_row_counts(counts)}"
    for reason, count in counts.as_json()["refused"].items():
        yield f"  refused as {reason}: {count}"
    told = {
        "answers not asked (not applicable, not assessed or blank)": sum(counts.not_asked.values()),
        "blank facts": counts.blank_facts,
        "facts the tool does not declare": counts.undeclared_facts,
        "rows with other labels than the tool's, kept as written": counts.other_labels,
        "duplicates that say the same in other words": counts.restated,
        "blank lines": counts.blank_lines,
    }
    yield from (f"  {what}: {count}" for what, count in told.items() if count)
    yield from (f"  note: {note}" for note in file.notes)
    if file.quarantine:
        yield f"  refused rows: {file.quarantine}"


def _row_counts(counts: Counts) -> str:
    return (
        f"{counts.rows_read} rows read = {counts.taken} taken + {counts.duplicates} duplicates "
        f"+ {counts.refused_total} refused"
    )


def _assessment_counts(counts: Counts) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.assessments.items())) or "none"


def _rest(result: Reconciliation) -> str:
    if result.dry_run:
        return "nothing was written"
    return "the rest was taken" if result.total.taken else "no row was taken"


def _report_written(path: Path, result: Reconciliation) -> None:
    from betterwork.core.errors import WrongUse

    text = json.dumps(result.as_json(), indent=1, ensure_ascii=False) + "\n"
    try:
        # A file name need not be text; what is not becomes an escape that every JSON reader knows.
        path.write_bytes(text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        why = f"{path}: the report cannot be written ({error.strerror})"
        raise WrongUse(f"{why}; what standard output says was done all the same") from error


@contextmanager
def _progress_shown() -> Iterator[Progress]:
    """A progress bar on standard error for each thing that is done; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda what, done, whole: None
        return
    bars: dict[str, Any] = {}

    def show(what: str, done: int, whole: int) -> None:
        if what not in bars or done < bars[what].pos:
            for bar in bars.values():
                bar.render_finish()
            bars.clear()
            bars[what] = click.progressbar(length=whole, label=what, file=sys.stderr)
        bars[what].update(done - bars[what].pos)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.render_finish()
