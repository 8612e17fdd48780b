"""What was said in interviews, in which order and when: nobody but the two who visit is given another byte for it.

The same visit is lived several times, by the API as the app does it. What came of it, but the vault's ciphertext, is
held against each other afterwards, to the byte: every row of every table, every file, every line of the logs; and what
people are given of it: every page, operation, command, contribution and mail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from conftest import EVERYTHING, HEAVY

from tests.trust.living import COLLEAGUE, Lived, chosen, lived, parted
from tests.trust.visiting import ADVISORS, LAPTOP, TABLET
from tests.trust.ways import NOW, ways
from tests.trust.world import KINDS, World, stand_still

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("C3")]

FEW = ["global", "leader"]
"""Who may see the most: the trail and all counts; the pages of the visit itself."""
MORE = [COLLEAGUE, "auditor", "factory", "workers"]
ALL = [*(word for word in KINDS if word not in ADVISORS), COLLEAGUE]
ASKED_AS = ALL if EVERYTHING else [*FEW, *MORE] if HEAVY else FEW


@dataclass(frozen=True)
class Said:
    """An interview: which it is, with whom, what was said, and how often she wrote it down anew."""

    of: int
    source: str
    women: int
    words: str
    written: int = 1


LONG, SHORT = "SIMULATED " + "the night door is chained after ten " * 40, "SIMULATED nothing"
ONE, TWO, THREE = Said(1, "workers", 6, SHORT), Said(2, "union", 3, LONG), Said(3, "managers", 1, SHORT)
OTHER = (Said(1, "workers", 6, LONG, 3), Said(2, "union", 3, "SIMULATED x"), Said(3, "managers", 1, LONG, 2))
WORLDS: dict[str, tuple[tuple[Said, ...], ...]] = {
    "as it was": ((ONE, TWO), (THREE,), ()),
    "other words": ((OTHER[0], OTHER[1]), (OTHER[2],), ()),
    "another order": ((THREE, TWO), (ONE,), ()),
    "other times": ((THREE,), (TWO, ONE), ()),
    "sent at another moment": ((), (ONE, TWO), (THREE,)),
}
"""World → the interviews that were written down before each of the times at which both devices send."""
MOMENTS = [NOW + timedelta(minutes=20), NOW + timedelta(hours=4), NOW + timedelta(hours=7)]


def numbered(said: Said, turn: int) -> int:
    """The number in the id that a device makes for an interview: another one at another time."""
    return 70 + 10 * turn + said.of


def ids_by_chance(patch: pytest.MonkeyPatch) -> None:
    """What is made of the id of an interview by a hash is the same in each world: that is what a hash promises.

    The id itself is another where she wrote it down at another time.
    """
    from betterwork.modules.capture import interviewing
    from betterwork.modules.capture.tests.making import interview

    opaque, called = interviewing._opaque, {}
    for turn, said in product(range(len(MOMENTS)), (ONE, TWO, THREE)):
        called[interview(0, "", of=numbered(said, turn))["about"].partition(":")[2]] = f"interview {said.of}"

    def of_whatever_id(what: str, text: str) -> str:
        *before, name = text.split(" ")
        return opaque(what, " ".join([*before, called.get(name, name)]))

    patch.setattr(interviewing, "_opaque", of_whatever_id)


def operations_of(said: Said, turn: int) -> list[dict[str, Any]]:
    """What a device writes of an interview: each field, and the words again as often as she wrote them."""
    from betterwork.modules.capture.tests.making import interview

    shift, of = 91_000 + 1_000 * turn + 100 * said.of, numbered(said, turn)
    fields: list[tuple[str, Any]] = [("source", said.source), ("women", said.women), ("method", "group")]
    fields += [("day", NOW.date().isoformat())]
    made = [
        interview(shift + number, value, of=of, field=name, device=TABLET)
        for number, (name, value) in enumerate(fields)
    ]
    before: tuple[str, ...] = ()
    for time in range(said.written):
        words = f"{said.words} {time}"
        made.append(interview(shift + 10 + time, words, of=of, bases=before, device=TABLET))
        before = (made[-1]["id"],)
    return made


def sent(world: World, word: str, capture: str, what: str, body: Any) -> Any:
    """What the app sends, as a browser sends it."""
    url = f"/api/v1/capture/captures/{capture}/{what}"
    answer = world.client(word).post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, (answer.status_code, answer.content)
    return answer.json()


def visited(world: World, name: str, *, handed_over: bool = True) -> None:
    """Live the visit on: at each moment both devices send what they wrote, at the end it is handed over."""
    from betterwork.modules.capture.tests.making import codes, operation

    capture = world.things["capture secret"].pk
    for turn, (interviews, moment) in enumerate(zip(WORLDS[name], MOMENTS, strict=True)):
        with pytest.MonkeyPatch.context() as patch:
            stand_still(patch, moment)
            of = f"question:{codes()[10 + turn]}"
            plain = operation(90_000 + turn, "SIMULATED seen", about=of, field="reason", device=TABLET)
            heard = [each for one in interviews for each in operations_of(one, turn)]
            known = {"after": 0, "interviews_after": 0}
            done = sent(world, "advisor", capture, "sync", {"device": TABLET, "operations": [plain, *heard], **known})
            assert not done["refused"]
            assert len(done["taken"]) == 1 + len(heard)
            sent(world, "partner", capture, "sync", {"device": LAPTOP, "operations": [], **known})
            if handed_over and moment == MOMENTS[-1]:
                sent(world, "partner", capture, "hand-over", {})


def life_of(world: World, name: str, words: list[str]) -> Lived:
    capture, visit = world.things["capture secret"].pk, world.things["visit secret"].pk
    about = frozenset({capture, visit})
    team = f"/captures/{capture}/interviews/"
    with pytest.MonkeyPatch.context() as patch:
        ids_by_chance(patch)
        return lived(world, lambda: visited(world, name), words, lambda: chosen(ways(), about), team)


@pytest.fixture(scope="module")
def lives(colleague: World) -> Callable[[str], Lived]:
    """The lives of the world, each lived once."""
    known: dict[str, Lived] = {}

    def life(name: str) -> Lived:
        if name not in known:
            known[name] = life_of(colleague, name, ASKED_AS)
        return known[name]

    return life


@pytest.mark.parametrize("name", ["other words", "another order", "other times"])
def test_words_order_and_times_of_interviews_change_no_byte_for_anybody_else(
    world: World, lives: Callable[[str], Lived], name: str
) -> None:
    first, second = lives("as it was"), lives(name)
    assert all(len(found) > 100 for found in first.given.values())
    found = parted(first, second)
    assert not found, "\n".join(found[:20])


IN_THE_TRAIL = re.compile(r"(ledger\.Entry|notices\.Notice): |[\w-]+: (/trail/|the command ledger )")
"""What tells when something was put into the vault: the trail, to who reads it, and what the advisors are told."""


def test_what_somebody_sends_at_once_tells_its_moment_in_the_trail_and_nowhere_else(
    world: World, lives: Callable[[str], Lived]
) -> None:
    """An app keeps interviews until the next day, unless she sends them now: see what-the-device-protects."""
    found = parted(lives("as it was"), lives("sent at another moment"))
    assert any(line.startswith("ledger.Entry: ") for line in found)
    beyond = [line for line in found if not IN_THE_TRAIL.match(line)]
    assert not beyond, "\n".join(beyond[:20])


def test_the_two_advisors_read_what_was_said(world: World, lives: Callable[[str], Lived]) -> None:
    """Else the worlds would be the same because nothing was written at all."""
    assert LONG.encode() in lives("as it was").team
    assert lives("as it was").team != lives("other words").team


def test_the_same_life_lived_twice_is_the_same(world: World, colleague: World, lives: Callable[[str], Lived]) -> None:
    again, first = life_of(colleague, "as it was", []), lives("as it was")
    unasked = replace(first, given={}, logs=again.logs, mails=again.mails)  # nobody asked for anything this time
    assert not parted(unasked, again)


# -- broken into on purpose -------------------------------------------------------------------------


def size_in_what_the_vault_tells(patch: pytest.MonkeyPatch) -> None:
    from betterwork.modules.capture.interviewing import Interview

    told: Any = vars(Interview)["outside"].fget
    method = lambda one: f"{len(str(one.values.get('words')))} letters"  # noqa: E731
    patch.setattr(Interview, "outside", property(lambda one: {**told(one), "method": method(one)}))


def count_in_a_line_of_the_log(patch: pytest.MonkeyPatch) -> None:
    from betterwork.modules.capture import services

    _before_the_vault(patch, lambda judged, given: services._log.info("interviews: %s", len(judged.interviews)))


def count_in_the_trail(patch: pytest.MonkeyPatch) -> None:
    from betterwork.foundation.ledger.rules import AUDIT
    from betterwork.foundation.ledger.services import entry_append

    def told(judged: Any, given: dict[str, Any]) -> None:
        content = {"interviews": len(judged.interviews)}
        entry_append(kind=AUDIT, action="capture.synced", subject="capture 1", content=content, **given)

    _before_the_vault(patch, told)


def id_of_the_device_outside_the_vault(patch: pytest.MonkeyPatch) -> None:
    from betterwork.modules.capture import interviewing

    patch.setattr(interviewing, "interview_item", lambda visit, interview: interview)


def order_of_writing_outside_the_vault(patch: pytest.MonkeyPatch) -> None:
    from betterwork.modules.capture import interviewing

    standing = interviewing.interviews_standing
    patch.setattr(interviewing, "interviews_standing", lambda state: sorted(standing(state), key=lambda one: one.id))


def _before_the_vault(patch: pytest.MonkeyPatch, tell: Callable[[Any, dict[str, Any]], None]) -> None:
    from betterwork.modules.capture import services

    take = services._interviews

    def taken(actor: Any, capture: Any, judged: Any, synced: Any, after: int, at: Any) -> Any:
        tell(judged, {"actor": actor.id, "at": at})
        return take(actor, capture, judged, synced, after, at)

    patch.setattr(services, "_interviews", taken)


BREAKS = {
    size_in_what_the_vault_tells: ("vault.VaultItem: ", "other words"),
    count_in_a_line_of_the_log: ("the log: ", "other words"),
    count_in_the_trail: ("ledger.", "other words"),
    id_of_the_device_outside_the_vault: ("vault.VaultItem: ", "another order"),
    order_of_writing_outside_the_vault: ("ledger.", "another order"),
}
"""What tells → where it is found, and the world that differs."""


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: one.__name__)
def test_what_tells_of_interviews_outside_the_vault_is_found(
    world: World, colleague: World, monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None]
) -> None:
    where, other = BREAKS[broken]
    broken(monkeypatch)
    first, second = (life_of(colleague, name, []) for name in ("as it was", other))
    assert any(line.startswith(where) for line in parted(first, second))
