"""What a draft holds, and how its questions descend from the version it began from.

Words: the *base* is the sealed version a draft began from. A link of the *lineage* is written as the work is done: a
question is reworded, moved, split, merged, withdrawn or added; one without a link is the same. A code keeps its meaning
for good, so a code that any version ever used is given to no other question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import CountryMark, Lineage, Question, Relation, ToolVersion

STRUCTURAL = frozenset({Relation.SPLIT, Relation.MERGED, Relation.WITHDRAWN, Relation.ADDED})
"""Relations that somebody made; the others are read off the questions."""


class NotInADraft(WrongUse):
    """A step that a draft cannot take. The message says why and what to do instead."""


@dataclass(frozen=True)
class Content:
    """What a draft holds: questions in their order, links, laws as (code, key of the reference), marks of countries."""

    questions: tuple[Question, ...] = ()
    links: tuple[Lineage, ...] = ()
    legal: frozenset[tuple[str, str]] = frozenset()
    marks: tuple[CountryMark, ...] = ()

    @property
    def by_code(self) -> dict[str, Question]:
        """Code → question."""
        return {one.code: one for one in self.questions}


@dataclass(frozen=True)
class Frame:
    """What a draft is written against: its base, its own name, whether the upper levels are not its own to change."""

    base: ToolVersion | None
    version: str
    national: bool = False
    """A country's draft of a tool for all countries: clusters and points are the same everywhere."""
    used: frozenset[str] = field(default_factory=frozenset)
    """Codes that any sealed version of the tool has used."""

    @property
    def asked(self) -> Mapping[str, Question]:
        """The base's questions by code."""
        return self.base.by_code if self.base else {}

    def link(self, predecessor: str, successor: str, relation: Relation, reason: str) -> Lineage:
        """A link from the base to this draft."""
        return Lineage(self.base.version if self.base else "", self.version, predecessor, successor, relation, reason)


def begun_from(base: ToolVersion | None, legal: Iterable[tuple[str, str]] = ()) -> Content:
    """What a draft holds when it begins: everything of the base, or nothing."""
    if base is None:
        return Content()
    return Content(base.questions, (), frozenset(legal), base.marks)


def relinked(frame: Frame, content: Content, code: str, reason: str = "") -> Content:
    """With the link of a question asked in both read off it: moved, reworded, or none. An earlier reason stays."""
    if code not in frame.asked or code not in content.by_code:
        return content
    own = [link for link in content.links if code in (link.predecessor, link.successor)]
    if any(link.relation in STRUCTURAL for link in own):
        return content
    relation = relation_read_off(frame.asked[code], content.by_code[code])
    kept = reason.strip() or next((link.reason for link in own), "")
    links = tuple(link for link in content.links if link not in own)
    if relation is not Relation.SAME:
        links = (*links, frame.link(code, code, relation, kept))
    return replace(content, links=links)


def relation_read_off(before: Question, after: Question) -> Relation:
    """What became of a question that kept its code: moved, reworded, or the same."""
    if (before.point_code, before.reporting_level) != (after.point_code, after.reporting_level):
        return Relation.MOVED
    meant = ("text", "noncompliant_answer", "answer", "unit", "choices")
    if any(getattr(before, name) != getattr(after, name) for name in meant):
        return Relation.REWORDED
    return Relation.SAME


def links_read_off(frame: Frame, questions: Sequence[Question], said: Iterable[Lineage] = ()) -> tuple[Lineage, ...]:
    """A whole lineage for questions that came from elsewhere (a file): what it says, the rest read off them."""
    now = {one.code: one for one in questions}
    links = [
        frame.link(one.predecessor, one.successor, one.relation, one.reason)
        for one in said
        if one.relation is not Relation.SAME
    ]
    ends = {link.predecessor for link in links if link.predecessor}
    begins = {link.successor for link in links if link.successor}
    for code, before in frame.asked.items():
        if code in now:
            relation = relation_read_off(before, now[code])
            if relation is not Relation.SAME and code not in ends | begins:
                links.append(frame.link(code, code, relation, ""))
        elif code not in ends:
            links.append(frame.link(code, "", Relation.WITHDRAWN, ""))
    new = [one for one in questions if one.code not in frame.asked and one.code not in begins]
    return (*links, *(frame.link("", one.code, Relation.ADDED, "") for one in new))


def lineage_total(frame: Frame, content: Content) -> dict[tuple[str, str], Relation]:
    """What became of every question of the base and from where every question of the draft came, the same ones too."""
    found = {(link.predecessor, link.successor): link.relation for link in content.links}
    ends = {old for old, _new in found}
    begins = {new for _old, new in found}
    for one in content.questions:
        if one.code in frame.asked and one.code not in ends and one.code not in begins:
            found[one.code, one.code] = Relation.SAME
    return found
