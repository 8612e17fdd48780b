"""Runs the worked example of the visit plan: for this folder's tests and for tests/worked_examples.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from betterwork.core.planning.checking import broken
from betterwork.core.planning.solving import plan
from betterwork.core.planning.values import Advisor, Due, Problem


def check_visit_plan(content: dict[str, Any], folder: Path) -> None:
    """Hold the plan of the page's problem against what the page says of it."""
    told = content["visit_plan"]
    problem = Problem(
        weeks=tuple(date.fromisoformat(week) for week in told["weeks"]),
        factories=tuple(
            Due(
                key,
                since=date.fromisoformat(one["since"]) if "since" in one else None,
                earliest=date.fromisoformat(one["earliest"]),
                latest=date.fromisoformat(one["latest"]),
                languages=frozenset(one["languages"]),
                barred=frozenset(one.get("barred", ())),
                last=frozenset(one.get("last", ())),
            )
            for key, one in told["factories"].items()
        ),
        advisors=tuple(
            Advisor(key, frozenset(one["interviews"]), alone=one["alone"]) for key, one in told["advisors"].items()
        ),
    )
    made = plan(problem)
    assert [[one.factory, str(one.week), *one.pair] for one in made.visits] == told["visits"]
    found = [
        {"factory": one.factory, "rule": str(one.rule), "cause": str(one.cause), "instead": [*map(str, one.instead)]}
        for one in made.unplaced
    ]
    assert found == told["unplaced"]
    assert {name: getattr(made.quality, name) for name in told["worth"]} == told["worth"]
    assert broken(problem, made.visits) == ()
