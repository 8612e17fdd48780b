"""Dates and numbers as readers of each language expect them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone as django_timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from betterwork.core.errors import WrongUse
from betterwork.core.wording import per_cent
from betterwork.foundation.languages import formats
from betterwork.foundation.languages.known import KNOWN

pytestmark = pytest.mark.capability("P3")
DAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 15, 4, tzinfo=UTC)
ISOLATES = str.maketrans("", "", "\u2066\u2069")


@pytest.mark.parametrize(
    ("language", "medium", "weekday"),
    [
        ("en", "26 Nov 2026", "Thu 26 Nov"),
        ("fr", "26 nov. 2026", "jeu. 26 nov."),
        ("es", "26 nov 2026", "jue, 26 nov"),
        ("vi", "26 thg 11, 2026", "Th 5, 26 thg 11"),
        ("km", "26 វិច្ឆិកា 2026", "ព្រហ 26 វិច្ឆិកា"),
        ("id", "26 Nov 2026", "Kam, 26 Nov"),
        ("ar", "26 تشرين الثاني 2026", "الخميس، 26 تشرين الثاني"),
        ("bn", "২৬ নভে, ২০২৬", "বৃহস্পতি ২৬ নভে"),
        ("ht", "26 novanm 2026", "jedi 26 novanm"),
        ("st", "26 Pulungoana 2026", "Labone 26 Pulungoana"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, medium: str, weekday: str) -> None:
    assert formats.day(DAY, language=language) == medium
    assert formats.day(DAY, language=language, style="weekday") == weekday


def test_the_country_decides_where_it_writes_otherwise() -> None:
    assert formats.day(DAY, language="ar", country="JO") == "26 تشرين الثاني 2026"
    assert formats.day(DAY, language="ar", country="EG") == "٢٦ نوفمبر ٢٠٢٦"
    assert formats.number(1234567, language="ar", country="EG") == "١٬٢٣٤٬٥٦٧"
    assert formats.number(1234567, language="ar", country="JO") == "1,234,567"


def test_a_language_babel_hardly_knows_falls_back_openly() -> None:
    """Babel would write Haitian Creole in French and Sesotho as year month day, with times like "-3 d"."""
    three_days = NOW - timedelta(days=3)
    assert formats.ago(three_days, now=NOW, language="ht") == "23 novanm 2026"
    assert formats.ago(three_days, now=NOW, language="st") == "23 Pulungoana 2026"
    assert formats.listed(["a", "b", "c"], language="ht") == "a, b ak c"
    assert formats.listed(["a", "b"], language="st") == "a le b"
    assert formats.day(DAY, language="st", style="short") == "26/11/2026"


@pytest.mark.parametrize("language", KNOWN)
@given(on=some.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_two_days_are_never_written_alike(language: str, on: date) -> None:
    for style in ("medium", "long"):
        assert formats.day(on, language=language, style=style) != formats.day(
            on + timedelta(days=1), language=language, style=style
        )


def test_a_time_says_its_zone() -> None:
    assert formats.moment(NOW, language="en") == "26 Nov 2026, 15:04 UTC"
    assert formats.moment(NOW, language="en", zone=timezone(timedelta(hours=7))) == "26 Nov 2026, 22:04 UTC+7"
    assert formats.moment(NOW, language="en", zone=timezone(timedelta(hours=-4, minutes=-30))).endswith("UTC−4:30")
    with pytest.raises(WrongUse, match="without a zone"):
        formats.moment(datetime(2026, 1, 1), language="en")


def test_a_date_in_another_style_is_refused() -> None:
    with pytest.raises(WrongUse, match="tiny"):
        formats.day(DAY, language="en", style="tiny")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "−1,234,567.89"),
        ("fr", "−1\u202f234\u202f567,89"),
        ("es", "−1,234,567.89"),
        ("vi", "−1.234.567,89"),
        ("id", "−1.234.567,89"),
        ("ar", "\u2066−1,234,567.89\u2069"),
        ("bn", "−১২,৩৪,৫৬৭.৮৯"),
    ],
)
def test_a_number_is_written_as_the_country_writes_it(language: str, written: str) -> None:
    assert formats.number(Decimal("-1234567.891"), language=language, decimals=2) == written


@given(value=some.floats(-1, 1))
def test_english_shares_are_those_of_the_reports(value: float) -> None:
    assert formats.share(value, language="en") == per_cent(value)


@pytest.mark.parametrize("language", KNOWN)
@given(value=some.floats(-1, 1))
def test_every_language_says_the_same_share(language: str, value: float) -> None:
    western = {ord(there): here for there, here in zip("০১২৩৪৫৬৭৮৯", "0123456789", strict=True)}
    assert formats.share(value, language=language).translate(ISOLATES).translate(western) == per_cent(value)


def test_points_carry_their_sign_and_a_real_minus() -> None:
    assert [formats.points(one, language="en") for one in (-0.07, 0.01, 0.0, -0.001)] == [
        "−7\u00a0pts",
        "+1\u00a0pt",
        "0\u00a0pts",
        "−<1\u00a0pt",
    ]
    assert "\u2066−7\u2069" in formats.points(-0.07, language="ar"), "the sign stays before the number, right to left"


@pytest.mark.parametrize("language", KNOWN)
@pytest.mark.parametrize("value", [-0.07, 0.01, 0.02, 0.05, 0.3, 1.0])
def test_every_language_says_the_number_of_points(language: str, value: float) -> None:
    size = formats.number(abs(value) * 100, language=language)
    assert size in formats.points(value, language=language)


def test_how_long_ago_becomes_a_date_after_four_weeks() -> None:
    def said(days: float, language: str = "en") -> str:
        return formats.ago(NOW + timedelta(days=days), now=NOW, language=language)

    assert (said(-3), said(2), said(0)) == ("3 days ago", "in 2 days", "just now")
    assert said(-2, "ar") == "قبل يومين"
    assert said(-28) == "29 Oct 2026"


def test_the_filters_write_in_the_language_of_the_page() -> None:
    page = Template(
        "{% load formats %}{{ day|day }}|{{ day|day:'weekday' }}|{{ count|number }}|{{ rate|share }}"
        "|{{ change|points }}|{{ nothing|day }}{{ nothing|share }}{{ nothing|ago }}{{ nothing|moment }}|{{ at|moment }}"
        "|{{ words|listed }}"
    )
    values = {"day": DAY, "count": 1234, "rate": 0.86, "change": -0.07, "nothing": None, "at": NOW, "words": ["a", "b"]}
    with override("en"):
        assert page.render(Context(values)) == (
            "26 Nov 2026|Thu 26 Nov|1,234|86\u00a0%|−7\u00a0pts||26 Nov 2026, 15:04 UTC|a and b"
        )
    with override("bn"), django_timezone.override(timezone(timedelta(hours=6))):
        assert page.render(Context(values)).startswith("২৬ নভে, ২০২৬|")
        assert "UTC+6" in page.render(Context(values))


def test_a_time_becomes_the_day_it_is_where_the_reader_is() -> None:
    page = Template("{% load formats %}{{ at|day }}")
    with override("en"), django_timezone.override(timezone(timedelta(hours=7))):
        late = datetime(2026, 11, 26, 20, tzinfo=UTC)
        assert page.render(Context({"at": late})) == "27 Nov 2026"
