"""The one list of fields: what can be written down of a question, the visit and an interview, and which values.

``data/fields.json`` is the list, and says how each kind of value is read; this module holds values against it. The app
reads the same file. A value that is refused says why by a code of the list (``refusals``); :class:`Refusal` carries it.

Words: *about* is the thing (``question:OSH-8-07``, ``visit``, ``interview:<id>``), *field* what is said of it, a *part*
the end of a field's name after the point (``source.workers``, ``file.<sha256>``).
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import AnswerKind, Kind, Question

DATA: Final = files(__package__) / "data"
LIST: Final[Mapping[str, Any]] = json.loads(DATA.joinpath("fields.json").read_text(encoding="utf-8"))
"""The list as it is shipped."""

LIMITS: Final[Mapping[str, int]] = LIST["limits"]
SOURCES: Final[tuple[str, ...]] = tuple(LIST["parts"]["source"]["one_of"])
"""The kinds of source, in the order shown."""
PROTECTED: Final[tuple[str, ...]] = tuple(LIST["protected_sources"])
"""The kinds of source behind which stand people who could be found out."""
DETERMINATIONS: Final = ("compliant", "non-compliant", "not-applicable", "not-assessed")
REASONS: Final[Mapping[str, str]] = LIST["refusals"]
"""Code → why a value or an operation is refused, in plain English."""

QUESTION, VISIT, INTERVIEW = "question", "visit", "interview"

_SHARE_LEAST, _SHARE_MOST = Decimal(0), Decimal(100)


class Refusal(WrongUse):
    """An operation or a value that cannot be taken. ``reason`` is a code of ``REASONS``; ``words`` say it."""

    def __init__(self, reason: str, words: str = "") -> None:
        self.reason = reason
        self.words = words or REASONS[reason]
        super().__init__(self.words)


@dataclass(frozen=True, slots=True)
class Asked:
    """What capture needs to know of one question of the tool that was taken. ``least`` and ``most``: "" is no bound."""

    code: str
    kind: Kind = Kind.COMPLIANCE
    cluster: str = ""
    answer: AnswerKind = AnswerKind.FINDING
    choices: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    serious: bool = False
    """Whether non-compliance here is a matter of zero tolerance in this country."""

    @property
    def about(self) -> str:
        """The thing its operations speak of."""
        return f"question:{self.code}"


def asked_of(question: Question, *, serious: bool = False) -> Asked:
    """What capture needs of a question of a tool version; ``serious`` as the country's rules mark it."""
    return Asked(
        code=question.code,
        kind=question.kind,
        cluster=question.cluster_code or question.cluster,
        answer=question.answer,
        choices=question.choices,
        least=question.least,
        most=question.most,
        serious=serious,
    )


def asked_read(raw: Mapping[str, Any], cluster: str = "") -> Asked:
    """A question as the package for a device writes it (and the vectors): ``code``, ``kind``, ``answer``, …"""
    return Asked(
        code=raw["code"],
        kind=Kind(raw["kind"]),
        cluster=raw.get("cluster", cluster),
        answer=AnswerKind(raw.get("answer") or AnswerKind.FINDING),
        choices=tuple(raw.get("choices") or ()),
        least=raw.get("least") or "",
        most=raw.get("most") or "",
        serious=bool(raw.get("serious", False)),
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause in the management system, from the short shipped list."""

    code: str
    name: str
    explained: str


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the list. ``name`` is whole, or ends in a part: ``source.<source>``."""

    about: str
    name: str
    kind: str
    of: tuple[str, ...]
    choices: tuple[str, ...]
    types: tuple[str, ...]
    least: int
    most: int
    longest: int
    longest_name: int
    needed: bool
    explained: str

    @property
    def part(self) -> str:
        """The kind of part its name ends in, or nothing: ``source``, ``sha256``."""
        return self.name.partition(".<")[2].rstrip(">")


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        about=raw["about"],
        name=raw["name"],
        kind=raw["kind"],
        of=tuple(raw.get("of", ())),
        choices=tuple(raw.get("choices", ())),
        types=tuple(raw.get("types", ())),
        least=raw.get("least", 0),
        most=raw.get("most", LIMITS["integer"]),
        longest=raw.get("longest", LIMITS["text"]),
        longest_name=raw.get("longest_name", 0),
        needed=raw.get("needed", False),
        explained=raw["explained"],
    )


def pattern(text: str) -> re.Pattern[str]:
    """A pattern of the list, for this language: Python writes a named part with a P."""
    return re.compile(text.replace("(?<", "(?P<"))


FIELDS: Final[tuple[Field, ...]] = tuple(_field(raw) for raw in LIST["fields"])
"""All fields, in the order of the list."""
CAUSES: Final[tuple[Cause, ...]] = tuple(
    Cause(**row) for row in csv.DictReader(DATA.joinpath("causes.csv").read_text(encoding="utf-8").splitlines())
)
"""The shipped root causes (background, not verified), in the order shown."""
CAUSE_CODES: Final = frozenset(cause.code for cause in CAUSES)

_PATTERNS: Final = {name: pattern(text) for name, text in LIST["patterns"].items()}
_ABOUTS: Final = [(raw["about"], pattern(raw["pattern"])) for raw in LIST["abouts"]]
_CONFIDENTIAL: Final = frozenset(raw["about"] for raw in LIST["abouts"] if raw["confidential"])
_PARTS: Final[Mapping[str, Callable[[str], object]]] = {
    name: frozenset(raw["one_of"]).__contains__ if "one_of" in raw else pattern(raw["pattern"]).fullmatch
    for name, raw in LIST["parts"].items()
}
_BY_NAME: Final = {(one.about, one.name.partition("<")[0]): one for one in FIELDS}


def matches(name: str, text: object) -> bool:
    """Whether ``text`` is text that wholly matches the list's pattern of this name (``operation``, ``device``, …)."""
    return isinstance(text, str) and _PATTERNS[name].fullmatch(text) is not None


def about_kind(about: object) -> tuple[str, str]:
    """What kind of thing it is (``question``, ``visit``, ``interview``), and its code or id.

    Raises :class:`Refusal` (``unknown-about``).
    """
    if isinstance(about, str):
        for kind, shape in _ABOUTS:
            found = shape.fullmatch(about)
            if found:
                return kind, next(iter(found.groups()), "") or ""
    raise Refusal("unknown-about")


def about_is_confidential(about: str) -> bool:
    """Whether what is said of it is for the visit's own advisors alone: the server keeps it in the vault."""
    return about.partition(":")[0] in _CONFIDENTIAL


def field_called(about: str, name: object, questions: Mapping[str, Asked]) -> tuple[Field, Asked | None]:
    """The field of that thing with that name, and the question where the thing is one.

    Raises :class:`Refusal`: ``unknown-about``, ``unknown-question``, ``unknown-field``.
    """
    kind, code = about_kind(about)
    asked = questions.get(code) if kind == QUESTION else None
    if kind == QUESTION and asked is None:
        raise Refusal("unknown-question")
    if not isinstance(name, str):
        raise Refusal("unknown-field")
    stem, point, part = name.partition(".")
    field = _BY_NAME.get((kind, stem + point))
    if field is None or (field.part and not _PARTS[field.part](part)) or (asked and asked.kind not in field.of):
        raise Refusal("unknown-field")
    return field, asked


def value_check(field: Field, value: Any, asked: Asked | None = None) -> None:
    """Hold a value against its field; ``asked`` is the question, for ``answer``.

    Raises :class:`Refusal`: ``wrong-kind``, ``unknown-choice``, ``out-of-bounds``, ``too-long``, ``empty-text``,
    ``not-nfc``, ``control-character``.
    """
    if value is not None:
        _CHECKS[field.kind](field, value, asked)


def fields_of(about: str, kind: Kind | None = None) -> tuple[Field, ...]:
    """The fields of a kind of thing; of a question of that kind alone where one is given."""
    return tuple(one for one in FIELDS if one.about == about and (kind is None or kind in one.of))


def field_names(field: Field, parts: Iterable[str] = ()) -> tuple[str, ...]:
    """The whole names of a field: itself, or with each part that it can end in (``parts`` for files)."""
    if not field.part:
        return (field.name,)
    known = LIST["parts"][field.part].get("one_of", parts)
    return tuple(field.name.partition("<")[0] + part for part in known)


# -- kinds of value ---------------------------------------------------------------------------------


def text_check(value: Any, longest: int, *, one_line: bool = False) -> None:
    """Hold text against the rules for all text. Raises :class:`Refusal`."""
    if not isinstance(value, str):
        raise Refusal("wrong-kind")
    if not value:
        raise Refusal("empty-text")
    if len(value) > longest:
        raise Refusal("too-long")
    if not value.isprintable():  # most text is; what is not is looked at sign by sign
        spared = "" if one_line else "\n\t"
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in spared for sign in value):
            raise Refusal("control-character")
    if not unicodedata.is_normalized("NFC", value):
        raise Refusal("not-nfc")


def _count(value: Any, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal("wrong-kind")
    if not least <= value <= most:
        raise Refusal("out-of-bounds")


def day_read(value: Any) -> date:
    """A day written as 2026-11-23. Raises :class:`Refusal` where it is none."""
    if not matches("day", value):
        raise Refusal("wrong-kind")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refusal("wrong-kind") from error


def _decimal(value: Any, asked: Asked) -> None:
    if not matches("decimal", value) or value == "-0":
        raise Refusal("wrong-kind")
    number = Decimal(value)
    share = asked.answer is AnswerKind.SHARE
    least = _bound(asked.least, _SHARE_LEAST if share else None)
    most = _bound(asked.most, _SHARE_MOST if share else None)
    if (least is not None and number < least) or (most is not None and number > most):
        raise Refusal("out-of-bounds")


def _bound(text: str, otherwise: Decimal | None) -> Decimal | None:
    return Decimal(text) if matches("decimal", text) else otherwise


def _answer_day(value: Any, asked: Asked) -> None:
    found = day_read(value)
    least, most = (date.fromisoformat(one) if matches("day", one) else None for one in (asked.least, asked.most))
    if (least and found < least) or (most and found > most):
        raise Refusal("out-of-bounds")


def _keys(value: Any, *names: str) -> None:
    if not isinstance(value, dict) or value.keys() != set(names):
        raise Refusal("wrong-kind")


def _choice(field: Field, value: Any, asked: Asked | None) -> None:
    if not isinstance(value, str):
        raise Refusal("wrong-kind")
    if value not in field.choices:
        raise Refusal("unknown-choice")


def _text(field: Field, value: Any, asked: Asked | None) -> None:
    text_check(value, field.longest)


def _flag(field: Field, value: Any, asked: Asked | None) -> None:
    if value is not True:
        raise Refusal("wrong-kind")


def _yes_no(field: Field, value: Any, asked: Asked | None) -> None:
    if not isinstance(value, bool):
        raise Refusal("wrong-kind")


def _whole(field: Field, value: Any, asked: Asked | None) -> None:
    _count(value, field.least, field.most)


def _sample(field: Field, value: Any, asked: Asked | None) -> None:
    _keys(value, "looked", "of")
    _count(value["looked"], field.least, field.most)
    if value["of"] is not None:
        _count(value["of"], field.least, field.most)
        if value["looked"] > value["of"]:
            raise Refusal("out-of-bounds")


def _file(field: Field, value: Any, asked: Asked | None) -> None:
    _keys(value, "name", "type", "size", "caption")
    text_check(value["name"], field.longest_name, one_line=True)
    if not isinstance(value["type"], str):
        raise Refusal("wrong-kind")
    if value["type"] not in field.types:
        raise Refusal("unknown-choice")
    _count(value["size"], 1, field.most)
    if value["caption"] is not None:
        text_check(value["caption"], field.longest)


def _day(field: Field, value: Any, asked: Asked | None) -> None:
    day_read(value)


def _cause(field: Field, value: Any, asked: Asked | None) -> None:
    if not isinstance(value, str):
        raise Refusal("wrong-kind")
    if value not in CAUSE_CODES:
        raise Refusal("unknown-choice")


def _answer(field: Field, value: Any, asked: Asked | None) -> None:
    asked = asked or Asked("")
    match asked.answer:
        case AnswerKind.YES_NO:
            _yes_no(field, value, asked)
        case AnswerKind.NUMBER | AnswerKind.SHARE:
            _decimal(value, asked)
        case AnswerKind.DAY:
            _answer_day(value, asked)
        case AnswerKind.CHOICE:
            if not isinstance(value, str):
                raise Refusal("wrong-kind")
            if value not in asked.choices:
                raise Refusal("unknown-choice")
        case AnswerKind.TEXT | AnswerKind.FINDING:
            text_check(value, field.longest)


_CHECKS: Final[Mapping[str, Callable[[Field, Any, Asked | None], None]]] = {
    "choice": _choice,
    "text": _text,
    "flag": _flag,
    "yes_no": _yes_no,
    "count": _whole,
    "sample": _sample,
    "file": _file,
    "day": _day,
    "cause": _cause,
    "answer": _answer,
}
