"""What a change touched, before and after, as plain values that can be put back: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from betterwork.core.instrument import CountryMark, Known, Lineage, Relation
from betterwork.modules.instruments.lineage import Content
from betterwork.modules.instruments.rules import question_content, question_from_content


def codes_touched(before: Content, after: Content) -> list[str]:
    """The codes of the questions that differ, with those whose links, laws or marks do."""
    old, new = before.by_code, after.by_code
    found = {code for code in {*old, *new} if old.get(code) != new.get(code)}
    for link in {*before.links} ^ {*after.links}:
        found |= {link.predecessor, link.successor} - {""}
    found |= {code for code, _key in before.legal ^ after.legal}
    found |= {mark.code for mark in {*before.marks} ^ {*after.marks}}
    return sorted(found)


def part_of(content: Content, other: Content) -> dict[str, Any]:
    """What ``content`` holds where ``other`` holds something else: enough to make it from ``other``."""
    mine, its = content.by_code, other.by_code
    part: dict[str, Any] = {
        "questions": {
            code: question_content(mine[code]) if code in mine else None
            for code in sorted({*mine, *its})
            if mine.get(code) != its.get(code)
        }
    }
    if list(mine) != list(its):
        part["order"] = list(mine)
    if content.links != other.links:
        part["links"] = [{name: str(value) for name, value in asdict(link).items()} for link in content.links]
    if content.legal != other.legal:
        part["legal"] = [list(one) for one in sorted(content.legal)]
    if content.marks != other.marks:
        part["marks"] = [{name: str(value) for name, value in asdict(mark).items()} for mark in content.marks]
    return part


def part_put(content: Content, part: Mapping[str, Any]) -> Content:
    """The content with a part put in the place of what it holds: ``part_put(b, part_of(a, b)) == a``."""
    questions = content.by_code
    for code, said in part["questions"].items():
        if said is None:
            questions.pop(code, None)
        else:
            questions[code] = question_from_content(said)
    order = part.get("order", list(questions))
    links = content.links
    if "links" in part:
        links = tuple(Lineage(**{**one, "relation": Relation(one["relation"])}) for one in part["links"])
    legal = frozenset((code, key) for code, key in part["legal"]) if "legal" in part else content.legal
    marks = content.marks
    if "marks" in part:
        marks = tuple(
            CountryMark(one["code"], one["country"], Known(one["publicly_reported"]), Known(one["zero_tolerance"]))
            for one in part["marks"]
        )
    return Content(tuple(questions[code] for code in order), links, legal, marks)
