"""The words of a page in each language: what a person sees who has chosen one."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_lazy, override

from betterwork.foundation.languages.known import KNOWN, LANGUAGES, TRANSLATED

pytestmark = pytest.mark.capability("P3")


def a_page(code: str) -> str:
    """The frame of every page with a navigation, as a signed-in person is given it."""
    items = [{"title": gettext_lazy(word), "url": f"/{word}/", "active": False} for word in ("Home", "Help", "Notices")]
    with override(code):
        return render_to_string(
            "console/base.html",
            {"menu": [{"title": "", "items": items}], "languages": LANGUAGES, "person_name": "Advisor One"},
        )


@pytest.mark.parametrize("code", KNOWN)
def test_a_page_says_its_language_and_direction(code: str) -> None:
    opening = re.search(r"<html[^>]*>", a_page(code))
    assert opening and opening[0] == f'<html lang="{code}" dir="{KNOWN[code].direction}">'


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_navigation_is_in_the_language(code: str) -> None:
    page = a_page(code)
    navigation = page[page.index("<nav") : page.index("</nav>")]
    with override(code):
        words = [gettext(word) for word in ("Home", "Help", "Notices", "Main menu")]
    assert all(word in navigation for word in words)
    assert not {"Home", "Help", "Notices", "Main menu"} & set(words)
    assert not re.search(r">\s*(Home|Help|Notices)\s*<", navigation)


@pytest.mark.parametrize("code", KNOWN)
def test_every_language_is_offered_by_its_own_name(code: str) -> None:
    page = a_page(code)
    for other in KNOWN.values():
        assert f'value="{other.code}" lang="{other.code}"' in page
        assert f"<bdi>{other.own_name}</bdi>" in page


@pytest.mark.parametrize("code", TRANSLATED)
def test_who_is_lost_is_told_so_in_her_language(code: str) -> None:
    with override(code):
        page = render_to_string("404.html")
        title = gettext("This page is not here")
    assert f"<h1>{title}</h1>" in page
    assert "This page is not here" not in page
