"""The operations of the API, asked for by everybody: what is answered is what the policy says, and nothing leaks.

The whole walk covers them too; these run alone where only the API changed.
"""

from __future__ import annotations

import pytest

from betterwork.foundation.doors.checks import addresses
from tests.trust.crawl import asked_once, some
from tests.trust.judging import Judge
from tests.trust.matrix import lines_of_operations
from tests.trust.ways import NoArgument, ways_of
from tests.trust.world import KINDS, World

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("P1")]


def test_everybody_is_answered_as_the_operations_policy_says(world: World) -> None:
    wrong = [
        f"{line.shown}: {word} got {line.got[word]!r}; {line.policy.name} says {line.expected[word]!r}"
        for line in lines_of_operations(world)
        for word in KINDS
        if line.got[word] != line.expected[word]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_operation_gives_a_word_to_whom_it_is_not_for(world: World) -> None:
    judge, faults = Judge(world), []
    for address in addresses():
        if not address.name.startswith("api:"):
            continue
        try:
            found = list(ways_of(address))
        except NoArgument:
            continue
        for word in KINDS:
            given = [asked_once(world, word, way) for way in some(found, 3, word)]
            faults += [f"{one.place}: {one.fault}" for one in given if one.status >= 500]
            faults += [str(leak) for leak in judge.leaks(given)]
    assert not faults, "\n".join(faults)
