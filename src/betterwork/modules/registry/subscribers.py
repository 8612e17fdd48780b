"""What other systems can be told of the register: of factories that whoever is told may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.webhooks.topics import webhook_topic_add
from betterwork.modules.registry.events import (
    FactoriesMerged,
    FactoriesUnmerged,
    FactoryChanged,
    FactoryRegistered,
)
from betterwork.modules.registry.models import Factory, Merge
from betterwork.modules.registry.policy import FACTORIES_READ, MERGES_READ

Content = dict[str, Any]


def _factory(number: int) -> Factory | None:
    return Factory.objects.filter(pk=number).first()


def _scope(number: int) -> str:
    found = _factory(number)
    return f"factory:{found.country}/{found.outside_id}" if found else WORLD


def _payload(one: Content) -> Content:
    return {"factory": one["factory"], "url": f"/api/v1/factories/{one['factory']}"}


def _changed(one: Content) -> Content:
    return {**_payload(one), "what": one["what"]}


def _merge(one: Content) -> Content:
    return {**{name: one[name] for name in ("merge", "kept", "gone")}, "url": f"/api/v1/factories/{one['kept']}"}


def _of_factory(event: type[Any], topic: str, words: Any, payload: Callable[[Content], Content]) -> None:
    webhook_topic_add(
        event,
        topic,
        words,
        payload,
        policy=FACTORIES_READ,
        thing=lambda one: _factory(one["factory"]),
        scope=lambda one: _scope(one["factory"]),
    )


def _of_merge(event: type[Any], topic: str, words: Any) -> None:
    webhook_topic_add(
        event,
        topic,
        words,
        _merge,
        policy=MERGES_READ,
        thing=lambda one: Merge.objects.filter(pk=one["merge"]).first(),
        scope=lambda one: _scope(one["kept"]),
    )


_of_factory(FactoryRegistered, "factory.registered", _("A factory was registered"), _payload)
_of_factory(FactoryChanged, "factory.changed", _("Something of a factory was written down or taken back"), _changed)
_of_merge(FactoriesMerged, "factory.merged", _("The record of a factory was merged into another"))
_of_merge(FactoriesUnmerged, "factory.unmerged", _("The merge of two records was undone"))
