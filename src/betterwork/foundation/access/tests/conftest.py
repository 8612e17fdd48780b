"""What the tests of access share: scopes that lie in each other, things that can be opened, who was told."""

from __future__ import annotations

import pytest

from betterwork.foundation.access import purposes, scopes, telling
from betterwork.foundation.access.purposes import PurposeKind
from betterwork.foundation.access.tests.worlds import PARENTS

VAULT_SCOPES = {"vault 1": "factory:VN/1", "vault 2": "factory:JO/2"}


@pytest.fixture(autouse=True)
def scopes_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Factories, committees and organisations of these tests lie in countries as ``worlds.PARENTS`` says."""
    for kind in ("factory", "committee", "organisation"):
        monkeypatch.setitem(scopes.PARENTS, kind, lambda scope: PARENTS.get(scope, ()))
        monkeypatch.delitem(scopes.EXISTS, kind, raising=False)


@pytest.fixture
def vault_things(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two things of the vault that may be opened, each the advisor's; any other may not."""
    kind = PurposeKind(
        "vault",
        scopes=lambda purpose: [VAULT_SCOPES[purpose]] if purpose in VAULT_SCOPES else None,
        owners=lambda purpose, at: ["p-advisor", "p-partner"],
    )
    monkeypatch.setitem(purposes.PURPOSES, "vault", kind)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str], dict[str, str]]]:
    """Who was told what, in order: (kind, persons, facts)."""
    kept: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(telling, "NOTICES", [lambda kind, who, facts, at: kept.append((kind, who, dict(facts)))])
    return kept
