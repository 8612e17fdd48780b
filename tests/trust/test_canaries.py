"""What is planted in a field stands nowhere but where the field's audiences may read it."""

from __future__ import annotations

import pytest
from conftest import EVERYTHING
from django.core import mail

from tests.trust.acting import everything_is_mailed, oracles
from tests.trust.crawl import (
    Given,
    commands_given,
    contributions_given,
    files_kept,
    handed_of_herself,
    logs_kept,
    mails_given,
    pages_given,
)
from tests.trust.judging import Judge, told
from tests.trust.planting import places
from tests.trust.ways import unknown_arguments, ways
from tests.trust.world import KINDS, World

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("P5")]

THOROUGHLY = KINDS if EVERYTHING else ["stranger", "manager", "workers", "factory"]
"""Who is given every page in every form; the others fewer of them, and not for htmx, unless HEAVY=2."""


@pytest.fixture(scope="module")
def judge(standing: World) -> Judge:
    return Judge(standing)


def test_words_are_planted_wherever_text_is_kept(world: World) -> None:
    missing = [str(place) for place in places() if not place.reason and str(place) not in world.canaries.fields]
    assert not missing, f"no word was planted in {', '.join(missing)}"
    assert len(world.canaries.origins) > 200


def test_what_can_stand_in_every_address_is_known() -> None:
    assert not (unknown := unknown_arguments()), "\n".join(unknown)


@pytest.mark.parametrize("word", KINDS)
def test_pages_show_nobody_what_is_not_for_her(world: World, judge: Judge, word: str) -> None:
    with logs_kept() as logs:
        given = list(pages_given(world, word, ways(), known=True, quick=word not in THOROUGHLY))
    logged = "\n".join([*world.logs, logs.getvalue()])
    found = [*judge.leaks(given), *judge.leaks_in_logs(logged)]
    assert not found, told(found)
    broken = [f"{one.place}: {one.fault}" for one in given if one.status >= 500]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("word", KINDS)
def test_who_asks_what_is_kept_of_her_is_handed_nothing_of_others(world: World, judge: Judge, word: str) -> None:
    assert not (found := judge.leaks_of_herself(handed_of_herself(world, word))), told(found)


@pytest.mark.parametrize("word", KINDS)
def test_rooms_contribute_and_commands_print_nothing_that_is_not_for_her(world: World, judge: Judge, word: str) -> None:
    given: list[Given] = [*contributions_given(world, word), *commands_given(world, word, asked=True)]
    assert not (found := judge.leaks(given)), told(found)


def test_no_planted_word_lies_in_a_file_besides_the_databases(world: World, judge: Judge) -> None:
    found = [leak for given in files_kept(world) for leak in judge.leaks_in_file(given)]
    assert not found, told(found)


def test_mails_say_nothing_that_their_readers_may_not_know(world: World, judge: Judge) -> None:
    with logs_kept() as logs:
        everything_is_mailed(world)
    sent = list(mails_given(mail.outbox))
    assert len(sent) > 5, "hardly a mail was sent: what mails has changed its way"
    found = [leak for given, addresses in sent for leak in judge.leaks_in_mail(given, addresses)]
    found += judge.leaks_in_logs(logs.getvalue())
    assert not found, told(found)


@pytest.mark.parametrize("word", KINDS)
def test_the_search_is_no_oracle(world: World, judge: Judge, word: str) -> None:
    assert not (found := oracles(world, judge, word)), told(found)
