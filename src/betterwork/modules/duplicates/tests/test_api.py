"""The API of duplicates, under the same door as the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.services import pair_put_off, pair_refuse
from betterwork.modules.duplicates.tests.test_web import make

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1"), pytest.mark.capability("A5")]
ROOT = "/api/v1/duplicates"


def get(cast: Any, word: str, path: str = "", code: int = 200) -> Any:
    answer = cast.client(word).get(f"{ROOT}{path}")
    assert answer.status_code == code, answer.content
    return answer.json()


def ids(found: Any) -> set[str]:
    return {one["id"] for one in found["items"]}


def test_who_keeps_the_register_reads_pairs_with_what_speaks_for_them(cast) -> None:
    (one,) = make("Sao Mai", "Sao Mai Garment")
    for word in ("global", "manager", "leader"):
        assert ids(get(cast, word)) == {one.pk}
    read = get(cast, "manager", f"/{one.pk}")
    assert (read["left__name"], read["right__name"]) == ("Sao Mai", "Sao Mai Garment")
    assert (read["left__id"], read["right__id"]) == (one.left_id, one.right_id)
    assert ["name.same", 3.66] in read["reasons"] and "same name" in read["why"] and read["state"] == "open"
    for word in ("advisor", "abroad", "analyst", "auditor", "factory", "workers", "buyer", "nobody"):
        get(cast, word, code=404)
        get(cast, word, f"/{one.pk}", 404)
    get(cast, "stranger", code=401)
    get(cast, "manager", "/unknown", 404)


def test_a_manager_reads_no_pair_of_another_country(cast) -> None:
    (mine,), (other,) = make("A", "A Garment"), make("B", "B Garment", country="JO")
    assert ids(get(cast, "manager")) == {mine.pk} and ids(get(cast, "global")) == {mine.pk, other.pk}
    assert ids(get(cast, "global", "?country=JO")) == {other.pk} and ids(get(cast, "manager", "?country=JO")) == set()
    get(cast, "manager", f"/{other.pk}", 404)


def test_pairs_are_narrowed_sorted_and_paged(cast) -> None:
    found = make(*(f"Works {n}" for n in range(10)))
    for place, one in enumerate(found):
        Pair.objects.filter(pk=one.pk).update(score=place, sure=place > 2)
    at = timezone.now()
    pair_refuse(actor="p", pair=found[0], reason="two halls", at=at)
    pair_put_off(actor="p", pair=found[1], until=at.date() + timedelta(days=7), at=at)
    assert ids(get(cast, "manager", "?state=refused")) == {found[0].pk}
    assert ids(get(cast, "manager", "?state=open")) == {one.pk for one in found[1:]}
    assert ids(get(cast, "manager", "?state=waiting")) == {one.pk for one in found[2:]}
    assert ids(get(cast, "manager", "?sure=true")) == {one.pk for one in found[3:]}
    page, scores = get(cast, "manager", "?sort=-score&limit=2"), []
    while True:
        scores += [one["score"] for one in page["items"]]
        if not page["next"]:
            break
        page = get(cast, "manager", page["next"].removeprefix(ROOT))
    assert scores == [4.0, 3.0, 2.0, 1.0, 0.0]
    for wrong in ("?state=lost", "?sort=name", "?limit=0", "?sure=perhaps", "?colour=red"):
        get(cast, "manager", wrong, 422)


def test_a_page_of_pairs_asks_few_questions(cast) -> None:
    client = cast.client("manager")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(ROOT).status_code == 200
        return len(asked)

    make("A", "B")
    few = questions()
    make(*(f"Works {n}" for n in range(20)), country="VN")
    assert questions() == few <= 8
