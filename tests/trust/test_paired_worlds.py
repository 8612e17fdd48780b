"""Two worlds that differ only in what an audience may not see give it the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import EVERYTHING
from django.core import mail

from tests.trust.acting import everything_is_mailed, mailed_once, mails_to
from tests.trust.crawl import Given, ask, commands_given, contributions_given, pages_given
from tests.trust.pairing import HIDDEN, difference, vary
from tests.trust.ways import ways
from tests.trust.world import World, as_it_was

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("P5")]

ONE_OF_EACH = {
    "public": "stranger",
    "public, paying": "donor",
    "own person": "nobody",
    "buyer": "buyer",
    "factory": "factory",
    "committee": "committee",
    "authority": "inspector",
    "programme, one country": "abroad",
    "programme and assessing team": "advisor",
    "survey custodian": "custodian",
    "research": "researcher",
}
"""For each audience somebody who belongs to it and to as few others as can be."""
if EVERYTHING:
    ONE_OF_EACH |= {
        "programme": "global",
        "programme, figures": "analyst",
        "programme, trail": "auditor",
        "programme, a country": "manager",
        "programme, a team": "leader",
        "committee of the workers": "workers",
    }


def all_that_is_given(world: World, word: str, *, known: bool = False) -> Iterator[Given]:
    """Everything this person can have: pages, files, lists searched, contributions, what commands print, mails."""
    with as_it_was():
        all_ways = [way for way in ways() if not way.holder]  # whoever has a link is shown what is its holder's
        searched = []
        for one in pages_given(world, word, all_ways, quick=True, known=known, sparing=True):
            yield one
            if one.place.endswith(" searched"):
                searched.append(one.typed.partition("?")[0])
        for url in searched:
            yield ask(world, word, f"{url}?q={HIDDEN}", place=f"{url} asked for what is hidden")
        yield from contributions_given(world, word)
        yield from commands_given(world, word)


def mails_given_to(world: World, word: str, *, known: bool = False) -> list[Given]:
    """The mails that she is sent."""
    if word == "stranger":
        return []
    person = world.cast.person(word)
    person.refresh_from_db()
    if known:
        return mails_to(person.email, mailed_once(world))
    with as_it_was():
        everything_is_mailed(world, quick=not EVERYTHING)
        return mails_to(person.email, mail.outbox)


def parted(world: World, word: str) -> list[str]:
    """Where the two worlds of a person part: one line for each place; empty when they do not."""
    list(commands_given(world, word))  # what they write besides the databases, they write here
    first = [*all_that_is_given(world, word, known=True), *mails_given_to(world, word, known=True)]
    changed = vary(world, word)
    assert changed, f"nothing is hidden from {word}: the worlds are the same"
    world.sights_anew()
    second = [*all_that_is_given(world, word), *mails_given_to(world, word)]
    places = [one.place for one in first], [one.place for one in second]
    lines = [difference(one, other) for one, other in zip(first, second, strict=False)]
    if places[0] != places[1]:
        lines.append(f"other places are there to be asked for: {sorted(set(places[0]) ^ set(places[1]))[:5]}")
    return [line for line in lines if line]


@pytest.mark.parametrize("audience", ONE_OF_EACH)
def test_what_one_may_not_see_changes_nothing_that_one_is_given(world: World, audience: str) -> None:
    found = parted(world, ONE_OF_EACH[audience])
    assert not found, "\n".join(found[:20])


def test_the_same_world_asked_twice_gives_the_same_bytes(world: World) -> None:
    """Else the comparison above would say nothing: what changes by itself is listed, with its reason."""
    first, second = (list(all_that_is_given(world, "advisor", known=known)) for known in (True, False))
    found = [line for one, other in zip(first, second, strict=True) if (line := difference(one, other))]
    assert not found, "\n".join(found[:20])
