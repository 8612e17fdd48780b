"""Small filters and tags of the console's templates: ``{% load console %}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file. A page that says what went wrong must not fail for want of a manifest."""
    try:
        return static(name)
    except ValueError:
        return f"/{str(settings.STATIC_URL).strip('/')}/{name}"


@register.filter
def html_attributes(attributes: Mapping[str, Any] | str) -> SafeString:
    """The attributes of a component that it does not know itself, each value escaped.

    Cotton's own ``{{ attrs }}`` escapes nothing, so that a value of a person could end the attribute.
    """
    if isinstance(attributes, str):
        return SafeString("")
    known = getattr(attributes, "attrs_dict", lambda: attributes)()
    given = [(name, value) for name, value in known.items() if value not in (None, False) and _NAME.fullmatch(name)]
    parts = [(name, "" if value is True else SafeString(f'="{conditional_escape(value)}"')) for name, value in given]
    return format_html_join("", " {}{}", parts)


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:._-]*")


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: Any) -> str:
    """The query of this page with some of it changed: ``{% address_with page=3 %}``; None takes a name out."""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def order_of(context: template.Context, sort: str, order: str | None = None) -> dict[str, str]:
    """How a column stands in the order of a list (``order`` or the query's): the word for ``aria-sort``, the link."""
    request = context.get("request")
    now = order or (request.GET.get("order", "") if request is not None else "")
    state = {sort: "ascending", f"-{sort}": "descending"}.get(now, "")
    wanted = f"-{sort}" if state == "ascending" else sort
    return {"state": state, "url": address_with(context, order=wanted, page=None)}


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: ``check``, ``choice`` or ``box``."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choice"
    return "check" if isinstance(widget, CheckboxInput) else "box"


@register.simple_tag
def field_widget(field: BoundField, who: str = "", help_text: str = "") -> SafeString:
    """The control, told which texts describe it: its help, what is wrong, who will see it."""
    described = field_described(field, who, help_text)
    return field.as_widget(attrs={"aria-describedby": described} if described else {})


@register.simple_tag
def field_described(field: BoundField, who: str = "", help_text: str = "") -> str:
    """The ids of the texts about a field, in the order in which they are read."""
    texts = (("helptext", help_text or field.help_text), ("error", field.errors), ("who", who))
    return " ".join(f"{field.auto_id}_{name}" for name, text in texts if text and field.auto_id)


@register.filter
def in_list(value: Any, words: str) -> bool:
    """Whether a value is one of the words."""
    return str(value) in words.split()


@register.filter
def message_kind(tags: str) -> str:
    """The kind of a message of Django, as our components call it."""
    kinds = {"success": "ok", "error": "nc", "warning": "wait"}
    return next((kinds[tag] for tag in str(tags).split() if tag in kinds), "info")


@register.filter
def share_of(value: Any, whole: Any) -> str:
    """A share as a length in a drawing: "86%"; nothing for what is no number."""
    try:
        return f"{max(0.0, min(100.0, 100 * float(value) / float(whole))):.4g}%"
    except (TypeError, ValueError, ZeroDivisionError):
        return "0"


@register.filter
def pages_near(page: Any) -> list[int]:
    """The numbers a pager shows: the first, the last, and those beside this one; 0 stands for a gap."""
    last, here = page.paginator.num_pages, page.number
    wanted = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
    shown: list[int] = []
    for number in wanted:
        if shown and number - shown[-1] == 2:
            shown.append(number - 1)
        elif shown and number - shown[-1] > 2:
            shown.append(0)
        shown.append(number)
    return shown
