"""What was entered against what the server holds; and what two devices hold: operations by digest, files by bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, NamedTuple

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.capture.operations import operation_trusted
from betterwork.foundation.files.cleaning import cleaned
from tests.stories.visit_devices import Device
from tests.stories.visit_server import Beside
from tests.stories.visit_writing import PLACE, TYPED, mass_entered


class Pressed(NamedTuple):
    """The questions that are answered by pressing and left out of the mass."""

    torn: str
    """Both answer it, each otherwise."""
    met: str
    """The second alone."""
    cut: str
    """The first, who is cut off in the middle of it."""
    photographed: tuple[str, ...] = ()
    """Both take a photo of each; the mass answers them."""


QUESTIONS, PHOTOS = 253, 10
"""All questions of the tool, and at least so many photos. Three facts come to the questions."""


def what_was_entered(asked: list[dict[str, Any]], pressed: Pressed) -> tuple[dict[str, Any], Counter[str]]:
    """Every answer that the two entered, place by place, after the conflict was decided; and their files, counted.

    Drawn from what this story does, and from nothing that a device or the server says.
    """
    of, met, cut = (f"question:{code}" for code in (pressed.torn, pressed.met, pressed.cut))
    screens = {
        f"{of} determination": "non-compliant",
        f"{of} source.observation": True,
        f"{of} source.documents": True,
        f"{of} reason": TYPED["reason"],
        f"{of} note.documents": TYPED["note"],
        f"{of} sample.documents": {"looked": 12, "of": None},
        f"{of} affected": 40,
        f"{of} later": True,
        f"{met} determination": "non-compliant",
        f"{met} reason": TYPED["two"],
        f"{cut} determination": "compliant",
        f"{cut} reason": TYPED["again"],
        "visit access": "delayed",
        "visit summary": TYPED["summary"],
        "interview source": "workers",
        "interview women": 6,
        "interview method": "group",
        "interview words": TYPED["words"],
    }
    mass = mass_entered(asked, 0, "one", pressed[:3]) | mass_entered(asked, 1, "two", pressed[:3])
    photos = {f"question:{code}": 2 for code in pressed.photographed}
    return mass | screens, Counter({of: 3, met: 1, **photos})


def accounted_for(
    devices: tuple[Device, Device], beside: Beside, key: str, entered: dict[str, Any], photos: Counter[str]
) -> None:
    """Every answer that was entered stands on the server, and nothing else does; so does every photo.

    And every operation and every byte that the two devices hold is in its databases, once, and nothing else is.
    """
    there = beside.ask("held", key)
    stands, named = dict[str, str](), Counter[str]()
    for place, found in there["stands"].items():
        about, _gap, field = place.rpartition(" ")
        if field.startswith("file."):
            named[about] += 1
        else:
            stands[place] = found
    wanted = {place: digest(canonical_bytes(value)) for place, value in entered.items()}
    assert sorted(wanted.keys() - stands.keys()) == [], "entered, and not on the server"
    assert sorted(stands.keys() - wanted.keys()) == [], "on the server, and never entered"
    assert sorted(place for place, value in wanted.items() if stands[place] != value) == [], "not as it was entered"
    assert named == photos
    assert there["faults"] == []
    assert there["refused"] == 0
    assert there["numbers"] == list(range(1, len(there["numbers"]) + 1))
    here: dict[str, str] = {}
    vault: set[str] = set()
    for device in devices:
        held = device.operations()
        assert {each.get("its", "taken") for each in held.values()} == {"taken"}
        for name, raw in held.items():
            mine = operation_trusted(raw).digest()
            assert here.setdefault(name, mine) == mine, "the two hold different things under one id"
            if raw["about"].startswith("interview:"):
                vault.add(name)
    listed = [*there["plain"], *there["vault"]]
    assert len(listed) == len({name for name, _digest in listed}), "something was taken twice"
    assert dict(listed) == here
    assert {name for name, _digest in there["vault"]} == vault, "interviews lie in the vault alone"
    assert vault
    assert {*devices[0].operations()} == {*devices[1].operations()} == here.keys()
    assert there["answered"] == there["questions"] == QUESTIONS + 3
    assert there["conflicts"] == 0
    bytes_accounted_for(devices, there["files"])
    assert there["concerns"] == [each["id"] for each in devices[0].page.evaluate("engine.concerns()")]


def bytes_accounted_for(devices: tuple[Device, Device], there: dict[str, Any]) -> None:
    """Each file has the digest that its device gave, arrived whole, and is kept as the platform cleans those bytes."""
    photos, names = 0, set[str]()
    for device in devices:
        for name, size in device.files().items():
            names.add(name)
            content = device.content(name)
            assert hashlib.sha256(content).hexdigest() == name
            assert len(content) == size == there[name]["size"] == there[name]["received"]
            kept = cleaned(content)
            assert hashlib.sha256(kept.data).hexdigest() == there[name]["stored"]
            assert PLACE not in content, "where a photo was taken stays in the telephone"
            photos += kept.media_type == "image/jpeg"
    assert names == there.keys()
    assert photos >= PHOTOS
