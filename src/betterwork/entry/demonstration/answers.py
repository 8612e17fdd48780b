"""Drawing the answers of one SIMULATED country. Arrays all through: assessments down, questions across."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from betterwork.core.instrument import Catalogue, Determination, Kind, Question
from betterwork.entry.demonstration.levels import hazards
from betterwork.entry.demonstration.plan import CountryPlan
from betterwork.entry.demonstration.schedule import Factories, Visits

ABSENT = -1
"""The export has no row for this question: its version does not ask it, or the point does not apply."""
MEMORY = 0.8
"""Correlation of a factory's answers to one question from one assessment to the next."""
BY_PIECE = ("CMP-1-02", "CMP-1-04", "CMP-2-06", "CMP-2-92")
"""Questions on piece-rate workers: not applicable where nobody is paid by the piece."""
NOT_APPLICABLE, NOT_ASSESSED, BLANK = 0.002, 0.001, 0.0005
"""Shares of answers that are missing for no reason that can be seen."""


@dataclass(frozen=True)
class Questions:
    """All questions of a tool over its versions, in the newest version's order, older ones after."""

    catalogue: Catalogue
    asked: tuple[Question, ...]
    """Compliance questions, as the newest version that has them words them."""
    version: tuple[str, ...]
    """Versions, oldest first."""
    in_version: np.ndarray
    """Boolean, versions down, questions across."""

    @classmethod
    def of(cls, catalogue: Catalogue) -> Questions:
        """The questions of a catalogue."""
        found: dict[str, Question] = {}
        for version in reversed(catalogue.versions):
            for question in version.questions:
                if question.kind is Kind.COMPLIANCE:
                    found.setdefault(question.code, question)
        in_version = np.array([[code in version.by_code for code in found] for version in catalogue.versions])
        return cls(catalogue, tuple(found.values()), tuple(v.version for v in catalogue.versions), in_version)

    @property
    def in_all(self) -> np.ndarray:
        """Whether every version asks the question."""
        return np.asarray(self.in_version.all(axis=0))

    def of_point(self, *points: str) -> np.ndarray:
        """Boolean over questions: those of the points."""
        return np.array([question.point_code in points for question in self.asked])

    def version_on(self, days: np.ndarray) -> np.ndarray:
        """Place of the version in force on each day."""
        starts = np.array([version.in_force_from for version in self.catalogue.versions], dtype="datetime64[D]")
        return np.searchsorted(starts, days, side="right").clip(1) - 1


@dataclass
class Answers:
    """Answers of one country; ``value`` is changed in place when levels are set."""

    questions: Questions
    factories: Factories
    visits: Visits
    version: np.ndarray
    """Place of the tool version of each assessment."""
    value: np.ndarray
    """int8: a ``Determination`` or ABSENT."""
    strain: np.ndarray
    """float32: the smaller, the closer to a breach. Decides which answers change first when a level is set."""

    @property
    def usual(self) -> np.ndarray:
        """Assessments of factories that are not obsolete: those that count by default."""
        return np.asarray(~self.factories.obsolete[self.visits.factory])


def answers_draw(
    generator: np.random.Generator, country: CountryPlan, questions: Questions, factories: Factories, visits: Visits
) -> Answers:
    """Answers from a factory's own level, its speed of improvement, and the difficulty of each question."""
    version = questions.version_on(visits.day)
    progress = _progress(generator, country, factories, visits)[:, None]
    own = np.exp(0.45 * generator.standard_normal(len(factories.name)) - 0.1)[visits.factory][:, None]
    start, settled = _hazards(country.code, questions)
    hazard = own * (start[version] * (1 - progress) + settled[version] * progress)
    shape = (len(factories.name), len(questions.asked))
    lasting = generator.standard_normal(shape, dtype=np.float32)[visits.factory]
    passing = generator.standard_normal((len(visits.day), shape[1]), dtype=np.float32)
    luck = np.sqrt(MEMORY) * lasting + np.sqrt(1 - MEMORY) * passing
    chance = (1 - np.exp(-hazard)).clip(1e-7, 1 - 1e-7)
    strain = (luck - ndtri(chance)).astype(np.float32)
    value = np.where(strain < 0, Determination.NONCOMPLIANT, Determination.COMPLIANT).astype(np.int8)
    _mark_not_asked(generator, questions, factories, visits, value)
    value[~questions.in_version[version]] = ABSENT
    return Answers(questions, factories, visits, version, value, strain)


def _hazards(country: str, questions: Questions) -> tuple[np.ndarray, np.ndarray]:
    """Hazards of every version: versions down, questions across, 0 where the version does not ask."""
    start, settled = np.zeros(questions.in_version.shape), np.zeros(questions.in_version.shape)
    for row, has in enumerate(questions.in_version):
        inside = tuple(q for q, here in zip(questions.asked, has, strict=True) if here)
        start[row, has], settled[row, has] = hazards(country, inside)
    return start, settled


def _progress(generator: np.random.Generator, country: CountryPlan, factories: Factories, visits: Visits) -> np.ndarray:
    """How far each assessment is from the starting (0) to the settled level (1).

    Four kinds of factory: brisk, slow, stagnating, and those that improve and relapse after about two years.
    """
    rest = 1 - country.brisk
    shares = [country.brisk, 0.5 * rest, 0.25 * rest, 0.25 * rest]
    kind = generator.choice(4, len(factories.name), p=shares)[visits.factory]
    years = visits.years
    tempo = (generator.lognormal(0.0, 0.25, len(factories.name)))[visits.factory]
    brisk = 1 - np.exp(-years * tempo / 0.6)
    slow = 1 - np.exp(-years * tempo / 4.0)
    relapsing = np.where(years < 2.5, 1 - np.exp(-years / 1.0), 0.25)
    return np.select([kind == 0, kind == 1, kind == 2], [brisk, slow, 0.05 * np.minimum(years, 1)], relapsing)


def _mark_not_asked(
    generator: np.random.Generator, questions: Questions, factories: Factories, visits: Visits, value: np.ndarray
) -> None:
    """Not applicable, not assessed, blank; accommodation only where the factory houses workers."""
    draw = generator.random(value.shape, dtype=np.float32)
    value[draw < NOT_APPLICABLE + NOT_ASSESSED + BLANK] = Determination.BLANK
    value[draw < NOT_APPLICABLE + NOT_ASSESSED] = Determination.NOT_ASSESSED
    value[draw < NOT_APPLICABLE] = Determination.NOT_APPLICABLE
    by_piece = np.array([question.code in BY_PIECE for question in questions.asked])
    value[np.ix_(~factories.pays_by_piece[visits.factory], by_piece)] = Determination.NOT_APPLICABLE
    housing = np.array([question.only_where_it_applies for question in questions.asked])
    value[np.ix_(~factories.houses_workers[visits.factory], housing)] = ABSENT
