"""The tool of a visit as the app and the pages need it: clusters, points and questions in the order they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.capture.fields import Asked, asked_of
from betterwork.core.capture.operations import Fields
from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Kind, Known, Question
from betterwork.core.instrument import ToolVersion as Version
from betterwork.modules.instruments.queries import tool_version, version_on
from betterwork.modules.instruments.translating import sealed_translations

TOOL = "garment"
"""The tool of the programme's assessments."""
LANGUAGE = "en"
"""The language in which tools are written."""


@dataclass(frozen=True)
class Tool:
    """A sealed version as it is asked on a visit, with what is looked up often."""

    version: Version

    @cached_property
    def questions(self) -> dict[str, Asked]:
        """Code of a question → what operations are held against."""
        return {one.code: asked_of(one) for one in self.version.questions}

    @cached_property
    def fields(self) -> Fields:
        """Fields of questions as they were looked up: filled by reading operations."""
        return {}

    @cached_property
    def order(self) -> dict[str, int]:
        """Code of a question → its place."""
        return {one.code: place for place, one in enumerate(self.version.questions)}

    @cached_property
    def cluster_of(self) -> dict[str, str]:
        """Code of a question → code of its cluster."""
        return {one.code: one.cluster_code or one.cluster for one in self.version.questions}

    @cached_property
    def clusters(self) -> list[tuple[str, str, int]]:
        """(code, name, how many questions) of each cluster, in the order they are asked."""
        names: dict[str, str] = {}
        counts: dict[str, int] = {}
        for one in self.version.questions:
            code = one.cluster_code or one.cluster
            names.setdefault(code, one.cluster)
            counts[code] = counts.get(code, 0) + 1
        return [(code, names[code], counts[code]) for code in names]


@lru_cache(maxsize=32)
def _tool(tool: str, version: str, digest: str) -> Tool:
    return Tool(tool_version(tool, version)[0])


def tool_of(tool: str, version: str, digest: str) -> Tool:
    """A sealed version, read once: its digest says that it never changes."""
    return _tool(tool, version, digest)


def tool_on(country: str, on: date) -> Tool:
    """The version that is asked in a country on a day. Raises :class:`WrongUse` where none is in force."""
    held = version_on(TOOL, country, on)
    if held is None:
        raise WrongUse(_("No assessment tool is in force there on the first day of this visit."))
    found = tool_version(held.tool, held.version)[0]
    return _tool(found.tool, found.version, found.digest)


def tool_package(tool: Tool, *, country: str, languages: Sequence[str]) -> dict[str, Any]:
    """The tool as a device takes it along: texts and guidance in the languages chosen, the country's marks, the law."""
    version = tool.version
    texts = _translated(version, languages)
    marks = {one.code: one for one in version.marks if one.country == country}
    legal: dict[str, list[str]] = {}
    for link in version.legal:
        legal.setdefault(link.code, []).append(link.citation or link.reference)
    clusters: dict[str, dict[str, Any]] = {}
    points: dict[tuple[str, str], dict[str, Any]] = {}
    for one in version.questions:
        code = one.cluster_code or one.cluster
        cluster = clusters.setdefault(code, {"code": code, "name": one.cluster, "points": []})
        key = (code, one.point_code or one.point)
        if key not in points:
            points[key] = {"code": key[1], "name": one.point, "questions": []}
            cluster["points"].append(points[key])
        points[key]["questions"].append(_question(one, texts, marks.get(one.code), legal.get(one.code, ())))
    return {
        "tool": version.tool,
        "version": version.version,
        "digest": version.digest,
        "in_force_from": version.in_force_from,
        "clusters": list(clusters.values()),
    }


Texts = Mapping[tuple[str, str], Mapping[str, str]]
"""(code, "text" or "guidance") → language → words."""


def _translated(version: Version, languages: Sequence[str]) -> Texts:
    """Sealed translations; where the version was sealed without one, what was approved of these very words since."""
    wanted = {one for one in languages if one != LANGUAGE}
    found: dict[tuple[str, str], dict[str, str]] = {}
    if wanted:
        for one in (*sealed_translations(version.tool, version.questions), *version.translations):
            if one.language in wanted:
                found.setdefault((one.code, one.field), {})[one.language] = one.text
    return found


def _question(one: Question, texts: Texts, mark: Any, legal: Iterable[str]) -> dict[str, Any]:
    fact = one.kind is Kind.FACT
    return {
        "code": one.code,
        "kind": str(one.kind),
        "texts": {LANGUAGE: one.text, **texts.get((one.code, "text"), {})},
        "guidance": {LANGUAGE: one.guidance, **texts.get((one.code, "guidance"), {})} if one.guidance else {},
        "legal": list(dict.fromkeys([*legal, *one.legal_basis])),
        "serious": _marked(mark.zero_tolerance if mark else Known.UNKNOWN, one.zero_tolerance is Known.YES),
        "public": _marked(mark.publicly_reported if mark else Known.UNKNOWN, one.publicly_reported),
        "answer": str(one.answer) if fact else "",
        "unit": one.unit,
        "choices": list(one.choices),
        "least": one.least,
        "most": one.most,
        "only_where_it_applies": one.only_where_it_applies,
    }


def _marked(mark: Known, else_: bool) -> bool:
    return else_ if mark is Known.UNKNOWN else mark is Known.YES
