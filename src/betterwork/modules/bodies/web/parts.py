"""What the pages of committees share: the two ways in, and the page of a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.doors.pages import page_render

BOTH = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Way:
    """For whom pages are made, and where they lead: staff and members have addresses of their own."""

    audience: str
    bodies: str
    body: str
    meeting: str
    minutes: str
    decision: str


STAFF = Way(PROGRAMME, "bodies:bodies", "bodies:body", "bodies:meeting", "bodies:minutes", "bodies:decision")
OWN = Way(
    COMMITTEE, "bodies:bodies_own", "bodies:body_own", "bodies:meeting_own", "bodies:minutes_own", "bodies:decision_own"
)


@dataclass(frozen=True, slots=True)
class FormPage:
    """The words of a page with one form."""

    title: Any
    lead: Any
    button: Any
    back: str
    who: Any = ""
    """Who will see what is written."""
    upload: bool = False


def form_page(
    request: HttpRequest, words: FormPage, form: Form, do: Callable[[dict[str, Any]], Any], said: Any, *, to: str = ""
) -> HttpResponse:
    """Show a form; when it is sent and the service takes it, go on with what happened in a sentence.

    What the service refuses stands at the head of the form, with all that was typed.
    """
    if form.is_bound and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect(done if isinstance(done, str) else to or words.back)
    return page_render(request, "bodies/form.html", {"form": form, "page": words})


def data_of(request: HttpRequest) -> Any:
    """What was sent, or None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, do: Callable[[], Any], said: Any, to: str) -> HttpResponse:
    """Do it and go on, with what happened, or why it did not, in a sentence."""
    try:
        do()
        messages.success(request, said)
    except BetterWorkError as error:
        messages.error(request, str(error))
    return redirect(to)
