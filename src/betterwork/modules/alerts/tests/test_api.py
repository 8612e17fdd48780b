"""Concerns over the API: exactly once by id, for whoever may and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from betterwork.foundation.notices.models import Notice
from betterwork.modules.alerts import api, words
from betterwork.modules.alerts.models import Concern
from betterwork.modules.alerts.services import concern_take
from betterwork.modules.alerts.tests.concerns import AT, ID, WORDS, name, raised
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import factories_ensure

pytestmark = [pytest.mark.django_db, pytest.mark.capability("H1")]
URL = "/api/v1/alerts/concerns"


def sent(**more: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "country": "VN",
        "kind": "imminent-danger",
        "certainty": "suspicion",
        "words": WORDS,
        "made": "2026-11-20T05:40:12Z",
    } | more


def post(client: Any, **more: Any) -> Any:
    return client.post(URL, sent(**more), content_type="application/json")


def test_sent_again_it_is_answered_with_the_same_body_whatever_happened_meanwhile(cast: Any) -> None:
    name(cast, "leader", "partner")
    client = cast.client("advisor")
    first = post(client)
    assert first.status_code == 201, first.content
    concern_take(actor="p-leader", concern=Concern.objects.get(), at=AT)
    name(cast, "global")
    again = [post(client) for _turn in range(3)]
    assert [one.status_code for one in again] == [200, 200, 200]
    assert {one.content for one in again} == {first.content}
    assert first.json()["told"] == 2
    assert "words" not in first.json()
    assert Concern.objects.count() == 1
    assert Notice.objects.filter(kind="alerts.raised").count() == 2


def test_other_content_under_the_id_is_refused_and_nothing_of_it_is_repeated(cast: Any) -> None:
    client = cast.client("advisor")
    post(client)
    answer = post(client, words="SIMULATED something-else")
    assert answer.status_code == 422
    assert b"something-else" not in answer.content
    assert post(cast.client("partner")).status_code == 422


def test_the_factory_the_visit_and_the_question_go_with_it_and_a_slip_stops_nothing(cast: Any) -> None:
    factories_ensure(actor="operator", wanted={("VN", "1"): "Works 1", ("JO", "2"): "Works 2"}, at=AT)
    client, here = cast.client("advisor"), Factory.objects.get(country="VN")
    for number, (factory, found, where) in enumerate(
        [
            ("VN/1", here.pk, "visit:v1 question:CHL-1-01"),
            ("factory:VN/1", here.pk, "visit:v1 question:CHL-1-01"),
            (str(here.pk), here.pk, "visit:v1 question:CHL-1-01"),
            ("JO/2", None, "visit:v1 question:CHL-1-01 factory:JO/2"),
            ("no such works", None, "visit:v1 question:CHL-1-01 factory:nosuchworks"),
        ]
    ):
        answer = post(client, id=f"{number:032x}", factory=factory, visit="v1", question="CHL-1-01")
        assert answer.status_code == 201, answer.content
        concern = Concern.objects.get(pk=f"{number:032x}")
        assert (concern.factory_id, concern.where) == (found, where)


@pytest.mark.parametrize(
    "change",
    [{"id": "A" * 32}, {"country": "JO"}, {"country": "vn"}, {"kind": "gossip"}, {"certainty": "x"}, {"words": ""},
     {"made": "yesterday"}, {"more": 1}, {"words": "x" * 20_001}],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused(cast: Any, change: dict[str, Any]) -> None:
    assert post(cast.client("advisor"), **change).status_code == 422
    assert not Concern.objects.exists()


def test_who_may_not_raise_finds_nothing_and_a_stranger_is_asked_to_sign_in(cast: Any) -> None:
    for word in ("auditor", "analyst", "factory", "inspector", "buyer", "nobody"):
        assert post(cast.client(word)).status_code == 404, word
    assert post(cast.client("stranger")).status_code == 401


def test_who_answers_reads_them_and_who_raised_them_her_own(cast: Any) -> None:
    name(cast, "leader", "partner")
    raised(cast)
    leader, advisor, manager = (cast.client(word) for word in ("leader", "advisor", "manager"))
    (row,) = leader.get(URL).json()["items"]
    assert (row["id"], row["kind"], row["raised_by"]) == (ID, "child-below-minimum-age", "p-advisor")
    assert leader.get(f"{URL}/{ID}").json() == row
    assert advisor.get(URL).json()["items"] == manager.get(URL).json()["items"] == []
    assert advisor.get(f"{URL}/{ID}").status_code == manager.get(f"{URL}/{ID}").status_code == 404
    (own,) = advisor.get(f"{URL}/own").json()["items"]
    assert own["state"] == "open" and "taken_by" not in own
    assert advisor.get(f"{URL}/own/{ID}").json() == own
    assert manager.get(f"{URL}/own/{ID}").status_code == 404
    assert "cutting" not in str((row, own))


def test_while_the_words_cannot_be_put_away_it_says_that_it_stands_and_to_send_again(
    cast: Any, monkeypatch: Any
) -> None:
    from betterwork.foundation.vault.changing import Busy

    def busy(**_: Any) -> None:
        raise Busy("somebody else is changing this at this moment")

    name(cast, "leader")
    client = cast.client("advisor")
    with monkeypatch.context() as patch:
        patch.setattr(words, "vault_put", busy)
        answer = post(client)
    assert answer.status_code == 409
    assert "Send it again" in answer.json()["detail"]
    assert Notice.objects.filter(kind="alerts.raised").count() == 1
    assert post(client).status_code == 201
    assert post(client).status_code == 200


def test_the_operation_runs_outside_any_transaction() -> None:
    assert getattr(api.raised, "commits_itself", False)
