"""Reading pairs: which wait, and the two records side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.templatetags.formats import number
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.words import AGAINST, SAYS, reason_says, reason_words
from betterwork.modules.registry.models import Enrolment, Workforce
from betterwork.modules.registry.queries import FactoryFacts, factory_facts


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of both records, and what the comparison says of it: words, and the kind of the tag beside them."""

    title: str
    left: str
    right: str
    reason: str = ""
    says: str = ""
    kind: str = ""


def pairs_waiting(rows: QuerySet[Pair], on: date) -> QuerySet[Pair]:
    """Those of ``rows`` that wait for somebody on a day; the same as ``rules.waits``."""
    return rows.filter(Q(later_until__isnull=True) | Q(later_until__lte=on), state=Pair.OPEN)


def pair_called(text: str, rows: QuerySet[Pair]) -> Pair:
    """The pair among ``rows`` with this id, or the beginning of it. Raises WrongUse for none and for several."""
    found = list(rows.filter(id__startswith=text.strip().lower())[:2]) if text.strip() else []
    if len(found) != 1:
        raise WrongUse(
            f"{'no pair' if not found else 'more than one pair'} of yours has an id that begins with {text!r}"
        )
    return found[0]


def side_by_side(pair: Pair) -> list[Line]:
    """What is known of both records now, and what agreed and differed when they were compared."""
    by_id = {one.id: one for one in factory_facts([pair.left_id, pair.right_id])}
    left, right = by_id[pair.left_id], by_id[pair.right_id]
    said = {code.partition(".")[0]: (code, weight) for code, weight in pair.reasons}
    lines = [_line(title, show(left), show(right), said, names) for title, names, show in _things()]
    lines += [Line(title, kept.get(left.id, ""), kept.get(right.id, "")) for title, kept in _kept_of(left, right)]
    return [line for line in lines if line.left or line.right or line.reason]


def _kept_of(left: FactoryFacts, right: FactoryFacts) -> tuple[tuple[str, dict[int, str]], ...]:
    """How many cycles and headcounts each record has: the one with more is commonly the one that stays. Two queries."""
    standing = {"factory__in": (left.id, right.id), "withdrawn_at__isnull": True}
    counted = (
        (title, model._base_manager.filter(**standing).order_by().values_list("factory").annotate(number=Count("pk")))
        for title, model in ((_("Cycles"), Enrolment), (_("Headcounts"), Workforce))
    )
    return tuple((title, {factory: number(count) for factory, count in rows}) for title, rows in counted)


def _line(title: str, left: str, right: str, said: dict[str, Any], names: tuple[str, ...]) -> Line:
    told = [said[name] for name in names if name in said]
    if not told:
        return Line(title, left, right)
    weight = max((one[1] for one in told), key=abs)
    overall = reason_says(weight)
    words, kind = SAYS[overall]
    parts = [
        f"{reason_words(code)}: {SAYS[AGAINST][0]}" if reason_says(given) == AGAINST != overall else reason_words(code)
        for code, given in told
    ]
    return Line(title, left, right, "; ".join(parts), str(words), kind)


def _things() -> tuple[Any, ...]:
    # Imported when a pair is looked at: a web worker shall not hold what compares names before anybody asks.
    from betterwork.core.matching.reading import name_read

    return (
        (_("Name"), ("name", "only", "kind"), lambda one: _joined(reversed(one.names or (one.name,)))),
        (_("Unit"), ("unit",), lambda one: name_read(one.name).unit),
        (_("Number in its country"), (), lambda one: one.outside_id),
        (_("Address"), ("address",), lambda one: _joined(one.addresses)),
        (_("On the map"), ("place",), lambda one: _joined(f"{north:.4f}, {east:.4f}" for north, east in one.places)),
        (_("Owner"), ("owner",), lambda one: _joined(one.owners)),
        (_("Group"), ("group",), lambda one: one.group),
        (
            _("Numbers elsewhere"),
            ("number",),
            lambda one: _joined(f"{system} {number}" for system, number in one.outside_ids),
        ),
        (_("Internet domain of contacts"), ("domain",), lambda one: _joined(one.contact_domains)),
        (_("Workers"), (), _workers),
    )


def _workers(one: FactoryFacts) -> str:
    return number(one.workers)


def _joined(values: Iterable[str]) -> str:
    return " · ".join(values)
