"""Each factory's own figures: what was asked and not met at each assessment, and what is open at the latest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from betterwork.core.instrument import ReportingLevel
from betterwork.modules.evidence.queries import Store

NONCOMPLIANT = 1


def factory_parts(store: Store, country: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The factories of a country in sixteen parts, so that a page reads one small file."""
    parts: dict[str, dict[str, Any]] = {}
    for factory, visits in _visits(store, country).items():
        name = f"factories-{hashlib.sha256(factory.encode()).hexdigest()[0]}"
        parts.setdefault(name, {})[factory] = _told(store, visits)
    for name in sorted(parts):
        yield name, {"factories": parts[name]}


def _visits(store: Store, country: str) -> dict[str, list[dict[str, Any]]]:
    """Factory → its assessments, the latest last: by start, then cycle, then number, as everywhere."""
    import pyarrow.parquet as pq

    by_key: dict[int, dict[str, Any]] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    partitions = [one for one in store.build.partitions if one.country == country]
    for one in partitions:
        for row in pq.read_table(store.folder.file(one.name, "assessments"), memory_map=False).to_pylist():
            visit = {**row, "points": {}, "open": []}
            by_key[row["assessment_key"]] = visit
            found.setdefault(row["factory"], []).append(visit)
        columns = ["assessment_key", "point", "asked", "found"]
        for row in pq.read_table(store.folder.file(one.name, "points"), columns=columns, memory_map=False).to_pylist():
            if row["asked"]:
                by_key[row["assessment_key"]]["points"][row["point"]] = row["found"] > 0
        answers = pq.read_table(
            store.folder.file(one.name, "answers"),
            columns=["assessment_key", "question"],
            filters=[("answer", "==", NONCOMPLIANT)],
            memory_map=False,
        )
        for row in answers.to_pylist():
            by_key[row["assessment_key"]]["open"].append(row["question"])
    for visits in found.values():
        visits.sort(key=lambda visit: (visit["start"], visit["cycle"], visit["assessment"]))
    return found


def _told(store: Store, visits: list[dict[str, Any]]) -> dict[str, Any]:
    """One factory: its points not met by cluster over its assessments, its open questions, what changed since."""
    dimensions = store.build.dimensions
    level = ReportingLevel.FACTORY.value
    points = {one.index: one for one in dimensions.points if one.level == level}
    questions = {one.index: one for one in dimensions.questions if one.level == level}
    told = []
    for visit in visits:
        clusters: dict[str, list[int]] = {}
        for index, unmet in sorted(visit["points"].items()):
            if index in points:
                counts = clusters.setdefault(dimensions.clusters[points[index].cluster].label, [0, 0])
                counts[0] += 1
                counts[1] += int(unmet)
        told.append(
            {
                "assessment": visit["assessment"],
                "start": visit["start"].isoformat(),
                "cycle": visit["cycle"],
                "version": visit["version"],
                "incomplete": visit["incomplete"],
                "points": sum(asked for asked, _ in clusters.values()),
                "unmet": sum(unmet for _, unmet in clusters.values()),
                "clusters": [[label, asked, unmet] for label, (asked, unmet) in clusters.items()],
            }
        )
    now = visits[-1]
    open_now = [questions[index] for index in sorted(now["open"]) if index in questions]
    result: dict[str, Any] = {
        "obsolete": now["obsolete"],
        "assessments": told,
        "open": [
            [
                dimensions.clusters[dimensions.points[one.point].cluster].label,
                dimensions.points[one.point].label,
                one.code,
                one.text,
            ]
            for one in open_now
        ],
    }
    if len(visits) > 1:
        before = visits[-2]["points"]
        both = [index for index in now["points"] if index in before and index in points]
        result["since"] = {
            "both": len(both),
            "before": sum(before[index] for index in both),
            "now": sum(now["points"][index] for index in both),
            "fixed": sorted(points[i].label for i in both if before[i] and not now["points"][i]),
            "relapsed": sorted(points[i].label for i in both if now["points"][i] and not before[i]),
        }
    return result
