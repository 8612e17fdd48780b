"""Sealed assessments as arrays: what a partition of the store holds, before it is a file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from betterwork.core.errors import BetterWorkError
from betterwork.core.evidence.dimensions import Dimensions
from betterwork.core.evidence.keys import assessment_key, country_number, factory_key

OBSOLETE_MARK = "(obsolete)"
Int16 = NDArray[np.int16]
Int8 = NDArray[np.int8]


@dataclass(slots=True)
class Projected:
    """One assessment: its head, and its answers as arrays in the order of question indexes."""

    digest: str
    country: str
    assessment: int
    factory: str
    factory_name: str
    start: date
    cycle: int
    version: str
    incomplete: bool
    questions: Int16
    answers: Int8
    repeats: Mapping[int, int] = field(default_factory=dict)  # question index → exact duplicates dropped
    written: Mapping[int, tuple[str, str]] = field(default_factory=dict)  # only where not the version's own labels
    facts: Sequence[tuple[str, str]] = ()

    @property
    def order(self) -> tuple[str, date, int]:
        """Where it stands in its partition: by factory, date, number."""
        return self.factory, self.start, self.assessment


class Projector:
    """Turns documents' contents into :class:`Projected`, remembering how each set of questions maps."""

    def __init__(self, dimensions: Dimensions) -> None:
        self.dimensions = dimensions
        self._orders: dict[tuple[str, tuple[str, ...]], tuple[Int16, NDArray[np.intp]]] = {}

    def project(self, digest: str, content: Mapping[str, Any]) -> Projected:
        """One document's content ("betterwork.assessment/1").

        Raises :class:`BetterWorkError` when it answers a question its tool version does not ask.
        """
        version = content["tool"]["version"]
        answers = content["answers"]
        questions, order = self._order(version, tuple(answers), digest)
        given = np.fromiter(answers.values(), dtype=np.int8, count=len(answers))[order]
        items = self.dimensions.by_version[version]
        return Projected(
            digest=digest,
            country=content["country"],
            assessment=content["assessment"],
            factory=content["factory"]["id"],
            factory_name=content["factory"]["name"],
            start=date.fromisoformat(content["start"]),
            cycle=content["cycle"],
            version=version,
            incomplete=bool(content["incomplete"]),
            questions=questions,
            answers=given,
            repeats={items[code].index: n for code, n in content.get("repeats", {}).items() if code in items},
            written={
                items[code].index: (one[0], one[1]) for code, one in content.get("written", {}).items() if code in items
            },
            facts=sorted(content.get("facts", {}).items()),
        )

    def _order(self, version: str, codes: tuple[str, ...], digest: str) -> tuple[Int16, NDArray[np.intp]]:
        known = self._orders.get((version, codes))
        if known is None:
            items = self.dimensions.by_version.get(version, {})
            try:
                indexes = np.array([items[code].index for code in codes], dtype=np.int16)
            except KeyError as error:
                raise BetterWorkError(
                    f"sealed assessment {digest[:12]} answers {error.args[0]}, which version {version!r} of the tool "
                    "does not ask: seal the tool version it was made with, then build again"
                ) from error
            order = np.argsort(indexes, kind="stable")
            known = (indexes[order], order)
            if len(self._orders) < 1000:
                self._orders[(version, codes)] = known
        return known


@dataclass
class PartitionArrays:
    """A run of assessments of one partition as columns, ready to be written."""

    assessments: dict[str, list[Any]]
    answers: dict[str, NDArray[Any]]
    written: NDArray[np.int32]  # per answer: number of its (code, cluster, point) as written
    written_labels: list[tuple[str, str, str]]
    points: dict[str, NDArray[Any]]
    facts: dict[str, list[Any]]


class Layout:
    """How answers become points and labels, as lookup arrays over question indexes."""

    def __init__(self, dimensions: Dimensions) -> None:
        self.dimensions = dimensions

    @cached_property
    def point_of(self) -> NDArray[np.int64]:
        """Question index → point index."""
        return np.array([one.point for one in self.dimensions.questions], dtype=np.int64)

    @cached_property
    def cluster_of(self) -> NDArray[np.int16]:
        """Point index → cluster index."""
        return np.array([one.cluster for one in self.dimensions.points], dtype=np.int16)

    @cached_property
    def comparable(self) -> NDArray[np.bool_]:
        """Question index → whether every version asks its kin inside the same point."""
        return np.array([one.comparable_in_point for one in self.dimensions.questions], dtype=np.bool_)

    @cached_property
    def own_labels(self) -> tuple[list[tuple[str, str, str]], dict[str, NDArray[np.int32]]]:
        """All (code, cluster, point) that versions write themselves, and version → question index → its number."""
        numbers: dict[tuple[str, str, str], int] = {}
        of_version: dict[str, NDArray[np.int32]] = {}
        for version in self.dimensions.versions:
            row = np.full(len(self.dimensions.questions), -1, dtype=np.int32)
            for code, item in self.dimensions.by_version[version].items():
                label = (code, *self.dimensions.written[version][code])
                row[item.index] = numbers.setdefault(label, len(numbers))
            of_version[version] = row
        return list(numbers), of_version

    def point_columns(
        self, keys: NDArray[np.int64], counts: NDArray[np.int64], questions: Int16, answers: Int8
    ) -> dict[str, NDArray[Any]]:
        """The point table of a run of assessments: for each, the points it has answers on.

        ``keys`` and ``counts`` give each assessment's key and number of answers; ``asked`` counts
        questions determined, ``found`` those non-compliant.
        """
        n_points = len(self.cluster_of)
        place = np.repeat(np.arange(len(keys), dtype=np.int64) * n_points, counts) + self.point_of[questions]
        size = len(keys) * n_points
        determined, found = answers <= 1, answers == 1
        comparable = self.comparable[questions]

        def count(mask: NDArray[np.bool_]) -> NDArray[np.int16]:
            return np.bincount(place[mask], minlength=size).astype(np.int16)[present]

        present = np.flatnonzero(np.bincount(place, minlength=size))
        point = (present % n_points).astype(np.int16)
        return {
            "assessment_key": keys[present // n_points],
            "point": point,
            "cluster": self.cluster_of[point],
            "asked": count(determined),
            "found": count(found),
            "asked_comparable": count(determined & comparable),
            "found_comparable": count(found & comparable),
        }

    def arrays(self, run: Sequence[Projected]) -> PartitionArrays:
        """The columns of a run of assessments in their order."""
        keys = np.array([assessment_key(one.country, one.assessment) for one in run], dtype=np.int64)
        counts = np.array([len(one.questions) for one in run], dtype=np.int64)
        questions = _joined([one.questions for one in run], np.int16)
        answers = _joined([one.answers for one in run], np.int8)
        own, of_version = self.own_labels
        labels, numbers = list(own), {label: number for number, label in enumerate(own)}
        written = _joined([of_version[one.version][one.questions] for one in run], np.int32)
        repeats = np.zeros(len(questions), dtype=np.int16)
        starts = np.concatenate(([0], np.cumsum(counts)))
        for one, begins in zip(run, starts, strict=False):
            for index, n in one.repeats.items():
                where = int(np.searchsorted(one.questions, index))
                if where < len(one.questions) and one.questions[where] == index:
                    repeats[begins + where] = n
            for index, (cluster, point) in one.written.items():
                where = int(np.searchsorted(one.questions, index))
                if where < len(one.questions) and one.questions[where] == index:
                    label = (labels[written[begins + where]][0], cluster, point)
                    if label not in numbers:
                        numbers[label] = len(labels)
                        labels.append(label)
                    written[begins + where] = numbers[label]
        return PartitionArrays(
            assessments=_heads(run, keys),
            answers={
                "assessment_key": np.repeat(keys, counts),
                "question": questions,
                "answer": answers,
                "repeats": repeats,
            },
            written=written,
            written_labels=labels,
            points=self.point_columns(keys, counts, questions, answers),
            facts={
                "assessment_key": [int(key) for one, key in zip(run, keys, strict=True) for _ in one.facts],
                "code": [code for one in run for code, _ in one.facts],
                "value": [value for one in run for _, value in one.facts],
            },
        )  # fmt: skip


def _joined(parts: list[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.empty(0, dtype=dtype)


def _heads(run: Sequence[Projected], keys: NDArray[np.int64]) -> dict[str, list[Any]]:
    return {
        "country": [one.country for one in run],
        "country_number": [country_number(one.country) for one in run],
        "assessment_key": keys.tolist(),
        "assessment": [one.assessment for one in run],
        "factory_key": [factory_key(one.country, one.factory) for one in run],
        "factory": [one.factory for one in run],
        "factory_name": [one.factory_name for one in run],
        "start": [one.start for one in run],
        "cycle": [one.cycle for one in run],
        "version": [one.version for one in run],
        "obsolete": [OBSOLETE_MARK in one.factory_name.casefold() for one in run],
        "incomplete": [one.incomplete for one in run],
        "digest": [one.digest for one in run],
    }


def in_runs(ordered: Sequence[Projected], answers_in_a_run: int = 500_000) -> Iterator[Sequence[Projected]]:
    """Split assessments into runs of about that many answers, so that memory stays bounded while writing."""
    begins = held = 0
    for end, one in enumerate(ordered):
        held += len(one.questions)
        if held >= answers_in_a_run:
            yield ordered[begins : end + 1]
            begins, held = end + 1, 0
    if begins < len(ordered) or not ordered:
        yield ordered[begins:]
