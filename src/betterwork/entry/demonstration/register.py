"""What the register of the demonstration knows of each SIMULATED factory, and a few that are entered twice.

The exports end in 2016; the register is kept on to the day on which the demonstration is made. All else is drawn
from the plan's seed, so that the same factory has the same owner, town and workers each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from anyascii import anyascii

from betterwork.entry.demonstration.export import factories_of, generator_of
from betterwork.entry.demonstration.names import LATIN, OBSOLETE
from betterwork.entry.demonstration.plan import CountryPlan, Plan
from betterwork.entry.demonstration.schedule import Factories, Visits
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import Cycle, Filling, Headcount, factories_fill, sector_total_set

SOURCE = "SIMULATED: invented for the demonstration"
BEFORE_THE_VISIT = timedelta(days=110)
"""A cycle begins before its assessment: advice comes first."""
YEAR = timedelta(days=365)
LEFT_EVERY = 13
"""Every so many factories stop taking part when the exports end or some years later, and work on; some export."""
TOWNS = (
    "Riverside",
    "Hillfoot",
    "Old Port",
    "New Town",
    "Crossing",
    "Saltfield",
    "Twin Bridges",
    "Long Meadow",
    "Quarry",
)
OWNERS = tuple(
    words.split()
    for words in (
        "Amber Bamboo Cedar Delta Ember Fern Garnet Harbour Indigo Jasmine Kestrel",
        "Lotus Marble Nutmeg Orchid Pearl Quartz Reed Saffron Teak Umber Violet Willow",
        "Anchor Beacon Compass Dolphin Eagle Falcon Gazelle Heron Ibis Jaguar Koel Lark Moth",
    )
)
"""Words of owners' names: eleven, twelve and thirteen; a number picks one of each, so that no two are called alike."""
PRODUCTS = ("Shirts", "Trousers", "Knitwear", "Jackets", "Sportswear", "Underwear", "Workwear", "Footwear")
BUYERS = ("simulated-buyer", "simulated-buyer-two", "simulated-buyer-three")
TWICE = {"VN": 4, "KH": 2, "BD": 1, "JO": 1}
"""How many factories of a country are entered twice, besides the first, which is written in the local script."""
TWICE_FROM = 9001
"""Outside ids of the second records: no factory of the plan is numbered so high."""
SECTOR = 1.45
"""The whole sector, as a multiple of the factories that were ever assessed."""


def register_fill(plan: Plan, at: datetime) -> int:
    """Write what the register knows of the factories that were imported, and the totals of each sector.

    Returns how many factories were written. One entry of the ledger says so, and one for each total.
    """
    fillings: list[Filling] = []
    for country in plan.countries:
        factories, visits, closed = factories_of(plan, country)
        known = {one.outside_id: one for one in Factory.objects.filter(country=country.code)}
        made = list(_fillings(plan, country, factories, visits, closed, known, at.date()))
        fillings += [*made, *_second_records(country.code, made)]
        _totals(plan, country, factories, at)
    if not fillings:
        return 0
    return factories_fill(actor=OPERATOR, fillings=fillings, reason=SOURCE, at=at)


def _fillings(
    plan: Plan,
    country: CountryPlan,
    factories: Factories,
    visits: Visits,
    closed: np.ndarray,
    known: Mapping[str, Factory],
    today: date,
) -> Iterator[Filling]:
    generator = generator_of(plan, plan.countries.index(country), "register")
    for place, number in enumerate(factories.outside_id.tolist()):
        draws = generator.random(8)
        factory = known.get(str(number))
        if factory is None:
            continue
        rows = np.flatnonzero(visits.factory == place)
        begun = [(int(visits.cycle[row]), visits.day[row].item() - BEFORE_THE_VISIT) for row in rows]
        cycles = cycles_of(begun, today, leaves=_leaves(plan, place, begun[-1][1], closed=bool(closed[place])))
        filling = Filling(factory, steps=_steps(country.code, place, number, begun[0][1], draws), cycles=cycles)
        if closed[place] and cycles[-1].ends is not None:
            filling.steps.append(("standing", cycles[-1].ends + timedelta(days=1), {"state": "closed"}))
        workers, women = int(factories.workers[place]), int(factories.women[place])
        filling.workforce = [_headcount(workers, women, turn, draws[6]) for turn in cycles]
        yield filling


def _leaves(plan: Plan, place: int, last: date, *, closed: bool) -> date | None:
    """The last day on which a factory takes part: it closed, or it left when the exports end or some years later."""
    if closed:
        return min(last + YEAR, plan.ends)
    return plan.ends + place // LEFT_EVERY % 6 * YEAR if place % LEFT_EVERY == LEFT_EVERY - 1 else None


def cycles_of(begun: list[tuple[int, date]], today: date, *, leaves: date | None) -> list[Cycle]:
    """Cycles from their numbers and first days: they go on year by year until today, or the day of leaving.

    Each ends the day before the next; one that runs has no last day.
    """
    turns = list(begun)
    while turns[-1][1] + YEAR < (leaves or today):
        turns.append((turns[-1][0] + 1, turns[-1][1] + YEAR))
    following = [start - timedelta(days=1) for _number, start in turns[1:]]
    return [Cycle(number, start, end) for (number, start), end in zip(turns, [*following, leaves], strict=True)]


def _headcount(workers: int, women: int, turn: Cycle, draw: float) -> Headcount:
    """Workers of a cycle's first day: a little more or fewer each year; contracts told apart in even cycles."""
    count = max(40, round(workers * (0.94 + 0.02 * turn.cycle * draw)))
    by_sex = [round(count * women / 100), count - round(count * women / 100), 0]
    if turn.cycle % 2:
        return Headcount(turn.starts, by_sex[0], by_sex[1])
    short, sent, learning = ([one // part for one in by_sex] for part in (6, 15, 40))
    rest = [one - a - b - c for one, a, b, c in zip(by_sex, short, sent, learning, strict=True)]
    contracts = {"permanent": rest, "fixed-term": short, "agency": sent, "apprentice": learning}
    return Headcount(turn.starts, by_sex[0], by_sex[1], by_contract=contracts)


def _steps(
    code: str, place: int, number: int, joined: date, draws: np.ndarray
) -> list[tuple[str, date | None, Mapping[str, Any]]]:
    """Registration form of a factory: where, whose, what it makes and for whom, whether it exports."""
    town = f"Simulated {TOWNS[int(draws[0] * len(TOWNS))]}"
    legal = " ".join(words[number % len(words)] for words in OWNERS)
    site = {
        "lines": f"Plot {number}, Road {1 + int(draws[1] * 60)}",
        "town": town,
        "region": f"Simulated Region {code}",
    }
    owner = {"organisation": "", "legal_name": f"Simulated {legal}", "headquarters": town}
    if place in (17, 23):  # two of one owner: alike, and two factories
        owner = {"organisation": f"owner-{code.lower()}", "legal_name": "", "headquarters": "Simulated Capital"}
    exports = "exports" if draws[2] < 0.92 else "does-not" if draws[2] < 0.97 else "exempt"
    products = (PRODUCTS[int(draws[3] * len(PRODUCTS))], PRODUCTS[int(draws[4] * len(PRODUCTS))])
    registration = {
        "terms_signed_on": joined,
        "isic_section": "C",
        "isic_division": "15" if products[0] == "Footwear" else "14",
        "began_year": joined.year - int(draws[5] * 15),
        "product_1": products[0],
        "product_2": products[1] if products[1] != products[0] else "",
        "buyers": [{"organisation": BUYERS[int(draws[7] * len(BUYERS))], "since_year": joined.year}],
    }
    steps: list[tuple[str, date | None, Mapping[str, Any]]] = [
        ("site", joined, site),
        ("ownership", joined, owner),
        ("exporting", joined, {"state": exports, "source": SOURCE}),
        ("registration", joined, registration),
    ]
    if place % 15 == 4:
        steps.append(("group", joined, {"organisation": "simulated-group", "name": ""}))
    return steps


def _second_records(code: str, made: list[Filling]) -> Iterator[Filling]:
    """A few factories as somebody entered them a second time: spelled otherwise, at the same place."""
    plain = [one for one in made if one.factory.name == LATIN.format(int(one.factory.outside_id))]
    wanted = [*made[:1], *plain][: 1 + TWICE[code]] if code in TWICE else []
    for place, one in enumerate(wanted):
        said = {word: dict(values) for word, _since, values in one.steps if word in ("site", "ownership")}
        name = spelled_otherwise(one.factory.name, place)
        said["site"]["lines"] = said["site"]["lines"].replace("Road", "Rd.")
        since = one.cycles[0].starts + timedelta(days=200)
        factory = Factory(country=code, outside_id=str(TWICE_FROM + place), name=name)
        steps: list[tuple[str, date | None, Mapping[str, Any]]] = [("name", since, {"name": name})]
        yield Filling(factory, steps=[*steps, *((word, since, values) for word, values in said.items())], new=True)


def spelled_otherwise(name: str, way: int) -> str:
    """A name as another person writes it: in Latin letters, with the firm's form, in capitals, with a slip."""
    if not name.isascii():
        return f"Simulated {anyascii(name.removesuffix(OBSOLETE))}"
    return (f"{name} Co., Ltd", name.upper(), name.replace("Garments", "Garment"), f"{name} Company Limited")[way % 4]


def _totals(plan: Plan, country: CountryPlan, factories: Factories, at: datetime) -> None:
    """How large the sector is: when the programme began there, and in the last year of the exports."""
    count, workers = country.factories * SECTOR, int(factories.workers.sum()) * SECTOR
    for on, share in ((date(country.begins.year, 1, 1), 0.7), (date(plan.ends.year, 1, 1), 1.0)):
        sector_total_set(
            actor=OPERATOR,
            country=country.code,
            on=on,
            factories=round(count * share),
            workers=round(workers * share / 1000) * 1000,
            source=SOURCE,
            at=at,
        )
