"""The ten languages, in Django's eyes too."""

from __future__ import annotations

import gettext
import subprocess
import sys

import pytest
from django.template import Context, Template
from django.utils.translation import get_language_info, override
from hypothesis import given
from hypothesis import strategies as some

from betterwork.foundation.languages.known import (
    KNOWN,
    LANGUAGES,
    LOCALE_PATH,
    TRANSLATED,
    content_chain,
    language_of,
    languages_register,
)

pytestmark = pytest.mark.capability("P3")


def test_there_are_ten_languages() -> None:
    assert list(KNOWN) == ["en", "fr", "es", "vi", "km", "id", "ar", "bn", "ht", "st"]
    assert [code for code, _name in LANGUAGES] == list(KNOWN)
    assert [code for code, one in KNOWN.items() if one.right_to_left] == ["ar"]


@pytest.mark.parametrize("code", KNOWN)
def test_django_knows_each_language_by_its_own_name(code: str) -> None:
    languages_register()
    info = get_language_info(code)
    assert info["name_local"] == KNOWN[code].own_name
    assert info["bidi"] is KNOWN[code].right_to_left


def test_a_page_in_arabic_runs_from_right_to_left() -> None:
    page = Template("{% load i18n %}{% get_current_language_bidi as bidi %}{{ bidi|yesno:'rtl,ltr' }}")
    for code, known in KNOWN.items():
        with override(code):
            assert page.render(Context()) == known.direction


@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr", "fr"), ("fr-HT", "fr"), ("ar_JO", "ar"), ("EN-gb", "en"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_what_a_browser_asks_for_finds_a_language(asked: str | None, given: str) -> None:
    assert language_of(asked).code == given


def test_content_is_looked_for_in_what_a_reader_may_read_instead() -> None:
    assert content_chain("ht") == ("ht", "fr")
    assert content_chain("ar") == ("ar",)


@given(some.integers(0, 1_000_000))
def test_every_plural_rule_names_one_of_its_forms(number: int) -> None:
    for known in KNOWN.values():
        assert gettext.c2py(known.plurals[1])(number) < known.plurals[0]  # type: ignore[attr-defined]


def test_arabic_has_six_forms() -> None:
    rule = gettext.c2py(KNOWN["ar"].plurals[1])  # type: ignore[attr-defined]
    assert [rule(number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 1000)] == [
        0,
        1,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        3,
        5,
    ]


def test_the_settings_can_import_the_languages_before_django_is_set_up() -> None:
    code = "from betterwork.foundation.languages.known import LANGUAGES; import sys; assert len(LANGUAGES) == 10"
    code += "; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_language_has_its_catalogue() -> None:
    for code in TRANSLATED:
        for suffix in ("po", "mo"):
            assert (LOCALE_PATH / code / "LC_MESSAGES" / f"django.{suffix}").exists()
