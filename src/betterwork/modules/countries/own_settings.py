"""The settings that no higher room owns, declared with what is shipped of them (``data/country_settings.csv``)."""

from __future__ import annotations

from babel import Locale
from babel.numbers import list_currencies
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.languages.known import KNOWN, language_of
from betterwork.modules.countries.declaring import setting_declare
from betterwork.modules.countries.queries import WEEKDAYS
from betterwork.modules.countries.rules import CHOICE, CHOICES, DATES, DAYS, INTEGER, YES_NO

PLACE = _("Languages, money, calendar")
TAKING_PART = _("Taking part")
VISITS = _("Visits")
REPORTS = _("Reports")
FIGURES = _("Figures and what is published")

_WEEKDAY_WORDS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
DISCLOSURE = (
    ("portal", _("Public issues on the global portal, by factory name")),
    ("critical-issues", _("Critical issues on the country's own pages")),
    ("low-compliance", _("Factories of low compliance")),
    ("named-tables", _("A table of each factory in a half-yearly report")),
)


def settings_declare() -> None:
    """Declare them all."""
    _declare_place()
    _declare_work()
    setting_declare(
        "minimum_group",
        title=_("Smallest group of which a figure is shown"),
        kind=INTEGER,
        group=FIGURES,
        help=_("Figures about fewer factories or persons are left out of what others read."),
    )
    setting_declare(
        "disclosure_rules",
        title=_("What is published by factory name"),
        kind=CHOICES,
        choices=DISCLOSURE,
        group=FIGURES,
        help=_("Nothing chosen: nothing is published by name."),
    )
    for name, title in (
        ("disclosure_first_cycle", _("Cycle of a factory from which it is named")),
        ("critical_issues_assessments", _("Assessments before critical issues are shown")),
        ("low_compliance_assessments", _("Assessments before low compliance is shown")),
    ):
        setting_declare(name, title=title, kind=INTEGER, group=FIGURES)


def _declare_place() -> None:
    languages = tuple((one.code, one.own_name) for one in KNOWN.values())
    currencies = tuple((code, _CURRENCY(code)) for code in sorted(list_currencies()))
    days = tuple(zip(WEEKDAYS, _WEEKDAY_WORDS, strict=True))
    setting_declare("languages", title=_("Languages of the programme"), kind=CHOICES, choices=languages, group=PLACE)
    setting_declare("currency", title=_("Currency"), kind=CHOICE, choices=currencies, group=PLACE)
    setting_declare("weekend", title=_("Days of the week without work"), kind=CHOICES, choices=days, group=PLACE)
    setting_declare(
        "closed_days",
        title=_("Further days without work"),
        kind=DATES,
        group=PLACE,
        help=_("Days that the calendar does not know, such as holidays announced late. Deadlines skip them."),
    )
    setting_declare(
        "opened_days",
        title=_("Days worked although they are holidays"),
        kind=DATES,
        group=PLACE,
        help=_("They go before weekends and public holidays."),
    )


def _declare_work() -> None:
    for name, title, kind, group in (
        ("factories_may_register", _("Factories may ask for an account"), YES_NO, TAKING_PART),
        ("advisors_per_visit", _("Advisors on an assessment visit"), INTEGER, VISITS),
        ("visit_days", _("Days of an assessment visit"), DAYS, VISITS),
        ("advice_before_assessment_days", _("Days of advice before the assessment of a cycle"), DAYS, VISITS),
        ("report_release_days", _("Days from the assessment to the release of its report"), DAYS, REPORTS),
        ("progress_report_1_days", _("Days from that release to the first progress report"), DAYS, REPORTS),
        ("progress_report_2_days", _("Days from the beginning of a cycle to the second one"), DAYS, REPORTS),
    ):
        setting_declare(name, title=title, kind=kind, group=group)


def _currency(code: str) -> str:
    locale = (
        Locale.parse(language_of(get_language()).code)
        if language_of(get_language()).code != "ht"
        else Locale.parse("fr")
    )
    return f"{code}, {locale.currencies.get(code, code)}"


_CURRENCY = lazy(_currency, str)
