"""A tool as YAML to read, keep beside code and edit by hand. Every value is text: 2014 and no stay what is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

import yaml
from yaml.dumper import Emitter, SafeRepresenter, Serializer  # type: ignore[attr-defined]
from yaml.resolver import BaseResolver

from betterwork.core.instrument import Question
from betterwork.modules.instruments.exchange_fields import (
    ANSWER_COLUMNS,
    DEFAULTS,
    HEAD,
    MOST_QUESTIONS,
    MOST_ROWS,
    PARTS,
    QUESTION_COLUMNS,
    BadValue,
    ToolFile,
    file_made,
    rows_of,
    shortened,
    value_read,
    value_written,
)
from betterwork.modules.instruments.rules import BadTool

SCHEMA = "betterwork.tool/1"
LARGEST, DEEPEST = 10_000_000, 12
_LISTS = ("legal_basis", "tags", "choices")
_OF_CLUSTER = {"code": "cluster_code", "title": "cluster", "standard_kind": "standard_kind"}
_OF_POINT = {"code": "point_code", "title": "point"}
_PLACED = {*_OF_CLUSTER.values(), *_OF_POINT.values()}
_OF_QUESTION = tuple(one for one in (*QUESTION_COLUMNS, *ANSWER_COLUMNS) if one not in _PLACED)


class _Dumper(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """Writes texts plainly where they can stand so: what is read is text in any case."""

    def __init__(self, stream: Any, **options: Any) -> None:
        Emitter.__init__(self, stream, allow_unicode=True, width=110)
        Serializer.__init__(self)
        SafeRepresenter.__init__(self, default_flow_style=False, sort_keys=False)
        BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_write(file: ToolFile) -> bytes:
    """The tool as YAML, read back before it is given out. Raises :class:`BadTool` for what YAML would change."""
    try:
        data = yaml.dump(_content(file), Dumper=_Dumper).encode("utf-8")
    except (UnicodeEncodeError, yaml.YAMLError) as error:
        raise BadTool(f"this tool holds signs that cannot be written: {error}") from error
    if yaml_read(data) != replace(file, version=replace(file.version, digest="")):
        raise BadTool("this tool holds signs that YAML would change; take it as JSON")
    return data


def _content(file: ToolFile) -> dict[str, Any]:
    version, rows = file.version, rows_of(file)
    head = {name: str(getattr(version, name)) for name in HEAD if getattr(version, name) or name != "country"}
    clusters = []
    for cluster, in_cluster in groupby(version.questions, lambda q: (q.cluster_code, q.cluster, q.standard_kind)):
        points = [
            {
                **dict(zip(_OF_POINT, point, strict=True)),
                "questions": [_question(question) for question in in_point],
            }
            for point, in_point in groupby(in_cluster, lambda q: (q.point_code, q.point))
        ]
        clusters.append({**dict(zip(_OF_CLUSTER, cluster, strict=True)), "points": points})
    beside = {name: rows[name] for name in PARTS if rows[name]}
    return {"schema": SCHEMA, **head, "clusters": clusters, **beside}


def _question(question: Question) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in _OF_QUESTION:
        value = getattr(question, name)
        if name in {"code", "text"} or value != DEFAULTS[name]:
            said[name] = list(value) if name in _LISTS else value_written(value)
    return said


# --- reading ------------------------------------------------------------------------------------


def yaml_read(data: bytes) -> ToolFile:
    """The tool that YAML holds. Raises :class:`BadTool` naming the line."""
    if len(data) > LARGEST:
        raise BadTool(f"the file has {len(data) // 1_000_000} MB; {LARGEST // 1_000_000} MB at most")
    root = _node(data)
    head = _mapping(root, ("schema", *HEAD, "clusters", *PARTS), "the file")
    if _scalar(head.get("schema"), "schema") != SCHEMA:
        raise BadTool(f"line 1: this is not a tool: its first line must be 'schema: {SCHEMA}'")
    if "clusters" not in head:
        raise BadTool("line 1: there are no clusters, so nothing is asked")
    texts = {name: _value("tool", name, head[name]) for name in HEAD if name in head}
    questions = _questions(head["clusters"])
    parts = {name: _part(name, head[name]) for name in PARTS if name in head}
    return file_made(texts, questions, parts)


def _questions(clusters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    for cluster in _items(clusters, "clusters"):
        of_cluster = _mapping(cluster, (*_OF_CLUSTER, "points"), "a cluster")
        placed = _placed(of_cluster, _OF_CLUSTER)
        for point in _items(of_cluster.get("points"), "points"):
            of_point = _mapping(point, (*_OF_POINT, "questions"), "a point")
            here = placed | _placed(of_point, _OF_POINT)
            for one in _items(of_point.get("questions"), "questions"):
                question = here | _fields("questions", one, _OF_QUESTION)
                for name in ("code", "cluster", "point", "text"):
                    if not question.get(name):
                        raise _bad(one, f"the question {question.get('code', '')} has no {name}: it is needed")
                code = question["code"]
                if code in lines:
                    raise _bad(one, f"the question {shortened(code)} stands in line {lines[code]} already")
                lines[code] = _line(one)
                found.append(question)
                if len(found) > MOST_QUESTIONS:
                    raise _bad(one, f"more than {MOST_QUESTIONS} questions: no tool has as many")
    if not found:
        raise BadTool("there is no question in the file")
    return found


def _placed(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {field: _value("questions", field, said[name]) for name, field in names.items() if name in said}


def _part(name: str, node: Any) -> list[dict[str, Any]]:
    rows = _items(node, name)
    if len(rows) > MOST_ROWS:
        raise _bad(node, f"{name} has {len(rows)} rows: {MOST_ROWS} at most")
    return [_fields(name, one, PARTS[name][1], needed=True) for one in rows]


def _fields(part: str, node: Any, names: tuple[str, ...], *, needed: bool = False) -> dict[str, Any]:
    said = _mapping(node, names, f"a row of {part}")
    for name in ("code", "relation") if needed else ():
        if name in names and name not in said:
            raise _bad(node, f"{name} is missing in this row of {part}")
    return {name: _value(part, name, one) for name, one in said.items()}


def _value(part: str, name: str, node: Any) -> Any:
    if name in _LISTS and isinstance(node, yaml.SequenceNode):
        return tuple(_scalar(one, name) for one in node.value)
    try:
        return value_read(part, name, _scalar(node, name))
    except BadValue as error:
        raise _bad(node, f"{name} {error}") from error


def _node(data: bytes) -> Any:
    """The parsed file. Names for parts that stand elsewhere (anchors) are refused: they can unfold without end."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTool(f"this is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise BadTool(f"line {_line(event)}: anchors (& and *) are refused: write it out")
            if getattr(event, "tag", None) not in {None, "!"}:
                raise BadTool(f"line {_line(event)}: tags (!) are refused: write text")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise BadTool(f"line {_line(event)}: nested deeper than any tool")
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BadTool(f"{where}this is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}") from error


def _mapping(node: Any, names: tuple[str, ...], what: str) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise _bad(node, f"{what} is written as names with values")
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = _scalar(key, "a name")
        if name not in names:
            raise _bad(key, f"{shortened(name)} is not known in {what}; known: {', '.join(names)}")
        if name in found:
            raise _bad(key, f"{name} stands twice in {what}")
        found[name] = value
    return found


def _items(node: Any, what: str) -> list[Any]:
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise _bad(node, f"{what} is written as a list, each with a hyphen before it")
    return list(node.value)


def _scalar(node: Any, what: str) -> str:
    if node is None:
        return ""
    if not isinstance(node, yaml.ScalarNode):
        raise _bad(node, f"{what} is a list or has parts: write text")
    return str(node.value)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1 if node is not None else 1


def _bad(node: Any, words: str) -> BadTool:
    return BadTool(f"line {_line(node)}: {words}")
