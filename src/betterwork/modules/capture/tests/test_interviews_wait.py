"""Interviews leave a device on the day after they were written: when they are sent tells nobody when somebody spoke."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from betterwork.modules.capture.tests.browser import (
    CAPTURE,
    CHROMIUM,
    NO_CHROMIUM,
    PASSPHRASE,
    Room,
    device,
    opened,
    problem,
    unlocked,
)

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM), pytest.mark.capability("C3")]

WORDS = "they lock us in after supper"
SPOKEN = """async () => {
    window.about = view.newInterview();
    for (const [field, value] of [["source", "workers"], ["women", 6], ["words", "they lock us in after supper"]]) {
        await view.write(about, field, value);
    }
}"""
LATER = """hours => {
    const now = Date.now;
    Date.now = () => now() + hours * 3_600_000;
    engine.touch();
}"""


def there(room: Room) -> list[str]:
    """What the server holds of interviews, by field."""
    return sorted(one["field"] for one in room.operations if one["about"].startswith("interview:"))


def pending(page: Any) -> tuple[int, int]:
    """What is said to wait: what goes by itself today, and what stays."""
    found = page.evaluate("engine.status.pending")
    return found["operations"], found["held"]


def noon(page: Any) -> None:
    """It is noon where the device is: no midnight comes between."""
    page.evaluate(
        """() => {
            const now = Date.now, here = new Date();
            const shift = new Date(here.getFullYear(), here.getMonth(), here.getDate(), 12) - here;
            Date.now = () => now() + shift;
            engine.touch();
        }"""
    )


def test_interviews_of_today_stay_while_everything_else_goes_and_leave_by_themselves_tomorrow(
    tmp_path: Path, room: Room, address: str
) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
        page.evaluate("view.write('visit', 'summary', 'a day')")
        page.evaluate("engine.syncNow()")
        assert [one["field"] for one in room.operations] == ["summary"]
        assert pending(page) == (0, 3)
        assert page.evaluate("engine.captures()[0].held") == 3
        assert page.evaluate("engine.status.lastSent") is None, "not everything was sent"
        page.evaluate(LATER, 11)
        page.evaluate("engine.syncNow()")
        assert there(room) == []
        page.evaluate(LATER, 2)  # one o'clock in the night
        page.evaluate("engine.syncNow()")
        assert there(room) == ["source", "women", "words"]
        assert pending(page) == (0, 0)
        assert page.evaluate("engine.status.lastSent") is not None


def test_interviews_go_today_when_she_says_so(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
        page.evaluate("Promise.all([engine.syncNow(), engine.syncNow(true)])")  # also while a round runs
        assert there(room) == ["source", "women", "words"]
        assert pending(page) == (0, 0)
        page.evaluate("view.write(about, 'men', 2)")  # and what she writes after that stays again
        page.evaluate("engine.syncNow()")
        assert pending(page) == (0, 1)


@pytest.mark.parametrize("ending", ["engine.handOver(argument)", "engine.finish(argument)"])
def test_at_the_end_of_a_visit_interviews_go_first(tmp_path: Path, room: Room, address: str, ending: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
        page.evaluate("engine.syncNow()")
        assert there(room) == []
        assert problem(page, f"await {ending}", CAPTURE) == ""
        assert there(room) == ["source", "women", "words"]


def test_nothing_is_removed_while_interviews_of_today_cannot_be_sent(tmp_path: Path, room: Room, address: str) -> None:
    room.refuse = {"words": "too-long"}
    with device(tmp_path, address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
        page.context.set_offline(True)
        assert problem(page, "await engine.finish(argument)", CAPTURE) == "offline"
        assert page.evaluate("view.interviews()[0].words") == WORDS
        assert pending(page) == (0, 3)


def test_a_concern_goes_at_once_while_interviews_stay(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
        page.evaluate(
            "() => engine.raiseConcern({country: 'KH', kind: 'k', certainty: 'proof', words: 'Two boys of twelve.'})"
        )
        for _ in range(100):
            if room.concerns:
                break
            page.wait_for_timeout(100)
        assert len(room.concerns) == 1
        assert there(room) == []


def test_a_device_that_was_closed_keeps_them_until_tomorrow_as_well(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
    with device(tmp_path, address) as page:
        noon(page)
        unlocked(page)
        page.evaluate("engine.syncNow()")
        assert pending(page) == (0, 3)
        page.evaluate(LATER, 24)
        page.evaluate("engine.syncNow()")
        assert there(room) == ["source", "women", "words"]


@pytest.mark.parametrize(("zone", "hour"), [("Pacific/Auckland", 1), ("America/Managua", 23)])
def test_of_interviews_nothing_that_is_sent_tells_the_hour_and_the_day_is_the_one_where_she_is(
    tmp_path: Path, room: Room, address: str, zone: str, hour: int
) -> None:
    with device(tmp_path, address, zone=zone) as page:
        opened(page)
        day = page.evaluate(
            """hour => {
                const begun = Date.now(), real = Date.now, here = new Date(begun);
                const moment = new Date(here.getFullYear(), here.getMonth(), here.getDate(), hour).getTime();
                Date.now = () => real() + moment - begun;
                engine.touch();
                return [here.getFullYear(), here.getMonth() + 1, here.getDate()]
                    .map((one) => String(one).padStart(2, "0")).join("-");
            }""",
            hour,
        )
        page.evaluate(SPOKEN)
        assert page.evaluate("view.interviews()[0].size") == 6
        assert pending(page) == (0, 3), "it is still the same day here, whatever it is in Greenwich"
        page.evaluate("engine.syncNow(true)")
        assert there(room) == ["source", "women", "words"]
        for one in room.operations:
            assert one["made"] == f"{day}T00:00:00Z"
            assert int(one["id"][:12], 16) % 86_400_000 == 0


def test_what_was_exported_in_a_file_stays_on_the_other_device_as_well(
    tmp_path: Path, room: Room, address: str
) -> None:
    with device(tmp_path / "one", address) as page:
        opened(page)
        noon(page)
        page.evaluate(SPOKEN)
        content = page.evaluate(
            """async capture => {
                const bytes = new Uint8Array(await (await engine.exportFile(capture)).arrayBuffer());
                return Array.from(bytes);
            }""",
            CAPTURE,
        )
    with device(tmp_path / "two", address) as page:
        noon(page)
        page.evaluate(
            "([bytes, phrase]) => engine.importFile(new Blob([new Uint8Array(bytes)]), phrase)", [content, PASSPHRASE]
        )
        page.evaluate("engine.syncNow()")
        assert pending(page) == (0, 3)
        assert there(room) == []
