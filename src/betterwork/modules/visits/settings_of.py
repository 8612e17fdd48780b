"""The settings of a country that visits are planned by, each with what is shipped and its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from betterwork.core.dated import DatedValue
from betterwork.modules.countries.declaring import setting_declare
from betterwork.modules.countries.own_settings import VISITS as GROUP
from betterwork.modules.countries.queries import setting_number, setting_parts, setting_yes, settings_held
from betterwork.modules.staff.presentations import language_words
from betterwork.modules.staff.rules import COMPETENCES, SPOKEN
from betterwork.modules.visits.rules import ADVICE, ASSESSMENT, TRAINING

MONTHS, WINDOW, ROTATION = "assessment_months", "assessment_window_weeks", "rotation_assessments"
A_WEEK, A_YEAR = "assessments_a_week", "assessments_a_year"
LANGUAGES, PAIR, JOINT = "interview_languages", "pair_competences", "joint_visits"
MIX = {ASSESSMENT: "mix_assessment", ADVICE: "mix_advice", TRAINING: "mix_training"}
_BEGAN = date(2000, 1, 1)
_BACKGROUND = "design choice, background, not verified: no published rule was found; a country programme sets its own"
_PAPER = (
    "ILO Governing Body paper GB.320/POL/6 (2014): assessment about 30, advice 50, training 20 per cent of the work"
)
_LANGUAGE_OF = {
    **{"BD": "bn", "HT": "ht", "ID": "id", "JO": "ar", "KH": "km"},
    **{"LS": "st", "NI": "es", "VN": "vi"},
}
_WORKERS_SPEAK = (
    "design choice: the language most spoken by workers of the country, background, not verified; add the "
    "languages of workers from elsewhere"
)


def _held(value: str, source: str = _BACKGROUND, since: date = _BEGAN) -> tuple[DatedValue[str], ...]:
    return (DatedValue(value, since, None, source),)


def settings_declare() -> None:
    """Declare them all."""
    yearly = "the programme's portal, questions and answers, and appareldata.org on its rhythm: about once a year"
    for name, title, kind, shipped, help_text in (
        (MONTHS, _("Months between two assessments"), "integer", _held("12", yearly), ""),
        (
            WINDOW,
            _("Weeks before and after the due day in which an assessment may come"),
            "integer",
            _held("4"),
            _("A day that can be reckoned is no surprise: leave room."),
        ),
        (
            ROTATION,
            _("After how many assessments by others an advisor may assess the factory again"),
            "integer",
            _held("1"),
            _("0: nobody is barred. Others than last time are preferred all the same."),
        ),
        (A_WEEK, _("Most assessments of an advisor in a week"), "integer", _held("1"), ""),
        (A_YEAR, _("Most assessments of an advisor in a year"), "integer", _held("30"), ""),
    ):
        setting_declare(name, title=title, kind=kind, shipped=shipped, group=GROUP, help=help_text)
    _declare_needs()
    for kind, share in ((ASSESSMENT, "30"), (ADVICE, "50"), (TRAINING, "20")):
        title = {
            ASSESSMENT: _("Share of the work that assessment is meant to take, percent"),
            ADVICE: _("Share of the work that advice is meant to take, percent"),
            TRAINING: _("Share of the work that training is meant to take, percent"),
        }[kind]
        setting_declare(MIX[kind], title=title, kind="integer", shipped=_held(share, _PAPER), group=GROUP)


def _declare_needs() -> None:
    words: Any = lazy(language_words, str)
    setting_declare(
        LANGUAGES,
        title=_("Languages in which workers are interviewed"),
        kind="choices",
        choices=[(code, words(code)) for code in SPOKEN],
        shipped=_held("none", "design choice: nothing is asked before the country programme says so"),
        shipped_of={code: _held(spoken, _WORKERS_SPEAK) for code, spoken in _LANGUAGE_OF.items()},
        group=GROUP,
        help=_("For each of them somebody of the pair leads interviews in it."),
    )
    setting_declare(
        PAIR,
        title=_("Competence that the pair of an assessment has between them"),
        kind="choices",
        choices=list(COMPETENCES.items()),
        shipped=_held("assessment"),
        group=GROUP,
    )
    setting_declare(
        JOINT,
        title=_("Visits together with the labour inspectorate"),
        kind="yes-no",
        shipped=_held("no", "design choice: not before the country's protocol says so"),
        shipped_of={
            "JO": _held(
                "yes",
                "Better Work Jordan annual report 2022: joint visits with inspectors; the first day is background, "
                "not verified",
            ),
            "HT": _held(
                "yes",
                "Better Work Haiti, 23rd biannual synthesis report: joint visits with inspectors; the first day is "
                "background, not verified",
            ),
        },
        group=GROUP,
        help=_("Inspectors who come along know of the visit before arrival."),
    )


@dataclass(frozen=True, slots=True)
class CountryRules:
    """What holds in a country on a day."""

    months: int
    window_weeks: int
    rotation: int
    a_week: int
    a_year: int
    advice_days: int
    advisors: int
    days: int
    languages: frozenset[str]
    competences: frozenset[str]
    joint: bool


def rules_of(country: str, on: date) -> CountryRules:
    """The rules of a country on a day. One query at most."""
    with settings_held():
        return CountryRules(
            months=setting_number(country, MONTHS, on),
            window_weeks=setting_number(country, WINDOW, on),
            rotation=setting_number(country, ROTATION, on),
            a_week=setting_number(country, A_WEEK, on),
            a_year=setting_number(country, A_YEAR, on),
            advice_days=setting_number(country, "advice_before_assessment_days", on),
            advisors=setting_number(country, "advisors_per_visit", on),
            days=max(1, setting_number(country, "visit_days", on)),
            languages=frozenset(setting_parts(country, LANGUAGES, on)),
            competences=frozenset(setting_parts(country, PAIR, on)),
            joint=setting_yes(country, JOINT, on),
        )


def mix_meant(country: str, on: date) -> dict[str, int]:
    """Percent of the time that each service is meant to take."""
    with settings_held():
        return {kind: setting_number(country, name, on) for kind, name in MIX.items()}
