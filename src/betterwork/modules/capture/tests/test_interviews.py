"""Interviews: in the vault alone, once, for the two who visit; and nothing outside tells one from another."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.vault import services as vault
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.rules import NothingHere
from betterwork.foundation.vault.verifying import vault_faults
from betterwork.modules.capture.interviewing import interviews_open, interviews_part
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.services import capture_hand_over, capture_reopen
from betterwork.modules.capture.tests.making import (
    AT,
    LAPTOP,
    TWO,
    Device,
    advisor,
    identifier,
    interview,
    operation,
    taken,
    visit_made,
)
from betterwork.modules.visits.models import VisitMember

pytestmark = pytest.mark.capability("C3")
WORDS = "SIMULATED heard-behind-the-canteen: the night door is chained after ten"


def heard(start: int, of: int, source: str, size: int, words: str = WORDS) -> list[dict[str, Any]]:
    fields = (("source", source), ("women", size), ("method", "group"), ("day", "2026-11-23"), ("words", words))
    return [interview(start + n, value, of=of, field=name) for n, (name, value) in enumerate(fields)]


def outside() -> dict[str, list[Any]]:
    """Every row of every table outside the vault, as text."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label != "vault":
            rows = model._base_manager.order_by("pk").values_list()
            found[model._meta.label] = [[repr(value) for value in row] for row in rows]
    return found


def test_words_go_to_the_vault_and_to_the_colleague_once(capture: Capture) -> None:
    first, second = Device(capture), Device(capture, TWO, LAPTOP)
    done = first.sync(*heard(1, 1, "workers", 6))
    again = first.sync(*heard(1, 1, "workers", 6))
    assert sorted(done.taken) == sorted(again.taken) == [identifier(n) for n in range(1, 6)]
    assert "canteen" not in json.dumps(outside())
    second.sync()
    assert second.seen[identifier(5)]["value"] == WORDS
    assert second.seen[identifier(5)]["by"] == "p-advisor"
    seen = len(second.seen)
    assert second.sync().interviews == []
    assert len(second.seen) == seen
    capture.refresh_from_db()
    assert capture.number == 0


def test_only_who_is_on_the_team_now_opens_them(capture: Capture) -> None:
    Device(capture).sync(*heard(1, 1, "workers", 6))
    strangers = [
        advisor("p-other"),
        Actor("p-leader", frozenset({Held("team-leader", "country:VN")})),
        Actor("p-global", frozenset({Held("global-staff", "world")})),
        Actor(TWO, frozenset({Held("advisor", "country:JO")})),
    ]
    for one in strangers:
        with pytest.raises(NothingHere):
            interviews_open(actor=one, capture=capture, at=AT)
    assert interviews_open(actor=advisor(TWO), capture=capture, at=AT).operations
    VisitMember.objects.filter(person=TWO).update(left_at=AT)
    with pytest.raises(NothingHere):
        interviews_open(actor=advisor(TWO), capture=capture, at=AT)
    with pytest.raises(NothingHere):
        Device(capture, TWO, LAPTOP).sync()


def test_what_cannot_be_read_of_an_interview_is_kept_in_the_vault_too(capture: Capture) -> None:
    device = Device(capture)
    wrong = [
        {**interview(1, WORDS), "made": "2026-11-23T10:17:00Z"},
        {**interview(2, WORDS), "about": "interview:me"},
        {"words": WORDS},
        [WORDS],
    ]
    done = device.sync(*wrong)
    assert done.taken == []
    assert len(done.refused) == 4
    device.sync(*wrong)
    assert "canteen" not in json.dumps(outside())
    assert len(interviews_open(actor=advisor(), capture=capture, at=AT).refused) == 4


def test_each_becomes_an_item_of_its_own_when_the_visit_is_handed_over(capture: Capture) -> None:
    device = Device(capture)
    device.sync(*heard(1, 1, "workers", 6), *heard(11, 2, "union", 3))
    later = AT + timedelta(days=2)
    capture_hand_over(actor=advisor(), capture=capture, at=later)
    capture_hand_over(actor=advisor(), capture=capture, at=later)
    items = VaultItem.objects.filter(kind="interview", subject=f"visit:{capture.visit}")
    facts = {(one.outside["source"], one.outside["size"], one.outside["day"]) for one in items}
    assert facts == {("workers", 6, "2026-11-23"), ("union", 3, "2026-11-23")}
    assert {one.made_at for one in items} == {later}
    item = next(one for one in items if one.outside["source"] == "workers")
    content = vault.vault_open(actor=advisor(TWO), item_id=item.pk, at=later).content
    assert [one["id"] for one in content["operations"]] == [identifier(n) for n in range(1, 6)]
    assert list(vault_faults()) == []


def test_who_takes_back_what_she_said_is_taken_at_her_word(capture: Capture) -> None:
    device, other = Device(capture), Device(capture, TWO, LAPTOP)
    device.sync(*heard(1, 1, "workers", 6), *heard(11, 2, "union", 3))
    capture_hand_over(actor=advisor(), capture=capture, at=AT)
    capture.refresh_from_db()
    capture_reopen(actor="p-advisor", capture=capture, reason="SIMULATED she came back.", at=AT)
    device.sync(interview(20, True, of=1, field="withdrawn"))
    capture_hand_over(actor=advisor(), capture=capture, at=AT)
    left = VaultItem.objects.filter(kind="interview").values_list("outside__source", flat=True)
    assert list(left) == ["union"]
    other.sync()
    assert WORDS not in json.dumps([one for one in other.seen.values() if one["about"].endswith(identifier(900_001))])


def test_two_values_of_an_interview_stand_in_the_way_of_handing_over(capture: Capture) -> None:
    Device(capture).sync(interview(1, 5, field="women"))
    Device(capture, TWO, LAPTOP).sync(interview(2, 6, field="women", device=LAPTOP))
    with pytest.raises(WrongUse, match="two values"):
        capture_hand_over(actor=advisor(), capture=capture, at=AT)
    capture.refresh_from_db()
    assert (capture.conflicts, capture.state) == (0, "open")


def test_what_comes_while_somebody_hands_over_is_parted_too(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    from betterwork.modules.capture import services

    late = Device(capture, TWO, LAPTOP)

    def parted(**given: Any) -> int:
        turn = interviews_part(**given)
        if not late.taken:
            late.sync(*heard(11, 2, "union", 3))
        return turn

    Device(capture).sync(*heard(1, 1, "workers", 6))
    monkeypatch.setattr(services, "interviews_part", parted)
    capture_hand_over(actor=advisor(), capture=capture, at=AT)
    assert VaultItem.objects.filter(kind="interview").count() == 2


def test_after_the_hand_over_they_are_refused_like_all_else(capture: Capture) -> None:
    device = Device(capture)
    device.sync(operation(1))
    capture_hand_over(actor=advisor(), capture=capture, at=AT)
    late = (operation(2, True, field="later"), interview(3, WORDS))
    for _turn in range(2):
        done = device.sync(*late)
        assert {one.id: one.reason for one in done.refused} == {one["id"]: "handed-over" for one in late}
        assert done.taken == []
    capture.refresh_from_db()
    capture_reopen(actor="p-advisor", capture=capture, reason="SIMULATED forgotten page.", at=AT)
    assert sorted(device.sync(*late).taken) == [identifier(2), identifier(3)]


WORLDS: dict[str, tuple[Any, ...]] = {
    "one": (("workers", 6, "SIMULATED short"), ("union", 3, "SIMULATED " + "long " * 300)),
    "words": (("workers", 6, "SIMULATED " + "other words " * 90), ("union", 3, "SIMULATED z")),
    "order": (("union", 3, "SIMULATED " + "long " * 300), ("workers", 6, "SIMULATED short")),
}


def lived(world: str, number: int) -> dict[str, Any]:
    """The same visit: what differs is what was said, in which order. Each interview comes with a sync of its own."""
    before = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    capture = taken(visit_made(outside_id=str(number)))
    first, second = Device(capture), Device(capture, TWO, LAPTOP)
    for turn, (source, size, words) in enumerate(WORLDS[world]):
        at = AT + timedelta(minutes=20 * turn)
        shift = 100 * number
        seen = operation(shift + 50 + turn, "SIMULATED", field="reason")
        first.sync(seen, *heard(shift + 1 + 10 * turn, 7 + turn, source, size, words), at=at)
        second.sync(at=at)
    capture_hand_over(actor=advisor(), capture=capture, at=AT + timedelta(days=1))
    entries = Entry.objects.filter(number__gt=before).order_by("number")
    entries = entries.values_list("at", "kind", "action", "actor", "subject", "content")
    items = VaultItem.objects.filter(subject=f"visit:{capture.visit}")
    return {
        "entries": [_without_chance(one) for one in entries],
        "rows": _plain_rows(capture),
        "items": sorted(
            (one.kind, json.dumps(one.outside, sort_keys=True), one.made_at, one.made_by, one.version) for one in items
        ),
    }


def _without_chance(row: tuple[Any, ...]) -> Any:
    """An entry without what no two runs share: ids made by chance, digests, turns, the key of the visit."""
    at, kind, action, actor, subject, content = row
    said = json.loads(bytes(content))
    held = {name: value for name, value in said.items() if name not in {"digest", "turn", "device", "of", "file"}}
    return at, kind, action, actor, subject.split(" ")[0], json.dumps(held, sort_keys=True), len(bytes(content))


def _plain_rows(capture: Capture) -> Any:
    names = ("Capture", "CaptureOperation", "CaptureAnswer", "CaptureDevice", "RefusedOperation", "CaptureUpload")
    chance = {"id", "capture", "visit", "factory", "registers", "digest", "interviews"}
    found = []
    for name in names:
        model = apps.get_model("capture", name)
        kept = [one.attname for one in model._meta.fields if one.name not in chance]
        rows = model._base_manager.filter(**{"pk" if name == "Capture" else "capture": capture.pk}).order_by("pk")
        found.append((name, [tuple(map(repr, row)) for row in rows.values_list(*kept)]))
    return found


def test_worlds_that_differ_in_words_and_order_of_interviews_are_one_world_outside_the_vault(db: None) -> None:
    worlds = {world: lived(world, number) for number, world in enumerate(WORLDS, 1)}
    assert worlds["one"]["entries"]
    assert worlds["words"] == worlds["one"]
    assert worlds["order"] == worlds["one"]
