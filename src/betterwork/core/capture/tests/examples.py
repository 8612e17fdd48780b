"""The worked examples of docs/algorithms: merging-answers and sources-shown."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

from betterwork.core.capture.merging import State, fold
from betterwork.core.capture.minimum_groups import sources_told, wanting
from betterwork.core.capture.operations import Operation
from betterwork.core.capture.triangulation import mix_needed, mixes_from_text


def check_merging(content: dict[str, Any], folder: Path) -> None:
    """Every line of the page, all at once and one by one in every order."""
    given = content["merging"]
    ids = {name: f"019aa0000000700080000000000000{ord(name):02x}" for name in given["operations"]}
    about = "question:OSH-8-07"
    operations = {
        name: Operation(
            ids[name],
            about,
            one["field"],
            one["value"],
            tuple(ids[base] for base in one["on"]),
            "d" * 32,
            "",
        )
        for name, one in given["operations"].items()
    }
    for line in given["arrived"]:
        for order in permutations(line["those"]):
            state = State()
            state.take_all(operations[name] for name in order)
            assert state == fold(operations[name] for name in order)
            register = state.register(about, "reason")
            assert list(register.bases) == [ids[name] for name in line["stands"]], line
            assert len(register.values) == line["values"], line
            assert register.conflict == (line["values"] > 1), line
            assert list(register.early) == [ids[name] for name in line["early"]], line


def check_sources_shown(content: dict[str, Any], folder: Path) -> None:
    """What others are told of each line, and what the team is."""
    given = content["sources_shown"]
    mix = mix_needed(mixes_from_text(given["mixes"]), "non-compliant", "")
    for line in given["cases"]:
        sizes = {name: line.get(name, 0) for name in ("workers", "union")}
        told = sources_told(line["sources"], sizes, given["minimum"], mix)
        assert (list(told.names) or told.telling) == line["told"], line
        assert wanting(line["sources"], sizes, given["minimum"], mix) == line.get("team"), line
