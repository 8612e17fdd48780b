"""Looking for pairs among the records of a country: for jobs and commands, never for pages (DuckDB, splink)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.core.matching.records import Record
from betterwork.core.matching.scoring import SURE, score_words
from betterwork.modules.duplicates.finding import Found, model, pairs_find
from betterwork.modules.duplicates.services import Kept, NewPair, pairs_keep
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import FactoryFacts, factory_facts

_NOT_COMPARED = ("workers", "merged", "obsolete", "towns", "id")


def country_search(*, actor: str, country: str, at: datetime) -> Kept:
    """Compare all records of a country that stand for themselves, and keep what was found."""
    ids = Factory.objects.filter(country=country).order_by("pk").values_list("pk", flat=True)
    facts = {str(one.id): one for one in factory_facts(ids) if not one.merged}
    found = pairs_find(record_of(one) for one in facts.values())
    trained = model()
    new = [_new(one, facts, trained.threshold) for one in found]
    return pairs_keep(actor=actor, country=country, found=new, at=at)


def record_of(facts: FactoryFacts) -> Record:
    """What the register knows of a record, as the comparison wants it."""
    return Record(
        key=str(facts.id),
        country=facts.country,
        names=facts.names or (facts.name,),
        addresses=facts.addresses,
        owners=facts.owners,
        group=facts.group_key,
        domains=facts.contact_domains,
        numbers=facts.outside_ids,
        places=facts.places,
    )


def _new(one: Found, facts: dict[str, FactoryFacts], threshold: float) -> NewPair:
    both = sorted((facts[one.left], facts[one.right]), key=lambda fact: fact.id)
    told = [{name: value for name, value in asdict(fact).items() if name not in _NOT_COMPARED} for fact in both]
    return NewPair(
        left=both[0].id,
        right=both[1].id,
        score=one.score,
        sure=score_words(one.score, threshold) == SURE,
        reasons=tuple((reason.code, reason.weight) for reason in one.reasons),
        facts=digest(canonical_bytes_unchecked([_plain(row) for row in told])),
    )


def _plain(row: dict[str, object]) -> dict[str, object]:
    """Numbers as text, so that the same facts have the same digest everywhere."""
    return {name: value if isinstance(value, str) else repr(value) for name, value in row.items()}
