"""The worked example: a concern of Viet Nam, simulated. Nobody saw any of this."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from betterwork.modules.alerts.models import Concern, NamedPerson
from betterwork.modules.alerts.naming import named_enter
from betterwork.modules.alerts.services import concern_raise

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
SINCE = date(2026, 1, 1)
ID = f"{7:032x}"
WORDS = "SIMULATED two-children-at-the-cutting-table on the second floor"
DONE = "SIMULATED went-to-see-the-manager with the partner"
WHY = "SIMULATED the-papers-were-looked-at and they are of age"


def name(cast: Any, *words: str, country: str = "VN") -> list[NamedPerson]:
    """Name persons of the cast for the concerns of a country."""
    return [
        named_enter(actor=cast.person("manager").public_id, country=country, person=cast.person(word).public_id,
                    first=SINCE, at=AT)
        for word in words
    ]  # fmt: skip


def raised(cast: Any, by: str = "advisor", **more: Any) -> Concern:
    """A concern as an advisor of Viet Nam raises it."""
    given: dict[str, Any] = {
        "concern_id": ID,
        "country": "VN",
        "factory": None,
        "kind": "child-below-minimum-age",
        "certainty": "suspicion",
        "words": WORDS,
        "where": "question:CHL-1-01",
        "made_on": AT.date(),
        "at": AT,
    } | more
    return concern_raise(actor=cast.person(by).public_id, **given)
