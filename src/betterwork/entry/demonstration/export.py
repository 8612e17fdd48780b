"""Writing SIMULATED assessments as export files, in the layout of the programme's own export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from betterwork.core.countries import Country
from betterwork.core.instrument import Catalogue, Determination, Kind, Known, Question, ToolVersion
from betterwork.entry.demonstration.answers import ABSENT, Answers, Questions, answers_draw
from betterwork.entry.demonstration.headlines import headline_facts_set
from betterwork.entry.demonstration.levels import published_levels
from betterwork.entry.demonstration.plan import CountryPlan, Plan
from betterwork.entry.demonstration.schedule import Factories, Visits, factories_draw, visits_draw
from betterwork.entry.demonstration.setting import published_levels_set

COLUMNS = (
    "Country",
    "Factory.Assessed.ID",
    "Factory.Assessed.Name",
    "Quest.ID",
    "Assesment.Start.Date",
    "Cycle",
    "TQ.Name",
    "Cluster",
    "CP",
    "Question.ID",
    "Q.Label",
    "Question.type",
    "Finding",
    "Tags",
)
FINDINGS = {
    Determination.COMPLIANT: "0",
    Determination.NONCOMPLIANT: "1",
    Determination.NOT_APPLICABLE: "Not applicable",
    Determination.NOT_ASSESSED: "Not assessed",
    Determination.BLANK: "",
}
UNIONS = {0: "No", 1: "Yes, one union", 3: "Yes, three unions"}
REPEATED = 0.02
"""Share of assessments in which a few rows stand twice."""
FACT_BLANK = 0.01


@dataclass(frozen=True)
class Written:
    """One export file as it was written."""

    country: Country
    path: Path
    factories: int
    assessments: int
    rows: int


def exports_write(
    plan: Plan,
    catalogue: Catalogue,
    countries: Mapping[str, Country],
    folder: Path,
    *,
    told: Callable[[Written], None] = lambda written: None,
) -> list[Written]:
    """Write one CSV per country of the plan into ``folder`` (made if need be), named with the extract date."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for place, country_plan in enumerate(plan.countries):
        country = countries[country_plan.code]
        answers = country_answers(plan, catalogue, country_plan)
        path = folder / f"{country.name.lower().replace(' ', '-')}_{plan.ends.isoformat()}.csv"
        rows = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(_line(COLUMNS))
            for text, count in assessments_text(generator_of(plan, place, "writing"), country, answers):
                file.write(text)
                rows += count
        files.append(Written(country, path, country_plan.factories, len(answers.visits.day), rows))
        told(files[-1])
    return files


def generator_of(plan: Plan, place: int, purpose: str) -> np.random.Generator:
    """The stream of random numbers of one country and purpose: another country's size does not move it."""
    code = plan.countries[place].code
    return np.random.Generator(np.random.PCG64([plan.seed, *code.encode(), *purpose.encode()]))


def country_answers(plan: Plan, catalogue: Catalogue, country: CountryPlan) -> Answers:
    """All answers of one country: drawn, then set to the published levels and the headline facts."""
    place = plan.countries.index(country)
    questions = Questions.of(catalogue)
    factories, visits, _closed = factories_of(plan, country)
    answers = answers_draw(generator_of(plan, place, "answers"), country, questions, factories, visits)
    levels = tuple(level for level in published_levels() if level.country == country.code)
    locked = published_levels_set(answers, levels)
    headline_facts_set(answers, country.code, locked)
    return answers


def factories_of(plan: Plan, country: CountryPlan) -> tuple[Factories, Visits, np.ndarray]:
    """The factories of one country, when each is assessed, and which closed early."""
    place = plan.countries.index(country)
    visits, closed = visits_draw(generator_of(plan, place, "visits"), plan, country, place)
    base = 1000 + sum(each.factories for each in plan.countries[:place])
    return factories_draw(generator_of(plan, place, "factories"), country, closed=closed, base=base), visits, closed


def assessments_text(generator: np.random.Generator, country: Country, answers: Answers) -> Iterator[tuple[str, int]]:
    """The CSV text of each assessment in the order of its id, with the number of its rows."""
    catalogue, visits = answers.questions.catalogue, answers.visits
    written = {code: name for (where, name), code in catalogue.named.items() if where == country.code}
    pieces = [_Pieces(version, written[version.version], answers.questions) for version in catalogue.versions]
    for row in np.argsort(visits.quest_id):
        factory, piece = int(visits.factory[row]), pieces[answers.version[row]]
        day = visits.day[row].item()
        prefix = _line(
            (
                country.name,
                answers.factories.outside_id[factory],
                answers.factories.name[factory],
                visits.quest_id[row],
                f"{day:%d/%m/%Y}",
                visits.cycle[row],
                "",
            )
        )[:-1]
        lines = piece.compliance(answers.value[row]) + piece.facts(_facts(generator, answers, row))
        if generator.random() < REPEATED:
            lines += [lines[place] for place in generator.choice(len(lines), int(generator.integers(1, 4)), False)]
        yield prefix + prefix.join(lines), len(lines)


class _Pieces:
    """The part of each row that is the same in every assessment of a version, made once."""

    def __init__(self, version: ToolVersion, name: str, questions: Questions) -> None:
        self._facts = {q.code: q for q in version.questions if q.kind is Kind.FACT}
        self._name = name
        self._row: list[dict[int, str]] = []
        self._order: list[int] = []
        place_of = {question.code: place for place, question in enumerate(questions.asked)}
        for code in version.compliance_codes:
            self._order.append(place_of[code])
            question = version.by_code[code]
            self._row.append({int(key): self._line(question, "NCQ", text) for key, text in FINDINGS.items()})

    def _line(self, question: Question, kind: str, finding: str) -> str:
        return _line(
            (self._name, question.cluster, question.point, question.code, question.text, kind, finding, tags(question))
        )

    def compliance(self, values: np.ndarray) -> list[str]:
        """The rows of the compliance questions that have one, from the tool name on."""
        given = values[self._order].tolist()
        return [row[value] for row, value in zip(self._row, given, strict=True) if value != ABSENT]

    def facts(self, values: Mapping[str, str]) -> list[str]:
        """The rows of the declared facts."""
        return [self._line(question, "FGW", values.get(code, "")) for code, question in self._facts.items()]


def tags(question: Question) -> str:
    """The free tags of the export: what is published, and what is zero tolerance."""
    found = ["Public Disclosure"] if question.publicly_reported else []
    return "; ".join([*found, "Zero Tolerance"] if question.zero_tolerance is Known.YES else found)


def _facts(generator: np.random.Generator, answers: Answers, row: int) -> dict[str, str]:
    """Workers, share of women, unions: the factory's own, moving a little with the years."""
    factory = answers.visits.factory[row]
    growth = 1 + 0.04 * float(answers.visits.years[row]) * generator.normal(1.0, 0.5)
    facts = {
        "F-01": str(max(40, int(answers.factories.workers[factory] * growth))),
        "F-02": str(int(np.clip(answers.factories.women[factory] + generator.integers(-2, 3), 5, 99))),
        "F-03": UNIONS[int(answers.factories.unions[factory])],
    }
    return {code: "" if generator.random() < FACT_BLANK else value for code, value in facts.items()}


def _line(values: tuple[object, ...]) -> str:
    """One CSV line."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
