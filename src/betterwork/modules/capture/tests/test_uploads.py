"""A file cut at any byte goes on where it stopped; what was acknowledged is on the disk."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from betterwork.foundation.files.queries import file_bytes
from betterwork.modules.capture import uploading
from betterwork.modules.capture.models import Capture, CaptureUpload
from betterwork.modules.capture.tests.making import AT, ONE
from betterwork.modules.capture.uploading import FOLDER, WrongOffset, file_chunk_take, file_state, uploads_sweep

pytestmark = pytest.mark.capability("C2")
DATA = b"SIMULATED minutes of a committee, which met twice\n"
NAME = hashlib.sha256(DATA).hexdigest()
KEY = "5e" * 32


def put(capture: Capture, offset: int, data: bytes, **more: Any) -> Any:
    given = {"sha256": NAME, "size": len(DATA), **more}
    return file_chunk_take(actor=ONE, capture=capture, offset=offset, data=data, at=AT, **given)


def part(capture: Capture) -> Path:
    return Path(settings.BETTERWORK_HOME) / FOLDER / f"{capture.pk}-{NAME}.part"


def whole(capture: Capture) -> bytes:
    found = CaptureUpload.objects.get(capture=capture, sha256=NAME).file
    assert found is not None
    return b"".join(file_bytes(found))


@pytest.mark.parametrize("key", ["", KEY])
def test_cut_at_any_byte_it_goes_on_where_the_server_says(capture: Capture, settings: Any, key: str) -> None:
    settings.FILES_KEY = key
    for cut in range(1, len(DATA)):
        CaptureUpload.objects.filter(capture=capture).delete()
        part(capture).unlink(missing_ok=True)
        assert put(capture, 0, DATA[:cut]).received == cut
        state = file_state(capture=capture, sha256=NAME)
        assert (state.received, state.complete) == (cut, False)
        assert put(capture, state.received, DATA[state.received :]).complete
        assert whole(capture) == DATA
        assert not part(capture).exists()


@pytest.mark.parametrize("key", ["", KEY])
def test_what_a_power_cut_left_beyond_what_was_acknowledged_is_cut_off(
    capture: Capture, settings: Any, key: str
) -> None:
    settings.FILES_KEY = key
    put(capture, 0, DATA[:10])
    counted = part(capture).read_bytes()
    put(capture, 10, DATA[10:20])
    more = part(capture).read_bytes()
    for left in range(len(counted), len(more) + 1):
        part(capture).write_bytes(more[:left])
        CaptureUpload.objects.filter(capture=capture).update(received=10)
        with pytest.raises(WrongOffset) as wrong:
            put(capture, 20, DATA[20:])
        assert wrong.value.received == 10
        assert part(capture).read_bytes() == counted
    put(capture, 10, DATA[10:])
    assert whole(capture) == DATA


def test_killed_while_the_whole_is_stored_the_last_piece_is_sent_again(
    capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(**_: Any) -> None:
        raise KeyboardInterrupt

    put(capture, 0, DATA[:30])
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(uploading, "file_store", dies)
        put(capture, 30, DATA[30:])
    assert file_state(capture=capture, sha256=NAME).received == 30
    assert put(capture, 30, DATA[30:]).complete
    assert whole(capture) == DATA


def test_pieces_lie_under_the_key_where_files_do(capture: Capture, settings: Any) -> None:
    put(capture, 0, DATA[:30])
    assert b"minutes" in part(capture).read_bytes()
    part(capture).unlink()
    settings.FILES_KEY = KEY
    put(capture, 0, DATA[:30])
    assert b"minutes" not in part(capture).read_bytes()


def test_pieces_that_were_lost_are_asked_for_again(capture: Capture) -> None:
    put(capture, 0, DATA[:30])
    part(capture).unlink()
    with pytest.raises(WrongOffset) as wrong:
        put(capture, 30, DATA[30:])
    assert wrong.value.received == 0


def test_two_captures_with_the_same_photo_store_it_once(capture: Capture) -> None:
    from betterwork.modules.capture.tests.making import taken, visit_made

    other = taken(visit_made(outside_id="2"))
    assert put(capture, 0, DATA).complete
    assert put(other, 0, DATA).complete
    assert CaptureUpload.objects.values_list("file", flat=True).distinct().count() == 1


def test_pieces_of_what_is_complete_are_swept(capture: Capture) -> None:
    put(capture, 0, DATA)
    part(capture).write_bytes(b"left")

    assert uploads_sweep(before=datetime.now(UTC) + timedelta(days=1)) >= 1
    assert not part(capture).exists()
    put(capture, 0, DATA[:5], sha256="0" * 64)
    assert uploads_sweep(before=datetime.now(UTC) + timedelta(days=1)) == 0
    assert file_state(capture=capture, sha256="0" * 64).received == 5
