"""What a device promises of sending: each thing once, whole, in its order, and in the name of nobody else."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from betterwork.modules.capture.tests.browser import (
    CAPTION,
    CAPTURE,
    CHROMIUM,
    JPEG_WITH_PLACE,
    ME,
    NO_CHROMIUM,
    PARTNER,
    PASSPHRASE,
    QUESTIONS,
    Room,
    device,
    opened,
    problem,
    unlocked,
)

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM), pytest.mark.capability("C2")]

SECRET = "Exit B2 chained at dawn, ខ្មែរ"


def test_answers_lost_on_the_way_double_nothing_and_lose_nothing(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        for code in QUESTIONS:
            page.evaluate("code => view.write(`question:${code}`, 'determination', 'compliant')", code)
        page.evaluate(JPEG_WITH_PLACE)
        page.evaluate(
            """() => engine.raiseConcern({country: "KH", visit: "visit-1", kind: "child-labour",
                                           certainty: "suspicion", words: "A girl at the back."})"""
        )
        for cut in range(5):
            room.cut_after = cut
            problem(page, "await engine.syncNow()")
            problem(page, "await engine.syncNow()")
        room.cut_after = None
        for _ in range(20):
            if not problem(page, "await engine.syncNow()") and not page.evaluate("engine.status.pending.operations"):
                break
        pending = page.evaluate("engine.status.pending")
        assert pending == {"operations": 0, "held": 0, "files": 0, "bytes": 0, "concerns": 0, "refused": 0}
        assert len(room.operations) == len({one["id"] for one in room.operations}) == len(QUESTIONS) + 1
        assert len(room.concerns) == 1
        assert [len(one) for one in room.files.values()] == list(room.sizes.values())
        assert page.evaluate("engine.status.lastSent") is not None
        first = next(one for one in room.asked if "sync" in one or "concerns" in one)
        assert first.endswith("/concerns") or first.endswith("/sync")


def test_concerns_are_sent_before_anything_else(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.context.set_offline(True)
        page.evaluate("view.write('visit', 'summary', 'a day')")
        page.evaluate(
            "() => engine.raiseConcern({country: 'KH', kind: 'k', certainty: 'proof', words: 'Two boys of twelve.'})"
        )
        assert problem(page, "await engine.syncNow()") == "offline"
        room.asked.clear()
        page.context.set_offline(False)
        page.wait_for_timeout(500)
        problem(page, "await engine.syncNow()")
        assert room.asked[0].endswith("/alerts/concerns")
        assert page.evaluate("engine.concerns()[0].sent") is True


def test_a_photo_is_smaller_says_nothing_of_its_place_and_arrives_whole(
    tmp_path: Path, room: Room, address: str
) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        facts = page.evaluate(JPEG_WITH_PLACE)
        assert facts["here"] and facts["type"] == "image/jpeg" and facts["caption"] == CAPTION
        page.evaluate("engine.syncNow()")
        ((sha256, content),) = room.files.items()
        assert sha256 == facts["sha256"] and len(content) == facts["size"]
        assert b"Exif" not in content and b"GPS" not in content
        size = page.evaluate("sha => view.picture(sha).then(one => [one.width, one.height])", sha256)
        assert size == [800, 400]
        assert page.evaluate("view.files('question:OSH-1-01')[0].sent") == facts["size"]


def test_a_document_of_many_pieces_goes_on_where_it_stopped(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate(
            """() => {
                const bytes = new Uint8Array(900_000).map((_, at) => (at * 7919) >> 5);
                bytes.set([0x25, 0x50, 0x44, 0x46]);
                const file = new File([bytes], "payroll.pdf", {type: "application/pdf"});
                return view.addFile("question:OSH-1-02", file, "");
            }"""
        )
        room.cut_after = 4
        problem(page, "await engine.syncNow()")
        room.cut_after = None
        for _ in range(5):
            if not problem(page, "await engine.syncNow()"):
                break
        ((sha256, content),) = room.files.items()
        assert len(content) == 900_000
        assert page.evaluate("sha => view.file(sha).then(one => one.length)", sha256) == 900_000
        sent = [one for one in room.asked if one.startswith("PUT")]
        assert len(sent) <= 6, "it began anew"


def test_a_photo_removed_before_it_was_sent_is_never_sent(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.context.set_offline(True)
        facts = page.evaluate(JPEG_WITH_PLACE)
        page.evaluate("sha => view.removeFile('question:OSH-1-01', sha)", facts["sha256"])
        assert page.evaluate("view.files('question:OSH-1-01')") == []
        page.context.set_offline(False)
        page.wait_for_timeout(500)
        problem(page, "await engine.syncNow()")
        assert room.files == {}


def test_two_devices_on_one_field_show_a_conflict_that_a_person_ends(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path / "one", address) as page:
        opened(page)
        page.evaluate("view.write('question:OSH-1-01', 'reason', 'chained')")
        page.evaluate("engine.syncNow()")
        other = {
            "id": "01a208c0e63778d888b4b9efeb89eabf", "about": "question:OSH-1-01", "field": "reason", "value": "open",
            "bases": [], "device": "d" * 32, "made": "2026-11-23T05:40:12Z", "by": PARTNER,
            "number": len(room.operations) + 1,
        }  # fmt: skip
        room.operations.append(other)
        page.evaluate("engine.syncNow()")
        (conflict,) = page.evaluate("view.conflicts()")
        assert {one["value"] for one in conflict["operations"]} == {"chained", "open"}
        assert problem(page, "await view.write('question:OSH-1-01', 'reason', 'x')") == "conflict"
        page.evaluate("view.decide('question:OSH-1-01', 'reason', 'chained at ten')")
        assert page.evaluate("view.conflicts()") == []
        page.evaluate("engine.syncNow()")
        assert len(room.operations[-1]["bases"]) == 2


def test_typing_over_what_a_colleague_wrote_meanwhile_is_a_conflict_and_over_oneself_none(
    tmp_path: Path, room: Room, address: str
) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate(
            """async () => {
                const begin = [];
                view.write("visit", "summary", "a", begin);
                view.write("visit", "summary", "ab", begin);
                await view.write("visit", "summary", "abc", begin);
            }"""
        )
        assert page.evaluate("view.value('visit', 'summary')") == "abc"
        seen = page.evaluate("view.standing('visit', 'summary').operations.map(one => one.id)")
        page.evaluate("engine.syncNow()")
        room.operations.append(
            {"id": "01a208c0e63778d888b4b9efeb89eabf", "about": "visit", "field": "summary", "value": "hers",
             "bases": seen, "device": "d" * 32, "made": "2026-11-23T05:40:12Z", "by": PARTNER,
             "number": len(room.operations) + 1}
        )  # fmt: skip
        page.evaluate("engine.syncNow()")
        assert page.evaluate("view.value('visit', 'summary')") == "hers"
        page.evaluate("seen => view.write('visit', 'summary', 'mine', seen)", seen)
        assert len(page.evaluate("view.conflicts()")) == 1


def test_what_the_server_refuses_is_kept_shown_and_no_part_of_the_state(
    tmp_path: Path, room: Room, address: str
) -> None:
    room.refuse = {"summary": "handed-over"}
    room.state = "handed-over"
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("view.write('visit', 'summary', 'late')")
        page.evaluate("engine.syncNow()")
        (refused,) = page.evaluate("view.refused()")
        assert (refused["reason"], refused["words"], refused["operation"]["value"]) == (
            "handed-over",
            "It is kept.",
            "late",
        )
        assert page.evaluate("view.value('visit', 'summary')") is None
        assert page.evaluate("engine.status.problem.code") == "refused"
        assert problem(page, "await view.write('visit', 'summary', 'x')") == "closed"
        room.refuse, room.state = {}, "open"  # reopened: it is taken after all
        page.evaluate("engine.syncNow()")
        assert page.evaluate("view.value('visit', 'summary')") == "late"
        assert room.operations[-1]["value"] == "late" and page.evaluate("view.refused()") == []


def test_somebody_else_in_the_same_browser_sends_nothing(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("engine.syncNow()")
        room.person = PARTNER
        page.evaluate("view.write('visit', 'summary', 'mine')")
        assert problem(page, "await engine.syncNow()") == "other-person"
        assert problem(page, "await engine.assignments()") == "other-person"
        assert page.evaluate("engine.status.problem.code") == "other-person"
        assert room.operations == []
        room.person = None
        assert problem(page, "await engine.syncNow()") == "sign-in"
        assert page.evaluate("engine.status.needsSignIn") is True
        room.person = ME
        page.evaluate("engine.syncNow()")
        assert [one["by"] for one in room.operations] == [ME]
        assert page.evaluate("engine.status.needsSignIn") is False


def test_a_capture_that_the_server_knows_no_more_stays_on_the_device(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("view.write('visit', 'summary', 'all of it')")
        room.gone = True
        page.evaluate("engine.syncNow()")
        assert page.evaluate("engine.status.problem.code") == "gone"
        assert page.evaluate("[view.state, view.value('visit', 'summary')]") == ["gone", "all of it"]


def test_the_file_of_a_week_without_a_network_is_read_elsewhere_and_sent_once(
    tmp_path: Path, room: Room, address: str
) -> None:
    with device(tmp_path / "one", address) as page:
        opened(page)
        page.evaluate("secret => view.write('question:OSH-1-01', 'reason', secret)", SECRET)
        page.evaluate("engine.syncNow()")
        assert len(room.operations) == 1
        page.context.set_offline(True)
        page.evaluate("view.write('question:OSH-1-02', 'reason', 'a second')")
        page.evaluate(JPEG_WITH_PLACE)
        made = page.evaluate(
            """async capture => {
                const file = await engine.exportFile(capture);
                const bytes = new Uint8Array(await file.arrayBuffer());
                let text = ""; for (const one of bytes) text += String.fromCharCode(one);
                return [file.name, btoa(text)];
            }""",
            CAPTURE,
        )
    name, content = made[0], base64.b64decode(made[1])
    assert "Factory" not in name
    assert SECRET.encode() not in content and PASSPHRASE.encode() not in content
    load = """([content, passphrase]) => {
        const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
        return engine.importFile(new Blob([bytes]), passphrase);
    }"""
    with device(tmp_path / "two", address) as page:
        assert problem(page, f"await ({load})(argument)", [made[1], "not the passphrase"]) == "passphrase-wrong"
        spoilt = bytearray(content)
        spoilt[-40] ^= 1
        text = base64.b64encode(bytes(spoilt)).decode()
        assert problem(page, f"await ({load})(argument)", [text, PASSPHRASE]) == "file-damaged"
        cut = base64.b64encode(content[: len(content) // 2]).decode()
        assert problem(page, f"await ({load})(argument)", [cut, PASSPHRASE]) == "file-damaged"
        assert page.evaluate("engine.status.lock") == "empty"
        page.context.set_offline(True)
        page.evaluate(load, [made[1], PASSPHRASE])
        page.evaluate(load, [made[1], PASSPHRASE])  # twice is once
        page.evaluate("capture => { window.view = engine.open(capture); }", CAPTURE)
        assert page.evaluate("view.value('question:OSH-1-01', 'reason')") == SECRET
        assert page.evaluate("engine.status.pending.operations") == 2
        page.context.set_offline(False)
        page.wait_for_timeout(500)
        page.evaluate("engine.syncNow()")
        assert sum(one.endswith("/take") for one in room.asked) == 2, "the server learns of the second device"
        ids = [one["id"] for one in room.operations]
        assert len(ids) == len(set(ids)) == 3 and len(room.files) == 1
        page.evaluate("view.write('question:OSH-1-03', 'reason', 'here')")
        page.evaluate("capture => engine.finish(capture)", CAPTURE)
        assert page.evaluate("engine.status.lock") == "empty"
    with device(tmp_path / "one", address) as page:  # the first device comes back: nothing is there twice
        unlocked(page)
        page.evaluate("engine.syncNow()")
        assert len(room.operations) == len({one["id"] for one in room.operations}) == 4
        assert page.evaluate("view.value('question:OSH-1-03', 'reason')") == "here"
        assert page.evaluate("view.conflicts()") == []
