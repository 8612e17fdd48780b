"""The components: each documented and shown, wired for readers, escaping what people write, leaking nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory

from betterwork.foundation.console.templatetags.console import (
    address_with,
    field_widget,
    html_attributes,
    order_of,
    pages_near,
    share_of,
)
from betterwork.foundation.console.templatetags.gallery import SampleForm, purpose_of, states_of

TEMPLATES = Path(__file__).parents[1] / "templates"
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "cotton").glob("*.html"))
VARIABLES = sorted(
    {
        name
        for path in (TEMPLATES / "cotton").glob("*.html")
        for declared in re.findall(r"<c-vars ([^>]*)/>", path.read_text(encoding="utf-8"))
        for name in re.findall(r":?([a-z_]+)=", declared)
    }
)


def example(name: str, context: dict[str, Any] | None = None) -> str:
    """The example of a component, rendered."""
    request = RequestFactory().get("/factories/?kind=a&page=2")
    return str(get_template(f"console/examples/{name}.html").render(context or {}, request))


def made(markup: str, context: dict[str, Any] | None = None) -> str:
    """Markup of cotton, rendered."""
    from django_cotton.compiler_regex import CottonCompiler

    return Template(CottonCompiler().process(markup)).render(Context(context or {}))


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_says_what_it_is_for_and_is_shown_in_the_gallery(name: str) -> None:
    assert len(purpose_of(name)[0]) > 20
    source = (TEMPLATES / "console" / "examples" / f"{name}.html").read_text(encoding="utf-8")
    assert f"<c-{name.replace('_', '-')}" in source, "the example does not show the component"
    states = states_of(source, example(name))
    assert states
    for title, markup, shown in states:
        assert markup, title
        assert shown, title
        assert not re.search(r"<c-|\{\{|\{%", shown), title


def test_every_example_belongs_to_a_component() -> None:
    assert sorted(path.stem for path in (TEMPLATES / "console" / "examples").glob("*.html")) == COMPONENTS


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_takes_nothing_from_the_page_but_what_it_is_given(name: str) -> None:
    assert "LEAK" not in example(name, dict.fromkeys(VARIABLES, "LEAK"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_id_that_a_component_refers_to_is_there(name: str) -> None:
    shown = example(name)
    ids = set(re.findall(r'\sid="([^"]+)"', shown))
    wanted = {one for value in re.findall(r'aria-describedby="([^"]+)"', shown) for one in value.split()}
    wanted |= set(re.findall(r'<label[^>]* for="([^"]+)"', shown))
    assert wanted <= ids


def test_what_a_person_wrote_cannot_end_an_attribute() -> None:
    evil = '"><script>alert(1)</script>'
    shown = made('<c-tag kind="info" :data-note="note">word</c-tag>', {"note": evil})
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert html_attributes({"data-x": evil, "disabled": True, "hidden": False, 'on"x': "1"}).count('"') == 2


def test_what_a_person_wrote_is_text_in_every_component_that_shows_it() -> None:
    evil = "<script>alert(1)</script>"
    for markup in (
        '<c-sheet title="{{ e }}" note="{{ e }}">{{ e }}</c-sheet>',
        '<c-sheet :title="e">{{ e }}</c-sheet>',
        '<c-task title="{{ e }}" state="{{ e }}" due="{{ e }}" :reason="e" />',
        '<c-definition :items="items" />',
        '<c-history :events="events" />',
        '<c-breadcrumb :items="way" />',
    ):
        given = {"e": evil, "items": [(evil, evil)], "events": [{"what": evil, "who": evil}], "way": [{"title": evil}]}
        shown = made(markup, given)
        assert "<script" not in shown, markup
        assert "&lt;script&gt;" in shown, markup


def test_a_field_tells_its_control_all_that_is_said_about_it() -> None:
    form = SampleForm({"name": ""})
    shown = field_widget(form["name"], who="Your team leader")
    assert 'aria-describedby="id_name_helptext id_name_error id_name_who"' in shown
    assert 'aria-invalid="true"' in shown


def test_a_field_shows_the_words_of_the_page_before_those_of_the_form() -> None:
    shown = made('<c-field :field="field" label="Works" help="As on the gate." />', {"field": SampleForm()["name"]})
    assert "Works" in shown
    assert "As on the gate." in shown
    assert "Name of the factory" not in shown


def test_a_hidden_field_stays_hidden() -> None:
    class Form(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput)

    shown = made('<c-field :field="field" />', {"field": Form()["token"]}).strip()
    assert shown.startswith("<input")
    assert "label" not in shown


def test_a_sort_link_keeps_the_filters_begins_at_the_first_page_and_turns_round() -> None:
    context = Context({"request": RequestFactory().get("/?kind=a&page=3&order=name")})
    assert order_of(context, "name") == {"state": "ascending", "url": "?kind=a&order=-name"}
    assert order_of(context, "due") == {"state": "", "url": "?kind=a&order=due"}
    assert order_of(context, "due", "-due")["state"] == "descending"


def test_a_link_to_another_page_keeps_the_rest_of_the_address() -> None:
    context = Context({"request": RequestFactory().get("/?q=a%26b&page=3")})
    assert address_with(context, page=4) == "?q=a%26b&page=4"
    assert address_with(context, page=None) == "?q=a%26b"
    assert address_with(Context({}), page=4) == "?page=4"


@pytest.mark.parametrize(
    ("here", "shown"),
    [
        (1, [1, 2, 0, 9]),
        (3, [1, 2, 3, 4, 0, 9]),
        (5, [1, 0, 4, 5, 6, 0, 9]),
        (7, [1, 0, 6, 7, 8, 9]),
        (9, [1, 0, 8, 9]),
    ],
)
def test_a_pager_shows_the_ends_and_the_neighbours_and_never_a_gap_of_one(here: int, shown: list[int]) -> None:
    assert pages_near(Paginator(range(90), 10).page(here)) == shown


@pytest.mark.parametrize(
    ("value", "whole", "length"),
    [
        ("86", "100", "86%"),
        (5, 41, "12.2%"),
        (-3, 10, "0%"),
        (30, 10, "100%"),
        ("", 10, "0"),
        (1, 0, "0"),
        ("x", 1, "0"),
    ],
)
def test_the_length_of_a_bar_is_a_share_and_never_beyond_its_ends(value: Any, whole: Any, length: str) -> None:
    assert share_of(value, whole) == length


def test_an_empty_sheet_without_a_heading_has_a_heading_of_the_second_level() -> None:
    """Else the page jumps from its title to the third level, and who listens to it looks for what is between."""
    quoted = r"""(?:[^>"]|"(?:[^"{]|{%.*?%}|{{.*?}})*")*"""
    sheet = re.compile(rf"<c-sheet({quoted})>(.*?)</c-sheet>", re.DOTALL)
    empty = re.compile(rf"<c-empty({quoted})>", re.DOTALL)
    templates = sorted((Path(__file__).parents[3]).rglob("templates/**/*.html"))
    seen, faults = 0, []
    for path in templates:
        for found in sheet.finditer(path.read_text(encoding="utf-8")):
            inside = [] if "title=" in found[1] else [one[1] for one in empty.finditer(found[2]) if "title=" in one[1]]
            seen += len(inside)
            faults += [f"{path.name}: {one}" for one in inside if 'level="2"' not in one]
    assert not faults, "\n".join(faults)
    assert seen > 10


def test_no_cell_takes_its_direction_from_what_stands_in_it() -> None:
    """On a phone its label would go to the other side with it: what was written by people stands in a bdi inside."""
    cell = re.compile(r'<td data-label="\{% translate "[^"]*" %\}"[^>]* dir="auto"')
    templates = sorted((Path(__file__).parents[3]).rglob("templates/**/*.html"))
    assert not [path.name for path in templates if cell.search(path.read_text(encoding="utf-8"))]
    assert cell.search('<td data-label="{% translate "Why" %}" lang="km" dir="auto">')
