"""What each row of a list would do: add a factory, change some of it, nothing, or be refused and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import WrongUse
from betterwork.modules.countries.queries import country_named
from betterwork.modules.registry.batches import Cycle, Filling, Headcount
from betterwork.modules.registry.changing import STEPS, values_checked
from betterwork.modules.registry.lists import COLUMNS, Line, day, whole_number
from betterwork.modules.registry.models import Enrolment, Factory, Workforce
from betterwork.modules.registry.queries import pointers
from betterwork.modules.registry.rules import cycle_problem, day_problem, headcount_problem, held_on, name_says_obsolete
from betterwork.modules.registry.writing import plain, refuse, text_checked

ADDED, CHANGED, UNCHANGED, REFUSED = "added", "changed", "unchanged", "refused"
_AT_ONCE = 500
_YEARS = ("began_year",)


@dataclass(slots=True)
class Judged:
    """One row, and what it would do. ``filling`` is None where it would do nothing."""

    number: int
    verdict: str = UNCHANGED
    country: str = ""
    outside_id: str = ""
    name: str = ""
    changes: list[list[str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    filling: Filling | None = None

    def told(self) -> list[Any]:
        """What a person was shown of it, for the digest."""
        return [self.number, self.verdict, self.country, self.outside_id, self.name, self.changes, self.reasons]


@dataclass(slots=True)
class _Known:
    """What the register holds of the factories of a list."""

    factories: dict[tuple[str, str], Factory] = field(default_factory=dict)
    steps: dict[str, dict[int, list[Any]]] = field(default_factory=dict)
    counts: dict[tuple[int, date], Workforce] = field(default_factory=dict)
    cycles: dict[int, Enrolment] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)


def lines_judged(lines: Sequence[Line], *, countries: Collection[str] | None, today: date) -> list[Judged]:
    """Each row with what it would do, in the order of the file. ``countries``: whose factories may be written.

    About a dozen queries for each five hundred rows.
    """
    found: list[Judged] = []
    places: dict[tuple[str, str], int] = {}
    for begin in range(0, len(lines), _AT_ONCE):
        some = lines[begin : begin + _AT_ONCE]
        known = _known_of(some)
        for line in some:
            one = Judged(line.number, name=line.cells.get("name", "")[:500])
            try:
                _judge(one, line, known, places, countries, today)
            except WrongUse as error:
                one.reasons.append(str(error))
            if one.reasons:
                one.verdict, one.filling, one.changes = REFUSED, None, []
            found.append(one)
    return found


def digest_of(judged: Iterable[Judged]) -> str:
    """One digest for what all rows would do."""
    return digest(canonical_bytes([one.told() for one in judged]))


def _key(line: Line) -> tuple[str, str]:
    country = country_named(line.cells.get("country", ""))
    return (country.code if country else "", line.cells.get("outside_id", ""))


def _known_of(lines: Sequence[Line]) -> _Known:
    known = _Known()
    by_country: dict[str, set[str]] = defaultdict(set)
    for country, outside_id in map(_key, lines):
        by_country[country].add(outside_id)
    for country, ids in by_country.items():
        for one in Factory.objects.filter(country=country, outside_id__in=ids):
            known.factories[one.country, one.outside_id] = one
    numbers = [one.pk for one in known.factories.values()]
    standing = {"factory__in": numbers, "withdrawn_at__isnull": True}
    for word, model in STEPS.items():
        known.steps[word] = defaultdict(list)
        for row in model._base_manager.filter(**standing):
            known.steps[word][row.factory_id].append(row)
    known.counts = {(row.factory_id, row.on): row for row in Workforce.objects.filter(**standing)}
    known.cycles = {row.factory_id: row for row in Enrolment.objects.filter(**standing).order_by("cycle")}
    known.merged = pointers(numbers)
    return known


def _judge(
    one: Judged,
    line: Line,
    known: _Known,
    places: dict[tuple[str, str], int],
    countries: Collection[str] | None,
    today: date,
) -> None:
    one.reasons += line.problems
    one.country, one.outside_id = _key(line)
    if not one.country:
        raise WrongUse(_("no country programme is called “%(text)s”") % {"text": line.cells.get("country", "")[:40]})
    if countries is not None and one.country not in countries:
        raise WrongUse(_("the register of this country is not yours to write"))
    one.outside_id = text_checked(one.outside_id, 64, what=_("number"))
    one.name = text_checked(one.name, 500, what=_("name"))
    if not one.outside_id or not one.name:
        raise WrongUse(_("a factory has a number and a name"))
    before = places.setdefault((one.country, one.outside_id), line.number)
    if before != line.number:
        raise WrongUse(_("row %(row)s speaks of this factory already") % {"row": before})
    factory = known.factories.get((one.country, one.outside_id))
    if factory is not None and factory.pk in known.merged:
        raise WrongUse(_("this record was merged into another one"))
    _fill(one, line, factory, known, today)


def _fill(one: Judged, line: Line, factory: Factory | None, known: _Known, today: date) -> None:
    new = factory is None
    row = factory or Factory(
        country=one.country, outside_id=one.outside_id, name=one.name, obsolete=name_says_obsolete(one.name)
    )
    filling = Filling(row, new=new)
    for part in (_steps_filled, _workforce_filled, _cycle_filled):
        try:
            part(one, filling, line.cells, known, today)
        except WrongUse as error:
            one.reasons.append(str(error))
    if new:
        one.verdict = ADDED
        one.filling = filling
    elif one.changes:
        one.verdict, one.filling = CHANGED, filling


def _steps_filled(one: Judged, filling: Filling, cells: Mapping[str, str], known: _Known, today: date) -> None:
    since = day(cells["since"]) if "since" in cells else None
    refuse(day_problem(since, today))
    if not filling.new and since is None:
        since = today
    for word, given in _said(cells).items():
        steps = known.steps[word][filling.factory.pk] if not filling.new else []
        held = held_on(steps, since or date.min)
        before = held.said() if held is not None else {}
        if word == "name" and held is None and not filling.new:
            before = {"name": filling.factory.name}
        if word == "standing" and (held.state if held else "open") == given["state"]:
            continue
        if word == "standing" and since is None:
            raise WrongUse(_("say since when it is closed, in the column since"))
        said = values_checked(word, {**before, **given}, today)
        if said == before:
            continue
        one.changes += [
            [_heading(word, name), _text(before.get(name)), _text(said[name])]
            for name in said
            if _text(before.get(name)) != _text(said[name])
        ]
        filling.steps.append((word, since, said))


def _said(cells: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The values of each step that a row speaks of; an empty cell says nothing, and what holds goes on."""
    found: dict[str, dict[str, Any]] = {"name": {"name": cells["name"]}}
    for column, text in cells.items():
        word, point, name = column.partition(".")
        if point:
            value: Any = whole_number(text) if name in _YEARS else day(text) if name == "terms_signed_on" else text
            found.setdefault(word, {})[name] = value
    if "standing" in cells:
        found["standing"] = {"state": cells["standing"].casefold()}
    if "exporting" in found and "state" in found["exporting"]:
        found["exporting"]["state"] = _exporting(found["exporting"]["state"])
    buyers = [
        {"name": cells.get(f"buyer_{n}", ""), "organisation": "", "since_year": _year(cells.get(f"buyer_{n}_since"))}
        for n in (1, 2, 3)
    ]
    if any(one["name"] or one["since_year"] for one in buyers):
        named = [one for one in buyers if one["name"] or one["since_year"]]
        found.setdefault("registration", {})["buyers"] = named
    return found


def _exporting(text: str) -> str:
    words = {"yes": "exports", "no": "does-not", "exports": "exports", "does not": "does-not", "exempt": "exempt"}
    return words.get(text.casefold(), text.casefold())


def _year(text: str | None) -> int | None:
    return whole_number(text) if text else None


def _workforce_filled(one: Judged, filling: Filling, cells: Mapping[str, str], known: _Known, today: date) -> None:
    if not {"women", "men", "counted_on"} & set(cells):
        return
    if not {"women", "men", "counted_on"} <= set(cells):
        raise WrongUse(_("a headcount has its women, its men, and the day in the column counted on"))
    on, women, men = day(cells["counted_on"]), whole_number(cells["women"]), whole_number(cells["men"])
    refuse(day_problem(on, today) or headcount_problem(women, men, 0, {}))
    before = known.counts.get((filling.factory.pk or 0, on))
    if before is not None and (before.women, before.men, before.not_said) == (women, men, 0):
        return
    was = f"{before.women} + {before.men}" if before else ""
    one.changes.append([f"workforce {on.isoformat()}", was, f"{women} + {men}"])
    filling.workforce.append(Headcount(on, women, men))


def _cycle_filled(one: Judged, filling: Filling, cells: Mapping[str, str], known: _Known, today: date) -> None:
    if not {"cycle", "enrolled_on"} & set(cells):
        return
    if "enrolled_on" not in cells:
        raise WrongUse(_("a cycle has its first day, in the column enrolled on"))
    last = known.cycles.get(filling.factory.pk or 0)
    starts = day(cells["enrolled_on"])
    cycle = whole_number(cells["cycle"]) if "cycle" in cells else (last.cycle if last else 1)
    if last is not None and (last.cycle, last.starts) == (cycle, starts):
        return
    if last is not None and last.ends is None:
        raise WrongUse(_("cycle %(cycle)s still runs: end it on the factory's page first") % {"cycle": last.cycle})
    before = (last.cycle, last.starts, last.ends) if last else None
    refuse(day_problem(starts, today) or cycle_problem(cycle=cycle, starts=starts, before=before))
    one.changes.append(["cycle", str(last.cycle) if last else "", f"{cycle}, {starts.isoformat()}"])
    filling.cycles.append(Cycle(cycle, starts))


def _heading(word: str, name: str) -> str:
    """What a value is called in the list's own headings."""
    return COLUMNS.get(f"{word}.{name}", (name.replace("_", " "),))[0]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{one.get('name', '')} {one.get('since_year') or ''}".strip() for one in value)
    return "" if value is None else str(plain(value))
