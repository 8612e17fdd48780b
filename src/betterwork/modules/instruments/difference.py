"""What became of each question between two versions, also across several: pure.

One step's word is the lineage's, as ``rules.versions_difference`` reads it. Across several steps the links are joined:
a question is followed through every version between, and the strongest word on its way is kept (split or merged, then
moved, then reworded). Read backwards the words turn: added and withdrawn, split and merged change places.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from betterwork.core.instrument import Lineage, Question, Relation, ToolVersion
from betterwork.modules.instruments.rules import Change, versions_difference

ORDER = (
    Relation.ADDED,
    Relation.WITHDRAWN,
    Relation.SPLIT,
    Relation.MERGED,
    Relation.MOVED,
    Relation.REWORDED,
    Relation.SAME,
)
_TURNED = {
    Relation.ADDED: Relation.WITHDRAWN,
    Relation.WITHDRAWN: Relation.ADDED,
    Relation.SPLIT: Relation.MERGED,
    Relation.MERGED: Relation.SPLIT,
}
_STRENGTH = {Relation.SAME: 0, Relation.REWORDED: 1, Relation.MOVED: 2, Relation.SPLIT: 3, Relation.MERGED: 3}
ASPECTS = (
    *("point", "cluster", "reporting_level", "legal_basis", "tags", "publicly_reported", "zero_tolerance"),
    *("noncompliant_answer", "only_where_it_applies", "standard_kind", "kind", "answer", "unit", "choices"),
    *("least", "most", "guidance"),
)
"""What is compared of a question besides its words."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something besides the words that differs: its name, what it was and what it is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a compared text: ``kept``, ``gone`` or ``new``."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of the difference with all that a committee reads of it."""

    change: Change
    cluster: str
    point: str
    words: tuple[Words, ...]
    aspects: tuple[Aspect, ...]

    @property
    def says_something(self) -> bool:
        """Whether anything differs at all: in the words, or beside them."""
        return self.change.relation is not Relation.SAME or bool(self.aspects)


def difference(
    older: ToolVersion,
    newer: ToolVersion,
    versions: Iterable[ToolVersion],
    lineage: Sequence[Lineage],
    *,
    with_same: bool = False,
) -> tuple[Change, ...]:
    """What became of every question of ``older`` by ``newer``, in the newer one's order, what is gone last.

    ``versions`` are those of the tool, oldest first: the way between the two leads through them where their lineage
    says so, forwards or backwards. A version without a lineage follows the one before it.
    """
    known = {one.version: one for one in versions} | {older.version: older, newer.version: newer}
    way = _way(older.version, newer.version, known, lineage)
    steps = [_step(known[one], known[other], lineage) for one, other in pairwise(way)]
    if not steps:
        return ()
    found = steps[0] if len(steps) == 1 else _joined(older, newer, steps, way)
    return tuple(one for one in found if with_same or one.relation is not Relation.SAME)


def counts(changes: Iterable[Change]) -> dict[Relation, int]:
    """How many rows of each relation, in the order in which they are told."""
    counted = Counter(one.relation for one in changes)
    return {relation: counted[relation] for relation in ORDER if counted[relation]}


def compared(older: ToolVersion, newer: ToolVersion, changes: Iterable[Change]) -> tuple[Compared, ...]:
    """Each row with the comparison of its words and of what stands beside them."""
    rows = []
    for change in changes:
        before, after = older.by_code.get(change.predecessor), newer.by_code.get(change.successor)
        place = after or before
        assert place is not None
        rows.append(
            Compared(
                change,
                place.cluster,
                place.point,
                words_compared(change.before, change.after),
                aspects(before, after),
            )
        )
    return tuple(rows)


def aspects(before: Question | None, after: Question | None) -> tuple[Aspect, ...]:
    """What differs besides the words; nothing for a question that is new or gone."""
    if before is None or after is None:
        return ()
    told = ((name, _told(getattr(before, name)), _told(getattr(after, name))) for name in ASPECTS)
    return tuple(Aspect(name, was, now) for name, was, now in told if was != now)


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


# --- the way between two versions ---------------------------------------------------------------


def _way(start: str, end: str, known: Mapping[str, ToolVersion], lineage: Sequence[Lineage]) -> list[str]:
    """The shortest way over the lineage; straight from one to the other where there is none."""
    edges = {(one.from_version, one.to_version) for one in lineage} & {(a, b) for a in known for b in known}
    led_to = {to for _from, to in edges}
    in_order = sorted(known, key=lambda name: (known[name].in_force_from or "9999", name))
    edges |= {(one, other) for one, other in pairwise(in_order) if other not in led_to}
    near: dict[str, set[str]] = {}
    for one, other in edges:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    came = {start: ""}
    ahead = deque([start])
    while ahead and end not in came:
        here = ahead.popleft()
        for other in sorted(near.get(here, ())):
            if other not in came:
                came[other] = here
                ahead.append(other)
    if end not in came:
        return [start, end]
    way = [end]
    while came[way[-1]]:
        way.append(came[way[-1]])
    return way[::-1]


def _step(one: ToolVersion, other: ToolVersion, lineage: Sequence[Lineage]) -> tuple[Change, ...]:
    edges = {(link.from_version, link.to_version) for link in lineage}
    forwards = (one.version, other.version) in edges
    backwards = (other.version, one.version) in edges
    if backwards and not forwards:
        return _turned(versions_difference(other, one, lineage, with_same=True), one, other)
    if not forwards and (one.in_force_from or "9999") > (other.in_force_from or "9999"):
        return _turned(versions_difference(other, one, lineage, with_same=True), one, other)
    return versions_difference(one, other, lineage, with_same=True)


def _turned(changes: Iterable[Change], one: ToolVersion, other: ToolVersion) -> tuple[Change, ...]:
    found = [
        Change(_TURNED.get(c.relation, c.relation), c.successor, c.predecessor, c.after, c.before, c.reason)
        for c in changes
    ]
    return _in_order(found, one, other)


def _in_order(changes: Iterable[Change], older: ToolVersion, newer: ToolVersion) -> tuple[Change, ...]:
    first = {code: at for at, code in enumerate(newer.by_code)}
    second = {code: at for at, code in enumerate(older.by_code)}
    last = len(first)
    return tuple(
        sorted(changes, key=lambda c: (first.get(c.successor, last), second.get(c.predecessor, -1) + 1, c.predecessor))
    )


# --- joining several steps ----------------------------------------------------------------------

_Path = tuple[Relation, tuple[str, ...]]


def _joined(
    older: ToolVersion, newer: ToolVersion, steps: Sequence[tuple[Change, ...]], way: Sequence[str]
) -> tuple[Change, ...]:
    """The links of all steps joined. Every code of ``older`` and of ``newer`` is told at least once."""
    paths: dict[tuple[str, str], _Path] = {(code, code): (Relation.SAME, ()) for code in older.by_code}
    ended: dict[str, tuple[str, ...]] = {}
    begun: dict[str, tuple[str, ...]] = {}
    for at, step in enumerate(steps):
        paths, begun = _followed(paths, begun, step, f"{way[at]} → {way[at + 1]}", ended)
    alive = {one for one, _ in paths}
    found = [_told_of(older, newer, pair, paths) for pair in paths]
    reached = {successor for _, successor in paths}
    for code in newer.by_code:
        if code not in reached:
            found.append(_begun(older, newer, code, begun.get(code, ()), alive))
    back = {one.predecessor for one in found}
    for code in older.by_code:
        if code not in back:
            reasons = "; ".join(ended.get(code, ()))
            found.append(Change(Relation.WITHDRAWN, code, "", older.by_code[code].text, "", reasons))
    return _in_order(found, older, newer)


def _followed(
    paths: Mapping[tuple[str, str], _Path],
    begun: Mapping[str, tuple[str, ...]],
    step: Sequence[Change],
    named: str,
    ended: dict[str, tuple[str, ...]],
) -> tuple[dict[tuple[str, str], _Path], dict[str, tuple[str, ...]]]:
    """One step further: where each question of the first version is now, and which began on the way."""
    onward: dict[str, list[Change]] = {}
    starts: dict[str, tuple[str, ...]] = {}
    for one in step:
        if one.predecessor:
            onward.setdefault(one.predecessor, []).append(one)
        else:
            starts[one.successor] = _reasons(named, one)
    found: dict[tuple[str, str], _Path] = {}
    for (first, here), (word, reasons) in paths.items():
        for one in onward.get(here, ()):
            said = (*reasons, *_reasons(named, one))
            if not one.successor:
                ended[first] = (*ended.get(first, ()), *said)
                continue
            known = found.get((first, one.successor))
            joined = _stronger(word, one.relation)
            if known:
                joined, said = _stronger(known[0], joined), tuple(dict.fromkeys((*known[1], *said)))
            found[first, one.successor] = joined, said
    for here, reasons in begun.items():
        for one in onward.get(here, ()):
            if one.successor:
                starts[one.successor] = (*starts.get(one.successor, ()), *reasons, *_reasons(named, one))
    return found, starts


def _reasons(named: str, change: Change) -> tuple[str, ...]:
    if change.relation is Relation.SAME:
        return ()
    return (f"{named} {change.relation}: {change.reason}" if change.reason else f"{named} {change.relation}",)


def _stronger(one: Relation, other: Relation) -> Relation:
    return one if _STRENGTH[one] >= _STRENGTH[other] else other


def _told_of(
    older: ToolVersion, newer: ToolVersion, pair: tuple[str, str], paths: Mapping[tuple[str, str], _Path]
) -> Change:
    before, after = older.by_code[pair[0]], newer.by_code[pair[1]]
    relation, reasons = paths[pair]
    if _STRENGTH[relation] == 3:
        several = sum(first == pair[0] for first, _ in paths) > 1
        joined = sum(last == pair[1] for _, last in paths) > 1
        if several != joined:
            relation = Relation.SPLIT if several else Relation.MERGED
    elif relation is Relation.SAME and before.text != after.text:
        relation = Relation.REWORDED
    return Change(relation, *pair, before.text, after.text, "; ".join(reasons))


def _begun(older: ToolVersion, newer: ToolVersion, code: str, reasons: tuple[str, ...], alive: Iterable[str]) -> Change:
    """A question that began on the way: new, unless the first version asked it already and it was away in between."""
    after, before = newer.by_code[code], older.by_code.get(code)
    if before is None or code in alive:
        return Change(Relation.ADDED, "", code, "", after.text, "; ".join(reasons))
    relation = Relation.SAME if before.text == after.text else Relation.REWORDED
    if before.point_code != after.point_code:
        relation = Relation.MOVED
    return Change(relation, code, code, before.text, after.text, "; ".join((*reasons, "not asked in between")))


# --- words --------------------------------------------------------------------------------------

_TOKENS = re.compile(r"\s+|[^\s!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")
_LONGEST_WORD, _MOST_TOKENS = 24, 3_000


def words_compared(before: str, after: str) -> tuple[Words, ...]:
    """The words of two texts, compared: joined without what is new they are the first, without what is gone the second.

    Scripts that put no space between words are compared letter by letter, each with the signs that belong to it.
    """
    if before == after:
        return (Words("kept", before),) if before else ()
    old, new = _tokens(before), _tokens(after)
    if len(old) + len(new) > _MOST_TOKENS:
        found = [Words("gone", before), Words("new", after)]
        return tuple(one for one in found if one.text)
    stretches: list[Words] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            stretches.append(Words("kept", "".join(old[a:b])))
            continue
        stretches += [one for one in (Words("gone", "".join(old[a:b])), Words("new", "".join(new[c:d]))) if one.text]
    return _smoothed(stretches)


def _smoothed(stretches: Sequence[Words]) -> tuple[Words, ...]:
    """A lone space between two changed stretches joins them: easier to read."""
    found: list[Words] = []
    gone = new = ""
    for at, one in enumerate(stretches):
        between = one.state == "kept" and one.text.isspace() and 0 < at < len(stretches) - 1
        if one.state == "gone" or between:
            gone += one.text
        if one.state == "new" or between:
            new += one.text
        if one.state == "kept" and not between:
            found += [Words("gone", gone)] * bool(gone) + [Words("new", new)] * bool(new) + [one]
            gone = new = ""
    found += [Words("gone", gone)] * bool(gone) + [Words("new", new)] * bool(new)
    return tuple(found)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for token in _TOKENS.findall(text):
        found += [token] if token.isascii() or len(token) <= _LONGEST_WORD else _letters(token)
    return found


def _letters(token: str) -> list[str]:
    """Letters with their marks; a Khmer sign that joins two letters keeps them together."""
    found: list[str] = []
    for sign in token:
        if found and (unicodedata.category(sign)[0] == "M" or found[-1].endswith("\u17d2")):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def as_version(version: ToolVersion, name: str) -> ToolVersion:
    """The version under another name, so that a draft and a version that are called alike can be told apart."""
    return replace(version, version=name)
