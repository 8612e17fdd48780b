"""The organisations of the demonstration, made by the services that anybody's pages use. None of them exists."""

from __future__ import annotations

from datetime import date, datetime

from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.countries.queries import countries
from betterwork.modules.organisations.models import Organisation
from betterwork.modules.organisations.services import membership_enter, organisation_add, organisation_rename

OF_THE_WORLD = (
    ("simulated-buyer", "buyer", "Simulated Buyer One"),
    ("simulated-buyer-two", "buyer", "Simulated Buyer Two"),
    ("simulated-buyer-three", "buyer", "Simulated Buyer Three"),
    ("simulated-donor", "donor", "Simulated Donor"),
    ("simulated-global-union", "global-union", "Simulated Global Union Federation"),
    ("simulated-research", "research", "Simulated Research Partner"),
    ("simulated-service", "service", "Simulated Training Partner"),
    ("simulated-group", "group", "Simulated Group of Factories"),
    ("ilo", "ilo", "International Labour Organization"),
    ("ifc", "ifc", "International Finance Corporation"),
)
OF_A_COUNTRY = (
    ("ministry", "government", "Simulated Ministry of Labour"),
    ("inspectorate", "inspectorate", "Simulated Labour Inspectorate"),
    ("employers", "employers", "Simulated Association of Garment Manufacturers"),
    ("union", "workers", "Simulated Union of Garment Workers"),
    ("union-two", "workers", "Simulated Federation of Free Trade Unions"),
    ("owner", "owner", "Simulated Garment Company"),
)


def organisations_make(at: datetime) -> list[Organisation]:
    """Enter them: some of the world, some of each country, unions in the global federation, one with a former name."""
    found = {
        key: organisation_add(actor=OPERATOR, key=key, kind=kind, level="global", name=name, at=at)
        for key, kind, name in OF_THE_WORLD
    }
    for country in countries():
        for word, kind, name in OF_A_COUNTRY:
            key = f"{word}-{country.code.lower()}"
            found[key] = organisation_add(
                actor=OPERATOR,
                key=key,
                kind=kind,
                name=f"{name}, {country.name}",
                level="national",
                country=country.code,
                at=at,
            )
        for word, group in (("union", "simulated-global-union"), ("owner", "simulated-group")):
            member = found[f"{word}-{country.code.lower()}"]
            membership_enter(actor=OPERATOR, member=member, group=found[group], source="Simulated", at=at)
    renamed = found["employers-vn"]
    name = "Simulated Association of Garment and Footwear Manufacturers, Viet Nam"
    organisation_rename(actor=OPERATOR, organisation=renamed, name=name, first=date(2014, 1, 1), at=at)
    return list(found.values())
