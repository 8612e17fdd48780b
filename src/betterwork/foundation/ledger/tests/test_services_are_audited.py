"""Every service that takes an actor writes an entry: looked for in every room, also in those added later."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType
from typing import Any

import pytest
from django.apps import apps

from betterwork.foundation.ledger import services as ledger_services
from betterwork.foundation.ledger.auditing import audited

WRITES_AN_ENTRY = {"entry_append", "entries_append"}
WITHOUT_AN_ENTRY = {
    "betterwork.foundation.ledger.services.verification_record": "it is kept beside the chain, so that a look at it "
    "moves no head; its table is sealed",
    "betterwork.foundation.notices.services.notice_read": "she reads what she was told; it changes nothing for others",
    "betterwork.foundation.notices.services.notices_all_read": "the same",
    "betterwork.foundation.notices.services.preference_set": "how she is told is her own affair",
    "betterwork.modules.assessments.services.assessments_import": "sealing.Sealer writes entries with each batch",
    "betterwork.foundation.jobs.services.job_enqueue": "the job's row says who asked; what it does is recorded there",
}
"""Services without an entry, each with its reason."""


def services() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of a room's ``services`` that takes an actor."""
    for config in apps.get_app_configs():
        name = f"{config.name}.services"
        if not config.name.startswith("betterwork.") or not find_spec(name):
            continue
        module = import_module(name)
        for word, found in vars(module).items():
            if word.startswith("_") or not inspect.isfunction(found) or found.__module__ != name:
                continue
            if "actor" in inspect.signature(found).parameters:
                yield f"{name}.{word}", found


def writes_an_entry(function: Callable[..., Any], seen: frozenset[Any] = frozenset()) -> bool:
    """Whether a function is audited, appends an entry, or calls one of the house that does."""
    if hasattr(function, "audited"):
        return True
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith("betterwork."):
        return False
    if function.__name__ in WRITES_AN_ENTRY and function.__module__ == ledger_services.__name__:
        return True
    return any(writes_an_entry(one, seen | {function}) for one in called_by(function))


def called_by(function: FunctionType) -> Iterator[Callable[..., Any]]:
    """The functions that a function calls by a name of its module, or imports inside."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    names = dict(function.__globals__)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("betterwork."):
            module = import_module(node.module)
            names |= {one.asname or one.name: getattr(module, one.name, None) for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found = node.func
            called = names.get(found.id) if isinstance(found, ast.Name) else None
            if isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name):
                called = getattr(names.get(found.value.id), found.attr, None)
            if callable(called):
                yield called


@pytest.mark.capability("P2")
def test_every_service_that_takes_an_actor_writes_an_entry_or_says_why_not() -> None:
    found = dict(services())
    assert len(found) > 20
    silent = {name for name, one in found.items() if not writes_an_entry(one)}
    assert silent - set(WITHOUT_AN_ENTRY) == set(), "audit it (ledger.auditing.audited), or give the reason here"
    assert set(WITHOUT_AN_ENTRY) - silent == set(), "it is gone or writes an entry by now: take it out of the list"


def test_the_search_finds_a_service_that_writes_nothing() -> None:
    def silent(*, actor: str, at: Any) -> None:
        return None

    def loud(*, actor: str, at: Any) -> None:
        ledger_services.entry_append(kind="audit", action="a.b", actor=actor, subject="x y", content={}, at=at)

    assert not writes_an_entry(silent)
    assert writes_an_entry(loud)
    assert writes_an_entry(audited("a.b", subject=str, state=dict)(silent))
