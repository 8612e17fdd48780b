"""One's own tokens: which there are, making one, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import SIGNED_IN
from betterwork.foundation.people.queries import second_steps
from betterwork.foundation.tokens.models import Token
from betterwork.foundation.tokens.policy import TOKENS_OWN
from betterwork.foundation.tokens.presentations import COUNTS, TOKEN_FOR_HERSELF, tokens_shown
from betterwork.foundation.tokens.services import Made, token_end, token_make
from betterwork.foundation.tokens.web.forms import MakeForm

MOST = 100


@page(SIGNED_IN, audience=OWN_PERSON)
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, those that count first."""
    at = timezone.now()
    rows = tokens_shown(TOKENS_OWN.visible_to(actor_of_request(request)), at).order_by("-made_at", "-id")
    shown = TOKEN_FOR_HERSELF.rows(rows[:MOST])
    values = {
        "counting": [one for one in shown if one.state == COUNTS],
        "past": [one for one in shown if one.state != COUNTS],
    }
    return page_render(request, "tokens/tokens.html", values)


@page(SIGNED_IN, audience=OWN_PERSON, methods=("GET", "POST"))
def make(request: HttpRequest) -> HttpResponse:
    """Make a token. Its secret stands on the answer to this request and nowhere else."""
    actor, at = actor_of_request(request), timezone.now()
    steps = second_steps(actor.id)
    data = request.POST if request.method == "POST" else None
    form = MakeForm(data, actor=actor, today=at.date())
    if data is not None and form.is_valid():
        made = _made(actor.id, form)
        if made is not None:
            values = {"token": TOKEN_FOR_HERSELF.row(tokens_shown(Token.objects.filter(pk=made.token.pk), at).get())}
            return page_render(request, "tokens/made.html", {**values, "secret": made.secret})
    return page_render(
        request, "tokens/make.html", {"form": form, "second_step": bool(steps["app"] or steps["passkeys"])}
    )


@page(TOKENS_OWN, audience=OWN_PERSON, thing=("token", "id"), methods=("GET", "POST"))
def end(request: HttpRequest, token: Token) -> HttpResponse:
    """End a token, after saying what will happen."""
    at = timezone.now()
    if request.method == "POST":
        try:
            token_end(actor=actor_of_request(request).id, token=token, at=at)
            messages.success(request, _("Ended. Whatever uses it is refused from now on."))
        except BetterWorkError as error:
            messages.error(request, str(error))
        return redirect("tokens:tokens")
    shown = tokens_shown(Token.objects.filter(pk=token.pk), at).get()
    return page_render(request, "tokens/end.html", {"token": TOKEN_FOR_HERSELF.row(shown)})


def _made(actor: str, form: MakeForm) -> Made | None:
    try:
        return token_make(actor=actor, person=actor, at=timezone.now(), **form.given())
    except BetterWorkError as error:
        form.add_error(None, str(error))
        return None
