"""Making figures: for every country from one set of documents, and for a window that somebody asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from betterwork import __version__
from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import BetterWorkError
from betterwork.foundation.ledger.rules import AUDIT, OPERATOR
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.countries.queries import setting
from betterwork.modules.evidence.figures.declaring import Rule, aggregates_of
from betterwork.modules.evidence.figures.files import file_read, file_write, files_sweep
from betterwork.modules.evidence.models import Asked, Figures

MADE = "evidence.figures.made"
SAFE = "aggregates"
Progress = Callable[[int, int, str], None]


def figures_make(
    *, actor: str = OPERATOR, at: datetime, snapshot: str = "", progress: Progress | None = None
) -> list[Figures]:
    """Make the figures of every country that has assessments, from the newest build or a sealed snapshot.

    A country whose assessments, tool and rules are those of last time is not counted again. Commits country by
    country; killed at any moment, each has its old figures or its new ones. ``progress`` is told (done, of, country).
    Raises :class:`BetterWorkError` when there is no store, :class:`WrongUse` for an unknown snapshot.
    """
    from betterwork.modules.evidence.queries import store_open

    made = []
    with store_open(snapshot or None) as store:
        codes = store.countries_here()
        for number, country in enumerate(codes):
            if progress:
                progress(number, len(codes), country)
            made.append(_country_make(store, country, snapshot=snapshot, actor=actor, at=at))
        if progress:
            progress(len(codes), len(codes), "")
    with transaction.atomic():
        gone = Figures.objects.filter(snapshot=snapshot).exclude(country__in=codes)
        gone.delete()
    figures_sweep()
    return made


def figures_sweep() -> int:
    """Take away the files that no figures name any more; return how many."""
    named = {name for parts in Figures.objects.values_list("parts", flat=True) for name in parts.values()}
    return files_sweep(named | set(Asked.objects.values_list("file", flat=True)))


def _country_make(store: Any, country: str, *, snapshot: str, actor: str, at: datetime) -> Figures:
    from betterwork.modules.evidence.figures.content import figures_parts

    key = f"{country}@{snapshot}" if snapshot else country
    rule = _rule(country, at)
    inputs = _inputs(store, country, rule)
    held = Figures.objects.filter(key=key).first()
    if held is not None and held.inputs == inputs and _whole(held.parts):
        parts = held.parts
    else:
        parts = {name: file_write(content) for name, content in figures_parts(store, country)}
        safe = aggregates_of(store, country, rule) if rule else None
        if safe is not None:
            parts[SAFE] = file_write(dict(safe))
    values = {
        "country": country,
        "snapshot": snapshot,
        "set_digest": store.build.set_digest,
        "taken_at": store.build.taken_at,
        "documents": store.build.documents,
        "code_version": __version__,
        "newest": store.build.newest,
        "digest": digest(canonical_bytes([country, parts])),
        "inputs": inputs,
        "parts": parts,
        "minimum_group": rule.minimum if rule and SAFE in parts else 0,
        "made_at": at,
    }
    with transaction.atomic():
        row, _new = Figures.objects.update_or_create(key=key, defaults=values)
        content = {"set_digest": row.set_digest, "figures": row.digest, "again": held is not None}
        entry_append(kind=AUDIT, action=MADE, actor=actor, subject=f"figures {key}", content=content, at=at)
    return row


def _rule(country: str, at: datetime) -> Rule | None:
    """The country's rule for small groups on the day; None where nobody set one, and then nothing leaves."""
    try:
        found = setting(country, "minimum_group", at.date())
    except LookupError:
        return None
    return Rule(int(found.value), found.source)


def _inputs(store: Any, country: str, rule: Rule | None) -> str:
    """What a country's figures are made from, as a digest: nothing else changes them."""
    from betterwork.modules.evidence.figures.content import SCHEMA

    partitions = sorted(one.name for one in store.build.partitions if one.country == country)
    said = [rule.minimum, rule.source] if rule else []
    return digest(canonical_bytes([SCHEMA, __version__, store.build.dimensions.digest, partitions, said]))


def _whole(parts: Any) -> bool:
    return isinstance(parts, dict) and bool(parts) and all(file_read(name) is not None for name in parts.values())


def window_make(*, asked: str, at: datetime) -> Asked:
    """Compute what was asked for from the newest build. Raises :class:`BetterWorkError` when there is no store."""
    from betterwork.modules.evidence.figures.content import period_part
    from betterwork.modules.evidence.queries import Choice, store_open

    row = Asked.objects.filter(pk=asked).first()
    if row is None:
        raise BetterWorkError("what was asked for is not there any more: ask again")
    choice = Choice(country=row.country, start=row.starts, end=row.ends, cycle=row.cycle)
    with store_open() as store:
        name = file_write(period_part(store, choice))
        stamp = store.stamp
    with transaction.atomic():
        Asked.objects.filter(pk=row.pk).update(
            file=name,
            made_at=at,
            set_digest=stamp.digest,
            taken_at=stamp.taken_at,
            documents=stamp.documents,
            code_version=stamp.code_version,
        )
    row.refresh_from_db()
    return row
