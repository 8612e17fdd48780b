"""Reading the register: factories counted, and whether all this is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from betterwork.modules.countries.queries import countries, country_title
from betterwork.modules.registry.models import Factory

SIMULATED_MARK = "SIMULATED"


def simulated() -> bool:
    """Whether this instance holds simulated data only, which every page and document must then say."""
    return (Path(settings.BETTERWORK_HOME) / SIMULATED_MARK).is_file()


@dataclass(frozen=True, slots=True)
class CountryCount:
    """How many factories of a country are in the register, and how many of them still take part."""

    name: str
    code: str
    taking_part: int
    obsolete: int


def factories_by_country(rows: QuerySet[Factory]) -> list[CountryCount]:
    """The factories among ``rows`` counted by country, in the countries' order. One query."""
    counted = {
        row["country"]: row
        for row in rows.order_by()
        .values("country")
        .annotate(taking_part=Count("pk", filter=Q(obsolete=False)), gone=Count("pk", filter=Q(obsolete=True)))
    }
    return [
        CountryCount(country_title(one.code), one.code, counted[one.code]["taking_part"], counted[one.code]["gone"])
        for one in countries()
        if one.code in counted
    ]
