"""A visit without a network, as docs/tutorial/a-visit-without-a-network.md tells it; browser and server are killed.

A few questions are answered by pressing, through all kinds of screens. The mass of them, and the long stretch in
which a browser is killed, go through the engine that these screens use, in the same page: pressing would take two days.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.stories.conftest import Visit
from tests.stories.instance import Instance
from tests.stories.visit_accounts import QUESTIONS, Pressed, accounted_for, what_was_entered
from tests.stories.visit_devices import WORDS, Device
from tests.stories.visit_planning import planned_by_the_leader, the_factory_sees_nothing, the_factory_sees_the_visit
from tests.stories.visit_searching import found_in, rare
from tests.stories.visit_server import Beside
from tests.stories.visit_writing import MASS, TYPED, UNSAVED, document, photo

pytestmark = [pytest.mark.capability(one) for one in ("C1", "C2", "C3", "H1")]

ONE, TWO = "advisor.vietnam", "partner.vietnam"
SECRETS = [rare(text) for text in (*TYPED.values(), *UNSAVED.values())]
"""The words that are looked for on the disks, in every form and unpacked."""
IN_MASS = ["SIMULATED one saw", "SIMULATED two saw"]


@pytest.fixture
def beside(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    """Who looks into the server's databases; she knows the codes of all apps too."""
    with Beside(instance) as found:
        monkeypatch.setattr(instance, "code", found.code)
        yield found


@pytest.fixture
def devices(instance: Instance, browser: Any, tmp_path: Path) -> Iterator[tuple[Device, Device]]:
    """The devices of the two advisors, each with a profile of its own."""
    found = (Device(browser, instance, ONE, tmp_path / "one"), Device(browser, instance, TWO, tmp_path / "two"))
    yield found
    for one in found:
        one.close()


def test_two_advisors_work_without_a_network_through_kills_of_browser_and_server_and_nothing_is_lost_or_doubled(
    visit: Visit, instance: Instance, beside: Beside, devices: tuple[Device, Device], tmp_path: Path
) -> None:
    one, two = devices
    visit_day = datetime.now().astimezone().date()
    beside.ask("clear")
    key, factory = planned_by_the_leader(visit)
    beside.ask("manages", key)
    manager = visit("factory")
    the_factory_sees_nothing(manager, key, factory)

    for device in devices:
        device.start()
        device.sign_in()
        device.app()
        device.take()
        device.offline(True)
    asked: list[dict[str, Any]] = one.page.evaluate(ASKED)
    codes = [each["code"] for each in asked if each["kind"] != "fact"]
    assert (len(codes), len(asked)) == (QUESTIONS, QUESTIONS + 3)

    pressed = Pressed(codes[3], codes[7], codes[20], tuple(codes[30:34]))
    torn = pressed.torn
    _first_writes(one, torn, tmp_path)
    stands = _typed_and_not_saved(one)
    _second_writes(two, pressed.met, torn, tmp_path)
    two.page.evaluate(f"given => {{ window.mass = ({MASS})(given); }}", [1, "two", pressed[:3]])  # awaited below
    assert one.lies_on_the_disk([*SECRETS, one.passphrase]) == [], "in use"

    said = _killed_while_writing(one, pressed, stands)
    assert one.lies_on_the_disk([*SECRETS, *IN_MASS, one.passphrase]) == [], "killed"
    _opened_again(one, said, torn)
    _written_again(one, pressed.cut)
    one.page.evaluate(MASS, [0, "one", pressed[:3]])
    two.page.evaluate("window.mass")
    for device in devices:
        _more_photos(device, pressed.photographed, tmp_path)
    _locked_and_searched(two)

    _server_killed_while_they_send(devices, instance)
    _interviews_wait(one, beside, key, visit_day)
    for device in (one, two, one):
        device.send()
    _conflict_decided_by_a_person(one, two, torn)
    entered, photos = what_was_entered(asked, pressed)
    accounted_for(devices, beside, key, entered, photos)

    _arrival(one, key)
    the_factory_sees_the_visit(manager, factory)
    _handed_over_and_wiped(devices, beside, key)
    for device in devices:
        assert device.complaints() == []


# -- what is written


ASKED = """engine.open(engine.captures()[0].capture).package.tool.clusters.flatMap(
    (cluster) => cluster.points.flatMap((point) => point.questions))"""


def _first_writes(device: Device, torn: str, folder: Path) -> None:
    """Through the screens: a finding with sources, notes, numbers, photos and a document; an interview; a concern."""
    page = device.page
    device.question(torn)
    page.locator(".found label").nth(1).click()
    device.rests_on("observation", "documents")
    page.locator("[data-key=note]").press_sequentially(TYPED["reason"])
    device.write("note.documents", TYPED["note"])
    device.write("sample.documents", "12")
    device.write("question.affected", "40")
    device.attach(photo(folder, 1))
    page.locator(".picture-button").first.click()
    page.locator("#caption").press_sequentially(TYPED["caption"])
    page.get_by_role("button", name=WORDS["file.save-caption"]).click()
    device.attach(photo(folder, 2))
    device.attach(document(folder), document=True)
    page.locator("[data-key=later]").click()

    device.menu("interviews")
    page.locator(".head .btn").click()
    page.locator(".vault label.chip", has_text=WORDS["source.workers"]).click()
    device.write("field-name.women", "6")
    page.locator(".vault label.chip", has_text=WORDS["method.group"]).click()
    page.locator(".vault [data-key=note]").press_sequentially(TYPED["words"])
    page.locator(".vault [data-key=note]").blur()
    device.saved()

    page.locator(".bar-concern").click()
    page.locator(".boxes-in label", has_text=WORDS["concern-kind.kept-from-leaving"]).click()
    page.locator(".boxes-in label", has_text=WORDS["concern.suspicion"]).first.click()
    page.locator("main textarea").press_sequentially(TYPED["concern"])
    page.get_by_role("button", name=WORDS["concern.raise-now"]).click()
    page.wait_for_selector(f"text={WORDS['concern.raised-offline']}")
    page.get_by_role("button", name=WORDS["done.on"]).click()
    assert device.pending()["concerns"] == 1


def _second_writes(device: Device, met: str, torn: str, folder: Path) -> None:
    """The other one: the same question otherwise, and how the visit went."""
    page = device.page
    device.question(torn)
    page.locator(".found label").nth(0).click()
    device.question(met)
    page.locator(".found label").nth(1).click()
    page.locator("[data-key=note]").press_sequentially(TYPED["two"])
    page.locator("[data-key=note]").blur()
    device.attach(photo(folder, 3))
    device.menu("visit")
    page.locator(".boxes-in label", has_text=WORDS["access.delayed"]).click()
    device.write("field-name.summary", TYPED["summary"])
    device.saved()


def _more_photos(device: Device, codes: tuple[str, ...], folder: Path) -> None:
    """More photos, until the two have more than ten between them."""
    for number, code in enumerate(codes):
        device.question(code)
        device.attach(photo(folder, 10 * (1 + int(device.word == TWO)) + number))
    device.remember_photos()


# -- the browser is killed


def _typed_and_not_saved(device: Device) -> float:
    """Words in boxes that save nothing, and nothing pressed; since when they stand there."""
    device.menu("home")
    device.page.locator(".search input").press_sequentially(UNSAVED["search"])
    device.page.locator(".bar-concern").click()
    device.page.locator("main textarea").press_sequentially(UNSAVED["concern"])
    return time.monotonic()


def _killed_while_writing(device: Device, pressed: Pressed, stands: float) -> set[str]:
    """Killed while much is written and a sentence is being typed; the codes of all that was said to be saved."""
    page, said = device.page, set[str]()
    page.on("console", lambda told: said.add(told.text[6:]) if told.text.startswith("saved ") else None)
    # The browser had three seconds to write down what it writes down of itself.
    page.wait_for_timeout(max(0.0, stands + 3 - time.monotonic()) * 1_000)
    page.get_by_role("button", name=WORDS["concern.not-now"]).click()
    device.question(pressed.cut)
    page.evaluate(f"given => {{ void ({MASS})(given); }}", [0, "one", pressed[:3]])
    page.locator("[data-key=note]").press_sequentially(UNSAVED["reason"], delay=0)
    until = time.monotonic() + 20
    while len(said) < 15 and time.monotonic() < until:
        page.wait_for_timeout(20)
    device.kill()
    assert len(said) >= 15, "it was killed before it had written anything"
    return said


def _opened_again(device: Device, said: set[str], torn: str) -> None:
    """Without a network: the app opens, the pass phrase opens it, and all that was called saved is there."""
    device.start(offline=True)
    device.app()
    device.unlock()
    view = "engine.open(engine.captures()[0].capture)"
    here = device.page.evaluate(
        f"""codes => codes.filter((code) => {{
            const held = {view}.values(`question:${{code}}`);
            return "answer" in held || ("determination" in held && "reason" in held && held["source.observation"]);
        }})""",
        sorted(said),
    )
    assert set(here) == said, "something that was called saved is lost"
    held = device.page.evaluate(f"code => {view}.values(`question:${{code}}`)", torn)
    assert held["reason"] == TYPED["reason"]
    assert held["note.documents"] == TYPED["note"]
    assert held["sample.documents"] == {"looked": 12, "of": None}
    assert (held["determination"], held["affected"], held["later"]) == ("non-compliant", 40, True)
    assert [one["words"] for one in device.page.evaluate(f"{view}.interviews()")] == [TYPED["words"]]
    assert device.pending()["concerns"] == 1


def _written_again(device: Device, code: str) -> None:
    """The sentence in which she was cut off, once more; as much of it as was saved stands in the box."""
    device.question(code)
    box = device.page.locator("[data-key=note]")
    assert UNSAVED["reason"].startswith(box.input_value())
    device.choose(0)
    box.fill(TYPED["again"])
    box.blur()
    device.saved()


def _locked_and_searched(device: Device) -> None:
    """Locked, its disk tells nothing, nor when the browser was closed in good order; opened again, all is there."""
    device.menu("lock")
    device.page.wait_for_selector("input[type=password]")
    assert found_in(device.profile, ["betterwork-capture"]), "the browser keeps its databases somewhere else"
    secrets = [*SECRETS, *IN_MASS, device.passphrase]
    assert device.lies_on_the_disk(secrets) == [], "locked"
    device.close()
    assert device.lies_on_the_disk(secrets) == [], "locked and closed"
    device.start(offline=True)
    device.app()
    device.unlock()
    assert device.lies_on_the_disk(secrets) == [], "what was closed was packed anew when it was opened"


# -- sending


OPERATIONS = "select count(*) from capture_captureoperation where capture_id = ?"
HALF = "select sha256, received from capture_captureupload where received > 0 and received < size"


def _there(instance: Instance, asked: str, *given: str) -> list[Any]:
    """What lies in the server's database, looked at from beside it."""
    with suppress(sqlite3.OperationalError):
        database = sqlite3.connect(f"file:{instance.home / 'betterwork.sqlite3'}?mode=ro", uri=True, timeout=1)
        try:
            return database.execute(asked, given).fetchall()
        finally:
            database.close()
    return []


def _server_killed_while_they_send(devices: tuple[Device, Device], instance: Instance) -> None:
    """The network is back for both, they send, and the server is killed when it has taken some of it.

    The second is not told of what it took first, and sends that again.
    """
    one, two = devices
    capture = one.page.evaluate("engine.captures()[0].capture")
    one.asked.clear()
    one.offline(False)
    one.sign_in()
    one.app()
    one.unlock()
    until = time.monotonic() + 30
    while one.pending()["concerns"]:
        assert time.monotonic() < until, "the concern does not arrive"
        one.page.wait_for_timeout(5)
    two.answer_lost()
    two.offline(False)
    while not (there := sum(row[0] for row in _there(instance, OPERATIONS, capture))):
        assert time.monotonic() < until, "nothing arrives"
        one.page.wait_for_timeout(5)
    instance.kill()
    waits = [sum(device.pending()[name] for name in ("operations", "files")) for device in devices]
    assert all(waits), f"the server was killed too late: {there} taken, {waits} left"
    sent = [each for each in one.asked if each.startswith(("POST", "PUT"))]
    assert "/alerts/concerns" in sent[0], f"the concern goes first: {sent[:3]}"
    one.slow(400_000)
    one.page.wait_for_timeout(500)
    instance.start()
    _killed_in_the_middle_of_a_photo(one, instance)


def _killed_in_the_middle_of_a_photo(device: Device, instance: Instance) -> None:
    """Once more, with a part of a photo on the server: it goes on from the byte that the server has."""
    mine, until = device.files(), time.monotonic() + 60

    def half() -> list[tuple[str, int]]:
        return [(name, received) for name, received in _there(instance, HALF) if name in mine]

    device.menu("send")
    while not half():
        assert time.monotonic() < until, f"no photo arrives: {device.pending()}"
        device.page.evaluate("void engine.syncNow().catch(() => undefined)")
        device.page.wait_for_timeout(50)
    instance.kill()
    [(name, received)] = half()
    device.asked.clear()
    device.slow(-1)
    instance.start()
    device.send(interviews=False)
    assert device.resumed(name) == received


def _interviews_wait(device: Device, beside: Beside, key: str, day: date) -> None:
    """All is sent, and no interview of today: from the hour of its sending nobody learns when somebody spoke."""
    device.send(interviews=False)
    vault = beside.ask("held", key)["vault"]
    if day == datetime.now().astimezone().date():  # who runs this over midnight sees them go
        assert (device.pending()["held"], vault) == (4, [])


def _conflict_decided_by_a_person(one: Device, two: Device, torn: str) -> None:
    """Both see both values; the second decides on the screen; both see that it is decided."""
    for device in (one, two):
        device.menu("conflicts")
        sides = device.page.locator(".side-value").all_inner_texts()
        assert len(sides) == 2
        for word in ("compliant", "non-compliant"):
            assert any(WORDS[f"determination.{word}"] in each for each in sides), sides
    mine = two.page.locator(".side-value", has_text=WORDS["determination.non-compliant"])
    mine.get_by_role("button", name=WORDS["decide.keep"], exact=True).click()
    two.page.wait_for_selector(f"text={WORDS['conflicts.none']}")
    two.send()
    one.send()
    for device in (one, two):
        device.menu("conflicts")
        device.page.wait_for_selector(f"text={WORDS['conflicts.none']}")
        value = device.page.evaluate(
            "code => engine.open(engine.captures()[0].capture).value(`question:${code}`, 'determination')", torn
        )
        assert value == "non-compliant"


# -- the end


def _arrival(device: Device, key: str) -> None:
    page = device.context.new_page()
    page.goto(f"/visits/{key}/arrive/")
    page.get_by_role("button", name="Record arrival").click()
    page.wait_for_url(f"**/visits/{key}/")
    page.close()


def _handed_over_and_wiped(devices: tuple[Device, Device], beside: Beside, key: str) -> None:
    """One hands the visit over; both ask whether all is there, and remove it."""
    one = devices[0]
    one.menu("send")
    one.page.get_by_role("button", name=WORDS["hand-over.do"], exact=True).click()
    one.page.get_by_role("button", name=WORDS["hand-over.yes"], exact=True).click()
    one.page.wait_for_selector(f"text={WORDS['hand-over.done']}")
    for device in devices:
        device.menu("send")
        device.page.get_by_role("button", name=WORDS["finish.do"], exact=True).click()
        device.page.get_by_role("button", name=WORDS["finish.yes"], exact=True).click()
        device.page.wait_for_selector(f"text={WORDS['finish.done']}")
        assert set(map(str, device.left().values())) == {"[]"}, device.left()
        device.close()
        assert device.lies_on_the_disk([*SECRETS, *IN_MASS, device.passphrase]) == [], "after everything was removed"
    there = beside.ask("held", key)
    assert (there["state"], there["confirmed"], there["devices"]) == ("handed-over", 2, 2)
