"""What the gallery of components needs: invented values for the examples, and an example taken apart into states."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms, template
from django.core.paginator import Paginator
from django.utils.safestring import SafeString

register = template.Library()

COTTON = Path(__file__).parents[1] / "templates" / "cotton"
_ATTRIBUTE = re.compile(r"\n(?=:?[a-z_]+(?:, :?[a-z_]+)*: |Slots?\b|The slot\b)")
_STATE = re.compile(r"<!-- state: (.+?) -->")


class SampleForm(forms.Form):
    """A field of each kind that the console's pages use."""

    name = forms.CharField(label="Name of the factory", help_text="As it stands on the licence.")
    floors = forms.IntegerField(label="Floors", required=False)
    mail = forms.EmailField(label="E-mail")
    visit = forms.DateField(label="Day of the visit", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Kind of visit", choices=[("a", "Assessment"), ("b", "Advice"), ("c", "Training")])
    note = forms.CharField(label="What you saw", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="The factory has agreed to the day", required=False)
    letter = forms.FileField(label="Letter", help_text="PDF, at most 20 MB.", required=False)
    finding = forms.ChoiceField(
        label="Are all emergency exits unlocked during working hours?",
        widget=forms.RadioSelect,
        choices=[
            ("yes", "Compliant"),
            ("no", "Not compliant"),
            ("none", "Does not apply"),
            ("not_asked", "Not assessed"),
        ],
    )
    sources = forms.MultipleChoiceField(
        label="What do you rest this on?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("o", "Observation"), ("d", "Documents"), ("w", "Workers"), ("m", "Managers"), ("u", "Union")],
    )


WRITTEN = {"name": "Garment Works 0117", "kind": "b", "finding": "no", "sources": ["o", "w"], "floors": 4}


@register.simple_tag
def samples() -> dict[str, Any]:
    """Everything the examples show. Nothing of it is real."""
    wrong = SampleForm({"name": "", "mail": "advisor", "floors": "2.5", "sources": []})
    pages = Paginator(range(193), 25)
    columns = [
        {"title": "Factory", "sort": "name"},
        {"title": "Last report", "sort": "report"},
        {"title": "Points not met", "sort": "points", "numeric": True},
        {"title": "Now"},
    ]
    kinds = {"name": "now", "title": "Now", "options": [("review", "In review", False), ("alert", "Alert open", True)]}
    records = {
        "columns": columns,
        "order": "name",
        "page": pages.page(1),
        "total": 193,
        "searchable": True,
        "choices": [kinds],
        "export_url": "#export",
    }
    return {
        "records": records,
        "none": {"searchable": True, "total": 0},
        "nothing": {"searchable": True, "total": 0, "narrowed": True, "text": "Gument"},
        "form": SampleForm(initial=WRITTEN),
        "empty": SampleForm(prefix="empty"),
        "wrong": SampleForm(wrong.data, prefix=None, auto_id="wrong_%s"),
        "first": pages.page(1),
        "middle": pages.page(4),
        "single": Paginator(range(3), 25).page(1),
        "columns": columns,
        "way": [
            {"title": "Factories", "url": "#factories"},
            {"title": "Garment Works 0117", "url": "#0117"},
            {"title": "Assessment of November 2025", "url": ""},
        ],
        "tabs": [
            {"title": "Overview", "url": "#overview", "active": True},
            {"title": "Findings", "url": "#findings", "count": 11},
            {"title": "Improvement plan", "url": "#plan"},
        ],
        "steps": [
            {"title": "Choose the factory", "state": "done"},
            {"title": "Choose the days", "state": "now"},
            {"title": "Name the team", "state": "next"},
        ],
        "facts": [("Country", "Viet Nam"), ("Workers", "1,240"), ("Enrolled since", "March 2019")],
        "events": [
            {"what": "Report released", "when": "20 Nov 2026, 16:05", "iso": "2026-11-20T09:05Z", "who": "Team Leader"},
            {
                "what": "Reviewed",
                "when": "18 Nov 2026, 10:40",
                "who": "Reviewer One",
                "note": "4 questions, all answered.",
            },
            {"what": "Submitted", "when": "12 Nov 2026, 18:22", "who": "Advisor One"},
        ],
    }


@register.simple_tag
def states_of(source: str, rendered: str) -> list[tuple[str, str, SafeString]]:
    """The states of an example: (what it shows, the markup, what it makes). Each begins with ``<!-- state: … -->``."""
    markup, made = _STATE.split(source), _STATE.split(rendered)
    return [
        (markup[at], markup[at + 1].strip(), SafeString(made[at + 1].strip()))
        for at in range(1, min(len(markup), len(made)) - 1, 2)
    ]


@register.filter
def purpose_of(name: str) -> list[str]:
    """What a component is for, and its attributes: the first comment of its file, in paragraphs."""
    source = (COTTON / f"{name}.html").read_text(encoding="utf-8")
    found = re.search(r"\{%\s*comment\s*%\}(.*?)\{%\s*endcomment\s*%\}", source, re.DOTALL)
    said = found.group(1).strip() if found else ""
    return [" ".join(part.split()) for part in _ATTRIBUTE.split(said)]


@register.filter
def tag_name(name: str) -> str:
    """How a component is called in a page: ``c-link-button``."""
    return f"c-{name.replace('_', '-')}"
