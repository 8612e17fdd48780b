"""The pages of duplicates, through their doors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from betterwork.foundation.contributions.registry import home_tasks, panels_of
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.policy import PAIRS_DECIDE
from betterwork.modules.duplicates.services import NewPair, pairs_keep
from betterwork.modules.registry.models import Factory, Merge
from betterwork.modules.registry.policy import FACTORIES_KEEP
from betterwork.modules.registry.services import factories_ensure, factory_enrol, factory_rename, workforce_set

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A5")]
MANAGER = Actor("p-manager", frozenset({Held("country-manager", "country:VN")}))
REASONS = (("name.same", 3.66), ("unit.other", -20.0), ("kind.same", 0.2))


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def make(*names: str, country: str = "VN", score: float = 9.0) -> list[Pair]:
    """Pairs of each name with the next one that follows: 1 and 2, 3 and 4."""
    at = timezone.now()
    rows = list(
        factories_ensure(
            actor="operator", wanted={(country, str(place)): name for place, name in enumerate(names)}, at=at
        ).values()
    )
    found = [NewPair(a.pk, b.pk, score, True, REASONS, "x") for a, b in zip(rows[::2], rows[1::2], strict=True)]
    pairs_keep(actor="operator", country=country, found=found, at=at)
    return list(Pair.objects.filter(country=country).order_by("left"))


@pytest.fixture
def pair() -> Pair:
    return make("<b>Sao Mai</b>", "Sao Mai Garment")[0]


def test_the_list_says_how_sure_and_why_and_leads_to_both_records(cast, pair) -> None:
    client = cast.client("manager")
    page = text(client.get("/duplicates/"))
    assert "&lt;b&gt;Sao Mai&lt;/b&gt;" in page and "<b>Sao Mai" not in page
    assert "Almost certain" in page and "same name; other unit number: against" in page
    shown = text(client.get(f"/duplicates/{pair.pk}/"))
    for words in (
        "Side by side",
        "Not the same factory",
        "Decide later",
        "Merge these records",
        "same kind of industry",
    ):
        assert words in shown
    assert shown.count("<h1") == 1
    assert '<th scope="col"><bdi>Sao Mai Garment</bdi></th>' in shown and "Kind of industry" not in shown
    assert "Cycles" not in shown and "Headcounts" not in shown
    at, left = timezone.now(), Factory.objects.get(pk=pair.left_id)
    factory_enrol(actor="p-1", factory=left, starts=at.date(), cycle=3, at=at)
    workforce_set(actor="p-1", factory=left, on=at.date(), women=4000, men=561, at=at)
    shown = text(client.get(f"/duplicates/{pair.pk}/"))
    assert "Cycles" in shown and "Headcounts" in shown and "4,561" in shown
    for url in (reverse("registry:factory", kwargs={"factory": one}) for one in (pair.left_id, pair.right_id)):
        assert url in shown and client.get(url).status_code == 200
    csv = b"".join(client.get("/duplicates/?format=csv").streaming_content).decode()
    assert "Sao Mai Garment" in csv


def test_strangers_get_nothing_and_each_country_its_own(cast, pair) -> None:
    make("A", "B", country="KH")
    abroad = Pair.objects.get(country="KH")
    pages = ["", "merge/", "not-the-same/", "later/", "take-apart/"]
    for word in ("advisor", "abroad", "factory", "buyer", "custodian", "nobody"):
        for page in ("/duplicates/", "/duplicates/decided/", *(f"/duplicates/{pair.pk}/{one}" for one in pages)):
            assert cast.client(word).get(page).status_code == 404, (word, page)
    for word in ("manager", "leader"):
        assert [cast.client(word).get(f"/duplicates/{one.pk}/").status_code for one in (pair, abroad)] == [200, 404]
        assert cast.client(word).post(f"/duplicates/{abroad.pk}/not-the-same/", {"reason": "x"}).status_code == 404
    assert cast.client("global").get(f"/duplicates/{abroad.pk}/").status_code == 200
    assert set(Pair.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize("role", ["country-manager", "team-leader", "advisor", "analyst"])
@pytest.mark.parametrize("scope", ["country:VN", "country:KH", "world"])
def test_whoever_may_decide_a_pair_keeps_both_factories(pair, role, scope) -> None:
    actor = Actor("p-1", frozenset({Held(role, scope)}))
    both = FACTORIES_KEEP.visible_to(actor).filter(pk__in=[pair.left_id, pair.right_id]).count() == 2
    assert PAIRS_DECIDE.may(actor, pair) is both


def test_merging_asks_which_stays_and_why_and_can_be_taken_apart(cast, pair) -> None:
    client, url = cast.client("leader"), f"/duplicates/{pair.pk}/"
    before = list(Factory.objects.order_by("pk").values())
    assert "required" in text(client.post(f"{url}merge/", {"reason": "gate"})) and not Merge.objects.exists()
    assert client.post(f"{url}merge/", {"kept": "99", "reason": "gate"}).status_code == 200
    done = client.post(f"{url}merge/", {"kept": str(pair.right_id), "reason": "<i>one gate</i>"}, follow=True)
    assert "Merged" in text(done) and "Take them apart again" in text(done) and "<i>one" not in text(done)
    assert Merge.objects.get().kept_id == pair.right_id
    again = client.post(f"{url}merge/", {"kept": str(pair.left_id), "reason": "twice"})
    assert "meanwhile" in text(again) and Merge.objects.count() == 1
    assert "Sao Mai Garment" in text(client.get("/duplicates/decided/?state=merged"))
    assert "Taken apart" in text(client.post(f"{url}take-apart/", {"reason": "two gates"}, follow=True))
    assert list(Factory.objects.order_by("pk").values()) == before


def test_what_is_refused_or_put_off_waits_no_more(cast, pair) -> None:
    client = cast.client("manager")
    assert any("may be one factory" in str(task.title) for task in home_tasks(MANAGER, timezone.now()))
    wrong = client.post(f"/duplicates/{pair.pk}/later/", {"until": timezone.now().date().isoformat()})
    assert "day to come" in text(wrong)
    until = timezone.now().date() + timedelta(days=3)
    client.post(f"/duplicates/{pair.pk}/later/", {"until": until.isoformat()})
    assert "Nothing waits" in text(client.get("/duplicates/"))
    assert not any("may be one factory" in str(task.title) for task in home_tasks(MANAGER, timezone.now()))
    assert any(
        "may be one factory" in str(task.title) for task in home_tasks(MANAGER, timezone.now() + timedelta(days=3))
    )
    client.post(f"/duplicates/{pair.pk}/not-the-same/", {"reason": "two owners"})
    assert "two owners" in text(client.get("/duplicates/decided/")) and Pair.objects.get().state == "refused"


def test_the_page_of_a_factory_shows_the_pairs_in_which_it_stands(cast, pair) -> None:
    page = text(cast.client("manager").get(reverse("registry:factory", kwargs={"factory": pair.left_id})))
    assert "May be registered twice" in page
    advisor = Actor("p-2", frozenset({Held("advisor", "country:VN")}))
    assert not [one for one in panels_of("factory", advisor, pair.left, timezone.now()) if "twice" in str(one.title)]


def test_asking_for_a_search_makes_one_job_and_the_job_finds(cast) -> None:
    at = timezone.now()
    names = ("Công ty TNHH May Lúa Vàng Hải Âu", "Lua Vang Hai Au Garment Co., Ltd")
    factories_ensure(actor="operator", wanted={("VN", str(n)): name for n, name in enumerate(names)}, at=at)
    client = cast.client("manager")
    assert "changes no factory" in text(client.get("/duplicates/look/"))
    for _twice in range(2):
        client.post("/duplicates/look/")
    job = Job.objects.get(task__endswith="duplicates_find_job", arguments={"country": "VN"})
    jobs_run_all(timezone.now())
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"new": 1, "back": 0, "gone": 0})
    page = text(client.get("/duplicates/"))
    assert "nothing but the names is known" in page and "Likely" in page


def test_a_change_of_a_name_has_its_country_looked_through_once_things_are_quiet() -> None:
    at = timezone.now()
    rows = factories_ensure(actor="operator", wanted={("VN", str(n)): f"Works {n}" for n in range(5)}, at=at)
    jobs_run_all(at)
    first = next(iter(rows.values()))
    factory_rename(actor="p-1", factory=first, name="Other", since=at.date(), reason="new", at=at)
    jobs_run_all(at)
    waiting = Job.objects.filter(task__endswith="duplicates_find_job", state="waiting")
    assert [one.arguments for one in waiting] == [{"country": "VN"}]
    assert waiting[0].due_at > at


def test_a_list_of_many_takes_few_queries(cast, django_assert_max_num_queries) -> None:
    make(*(f"Works {number}" for number in range(400)))
    client = cast.client("manager")
    client.get("/duplicates/")
    for page in ("/duplicates/", "/duplicates/?q=Works", "/duplicates/?page=3", "/duplicates/?order=-score"):
        with django_assert_max_num_queries(14):
            assert client.get(page).status_code == 200
