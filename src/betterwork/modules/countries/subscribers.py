"""What other systems can be told of country programmes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.roles import WORLD, scope_country
from betterwork.foundation.webhooks.topics import webhook_topic_add
from betterwork.modules.countries.events import (
    EVERY_COUNTRY,
    SETTING_CHANGED,
    STATE_CHANGED,
    SettingChanged,
    StateChanged,
)
from betterwork.modules.countries.policy import PROGRAMME_RULES_READ

Content = dict[str, Any]


def _scope(one: Content) -> str:
    return WORLD if one["country"] == EVERY_COUNTRY else scope_country(one["country"])


def _state(one: Content) -> Content:
    return {"country": one["country"], "state": one["state"], "url": f"/api/v1/countries/{one['country']}"}


def _setting(one: Content) -> Content:
    every = one["country"] == EVERY_COUNTRY
    url = (
        reverse("countries:every_rule", kwargs={"name": one["name"]})
        if every
        else reverse("countries:rule", kwargs={"programme": one["country"], "name": one["name"]})
    )
    return {"country": "" if every else one["country"], "setting": one["name"], "url": url}


webhook_topic_add(
    StateChanged,
    "country.state-changed",
    _("The state of a country programme was entered or withdrawn"),
    _state,
    event=STATE_CHANGED,
    policy=PROGRAMME_RULES_READ,
    scope=_scope,
)
webhook_topic_add(
    SettingChanged,
    "country.setting-changed",
    _("A rule of a country, or of all countries, was entered"),
    _setting,
    event=SETTING_CHANGED,
    policy=PROGRAMME_RULES_READ,
    scope=_scope,
)
