"""The API of the register, under the same rules as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from betterwork.modules.registry.models import Factory, Merge, Workforce
from betterwork.modules.registry.services import factories_ensure, factory_enrol

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1"), pytest.mark.capability("A2")]
ROOT = "/api/v1/factories"


@pytest.fixture
def made() -> dict[Any, Factory]:
    """Four factories, one of them in Jordan; VN/1 is in its third cycle."""
    wanted = {("VN", "1"): "One", ("VN", "2"): "Two", ("VN", "3"): "Three", ("JO", "1"): "Abroad"}
    found = factories_ensure(actor="p-1", wanted=wanted, at=timezone.now())
    factory_enrol(actor="p-1", factory=found["VN", "1"], starts=date(2020, 1, 1), cycle=3, at=timezone.now())
    return found


def get(cast: Any, word: str, path: str, code: int = 200) -> Any:
    answer = cast.client(word).get(f"{ROOT}{path}")
    assert answer.status_code == code, answer.content
    return answer.json()


def post(cast: Any, word: str, path: str, body: Any, code: int = 201) -> Any:
    answer = cast.client(word).post(f"{ROOT}{path}", body, content_type="application/json")
    assert answer.status_code == code, (answer.status_code, answer.content)
    return answer.json()


def test_staff_read_the_factories_of_their_country(cast, made) -> None:
    found = get(cast, "advisor", "?sort=-name&limit=2")
    assert [one["name"] for one in found["items"]] == ["Two", "Three"] and found["next"]
    assert [one["key"] for one in get(cast, "advisor", "?state=enrolled")["items"]] == ["VN/1"]
    one = get(cast, "advisor", f"/{made['VN', '1'].pk}")
    assert (one["cycle"], one["workers"], one["state"]) == (3, None, "enrolled")
    assert get(cast, "advisor", f"/{made['VN', '1'].pk}/cycles")["items"][0]["starts"] == "2020-01-01"
    get(cast, "advisor", f"/{made['JO', '1'].pk}", 404)
    get(cast, "advisor", "/coverage/JO", 404)
    get(cast, "advisor", "?state=gone", 422)
    assert get(cast, "advisor", "/coverage/VN")[0]["factories"] == 1


def test_what_is_written_by_the_api_goes_the_way_of_the_services(cast, made) -> None:
    one, two = made["VN", "1"].pk, made["VN", "2"].pk
    new = {"country": "VN", "outside_id": "9", "name": "=Nine", "since": "2026-01-01", "town": "Huế"}
    assert post(cast, "manager", "", new)["key"] == "VN/9"
    post(cast, "manager", "", new, 422)
    post(cast, "manager", "", {**new, "country": "JO"}, 404)
    post(cast, "manager", "", {**new, "shoe": 1}, 422)
    assert post(cast, "advisor", f"/{one}/headcounts", {"on": "2026-01-01", "women": 7, "men": 3})["workers"] == 10
    post(cast, "advisor", f"/{one}/headcounts", {"on": "2026-01-01", "women": 7, "men": 3}, 422)
    assert get(cast, "advisor", f"/{one}/headcounts")["items"][0]["women"] == 7 and Workforce.objects.count() == 1
    renamed = {"name": "Uno", "since": "2026-01-01", "reason": "sold"}
    assert post(cast, "manager", f"/{one}/names", renamed)["name"] == "Uno"
    assert post(cast, "manager", f"/{two}/cycles", {"starts": "2026-01-01"})["cycle"] == 1
    merge = post(cast, "manager", f"/{two}/merges", {"kept": one, "reason": "one gate"})
    post(cast, "manager", f"/{two}/merges", {"kept": one, "reason": "one gate"}, 422)
    post(cast, "manager", f"/{one}/merges", {"kept": made["JO", "1"].pk, "reason": "one gate"}, 404)
    assert "VN/2" not in [row["key"] for row in get(cast, "manager", "")["items"]]
    post(cast, "manager", f"/merges/{merge['id']}/undo", {"reason": "two gates"})
    assert Merge.objects.get().undone_at is not None
    post(cast, "manager", f"/merges/{merge['id']}/undo", {"reason": "two gates"}, 404)


def test_strangers_to_the_register_get_nothing(cast, made) -> None:
    one = made["VN", "1"].pk
    for word in ("buyer", "factory", "nobody", "inspector"):
        assert cast.client(word).get(ROOT).status_code in (403, 404), word
        assert cast.client(word).get(f"{ROOT}/{one}").status_code in (403, 404), word
    renamed = {"name": "X", "since": "2026-01-01", "reason": "x"}
    for path, body in (("/names", renamed), ("/cycles", {"starts": "2026-01-01"})):
        answer = cast.client("advisor").post(f"{ROOT}/{one}{path}", body, content_type="application/json")
        assert answer.status_code in (403, 404), path


def test_a_reason_that_no_database_takes_is_refused_in_words(cast, made) -> None:
    """PostgreSQL takes no NUL in a text: it would be a failure there."""
    body = {"kept": made["VN", "2"].pk, "reason": "the same\x00 gate"}
    assert "no text" in post(cast, "manager", f"/{made['VN', '1'].pk}/merges", body, 422)["detail"]
