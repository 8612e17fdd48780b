"""Deciding about the two halves of an export's row: what each says, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from betterwork.core.exports import layout, values
from betterwork.core.instrument import Catalogue, Determination, Kind, Question


class Reason(StrEnum):
    """Why a row was refused. The names stand in reconciliations and quarantine files."""

    BAD_ENCODING = "bad_encoding"
    SHORT_ROW = "short_row"
    LONG_ROW = "long_row"
    UNCLOSED_QUOTE = "unclosed_quote"
    UNKNOWN_COUNTRY = "unknown_country"
    UNKNOWN_TOOL_VERSION = "unknown_tool_version"
    BAD_ASSESSMENT_ID = "bad_assessment_id"
    BAD_FACTORY_ID = "bad_factory_id"
    BAD_DATE = "bad_date"
    BAD_CYCLE = "bad_cycle"
    BAD_QUESTION_TYPE = "bad_question_type"
    UNKNOWN_QUESTION = "unknown_question"
    WRONG_QUESTION_TYPE = "wrong_question_type"
    QUESTION_NOT_IN_VERSION = "question_not_in_version"
    BAD_FINDING = "bad_finding"
    INCONSISTENT_ASSESSMENT = "inconsistent_assessment"
    CONFLICTING_FINDINGS = "conflicting_findings"
    CHANGED_ASSESSMENT = "changed_assessment"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is refused: the column, what was found there and what was expected."""

    reason: Reason
    column: str
    found: str
    expected: str

    def message(self, place: str) -> str:
        """One line for a person. ``place`` says the file and line."""
        column = f", column {self.column}" if self.column else ""
        return f"{place}{column}: {self.found}; expected {self.expected}"


def quoted(text: str, longest: int = 60) -> str:
    """A text of the file as a message shows it: printable, not too long."""
    shown = text if len(text) <= longest else text[:longest] + "…"
    return "nothing" if not shown.strip() else ascii_safe(f"'{shown}'")


def ascii_safe(text: str) -> str:
    r"""Text that any terminal and file can take: bytes that were not text appear as ``\xe9``, controls escaped."""

    def safe(char: str) -> str:
        code = ord(char)
        if 0xDC00 <= code <= 0xDCFF:
            return f"\\x{code - 0xDC00:02x}"
        if 0xD800 <= code <= 0xDFFF or code < 32 or code == 127:
            return f"\\u{code:04x}" if code > 255 else f"\\x{code:02x}"
        return char

    return text if text.isprintable() else "".join(map(safe, text))


@dataclass(frozen=True, slots=True)
class Head:
    """What a row says of its assessment. All rows of an assessment must say the same."""

    country: str  # ISO 3166-1 alpha-2
    assessment: int  # Quest.ID
    factory_id: str
    factory_name: str
    start: str  # ISO date
    cycle: int
    version: str
    tool_name: str  # as written in TQ.Name

    @property
    def key(self) -> tuple[str, int]:
        """What names the assessment: (country, Quest.ID)."""
        return self.country, self.assessment


@dataclass(frozen=True, slots=True)
class Answer:
    """What a row says of one question under one tool version.

    ``value`` is a :class:`Determination` (as int) for compliance questions, the text for facts.
    ``written`` holds (cluster, point, label) of the file where they differ from the version's own.
    """

    code: str
    value: int | str
    declared: bool = True
    written: tuple[str, str, str] | None = None
    mapped_from: str = ""  # the code in the file, where a mapping declared it


@dataclass(frozen=True)
class Judge:
    """Decides about heads and tails by the tool's versions, the known countries and a mapping of codes.

    ``country_code`` gives the ISO code of any known spelling, or None. ``mapping`` declares
    unknown compliance questions: the code in the file → the tool's code.
    """

    catalogue: Catalogue
    country_code: Callable[[str], str | None]
    mapping: Mapping[str, str] = field(default_factory=dict)

    def head(self, fields: Sequence[str]) -> Head | Refusal:
        """Judge the fields of ``HEAD_COLUMNS``. The first thing wrong, from the left of this list, is the reason."""
        dirty = _unclean(layout.HEAD_COLUMNS, fields)
        if dirty:
            return dirty
        country_text, factory_text, factory_name, assessment_text, start_text, cycle_text, tool_text = fields
        country = self.country_code(country_text)
        if country is None:
            return _refusal(Reason.UNKNOWN_COUNTRY, layout.COUNTRY, country_text, "a country of the programme")
        tool_name = tool_text.strip()
        version = self.catalogue.named.get((country, tool_name))
        if version is None or version not in self.catalogue.by_version:
            known = sorted({name for code, name in self.catalogue.named if code == country})
            expected = f"one of {', '.join(known)}" if known else "a tool version named for this country; it has none"
            return _refusal(Reason.UNKNOWN_TOOL_VERSION, layout.TOOL_NAME, tool_text, expected)
        assessment = values.parse_assessment_id(assessment_text)
        if assessment is None:
            return _refusal(Reason.BAD_ASSESSMENT_ID, layout.ASSESSMENT, assessment_text, "a number of 1 to 15 digits")
        factory_id = values.parse_factory_id(factory_text)
        if factory_id is None:
            return _refusal(Reason.BAD_FACTORY_ID, layout.FACTORY_ID, factory_text, "an id of 1 to 64 characters")
        start = values.parse_date(start_text)
        if start is None:
            expected = "a day that exists, as day/month/year (21/01/2013)"
            return _refusal(Reason.BAD_DATE, layout.START, start_text, expected)
        cycle = values.parse_cycle(cycle_text)
        if cycle is None:
            return _refusal(Reason.BAD_CYCLE, layout.CYCLE, cycle_text, "a whole number from 1 to 999")
        return Head(country, assessment, factory_id, factory_name.strip(), start.isoformat(), cycle, version, tool_name)

    def key(self, fields: Sequence[str]) -> tuple[str, int] | None:
        """The assessment that a head names, also where the rest of it is refused; None when it names none."""
        country, assessment = self.country_code(fields[0]), values.parse_assessment_id(fields[3])
        return None if country is None or assessment is None else (country, assessment)

    def tail(self, fields: Sequence[str], version: str) -> Answer | Refusal:
        """Judge the fields of ``TAIL_COLUMNS`` under a tool version."""
        dirty = _unclean(layout.TAIL_COLUMNS, fields)
        if dirty:
            return dirty
        code, type_text = fields[2].strip(), fields[4].strip()
        if type_text not in ("NCQ", "FGW"):
            return _refusal(Reason.BAD_QUESTION_TYPE, layout.QUESTION_TYPE, fields[4], "NCQ or FGW")
        kind = Kind.COMPLIANCE if type_text == "NCQ" else Kind.FACT
        known_as, mapped_from = code, ""
        if kind is Kind.COMPLIANCE and code not in self.catalogue.newest and code in self.mapping:
            known_as, mapped_from = self.mapping[code], code
        question = self.catalogue.by_version[version].by_code.get(known_as)
        if question is None:
            return self._tail_unknown(fields, known_as, kind, version)
        if question.kind is not kind:
            return _wrong_type(known_as, question.kind, type_text)
        return _answer(question, fields, mapped_from)

    def _tail_unknown(self, fields: Sequence[str], code: str, kind: Kind, version: str) -> Answer | Refusal:
        """A question the version does not have: another version's, an undeclared fact, or nobody's."""
        elsewhere = self.catalogue.newest.get(code)
        if elsewhere is not None and elsewhere.kind is not kind:
            return _wrong_type(code, elsewhere.kind, fields[4].strip())
        if elsewhere is not None:
            has = [one.version for one in self.catalogue.versions if code in one.by_code]
            expected = f"a question of version {version} (this one belongs to {', '.join(has)})"
            return _refusal(Reason.QUESTION_NOT_IN_VERSION, layout.QUESTION, code, expected)
        if kind is Kind.COMPLIANCE or not code:
            expected = f"a question of tool {self.catalogue.tool}, or a mapping file that declares it"
            return _refusal(Reason.UNKNOWN_QUESTION, layout.QUESTION, code, expected)
        cluster, point, label = (fields[at].strip() for at in (0, 1, 3))
        return Answer(code, fields[5].strip(), declared=False, written=(cluster, point, label))


def _answer(question: Question, fields: Sequence[str], mapped_from: str) -> Answer | Refusal:
    written = fields[0].strip(), fields[1].strip(), fields[3].strip()
    own = question.cluster, question.point, question.text
    value: int | str = fields[5].strip()
    if question.kind is Kind.COMPLIANCE:
        determination = values.parse_determination(fields[5])
        if determination is None:
            expected = "0 (none), 1 (a finding), blank, N/A, Not applicable or Not assessed"
            return _refusal(Reason.BAD_FINDING, layout.FINDING, fields[5], expected)
        value = int(determination)
    return Answer(question.code, value, written=None if written == own else written, mapped_from=mapped_from)


def _refusal(reason: Reason, column: str, found: str, expected: str) -> Refusal:
    return Refusal(reason, column, f"found {quoted(found)}", expected)


def _wrong_type(code: str, kind: Kind, written: str) -> Refusal:
    right = "NCQ" if kind is Kind.COMPLIANCE else "FGW"
    return Refusal(
        Reason.WRONG_QUESTION_TYPE,
        layout.QUESTION_TYPE,
        f"found {quoted(written)} for {code}",
        f"{right}, as the tool declares this question",
    )


def _unclean(columns: Sequence[str], fields: Sequence[str]) -> Refusal | None:
    if values.is_clean_text("".join(fields)):
        return None
    column, text = next((c, f) for c, f in zip(columns, fields, strict=True) if not values.is_clean_text(f))
    what = "a NUL character" if "\0" in text else "bytes that are not text"
    return Refusal(Reason.BAD_ENCODING, column, f"found {what} in {quoted(text)}", "text in UTF-8 (or UTF-16)")


NOT_ASKED = frozenset({Determination.NOT_APPLICABLE, Determination.NOT_ASSESSED, Determination.BLANK})
"""Determinations that say a question was not asked."""
