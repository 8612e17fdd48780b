"""Small words for the templates of accounts: ``{% load people %}``."""

from __future__ import annotations

from typing import TypeVar

from django import template
from django.forms import BaseForm
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.people.hooks import countries_open
from betterwork.foundation.people.web.forms import password_rules as rules_in_words

register = template.Library()
F = TypeVar("F", bound=BaseForm)

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def quiet(form: F) -> F:
    """A form of allauth without words inside its boxes and without help in HTML: the page says it beside them."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = form[name].help_text = ""  # a form that was looked at already keeps what it gave out
    return form


@register.simple_tag
def password_rules() -> str:
    """The rules of passwords in words."""
    return rules_in_words()


@register.filter
def browser(agent: str) -> str:
    """What a browser says of itself, as people call it: "Firefox, Windows"."""
    found = [next((word for mark, word in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(word for word in found if word) or _("A browser not known here")


@register.simple_tag
def countries_let_register() -> bool:
    """Whether any country lets factories ask for an account now."""
    return bool(countries_open(timezone.now()))
