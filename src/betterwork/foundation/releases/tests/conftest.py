"""What the tests of releases share: a kind of thing, a sealed document of it, and what lies in what."""

from __future__ import annotations

import pytest

from betterwork.foundation.access import scopes
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.services import document_seal
from betterwork.foundation.releases import kinds
from betterwork.foundation.releases.kinds import release_kind_add
from betterwork.foundation.releases.tests.giving import AT

PARENTS = {"organisation:union": ("country:VN",), "organisation:donor-1": ()}


@pytest.fixture(autouse=True)
def a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kind of thing that can be given, and organisations that lie in countries as these tests say."""
    monkeypatch.setattr(kinds, "KINDS", dict(kinds.KINDS))
    release_kind_add("paper", title="Paper", url=lambda key: f"/papers/{key}/")
    monkeypatch.setitem(scopes.PARENTS, "organisation", lambda scope: PARENTS.get(scope, ()))
    monkeypatch.delitem(scopes.EXISTS, "organisation", raising=False)


@pytest.fixture
def paper(db: None) -> SealedDocument:
    """A document with a section for the committee, one for staff and one for all."""
    sections = {"committee": {"said": 1}, "programme": {"said": 2}, "public": {"said": 3}}
    return document_seal(kind="paper", key="one", sections=sections, at=AT)
