"""What every file of a tool holds, by column: how a value is written as text and read back, exactly.

Pure: no file is opened here. A workbook, YAML and whatever comes later share these columns and these messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from betterwork.core.instrument import (
    AnswerKind,
    CountryMark,
    Kind,
    Known,
    LegalLink,
    Lineage,
    Question,
    Relation,
    ReportingLevel,
    ToolVersion,
    TranslatedText,
)

HEAD = ("tool", "version", "in_force_from", "approval", "country")
"""What is said of the version as a whole."""
QUESTION_COLUMNS = (
    *("code", "kind", "cluster_code", "cluster", "point_code", "point", "standard_kind", "text"),
    *("noncompliant_answer", "reporting_level", "legal_basis", "tags", "publicly_reported", "zero_tolerance"),
    *("only_where_it_applies", "guidance", "source"),
)
ANSWER_COLUMNS = ("answer", "unit", "choices", "least", "most")
"""How a fact is answered; what is not said is a finding."""
PARTS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "translations": (TranslatedText, ("code", "field", "language", "text")),
    "lineage": (Lineage, ("from_version", "to_version", "predecessor", "successor", "relation", "reason")),
    "legal": (LegalLink, ("code", "reference", "citation")),
    "marks": (CountryMark, ("code", "country", "publicly_reported", "zero_tolerance")),
}
"""What stands beside the questions, each in rows of its own."""
MOST_QUESTIONS, MOST_ROWS, LONGEST = 3_000, 60_000, 20_000
"""No honest tool has more questions, rows of a part, or signs in one text."""


class BadValue(ValueError):
    """A text that its column cannot mean; the message says what may be written."""


@dataclass(frozen=True, slots=True)
class ToolFile:
    """What a file of a tool holds: the version with all its parts, and how its questions descend."""

    version: ToolVersion
    lineage: tuple[Lineage, ...] = ()


def _one_of(kind: type[StrEnum], blank: StrEnum | None) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        word = text.strip().lower()
        if not word and blank is not None:
            return blank
        try:
            return kind(word)
        except ValueError:
            raise BadValue(f"is {shortened(text)}: write one of {', '.join(kind)}") from None

    return read


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in {"yes", "no", ""}:
        raise BadValue(f"is {shortened(text)}: write yes or no")
    return word == "yes"


def _direction(text: str) -> str:
    word = text.strip().lower()
    if word not in {"yes", "no", ""}:
        raise BadValue(f"is {shortened(text)}: write yes or no, the answer that is a finding, or leave it empty")
    return word


def _list(text: str) -> tuple[str, ...]:
    """Parts with a semicolon between; ``\\;`` is a semicolon inside a part and ``\\\\`` a backslash."""
    parts, part, signs = [], "", iter(text)
    for sign in signs:
        if sign == "\\":
            part += next(signs, "\\")
        elif sign == ";":
            parts.append(part)
            part = ""
        else:
            part += sign
    return tuple(one.strip() for one in [*parts, part] if one.strip())


def list_written(values: Iterable[str]) -> str:
    """The list as one text, so that :func:`value_read` gives it back."""
    return "; ".join(one.replace("\\", "\\\\").replace(";", "\\;") for one in values)


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise BadValue(f"has {len(text)} signs: {LONGEST} at most")
    wrong = next((sign for sign in text if ord(sign) < 32 and sign not in "\n\t"), "")
    if wrong:
        raise BadValue(f"holds a sign that cannot be read (number {ord(wrong)}): write it anew")
    return text


_READ: dict[str, Callable[[str], Any]] = {
    "kind": _one_of(Kind, Kind.COMPLIANCE),
    "reporting_level": _one_of(ReportingLevel, ReportingLevel.FACTORY),
    "noncompliant_answer": _direction,
    "legal_basis": _list,
    "tags": _list,
    "choices": _list,
    "only_where_it_applies": _yes,
    "zero_tolerance": _one_of(Known, Known.UNKNOWN),
    "answer": _one_of(AnswerKind, AnswerKind.FINDING),
    "relation": _one_of(Relation, None),
}
_NEEDED = {"questions": ("code", "cluster", "point", "text"), "answers": ("code",), "lineage": ("relation",)}
_NEEDED |= dict.fromkeys(("translations", "legal", "marks"), ("code",))
DEFAULTS = {one.name: one.default for one in fields(Question)} | {"kind": Kind.COMPLIANCE}


def value_read(part: str, column: str, text: str) -> Any:
    """What a text in a column of a part means. Raises :class:`BadValue`."""
    if column in _NEEDED.get(part, ()) and not text.strip():
        raise BadValue("is empty: it is needed")
    if column == "publicly_reported":
        return _one_of(Known, Known.UNKNOWN)(text) if part == "marks" else _yes(text)
    return _READ.get(column, _text)(text)


def value_written(value: Any) -> str:
    """A value as the text that :func:`value_read` reads back."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return list_written(value) if isinstance(value, tuple) else str(value)


def rows_of(file: ToolFile) -> dict[str, list[dict[str, str]]]:
    """Every part as rows of texts, in the order in which files show them."""
    version = file.version
    answers = [one for one in version.questions if any(getattr(one, c) != DEFAULTS[c] for c in ANSWER_COLUMNS)]
    parts: dict[str, list[dict[str, str]]] = {
        "questions": [_row(one, QUESTION_COLUMNS) for one in version.questions],
        "answers": [_row(one, ("code", *ANSWER_COLUMNS)) for one in answers],
    }
    beside = {
        "translations": version.translations,
        "lineage": file.lineage,
        "legal": version.legal,
        "marks": version.marks,
    }
    for name, values in beside.items():
        parts[name] = [_row(one, PARTS[name][1]) for one in values]
    return parts


def _row(value: Any, columns: Iterable[str]) -> dict[str, str]:
    return {column: value_written(getattr(value, column)) for column in columns}


def file_made(
    head: Mapping[str, str],
    questions: Iterable[Mapping[str, Any]],
    parts: Mapping[str, Iterable[Mapping[str, Any]]],
) -> ToolFile:
    """The version of values that were read one by one. Missing ones are as a question says nothing of them."""
    version = ToolVersion(
        **{name: head.get(name, "") for name in HEAD},
        questions=tuple(Question(**{**_ASKED, **one}) for one in questions),
        translations=_values(parts, "translations"),
        legal=_values(parts, "legal"),
        marks=_values(parts, "marks"),
    )
    return ToolFile(version, _values(parts, "lineage"))


_ASKED = {"kind": Kind.COMPLIANCE, "cluster_code": "", "point_code": ""}
_SAID = {"reason": "", "citation": "", "predecessor": "", "successor": ""}


def _values(parts: Mapping[str, Iterable[Mapping[str, Any]]], name: str) -> tuple[Any, ...]:
    made, columns = PARTS[name]
    said = {column: _SAID.get(column, "") for column in columns}
    return tuple(made(**{**said, **one}) for one in parts.get(name, ()))


def shortened(text: object) -> str:
    """A text as a message quotes it."""
    words = str(text)
    return repr(words if len(words) <= 60 else words[:57] + "…")
