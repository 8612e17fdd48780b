"""Notices: told once, read by her alone, in her words, as she chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.notices import kinds
from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.models import Notice, Preference
from betterwork.foundation.notices.queries import notices_told, unread_count
from betterwork.foundation.notices.rules import APP, DAILY, NOW, WEEKLY, backoff, due_before, facts_check, urgency_of
from betterwork.foundation.notices.services import notice_give, notice_read, notices_all_read, preference_set

pytestmark = pytest.mark.capability("A4")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    before = dict(kinds.KINDS)
    notice_kind_add("test.usual", title="Something usual", words="%(who)s did %(n)s things in %(role)s.", urgency=DAILY)
    notice_kind_add("test.safety", title="Something urgent", words="Look at %(thing)s.", urgency=NOW, must=True)
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)


def give(*persons: str, kind: str = "test.safety", at: datetime = AT, key: str = "", **facts: Any) -> list[Notice]:
    given = facts or ({"thing": "door 7"} if kind == "test.safety" else {"who": "Somebody", "n": 2, "role": "a team"})
    with transaction.atomic():
        return notice_give(persons=persons, kind=kind, facts=given, url="/somewhere/", at=at, key=key)


@pytest.mark.django_db
def test_told_again_by_a_replay_a_person_has_it_once() -> None:
    assert len(give("p-1", "p-2", "p-1")) == 2
    assert give("p-1") == []
    assert [one.person for one in give("p-1", "p-3")] == ["p-3"]
    assert len(give("p-1", key="event 1", thing="door 7")) == 1
    assert give("p-1", key="event 1", thing="other words", at=AT + timedelta(days=1)) == []
    assert Notice.objects.filter(person="p-1").count() == 2
    with transaction.atomic():  # two that tell the same at the same moment
        row = Notice.objects.filter(person="p-1").first()
        assert row is not None
        Notice.objects.bulk_create(
            [Notice(person=row.person, kind=row.kind, key=row.key, how=NOW, url="/", made_at=AT)], ignore_conflicts=True
        )
    assert Notice.objects.filter(person="p-1").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_notice_goes_with_what_it_tells_of() -> None:
    with pytest.raises(BetterWorkError, match="in the transaction of what happened"):
        notice_give(persons=["p-1"], kind="test.safety", facts={}, url="/", at=AT)
    with pytest.raises(RuntimeError), transaction.atomic():
        notice_give(persons=["p-1"], kind="test.safety", facts={}, url="/", at=AT)
        raise RuntimeError
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example", "elsewhere", "/\\elsewhere"])
def test_a_notice_leads_nowhere_but_to_the_platform(url: str) -> None:
    with pytest.raises(WrongUse, match="leads to a page"):
        notice_give(persons=["p-1"], kind="test.safety", facts={}, url=url, at=AT)


@pytest.mark.parametrize(
    "fact", [1.5, True, None, ["x"], {"person": 1}, {"email": "x"}, {"person": "a", "role": "b"}, "x" * 201]
)
def test_facts_that_are_not_plain_are_refused(fact: Any) -> None:
    with pytest.raises(WrongUse, match="fact"):
        facts_check({"fact": fact}, "/")


@pytest.mark.django_db
def test_a_kind_that_nobody_registered_is_refused() -> None:
    with pytest.raises(WrongUse, match="registers it"):
        give("p-1", kind="test.unknown")


@pytest.mark.django_db
def test_references_are_put_into_words_for_the_reader_and_no_name_is_stored(cast: Any) -> None:
    person = cast.person("manager")
    give("p-1", kind="test.usual", who={"person": person.public_id}, n=3, role={"role": "advisor"})
    assert "Manager of the cast" not in str(list(Notice.objects.values()))
    (told,) = notices_told(Notice.objects.all())
    assert told.words == "Manager of the cast did 3 things in Enterprise advisor."
    type(person).objects.filter(pk=person.pk).update(state="erased", is_active=False)
    (told,) = notices_told(Notice.objects.all())
    assert told.words.startswith("a person who was erased did")


@pytest.mark.django_db
def test_a_notice_of_a_kind_that_is_gone_or_has_other_words_is_still_shown() -> None:
    give("p-1")
    kinds.KINDS["test.safety"] = notice_kind_add("test.safety", title="Urgent", words="%(other)s", urgency=NOW)
    assert notices_told(Notice.objects.all())[0].words == "Urgent"
    del kinds.KINDS["test.safety"]
    assert notices_told(Notice.objects.all())[0].words == "Something happened"


@pytest.mark.django_db
def test_she_alone_reads_hers_and_what_is_read_counts_no_more() -> None:
    (notice,), _ = give("p-1"), give("p-1", "p-2", kind="test.usual")
    assert unread_count("p-1") == 2
    with pytest.raises(WrongUse):
        notice_read(actor="p-2", notice=notice, at=AT)
    assert notice_read(actor="p-1", notice=notice, at=AT).read_at == AT
    assert notice_read(actor="p-1", notice=notice, at=AT + timedelta(days=1)).read_at == AT
    assert unread_count("p-1") == 1
    assert notices_all_read(actor="p-1", at=AT) == 1
    assert (unread_count("p-1"), unread_count("p-2")) == (0, 1)


@pytest.mark.django_db
def test_what_she_chose_counts_for_what_comes_and_for_what_waits_but_never_for_safety() -> None:
    give("p-1", "p-2", kind="test.usual")
    preference_set(actor="p-1", kind="test.usual", how=APP, at=AT)
    give("p-1", "p-2", kind="test.usual", key="later")
    assert set(Notice.objects.filter(person="p-1").values_list("how", flat=True)) == {APP}
    assert set(Notice.objects.filter(person="p-2").values_list("how", flat=True)) == {DAILY}
    with pytest.raises(WrongUse, match="safety"):
        preference_set(actor="p-1", kind="test.safety", how=APP, at=AT)
    Preference.objects.create(person="p-1", kind="test.safety", how=APP, set_at=AT)  # however it came there
    assert give("p-1")[0].how == NOW
    with pytest.raises(WrongUse):
        preference_set(actor="p-1", kind="test.usual", how="never", at=AT)


def test_a_kind_that_must_be_told_is_told_at_once() -> None:
    assert urgency_of(APP, must=True, chosen=WEEKLY) == NOW
    assert urgency_of(DAILY, must=False, chosen=WEEKLY) == WEEKLY
    assert urgency_of(DAILY, must=False) == DAILY


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)))
def test_a_morning_is_at_most_a_day_ago_and_a_monday_at_most_a_week(at: datetime) -> None:
    morning, monday = due_before(DAILY, at), due_before(WEEKLY, at)
    assert morning is not None and monday is not None
    assert timedelta(0) <= at - morning < timedelta(days=1)
    assert timedelta(0) <= at - monday < timedelta(days=7)
    assert (morning.hour, monday.hour, monday.weekday()) == (5, 5, 0)
    assert due_before(APP, at) is None


def test_waiting_after_failures_grows_to_a_day_and_no_further() -> None:
    waits = [backoff(failures) for failures in range(1, 40)]
    assert waits[0] == timedelta(minutes=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=1)


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_her_page_shows_hers_and_marks_them_read(cast: Any) -> None:
    she, other = cast.person("advisor").public_id, cast.person("partner").public_id
    at = timezone.now()
    (mine,), (hers,) = give(she, thing="<b>door 7</b>", at=at), give(other, thing="door 8", at=at)
    client = cast.client("advisor")
    page = client.get("/notices/").content.decode()
    assert "Look at &lt;b&gt;door 7&lt;/b&gt;." in page
    assert "door 8" not in page
    assert client.post(f"/notices/{hers.pk}/open/").status_code == 404
    assert client.get(f"/notices/{mine.pk}/open/").status_code == 405
    assert client.post(f"/notices/{mine.pk}/open/").headers["Location"] == "/somewhere/"
    assert unread_count(she) == 0
    give(she, kind="test.usual", at=at)
    client.post("/notices/read/")
    assert (unread_count(she), unread_count(other)) == (0, 1)
    assert client.get("/notices/?unread=yes&kind=test.usual").context["notices"] == []


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(cast: Any) -> None:
    assert cast.client("stranger").get("/notices/").status_code == 302


@pytest.mark.django_db
def test_a_page_of_notices_takes_as_many_queries_for_fifty_as_for_one(
    cast: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    she, client = cast.person("advisor").public_id, cast.client("advisor")
    give(she, key="0")
    client.get("/notices/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/notices/")
    for number in range(1, 60):
        give(she, key=str(number))
    with django_assert_num_queries(len(few)):
        page = client.get("/notices/?page=1")
    assert len(page.context["notices"]) == 50
    assert len(client.get("/notices/?page=2").context["notices"]) == 10


@pytest.mark.django_db
def test_preferences_are_kept_and_what_concerns_safety_leaves_no_choice(cast: Any) -> None:
    she, client = cast.person("advisor").public_id, cast.client("advisor")
    page = client.get("/notices/preferences/")
    form = page.context["form"]
    assert "Something urgent" in page.context["always"]
    field = next(name for name, one in form.kinds.items() if one.kind == "test.usual")
    sent = {name: one.how for name, one in form.kinds.items()} | {field: WEEKLY}
    assert client.post("/notices/preferences/", sent).status_code == 302
    assert list(Preference.objects.values_list("person", "kind", "how")) == [(she, "test.usual", WEEKLY)]
    assert client.post("/notices/preferences/", sent | {field: "never"}).status_code == 200


@pytest.mark.django_db
def test_what_is_kept_of_her_can_be_had_and_is_deleted_with_her(cast: Any) -> None:
    give("p-1", "p-2")
    preference_set(actor="p-1", kind="test.usual", how=APP, at=AT)
    keeping = KEEPINGS["notices"]
    with translation.override("en"):
        assert [one["words"] for one in keeping.export("p-1")["notices"]] == ["Look at door 7."]
    for _ in range(2):
        keeping.erase("p-1", AT)
    assert not Notice.objects.filter(person="p-1").exists()
    assert not Preference.objects.filter(person="p-1").exists()
    assert unread_count("p-2") == 1


# -- what access tells -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_access_tells_is_told_once_and_in_words(cast: Any) -> None:
    from betterwork.foundation.access import telling

    facts = {
        "grant": "g1",
        "person": "p-7",
        "role": "advisor",
        "scope": "country:VN",
        "by": cast.person("manager").public_id,
    }
    for _ in range(2):
        with transaction.atomic():
            telling.tell(telling.GRANT_WAITS, ["p-1", "p-1"], facts, AT)
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.how) == ("p-1", NOW)
    words = notices_told([notice])[0].words
    assert words.startswith("Manager of the cast gave a person who was erased a role: Enterprise advisor (")


@pytest.mark.django_db
def test_every_kind_of_access_has_words_for_the_facts_it_is_told_with(cast: Any) -> None:
    from betterwork.foundation.access import telling

    facts = {
        "person": "p-7",
        "role": "advisor",
        "scope": "country:VN",
        "by": "operator",
        "purpose": "",
        "country": "VN",
    }
    for number, kind in enumerate(telling.KINDS):
        thing = {"elevation": "e1"} if "elevation" in kind else {"grant": "g1"}
        with transaction.atomic():
            telling.tell(kind, [f"p-{number}"], facts | thing, AT)
    for told in notices_told(Notice.objects.all()):
        assert told.words != told.title, told.kind
    assert Notice.objects.count() == len(telling.KINDS)
