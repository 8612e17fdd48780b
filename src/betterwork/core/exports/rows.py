"""The rows of one file in little memory: three whole numbers a row, each distinct text once.

An export repeats itself: the columns of an assessment on every row of it, the columns of a
question in every assessment. So each distinct head and each distinct tail is kept once, and a row
is (line number, head, tail). Assessments may lie interleaved, so they are whole only at the end.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from betterwork.core.exports.judging import Answer, Head, Judge, Refusal

Fields = tuple[str, ...]


@dataclass(slots=True)
class RowStore:
    """What was read of one file. ``heads[i]`` is the text of head number i, as ``tails`` is of tails."""

    numbers: array[int] = field(default_factory=lambda: array("Q"))
    head_of_row: array[int] = field(default_factory=lambda: array("I"))
    tail_of_row: array[int] = field(default_factory=lambda: array("I"))
    head_ids: dict[Fields, int] = field(default_factory=dict)
    tail_ids: dict[Fields, int] = field(default_factory=dict)
    heads: list[Fields] = field(default_factory=list)
    tails: list[Fields] = field(default_factory=list)

    def head_id(self, fields: Fields) -> int:
        """The number of a head, given one if it is new."""
        found = self.head_ids.get(fields)
        if found is None:
            found = self.head_ids[fields] = len(self.heads)
            self.heads.append(fields)
        return found

    def tail_id(self, fields: Fields) -> int:
        """The number of a tail, given one if it is new."""
        found = self.tail_ids.get(fields)
        if found is None:
            found = self.tail_ids[fields] = len(self.tails)
            self.tails.append(fields)
        return found

    def add(self, number: int, head: Fields, tail: Fields) -> None:
        """Keep one row."""
        self.numbers.append(number)
        self.head_of_row.append(self.head_id(head))
        self.tail_of_row.append(self.tail_id(tail))

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class AssessmentRows:
    """The rows of one assessment, in the order of the file. The three lists run side by side."""

    key: tuple[str, int]
    numbers: list[int]
    heads: list[int]
    tails: list[int]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A file's rows by assessment, with what was judged of each head."""

    store: RowStore
    heads: list[Head | Refusal]
    keys: list[tuple[str, int]]  # by earliest start date, then key: later facts of a factory come later
    order: np.ndarray  # row indices, assessment by assessment
    bounds: np.ndarray  # where each assessment begins in ``order``, in the order of ``keys``; one more at the end
    refused: np.ndarray  # indices of the rows whose head is refused

    def assessments(self) -> Iterator[AssessmentRows]:
        """One assessment after the other."""
        numbers, heads, tails = (
            np.frombuffer(column, dtype=column.typecode)
            for column in (self.store.numbers, self.store.head_of_row, self.store.tail_of_row)
        )
        for position, key in enumerate(self.keys):
            mine = self.order[self.bounds[position] : self.bounds[position + 1]]
            yield AssessmentRows(key, numbers[mine].tolist(), heads[mine].tolist(), tails[mine].tolist())

    def refused_rows(self) -> Iterator[tuple[int, int, int, Refusal]]:
        """(line number, head, tail, why) of the rows whose head is refused."""
        for row in self.refused.tolist():
            head = self.store.head_of_row[row]
            judged = self.heads[head]
            assert isinstance(judged, Refusal)
            yield self.store.numbers[row], head, self.store.tail_of_row[row], judged


def rows_grouped(store: RowStore, judge: Judge) -> Grouped:
    """Judge every head once and put the rows together by assessment."""
    judged = [judge.head(fields) for fields in store.heads]
    starts: dict[tuple[str, int], str] = {}
    for head in judged:
        if isinstance(head, Head):
            starts[head.key] = min(head.start, starts.get(head.key, head.start))
    keys = sorted(starts, key=lambda key: (starts[key], key))
    position_of = {key: position for position, key in enumerate(keys)}
    nowhere = len(keys)  # sorts after every assessment
    of_head = np.fromiter(
        (position_of[head.key] if isinstance(head, Head) else nowhere for head in judged),
        dtype=np.int32,
        count=len(judged),
    )
    if not len(store):
        nothing = np.empty(0, dtype=np.int64)
        return Grouped(store, judged, [], nothing, np.zeros(1, dtype=np.int64), nothing)
    of_row = of_head[np.frombuffer(store.head_of_row, dtype=store.head_of_row.typecode)]
    order = np.argsort(of_row, kind="stable")
    bounds = np.searchsorted(of_row[order], np.arange(nowhere + 1))
    return Grouped(store, judged, keys, order, bounds, order[bounds[nowhere] :])


class JudgedTails(dict[int, tuple[str, object]]):
    """Tail number → (code, value) under one tool version, judged when first asked for.

    ``special`` holds the tails of which more must be said than code and value: refusals, facts,
    questions not asked, labels other than the version's own.
    """

    def __init__(self, judge: Judge, version: str, store: RowStore) -> None:
        super().__init__()
        self.judge, self.version, self.store = judge, version, store
        self.special: dict[int, Answer | Refusal] = {}

    def __missing__(self, tail: int) -> tuple[str, object]:
        found = self.judge.tail(self.store.tails[tail], self.version)
        pair: tuple[str, object] = ("", found) if isinstance(found, Refusal) else (found.code, found.value)
        self[tail] = pair
        if isinstance(found, Refusal) or found.written or found.mapped_from or found.value not in (0, 1):
            self.special[tail] = found
        return pair

    def full(self, tail: int) -> Answer | Refusal:
        """All that was judged of a tail."""
        code, value = self[tail]
        special = self.special.get(tail)
        return Answer(code, value) if special is None else special  # type: ignore[arg-type]


def judged_tails(judge: Judge, store: RowStore) -> Mapping[str, JudgedTails]:
    """Judged tails by tool version."""
    return {version.version: JudgedTails(judge, version.version, store) for version in judge.catalogue.versions}
