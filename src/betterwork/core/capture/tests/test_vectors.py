"""The committed vectors: what the generator makes today, and what this implementation makes of them."""

from __future__ import annotations

import json

import pytest

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.capture import vectors
from betterwork.core.capture.fields import REASONS, asked_read
from betterwork.core.capture.spoiling import SPOILT

pytestmark = pytest.mark.capability("C2")

COMMITTED = vectors.FILE.read_text(encoding="ascii")
CONTENT = json.loads(COMMITTED)


def test_the_file_is_what_the_generator_makes_today() -> None:
    assert vectors.text() == COMMITTED, "make it anew: python -m betterwork.core.capture.vectors > …/data/vectors.json"


def test_this_implementation_passes_every_case() -> None:
    questions = {raw["code"]: asked_read(raw) for raw in CONTENT["questions"]}
    for case in CONTENT["cases"]:
        state, refused = vectors.outcome(case["operations"], questions)
        assert state.canonical() == case["state"], case["name"]
        assert refused == case["refused"], case["name"]
        assert digest(canonical_bytes(case["state"])) == case["sha256"] == state.digest(), case["name"]


def test_there_are_enough_cases_of_every_kind_and_they_show_what_they_are_for() -> None:
    cases = CONTENT["cases"]
    assert len(cases) >= 300
    by_kind = {kind: [one for one in cases if one["kind"] == kind] for kind in [*vectors.MAKERS, "refused"]}
    assert sum(map(len, by_kind.values())) == len(cases) == len({one["name"] for one in cases})
    assert any(row["early"] for one in by_kind["missing"] for row in one["state"])
    assert any(len(row["standing"]) > 2 and row["conflict"] for one in by_kind["ring"] for row in one["state"])
    assert all(one["refused"] for one in by_kind["stored"] + by_kind["refused"])
    assert any(ord(sign) > 0xFFFF for one in by_kind["text"] for row in one["state"] for sign in str(row["values"]))
    ids = [[raw["id"] for raw in one["operations"]] for one in by_kind["order"]]
    assert any(len(set(those)) < len(those) for those in ids), "none arrives twice"


def test_every_reason_for_a_refusal_is_shown_by_a_case() -> None:
    shown = {reason for one in CONTENT["cases"] for _, reason in one["refused"]}
    assert shown == set(REASONS)
    assert {reason for reason, _ in SPOILT.values()} | {"other-content"} == shown
