"""Raising once, the notices without content, the trail that names nothing, the steps, and closing by two."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.queries import actor_called
from betterwork.foundation.contributions.registry import KEEPINGS, home_tasks, search_hits
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.notices.models import Notice
from betterwork.foundation.people.queries import kept_nowhere
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.services import vault_open
from betterwork.modules.alerts import services, words
from betterwork.modules.alerts.models import Concern, ConcernStep
from betterwork.modules.alerts.presentations import clocks, hours_words
from betterwork.modules.alerts.rules import ASKED, CLOSED, CONFIRMED, IN_HAND, OPEN, REFUSED, STEPS, TAKEN, TAKEN_BACK
from betterwork.modules.alerts.services import (
    OtherContent,
    closing_ask,
    closing_decide,
    concern_note,
    concern_reopen,
    concern_take,
    overdue_remind,
    words_tidy,
)
from betterwork.modules.alerts.tests.concerns import AT, DONE, ID, LATER, SINCE, WHY, WORDS, name, raised
from betterwork.modules.countries.services import setting_enter
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import factories_ensure

pytestmark = [pytest.mark.django_db, pytest.mark.capability("H1")]
LEADER, PARTNER = "p-leader", "p-partner"


@pytest.fixture
def two(cast: Any) -> Any:
    """A country with two named persons, and everybody there."""
    name(cast, "leader", "partner")
    cast.person("advisor")
    return cast


def closed(cast: Any) -> Concern:
    concern = concern_take(actor=LEADER, concern=raised(cast), at=LATER)
    concern = closing_ask(actor=LEADER, concern=concern, words=WHY, at=LATER)
    return closing_decide(actor=PARTNER, concern=concern, step=CONFIRMED, words="", at=LATER)


def test_raised_again_it_is_the_same_and_nobody_is_told_twice(two: Any) -> None:
    first = raised(two)
    again = raised(two, at=LATER, words=f"  {WORDS}\r\n")
    assert (again.pk, again.raised_at, again.told) == (first.pk, AT, 2)
    assert Concern.objects.count() == VaultItem.objects.count() == 1
    assert sorted(Notice.objects.filter(kind="alerts.raised").values_list("person", flat=True)) == [LEADER, PARTNER]
    assert len(entries_search(action="alerts.concern.raised").entries) == 1


@pytest.mark.parametrize(
    "change",
    [{"words": WORDS + " and more"}, {"kind": "other"}, {"certainty": "proof"}, {"country": "JO"}, {"where": ""},
     {"made_on": SINCE}, {"set_aside_person": LEADER}, {"by": "partner"}],
)  # fmt: skip
def test_other_content_under_the_same_id_is_refused_and_changes_nothing(two: Any, change: dict[str, Any]) -> None:
    concern = raised(two)
    before = Concern.objects.values().get()
    with pytest.raises(OtherContent):
        raised(two, **change)
    assert Concern.objects.values().get() == before
    opened = vault_open(actor=two.actor("leader"), item_id=concern.id, at=timezone.now())
    assert opened.content == {"words": WORDS}


def test_a_notice_and_the_trail_say_nothing_of_what_it_is(two: Any) -> None:
    factories_ensure(actor="operator", wanted={("VN", "Q-SEVEN"): "Works Seventy Seven"}, at=AT)
    factory = Factory.objects.get(outside_id="Q-SEVEN")
    closed(two)
    raised(two, concern_id="c" * 32, factory=factory)
    for notice in Notice.objects.filter(kind__startswith="alerts.").exclude(kind="alerts.named"):
        assert notice.facts == {}
        assert notice.url in {f"/concerns/{ID}/", f"/concerns/{'c' * 32}/"}
    told = b" ".join(
        bytes(one.content) + one.subject.encode() for one in Entry.objects.filter(action__startswith="alerts.concern")
    ) + b" ".join(bytes(one.content) for one in Entry.objects.filter(action__startswith="vault."))
    assert b'"state":"open"' in told
    for word in (b"VN", b"child", b"suspicion", b"Works", b"SEVEN", b"cutting", b"papers", b"CHL"):
        assert word not in told, word


def test_the_row_in_the_database_holds_no_word_of_it(two: Any) -> None:
    concern = closed(two)
    stored = str(Concern.objects.values().get()) + str(list(ConcernStep.objects.values()))
    assert "cutting" not in stored and "papers" not in stored
    assert len(concern.same) > 40


def test_nobody_else_finds_it_by_the_search(two: Any) -> None:
    concern = raised(two)
    for word in ("global", "manager", "auditor", "leader", "advisor"):
        for text in (concern.id, "child", "cutting", "concern"):
            assert not [hit for hit in search_hits(two.actor(word), text) if "concern" in hit.url], (word, text)


def test_wrong_things_are_refused_in_words(two: Any) -> None:
    factories_ensure(actor="operator", wanted={("JO", "1"): "Works 1"}, at=AT)
    for change, why in (
        ({"country": "XX"}, "no country programme"),
        ({"factory": Factory.objects.get()}, "another country"),
        ({"kind": "gossip"}, "about"),
        ({"words": " \n "}, "Write"),
        ({"concern_id": "x"}, "hexadecimal"),
    ):
        with pytest.raises(WrongUse, match=why):
            raised(two, **change)
    assert not Concern.objects.exists()
    assert not VaultItem.objects.exists()


def test_a_device_whose_clock_runs_ahead_does_not_stop_a_concern(two: Any) -> None:
    assert raised(two, made_on=AT.date() + timedelta(days=900)).raised_on == AT.date()


def test_the_clock_is_the_countrys_setting_of_that_day_and_is_not_moved_afterwards(two: Any) -> None:
    concern = raised(two)
    assert (concern.answer_hours, concern.follow_up_hours) == (48, 72)
    setting_enter(
        actor="operator", country="VN", name="concern_answer_hours", value="5", first=AT.date(), last=None,
        source="a trial", at=AT,
    )  # fmt: skip
    assert raised(two, concern_id="d" * 32).answer_hours == 5
    assert raised(two).answer_hours == 48


def test_the_clock_says_what_is_left_what_was_met_and_what_is_overdue(two: Any) -> None:
    concern = raised(two)
    assert [one.left for one in clocks(concern, AT + timedelta(hours=1))] == ["47 hours left", "71 hours left"]
    late = clocks(concern, AT + timedelta(hours=60))
    assert [(one.kind, one.left) for one in late] == [("nc", "Overdue by 12 hours"), ("info", "12 hours left")]
    concern = concern_take(actor=LEADER, concern=concern, at=AT + timedelta(hours=60))
    assert [one.kind for one in clocks(concern, AT + timedelta(hours=61))] == ["wait", "info"]
    concern = concern_note(actor=LEADER, concern=concern, words=DONE, at=AT + timedelta(hours=70))
    assert [one.kind for one in clocks(concern, AT + timedelta(hours=900))] == ["wait", "ok"]
    assert hours_words(timedelta(minutes=1)) == "1 minute"
    assert hours_words(timedelta(days=5)) == "5 days"


def test_one_asks_for_closing_and_another_confirms(two: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER)
    assert (concern.state, concern.taken_by) == (IN_HAND, LEADER)
    concern = concern_note(actor=LEADER, concern=concern, words=DONE, at=LATER)
    concern = closing_ask(actor=LEADER, concern=concern, words=WHY, at=LATER)
    with pytest.raises(WrongUse, match="Nobody closes alone"):
        closing_decide(actor=LEADER, concern=concern, step=CONFIRMED, words="", at=LATER)
    with pytest.raises(WrongUse, match="named"):
        closing_decide(actor="p-advisor", concern=concern, step=CONFIRMED, words="", at=LATER)
    two.person("global"), two.person("manager")
    for word in ("p-global", "p-manager"):
        with pytest.raises(WrongUse, match="named"):
            closing_decide(actor=word, concern=concern, step=CONFIRMED, words="", at=LATER)
    concern = closing_decide(actor=PARTNER, concern=concern, step=CONFIRMED, words="", at=LATER)
    assert concern.state == CLOSED
    told = Notice.objects.filter(kind="alerts.stands-otherwise").values_list("person", flat=True)
    assert sorted(told) == ["p-advisor", LEADER]
    kinds = list(concern.steps.order_by("number").values_list("kind", "done_by"))
    assert kinds == [
        ("taken", LEADER), ("noted", LEADER), ("closing-asked", LEADER), ("closing-confirmed", PARTNER),
    ]  # fmt: skip
    trail = [(one.action, one.actor) for one in entries_search(subject=f"concern {ID}").entries]
    assert (("alerts.concern.closing-asked", LEADER) in trail) and (
        ("alerts.concern.closing-confirmed", PARTNER) in trail
    )


def test_closing_is_refused_taken_back_and_asked_for_again(two: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER)
    concern = closing_ask(actor=LEADER, concern=concern, words=WHY, at=LATER)
    with pytest.raises(WrongUse, match="Write"):
        closing_decide(actor=PARTNER, concern=concern, step=REFUSED, words="", at=LATER)
    concern = closing_decide(actor=PARTNER, concern=concern, step=REFUSED, words="not enough was seen", at=LATER)
    assert (concern.state, concern.asked_by) == (IN_HAND, "")
    concern = closing_ask(actor=PARTNER, concern=concern, words=WHY, at=LATER)
    with pytest.raises(WrongUse, match="you can refuse"):
        closing_decide(actor=LEADER, concern=concern, step=TAKEN_BACK, words="", at=LATER)
    concern = closing_decide(actor=PARTNER, concern=concern, step=TAKEN_BACK, words="", at=LATER)
    assert concern.state == IN_HAND


def test_she_who_raised_it_has_it_reopened_and_the_clock_begins_anew(two: Any) -> None:
    concern = closed(two)
    anew = LATER + timedelta(days=3)
    concern = concern_reopen(actor="p-advisor", concern=concern, words="they are back at the table", at=anew)
    assert (concern.state, concern.clock_from, concern.answered_at, concern.taken_by) == (OPEN, anew, None, "")
    assert concern.raised_at == AT
    assert sorted(
        Notice.objects.filter(kind="alerts.stands-otherwise", made_at=anew).values_list("person", flat=True)
    ) == [LEADER, PARTNER]
    with pytest.raises(WrongUse, match="named"):
        concern_take(actor="p-advisor", concern=concern, at=anew)


def test_a_step_that_is_refused_leaves_no_words_behind(two: Any) -> None:
    two.person("manager")
    concern = raised(two)
    for actor in (LEADER, "p-manager", "p-advisor"):
        with pytest.raises(WrongUse):
            closing_ask(actor=actor, concern=concern, words=WHY, at=LATER)
    assert VaultItem.objects.count() == 1


def test_a_step_sent_twice_counts_once(two: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER, step_id="1" * 32)
    concern_take(actor=LEADER, concern=concern, at=LATER, step_id="1" * 32)
    for _turn in range(2):
        concern_note(actor=LEADER, concern=concern, words=DONE, at=LATER, step_id="2" * 32)
    assert concern.steps.count() == 2
    with pytest.raises(WrongUse, match="something else"):
        concern_note(actor=PARTNER, concern=concern, words=DONE, at=LATER, step_id="2" * 32)


def test_two_who_decide_on_the_same_page_at_the_same_time_are_not_both_heard(two: Any) -> None:
    name(two, "global")
    concern = closing_ask(
        actor=LEADER, concern=concern_take(actor=LEADER, concern=raised(two), at=LATER), words=WHY, at=LATER
    )
    stale = Concern.objects.get()
    closing_decide(actor=PARTNER, concern=concern, step=CONFIRMED, words="", at=LATER)
    with pytest.raises(WrongUse, match="closed"):
        closing_decide(actor="p-global", concern=stale, step=REFUSED, words="not yet, please", at=LATER)
    assert Concern.objects.get().state == CLOSED


def test_what_another_decided_while_words_were_put_away_stands(two: Any, monkeypatch: Any) -> None:
    name(two, "global")
    concern = closing_ask(
        actor=LEADER, concern=concern_take(actor=LEADER, concern=raised(two), at=LATER), words=WHY, at=LATER
    )
    put = services.words_put

    def meanwhile(**given: Any) -> None:
        put(**given)
        closing_decide(actor=PARTNER, concern=concern, step=CONFIRMED, words="", at=LATER)

    monkeypatch.setattr(services, "words_put", meanwhile)
    with pytest.raises(WrongUse, match="closed"):
        closing_decide(actor="p-global", concern=concern, step=REFUSED, words="not yet, please", at=LATER)
    assert Concern.objects.get().state == CLOSED
    assert [one.kind for one in concern.steps.order_by("number")][-1] == CONFIRMED


def test_words_of_steps_are_for_who_answers_and_not_for_her_who_raised_it(two: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER)
    concern_note(actor=LEADER, concern=concern, words=DONE, at=LATER, step_id="3" * 32)
    now = timezone.now()
    assert vault_open(actor=two.actor("partner"), item_id="3" * 32, at=now).content == {"words": DONE}
    from betterwork.foundation.vault.rules import NothingHere

    with pytest.raises(NothingHere):
        vault_open(actor=two.actor("advisor"), item_id="3" * 32, at=now)


def test_an_item_of_somebody_else_under_the_same_id_stops_a_concern_in_words(two: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER)
    concern_note(actor=LEADER, concern=concern, words=DONE, at=LATER, step_id="4" * 32)
    with pytest.raises(WrongUse, match="something else"):
        raised(two, by="partner", concern_id="4" * 32)
    with pytest.raises(WrongUse, match="something else"):
        concern_note(actor=PARTNER, concern=concern, words=DONE, at=LATER, step_id=ID)


def test_words_without_a_step_are_erased_after_a_day_and_nothing_else(two: Any, monkeypatch: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER)
    concern_note(actor=LEADER, concern=concern, words=DONE, at=LATER, step_id="5" * 32)

    def cut(**_: Any) -> None:
        raise ConnectionError("the power failed")

    monkeypatch.setitem(services._STEPS, "noted", cut)
    with pytest.raises(ConnectionError):
        concern_note(actor=LEADER, concern=concern, words=WHY, at=LATER, step_id="6" * 32)
    assert words_tidy(actor="operator", at=LATER + timedelta(hours=23)) == 0
    assert words_tidy(actor="operator", at=LATER + timedelta(hours=25)) == 1
    assert set(VaultItem.objects.values_list("pk", flat=True)) == {ID, "5" * 32}


def test_words_that_were_cut_off_are_those_sent_last_once_the_step_comes(two: Any, monkeypatch: Any) -> None:
    concern = concern_take(actor=LEADER, concern=raised(two), at=LATER)
    with monkeypatch.context() as patch:
        patch.setitem(services._STEPS, "noted", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            concern_note(actor=LEADER, concern=concern, words=WHY, at=LATER, step_id="6" * 32)
    now = timezone.now()
    concern_note(actor=LEADER, concern=concern, words=DONE, at=now, step_id="6" * 32)
    assert vault_open(actor=two.actor("leader"), item_id="6" * 32, at=now).content == {"words": DONE}


def test_a_vault_that_is_not_there_stops_no_notice_and_the_words_follow(two: Any, monkeypatch: Any) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(words, "vault_put", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            raised(two)
    assert Notice.objects.filter(kind="alerts.raised").count() == 2
    titles = [str(task.title) for task in home_tasks(two.actor("advisor"), AT)]
    assert "Send your concern again" in titles
    raised(two, at=LATER)
    assert VaultItem.objects.count() == 1
    assert Notice.objects.filter(kind="alerts.raised").count() == 2


def test_who_answers_is_told_once_that_a_time_is_over_also_who_was_named_later(two: Any) -> None:
    raised(two)
    assert overdue_remind(at=AT + timedelta(hours=48)) == 0
    assert overdue_remind(at=AT + timedelta(hours=49)) == 2
    name(two, "global")
    assert overdue_remind(at=AT + timedelta(hours=50)) == 1
    assert overdue_remind(at=AT + timedelta(hours=51)) == 0
    concern = concern_take(actor=LEADER, concern=Concern.objects.get(), at=AT + timedelta(hours=52))
    assert overdue_remind(at=AT + timedelta(hours=73)) == 3
    concern = closing_ask(actor=LEADER, concern=concern, words=WHY, at=AT + timedelta(hours=74))
    concern = closing_decide(actor=PARTNER, concern=concern, step=CONFIRMED, words="", at=AT + timedelta(hours=75))
    assert overdue_remind(at=AT + timedelta(hours=999)) == 0


def test_what_is_kept_of_a_person_is_said_and_exported_without_words(two: Any) -> None:
    closed(two)
    assert not [line for line in kept_nowhere() if line.startswith("alerts.")]
    found = KEEPINGS["alerts"].export("p-advisor")
    assert found["raised"][0]["concern"] == ID
    assert [one["step"] for one in KEEPINGS["alerts"].export(LEADER)["steps"]] == ["taken", "closing-asked"]
    assert "cutting" not in str(found)
    KEEPINGS["alerts"].erase("p-advisor", AT)
    assert actor_called("p-leader", timezone.now()).signed_in


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_tried_nobody_closes_alone_in_the_database_either(two: Any, seed: int) -> None:
    dice = random.Random(seed)
    two.person("manager")
    concern = raised(two)
    persons = [LEADER, PARTNER, "p-advisor", "p-manager"]
    for turn in range(90):
        kind, actor = dice.choice([*STEPS, CONFIRMED, ASKED, TAKEN]), dice.choice(persons)
        try:
            services._step(actor=actor, concern=concern, kind=kind, words=WHY, at=LATER, step_id=f"{turn:032x}")
        except WrongUse:
            continue
    steps = list(concern.steps.order_by("number").values_list("kind", "done_by"))
    assert len(steps) > 5, "nothing happened"
    asks = ""
    for kind, actor in steps:
        if kind == CONFIRMED:
            assert asks and actor != asks
            assert {asks, actor} == {LEADER, PARTNER}
        asks = actor if kind == ASKED else asks if kind == "noted" else ""
    trail = [one.action for one in entries_search(subject=f"concern {ID}", limit=200).entries]
    assert len(trail) == len(steps) + 1
