"""The pages of releases, through their doors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betterwork.foundation.releases.models import Release, Withdrawal
from betterwork.foundation.releases.policy import RELEASES_GIVEN, RELEASES_RECEIVED, RELEASES_WITHDRAW
from betterwork.foundation.releases.rules import Recipient
from betterwork.foundation.releases.services import release_withdraw
from betterwork.foundation.releases.tests.giving import given

pytestmark = [pytest.mark.django_db]
WHY = "the figures of one table were wrong"


@pytest.fixture
def release(paper, cast) -> Release:
    return given(paper, actor=cast.person("global").public_id, at=timezone.now())


def text(response) -> str:
    return response.content.decode()


def test_staff_of_the_country_see_what_was_given_and_others_do_not(cast, release):
    for word in ("global", "advisor", "auditor", "analyst"):
        page = cast.client(word).get("/releases/")
        assert "A paper of Viet Nam" in text(page), word
        assert "Decision 12" in text(cast.client(word).get(f"/releases/{release.pk}/"))
    assert "A paper of Viet Nam" not in text(cast.client("abroad").get("/releases/"))
    assert cast.client("abroad").get(f"/releases/{release.pk}/").status_code == 404
    for word in ("workers", "buyer", "donor", "nobody"):
        assert cast.client(word).get("/releases/").status_code == 404


def test_who_received_it_reads_by_whose_authority(cast, release):
    page = text(cast.client("workers").get("/releases/received/"))
    assert "A paper of Viet Nam" in page
    one = text(cast.client("workers").get(f"/releases/received/{release.pk}/"))
    assert "Decision 12 of the committee" in one and "/papers/one/" in one
    for word in ("donor", "buyer", "advisor"):
        assert cast.client(word).get(f"/releases/received/{release.pk}/").status_code == 404


def test_withdrawing_on_the_page(cast, release):
    url = f"/releases/{release.pk}/withdraw/"
    for word in ("advisor", "analyst", "auditor", "workers", "abroad"):
        assert cast.client(word).post(url, {"reason": WHY}).status_code == 404, word
    assert cast.client("global").post(url, {"reason": "no"}).status_code == 422
    assert not Withdrawal.objects.exists()
    answer = cast.client("manager").post(url, {"reason": WHY})
    assert answer.status_code == 302
    assert WHY in text(cast.client("manager").get(f"/releases/{release.pk}/"))
    assert cast.client("manager").post(url, {"reason": WHY}).status_code == 404
    assert cast.client("workers").get(f"/releases/received/{release.pk}/").status_code == 404


def test_both_answers_of_each_policy_agree(cast, paper):
    rows = [
        given(paper, at=timezone.now()),
        given(paper, at=timezone.now(), country="JO", to=Recipient("committee", "country:JO")),
        given(paper, at=timezone.now(), section="public", to=Recipient("public", "world", role="donor")),
    ]
    release_withdraw(actor="p-global", release=rows[0], reason=WHY, at=timezone.now())
    for policy in (RELEASES_GIVEN, RELEASES_RECEIVED, RELEASES_WITHDRAW):
        for word in cast.everybody():
            actor = cast.actor(word)
            seen = set(policy.visible_to(actor))
            assert all(policy.may(actor, row) == (row in seen) for row in rows)
            assert policy.may(actor) or not seen


def test_the_lists_are_empty_in_words(cast):
    assert "Nothing was released yet" in text(cast.client("global").get("/releases/"))
    page = text(cast.client("donor").get("/releases/received/"))
    assert "Nothing was given to you yet" in page and "Search in this list" not in page
    assert "Nothing matches" in text(cast.client("donor").get("/releases/received/?q=paper"))


def test_three_thousand_releases_take_no_more_queries_than_three(cast, paper, django_assert_max_num_queries):
    at = timezone.now()
    Release.objects.bulk_create(
        Release(
            kind="paper",
            title=f"Paper {n}",
            country="VN",
            document=paper,
            section="committee",
            audience="committee",
            scope="country:VN",
            authority="a decision",
            rule="a rule",
            starts=at.date() - timedelta(days=n % 9),
            given_by="p-global",
            given_at=at,
        )
        for n in range(3000)
    )
    for word, url in (("global", "/releases/"), ("workers", "/releases/received/")):
        client = cast.client(word)
        client.get(url)
        with django_assert_max_num_queries(8):
            assert client.get(f"{url}?q=Paper&order=-title&page=3").status_code == 200


def test_the_export_has_every_row(cast, release):
    from django.db import connection

    with CaptureQueriesContext(connection):
        answer = cast.client("global").get("/releases/?format=csv")
    assert "A paper of Viet Nam" in b"".join(answer.streaming_content).decode()
