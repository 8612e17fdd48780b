"""How factories are shown, and to whom."""

from __future__ import annotations

from betterwork.foundation.audiences.names import FACTORY, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.registry.models import Factory


def _country(factory: Factory) -> str:
    return country_title(factory.country)


def _key(factory: Factory) -> str:
    return f"{factory.country}/{factory.outside_id}"


_FIELDS = ("id", "name", "outside_id", "obsolete", "country")
_DERIVED = {
    "country_name": Derived(("country",), _country),
    "key": Derived(("country", "outside_id"), _key),
}

FACTORY_FOR_STAFF = Presentation(
    "factory for the programme", model=Factory, audience=PROGRAMME, fields=_FIELDS, derived=_DERIVED
)
FACTORY_FOR_ITSELF = Presentation(
    "factory for itself", model=Factory, audience=FACTORY, fields=_FIELDS, derived=_DERIVED
)
