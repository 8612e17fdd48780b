"""From the rows of one assessment to the content of its document, and what became of each row.

What comes out does not depend on the order of the rows. Most assessments are plain (one head, no
question twice, nothing refused) and take the short way; the others are settled rule by rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from betterwork.core.exports import layout
from betterwork.core.exports.judging import NOT_ASKED, Answer, Head, Reason, Refusal, quoted
from betterwork.core.exports.rows import AssessmentRows, JudgedTails
from betterwork.core.instrument import Determination, Kind, ToolVersion

SCHEMA = "betterwork.assessment/1"


@dataclass(slots=True)
class Assembled:
    """What became of the rows of one assessment. ``taken``, ``duplicates`` and ``refused`` share them out.

    ``content`` is that of the document, None when no row could be taken. The numbers in ``taken``
    and ``refused`` are positions among the assessment's rows. ``restated`` counts the duplicates
    that say the same in other words.
    """

    rows: AssessmentRows
    head: Head | None = None
    content: dict[str, Any] | None = None
    taken: Sequence[int] = ()
    duplicates: int = 0
    restated: int = 0
    refused: list[tuple[int, Refusal]] = field(default_factory=list)
    not_asked: Counter[Determination] = field(default_factory=Counter)
    blank_facts: int = 0
    undeclared_facts: int = 0
    other_labels: int = 0

    def refuse_taken(self, refusal: Refusal) -> None:
        """Refuse all that was taken, for one reason; duplicates stay duplicates."""
        self.refused = sorted(
            [*self.refused, *((position, refusal) for position in self.taken)], key=lambda one: one[0]
        )
        self.taken, self.content = (), None
        self.not_asked, self.blank_facts, self.undeclared_facts, self.other_labels = Counter(), 0, 0, 0


class Completeness:
    """Which questions of a version are missing from an assessment, and whether that makes it incomplete."""

    def __init__(self, version: ToolVersion) -> None:
        self.codes = frozenset(version.compliance_codes)
        self.where_it_applies: dict[str, frozenset[str]] = {}
        for question in version.questions:
            if question.kind is Kind.COMPLIANCE and question.only_where_it_applies:
                point = self.where_it_applies.get(question.point_code, frozenset())
                self.where_it_applies[question.point_code] = point | {question.code}
        self._known: dict[frozenset[str], tuple[list[str], bool]] = {}

    def missing(self, answered: Collection[str], refused: Collection[str] = ()) -> tuple[list[str], bool]:
        """(codes not answered, sorted; whether the assessment is incomplete).

        A whole point that is asked only where it applies may be missing, unless rows of it came
        and were refused.
        """
        missing = self.codes.difference(answered)
        if refused:
            return self._judged(missing, frozenset(refused))
        if missing not in self._known:
            self._known[missing] = self._judged(missing, frozenset())
        codes, incomplete = self._known[missing]
        return list(codes), incomplete

    def _judged(self, missing: frozenset[str], refused: frozenset[str]) -> tuple[list[str], bool]:
        excused: frozenset[str] = frozenset()
        for point in self.where_it_applies.values():
            if point <= missing and not point & refused:
                excused |= point
        return sorted(missing), bool(missing - excused)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that says something about a question of its assessment."""

    position: int
    texts: tuple[int, int]  # (head, tail): equal for exact duplicates
    head: Head
    answer: Answer


class Assembler:
    """Assembles the assessments of one file. ``heads`` are the judged heads by number.

    ``lost`` has the question codes of rows that name an assessment and were refused for what they
    say of it (a bad date): such a row is not among the assessment's, and yet it makes it incomplete.
    """

    def __init__(
        self,
        *,
        tool: str,
        versions: Iterable[ToolVersion],
        heads: Sequence[Head | Refusal],
        tails: Mapping[str, JudgedTails],
        lost: Mapping[tuple[str, int], Collection[str]] | None = None,
    ) -> None:
        self.tool = tool
        self.lost = lost or {}
        self.heads = heads
        self.tails = tails
        self.completeness = {version.version: Completeness(version) for version in versions}

    def assemble(self, rows: AssessmentRows) -> Assembled:
        """Decide about all rows of one assessment."""
        first = rows.heads[0]
        if rows.heads.count(first) == len(rows.heads):
            head = self.heads[first]
            assert isinstance(head, Head)
            tails = self.tails[head.version]
            found: dict[str, Any] = dict(map(tails.__getitem__, rows.tails))
            if len(found) == len(rows.tails) and "" not in found:
                special = [tails.special[tail] for tail in tails.special.keys() & set(rows.tails)]
                assembled = Assembled(rows, head, taken=range(len(rows.tails)))
                answers = [one for one in special if isinstance(one, Answer)]
                self._fill(assembled, found, answers, refused=self.lost.get(rows.key, ()))
                return assembled
        return self._settle(rows)

    def _settle(self, rows: AssessmentRows) -> Assembled:
        assembled = Assembled(rows)
        candidates, repeated = self._candidates(rows, assembled)
        agreeing = _same_head(candidates, assembled)
        by_code: dict[str, list[_Row]] = defaultdict(list)
        for row in agreeing:
            by_code[row.answer.code].append(row)
        taken: list[int] = []
        answers: list[Answer] = []
        repeats: dict[str, int] = {}
        for code, same_question in by_code.items():
            if len({row.answer.value for row in same_question}) > 1:
                _refuse_conflicting(same_question, assembled)
                continue
            taken.append(same_question[0].position)
            answers.append(min((row.answer for row in same_question), key=_plainest))
            restated = len(same_question) - 1
            repeats[code] = restated + sum(repeated[row.texts] for row in same_question)
            assembled.duplicates += restated
            assembled.restated += restated
        assembled.refused.sort(key=lambda one: one[0])
        assembled.taken = sorted(taken)
        if taken:
            assembled.head = agreeing[0].head
            refused = {self._code_written(rows.tails[position]) for position, _ in assembled.refused}
            refused.update(self.lost.get(rows.key, ()))
            found = {answer.code: answer.value for answer in answers}
            self._fill(assembled, found, [one for one in answers if _special(one)], repeats, refused)
        return assembled

    def _candidates(self, rows: AssessmentRows, assembled: Assembled) -> tuple[list[_Row], Counter[tuple[int, int]]]:
        """The rows that can be understood, each once, and how often each was repeated exactly."""
        candidates: list[_Row] = []
        seen: set[tuple[int, int]] = set()
        repeated: Counter[tuple[int, int]] = Counter()
        for position, texts in enumerate(zip(rows.heads, rows.tails, strict=True)):
            head = self.heads[texts[0]]
            assert isinstance(head, Head)
            answer = self.tails[head.version].full(texts[1])
            if isinstance(answer, Refusal):
                assembled.refused.append((position, answer))
            elif texts in seen:
                repeated[texts] += 1
                assembled.duplicates += 1
            else:
                seen.add(texts)
                candidates.append(_Row(position, texts, head, answer))
        return candidates, repeated

    def _code_written(self, tail: int) -> str:
        return next(iter(self.tails.values())).store.tails[tail][2].strip()

    def _fill(
        self,
        assembled: Assembled,
        found: dict[str, Any],
        special: Iterable[Answer],
        repeats: Mapping[str, int] | None = None,
        refused: Collection[str] = (),
    ) -> None:
        """Make the document's content and count what it holds."""
        head = assembled.head
        assert head is not None
        facts: dict[str, str] = {}
        undeclared: list[list[str]] = []
        written: dict[str, list[str]] = {}
        mapped: dict[str, str] = {}
        for answer in special:
            if isinstance(answer.value, str):
                del found[answer.code]
                self._fill_fact(assembled, answer, facts, undeclared)
            elif answer.value in NOT_ASKED:
                assembled.not_asked[Determination(answer.value)] += 1
            if answer.declared and answer.written:
                assembled.other_labels += 1
                written[answer.code] = list(answer.written)
            if answer.mapped_from:
                mapped[answer.code] = answer.mapped_from
        missing, incomplete = self.completeness[head.version].missing(found.keys(), refused)
        declared = found.keys() | facts.keys()
        assembled.content = self._content(head) | {
            "answers": found,
            "facts": facts,
            "undeclared_facts": sorted(undeclared),
            "written": written,
            "repeats": {code: count for code, count in (repeats or {}).items() if count and code in declared},
            "missing": missing,
            "incomplete": incomplete,
        }
        if mapped:
            assembled.content["mapped"] = mapped

    def _content(self, head: Head) -> dict[str, Any]:
        """What the document says of the assessment itself."""
        return {
            "schema": SCHEMA,
            "country": head.country,
            "assessment": head.assessment,
            "start": head.start,
            "cycle": head.cycle,
            "factory": {"id": head.factory_id, "name": head.factory_name},
            "tool": {"tool": self.tool, "version": head.version, "name": head.tool_name},
        }

    @staticmethod
    def _fill_fact(assembled: Assembled, answer: Answer, facts: dict[str, str], undeclared: list[list[str]]) -> None:
        value = str(answer.value)
        assembled.blank_facts += not value
        assembled.undeclared_facts += not answer.declared
        if value and answer.declared:
            facts[answer.code] = value
        elif value and answer.written:
            undeclared.append([answer.code, answer.written[2], value])


def _special(answer: Answer) -> bool:
    return isinstance(answer.value, str) or bool(answer.written or answer.mapped_from or answer.value in NOT_ASKED)


def _plainest(answer: Answer) -> tuple[object, ...]:
    """Of several wordings of one answer, which one is kept: the tool's own, else the first by alphabet."""
    return answer.written is not None, answer.written or (), answer.mapped_from


def _same_head(candidates: list[_Row], assembled: Assembled) -> list[_Row]:
    """The rows of the head that most rows state. Others are refused; where two lead, all are."""
    votes = Counter(row.head for row in candidates)
    if len(votes) <= 1:
        return candidates
    (most, count), (_, next_count) = votes.most_common(2)
    tied = count == next_count
    for row in candidates:
        if tied or row.head != most:
            assembled.refused.append((row.position, _disagreement(row.head, most, tied)))
    return [] if tied else [row for row in candidates if row.head == most]


def _disagreement(head: Head, most: Head, tied: bool) -> Refusal:
    if tied:
        found = f"the rows of assessment {head.assessment} disagree about the factory, date, cycle or tool"
        return Refusal(Reason.INCONSISTENT_ASSESSMENT, "", found, "more rows for one reading than for any other")
    columns = {
        layout.FACTORY_ID: (head.factory_id, most.factory_id),
        layout.FACTORY_NAME: (head.factory_name, most.factory_name),
        layout.START: (head.start, most.start),
        layout.CYCLE: (str(head.cycle), str(most.cycle)),
        layout.TOOL_NAME: (head.tool_name, most.tool_name),
    }
    column, (found, expected) = next((c, pair) for c, pair in columns.items() if pair[0] != pair[1])
    why = f"{quoted(expected)}, as most rows of assessment {head.assessment} say"
    return Refusal(Reason.INCONSISTENT_ASSESSMENT, column, f"found {quoted(found)}", why)


def _refuse_conflicting(same_question: list[_Row], assembled: Assembled) -> None:
    findings = ", ".join(sorted({_shown(row.answer.value) for row in same_question}))
    for row in same_question:
        found = f"assessment {row.head.assessment} answers {quoted(row.answer.code)} differently ({findings})"
        refusal = Refusal(Reason.CONFLICTING_FINDINGS, layout.FINDING, found, "one finding for a question")
        assembled.refused.append((row.position, refusal))


def _shown(value: int | str) -> str:
    if isinstance(value, str):
        return quoted(value, longest=20)
    return str(value) if value not in NOT_ASKED else Determination(value).name.lower().replace("_", " ")
