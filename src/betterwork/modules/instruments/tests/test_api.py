"""The API of tools, under the same rules as the pages."""

from __future__ import annotations

from typing import Any

import pytest

from betterwork.modules.instruments.queries import tool_version
from betterwork.modules.instruments.rules import version_from_content
from betterwork.modules.instruments.tests.worlds import begun

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1"), pytest.mark.capability("B2")]
ROOT = "/api/v1/tools"


def get(cast: Any, word: str, path: str, code: int = 200) -> Any:
    answer = cast.client(word).get(f"{ROOT}{path}")
    assert answer.status_code == code, answer.content
    return answer.json()


def test_whoever_is_signed_in_reads_tools_and_sealed_versions(cast) -> None:
    assert "garment" in {one["code"] for one in get(cast, "workers", "")["items"]}
    assert [one["version"] for one in get(cast, "workers", "/versions?tool=garment")["items"]] == ["2009", "2014"]
    assert get(cast, "workers", "/versions?tool=none")["items"] == []
    read = get(cast, "workers", "/garment/versions/2014")
    sealed, links = tool_version("garment", "2014")
    assert version_from_content(read, digest=sealed.digest) == (sealed, links)
    get(cast, "workers", "/garment/versions/1999", 404)
    found = get(cast, "workers", "/in-force")["items"]
    assert [(one["version"], one["starts"], one["until"]) for one in found] == [
        ("2009", "2009-01-01", "2013-12-31"),
        ("2014", "2014-01-01", None),
    ]


def test_drafts_are_read_by_the_staff_of_their_country(cast) -> None:
    draft = begun()
    assert [one["key"] for one in get(cast, "advisor", "/drafts?tool=garment")["items"]] == [draft.key]
    assert get(cast, "abroad", "/drafts?tool=garment")["items"] == []
    page = get(cast, "advisor", f"/drafts/{draft.key}/questions?limit=100")
    assert len(page["items"]) == 100
    assert page["next"]
    get(cast, "abroad", f"/drafts/{draft.key}/questions", 404)
    get(cast, "workers", "/drafts", 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_operation_writes_to_a_sealed_version(cast, method: str) -> None:
    answer = getattr(cast.client("global"), method)(
        f"{ROOT}/garment/versions/2014", {}, content_type="application/json"
    )
    assert answer.status_code == 405
