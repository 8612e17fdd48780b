"""The form of a new endpoint."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.webhooks.rules import LONGEST_URL
from betterwork.foundation.webhooks.topics import TOPICS


class EndpointForm(forms.Form):
    """Where to call, and of what."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = sorted({one.scope for one in actor.held if not one.elevated} - {WORLD})
        choices = [*((one, scope_words(one)) for one in scopes), (WORLD, _("All that you may read"))]
        offered = [(name, one.words) for name, one in sorted(TOPICS.items()) if one.policy.may(actor)]
        self.offers = bool(offered)
        self.fields["title"] = forms.CharField(label=_("What it is for"), max_length=80)
        self.fields["url"] = forms.CharField(
            label=_("Address"),
            max_length=LONGEST_URL,
            help_text=_("It begins with https:// and is reached from the open internet."),
            widget=forms.URLInput(),
        )
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_("Told of"), choices=offered, widget=forms.CheckboxSelectMultiple
        )
        self.fields["scope"] = forms.ChoiceField(label=_("Over what"), choices=choices)
