"""Taking a list of factories in: given, looked through row by row, shown, and then taken or left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.files.services import file_store
from betterwork.foundation.files.storing import bytes_read
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.registry.batches import factories_fill
from betterwork.modules.registry.judging import ADDED, CHANGED, Judged, digest_of, lines_judged
from betterwork.modules.registry.lists import Line, lines_of
from betterwork.modules.registry.models import FactoryImport, ImportRow
from betterwork.modules.registry.writing import text_checked

AT_ONCE = 500
"""Rows that are taken while the page waits; more are a job."""
REASON = "from a list"


def _subject(given: FactoryImport) -> str:
    return f"factory-list {given.pk}"


def _state(given: FactoryImport) -> dict[str, Any]:
    counts = {name: getattr(given, name) for name in ("added", "changed", "unchanged", "refused")}
    return {"file": given.file_id, "state": given.state, "rows": given.digest, **counts}


def list_give(
    *, actor: str, content: bytes | IO[bytes], name: str, countries: Collection[str] | None, at: datetime
) -> FactoryImport:
    """Look a list through, row by row, and keep what each row would do; nothing is written to the register yet.

    ``countries``: whose factories may be written, None for all. Raises FileRefused for a file that is not taken and
    WrongUse for one that is no list of factories.
    """
    stored = file_store(content=content, at=at)  # before the transaction: looking into a large workbook takes seconds
    lines = lines_of(b"".join(bytes_read(stored.digest, encrypted=stored.encrypted)))
    judged = lines_judged(lines, countries=countries, today=at.date())
    return _list_kept(actor=actor, stored=stored, name=name, judged=judged, at=at)


@audited("factories.list.given", subject=_subject, state=_state)
def _list_kept(*, actor: str, stored: Any, name: str, judged: list[Judged], at: datetime) -> FactoryImport:
    given = FactoryImport(file=stored, name=_name(name), made_by=actor, made_at=at, state=FactoryImport.READ)
    for verdict in ("added", "changed", "unchanged", "refused"):
        setattr(given, verdict, sum(one.verdict == verdict for one in judged))
    given.digest = digest_of(judged)
    given.save(force_insert=True)
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                of=given,
                number=one.number,
                verdict=one.verdict,
                country=one.country,
                outside_id=one.outside_id[:64],
                name=one.name,
                changes=one.changes,
                reasons=one.reasons,
            )
            for one in judged
        ],
        batch_size=500,
    )
    return given


def _name(name: str) -> str:
    try:
        return text_checked(name, 200) or _("List")
    except WrongUse:
        return _("List")


def list_take(*, actor: str, given: FactoryImport, countries: Collection[str] | None, at: datetime) -> FactoryImport:
    """Take a list as it was shown: at once where it is short, else by a job that says how far it is.

    Raises WrongUse where it was taken already, where nothing would change, and where a row would do something else by
    now than what was shown: then nothing was written.
    """
    if given.added + given.changed > AT_ONCE:
        return _list_taking(actor=actor, given=given, countries=countries, at=at)
    return _list_taken(actor=actor, given=given, countries=countries, at=at)


@audited("factories.list.taken", subject=_subject, state=_state, of="given")
def _list_taken(*, actor: str, given: FactoryImport, countries: Collection[str] | None, at: datetime) -> FactoryImport:
    found = _untaken(given)
    fillings = [one.filling for one in checked(found, countries, at) if one.filling is not None]
    factories_fill(actor=actor, fillings=fillings, reason=REASON, at=at)
    found.state, found.taken_at = FactoryImport.TAKEN, at
    found.save(update_fields=["state", "taken_at"])
    return found


@audited("factories.list.taken", subject=_subject, state=_state, of="given")
def _list_taking(*, actor: str, given: FactoryImport, countries: Collection[str] | None, at: datetime) -> FactoryImport:
    from betterwork.modules.registry.jobs import factories_list_take

    found = _untaken(given)
    found.state = FactoryImport.TAKING
    found.save(update_fields=["state"])
    arguments = {"given": found.pk, "countries": None if countries is None else sorted(countries)}
    job_enqueue(task=factories_list_take, actor=actor, arguments=arguments, key=f"list {found.pk}", at=at)
    return found


def _untaken(given: FactoryImport) -> FactoryImport:
    found = FactoryImport.objects.select_for_update().get(pk=given.pk)
    if found.state == FactoryImport.TAKEN or found.state == FactoryImport.TAKING:
        raise WrongUse(_("This list was taken already."))
    if not found.added + found.changed:
        raise WrongUse(_("Nothing of this list would change the register."))
    return found


def lines_kept(given: FactoryImport) -> list[Line]:
    """The rows of the file of a list, read anew."""
    return lines_of(b"".join(bytes_read(given.file.digest, encrypted=given.file.encrypted)))


def checked(given: FactoryImport, countries: Collection[str] | None, at: datetime) -> list[Judged]:
    """What each row would do now. Raises WrongUse where that is not what was shown."""
    judged = lines_judged(lines_kept(given), countries=countries, today=at.date())
    if not same_as_shown(given, judged):
        raise WrongUse(_("The register changed since you looked: give the list again, and look at what it does now."))
    return judged


def same_as_shown(given: FactoryImport, judged: list[Judged]) -> bool:
    """Whether each row would still do what was shown."""
    return digest_of(judged) == given.digest


@transaction.atomic
def part_take(
    *, actor: str, given: FactoryImport, lines: list[Line], countries: Collection[str] | None, at: datetime
) -> int:
    """Take some rows of a long list, those that were shown as written; return how many factories were."""
    shown = ImportRow.objects.filter(of=given, verdict__in=(ADDED, CHANGED), number__in=[one.number for one in lines])
    wanted = set(shown.values_list("number", flat=True))
    lines = [one for one in lines if one.number in wanted]
    judged = lines_judged(lines, countries=countries, today=at.date())
    fillings = [one.filling for one in judged if one.verdict in (ADDED, CHANGED) and one.filling is not None]
    return factories_fill(actor=actor, fillings=fillings, reason=REASON, at=at) if fillings else 0


@transaction.atomic
def list_end(*, actor: str, given: FactoryImport, problem: str, at: datetime) -> None:
    """Mark a list as taken, or as not taken and why: the last step of its job."""
    given.state = FactoryImport.FAILED if problem else FactoryImport.TAKEN
    given.problem, given.taken_at = problem[:500], None if problem else at
    given.save(update_fields=["state", "problem", "taken_at"])
