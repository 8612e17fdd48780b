"""The shell's own pages, as people of every kind meet them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.plugins.cast import CAST

from betterwork.entry.web.help import DOCS, SECTIONS
from betterwork.entry.web.shell import shell
from betterwork.foundation.people.rules import display_name
from betterwork.modules.registry.models import Factory

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def factories() -> list[Factory]:
    return [
        Factory.objects.create(country="VN", outside_id="1", name="Garment Works 0001"),
        Factory.objects.create(country="JO", outside_id="2", name="=Works 0002 عمان"),
    ]


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(cast) -> None:
    answer = cast.client("stranger").get("/factories/?q=works")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/factories/%3Fq%3Dworks"


@pytest.mark.parametrize("word", ["global", "advisor", "factory", "buyer", "nobody"])
def test_everybody_who_is_signed_in_has_a_home(cast, word: str) -> None:
    answer = cast.client(word).get("/")
    assert answer.status_code == 200
    assert answer.content.count(b"<h1") == 1


@pytest.mark.parametrize("word", sorted(CAST))
def test_the_frame_of_a_page_asks_for_notices_alone(cast, rf, django_assert_max_num_queries, word: str) -> None:
    if word == "stranger":
        return
    most = 2 if word in ("buyer", "donor") else 1  # what belongs to their organisation is asked for besides
    request = rf.get("/factories/")
    request.user, request.actor, request.resolver_match = cast.person(word), cast.actor(word), None
    shell(request)  # what is remembered for the whole process
    with django_assert_max_num_queries(most):
        assert shell(request)["person_name"] == display_name(request.user)


def test_to_whom_nothing_is_open_home_says_so_and_leads_to_her_roles(cast) -> None:
    page = cast.client("nobody").get("/").content.decode()
    assert "Nothing of the programme is open to you yet" in page
    assert 'href="/access/mine/"' in page


def test_a_search_that_left_results_out_says_so(cast) -> None:
    Factory.objects.bulk_create(Factory(country="VN", outside_id=f"m{n}", name=f"Mill {n}") for n in range(11))
    client = cast.client("advisor")
    assert "At most 10 of each kind" in client.get("/search/?q=mill").content.decode()
    assert "At most" not in client.get("/search/?q=mill+10").content.decode()


def test_the_search_of_the_bar_does_not_repeat_the_words_of_a_list(cast, factories: list[Factory]) -> None:
    client = cast.client("advisor")
    for address, fields in (("/factories/?q=works", 1), ("/search/?q=works", 1), ("/", 0)):
        page = client.get(address).content.decode()
        assert page.count('value="works"') == fields, address
        bar = page[page.index('id="search-everything"') :].partition(">")[0]
        assert "value" not in bar and 'placeholder="Search by name"' in bar


@pytest.mark.parametrize(
    ("word", "text", "what"),
    [("advisor", "works 0001", "Factory"), ("global", "advisor", "Person"), ("advisor", "weavers", "Workers"),
     ("advisor", "trial", "National"), ("advisor", "viet", "Country programme"), ("buyer", "garment", "tool")],
)  # fmt: skip
def test_all_that_the_search_says_it_finds_is_found(cast, factories: list[Factory], word, text, what) -> None:
    from betterwork.modules.bodies.tests.worlds import committee
    from betterwork.modules.organisations.tests.test_services import add

    committee(cast), add("Union of Weavers", key="weavers"), cast.person("advisor")
    said = cast.client(word).get("/search/").content.decode()
    for kind in ("factories", "people", "organisations", "committees", "countries", "tools"):
        assert kind in said
    page = cast.client(word).get(f"/search/?q={text}").content.decode()
    assert what in page.partition("<tbody>")[2].partition("</tbody>")[0], page


def test_an_advisor_sees_the_factories_of_her_country_and_no_other(cast, factories: list[Factory]) -> None:
    vietnamese, jordanian = factories
    client = cast.client("advisor")
    page = client.get("/factories/").content.decode()
    assert "Garment Works 0001" in page
    assert "عمان" not in page
    assert client.get(f"/factories/{vietnamese.pk}/").status_code == 200
    assert client.get(f"/factories/{jordanian.pk}/").status_code == 404
    assert client.get("/search/?q=works").content.decode().count("Garment Works 0001") == 1
    assert "عمان" not in client.get("/search/?q=works").content.decode()


def test_a_factory_manager_sees_her_own_factory_only(cast, factories: list[Factory]) -> None:
    own, other = factories
    client = cast.client("factory")
    assert client.get(f"/factories/mine/{own.pk}/").status_code == 200
    assert client.get(f"/factories/mine/{other.pk}/").status_code == 404
    assert client.get("/factories/").status_code == 404


def test_a_list_is_downloaded_whole_and_no_cell_is_a_formula(cast, factories: list[Factory]) -> None:
    answer = cast.client("analyst").get("/factories/?format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Factory,Country,Number in its country,Workers,Cycle,State"
    assert len(lines) == 3
    assert any(line.startswith("'=Works") for line in lines)


def test_the_menu_holds_only_what_one_may_open(cast, factories: list[Factory]) -> None:
    for word in ("advisor", "factory", "nobody"):
        client = cast.client(word)
        page = client.get("/")
        for section in page.context["menu"]:
            for line in section.items:
                assert client.get(line.url).status_code == 200, (word, line.url)


def test_help_shows_the_documentation_to_everybody(cast) -> None:
    client = cast.client("stranger")
    start = client.get("/help/").content.decode()
    assert start.index("For everybody") < start.index("Glossary") < start.index("For staff of the programme")
    last = start.index("For those who run")
    assert start.index("How to keep the register") < last < start.index("How to use PostgreSQL")
    for section in SECTIONS:
        for one in (DOCS / section).glob("*.md"):
            assert one.stem == "README" or start.count(f'"/help/{section}/{one.stem}/"') == 1
    page = client.get("/help/reference/glossary/").content.decode()
    assert page.count("<h1") == 1
    assert client.get("/help/../settings/").status_code == 404
    assert client.get("/help/nothing/").status_code == 404


def test_every_page_of_a_room_leads_to_a_page_of_help_that_exists() -> None:
    for address, view in _pages(get_resolver()):
        name = getattr(view, "help", "")
        assert not name or (DOCS / f"{name}.md").is_file(), address
        assert name or not view.__module__.startswith("betterwork.modules"), address


def _pages(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        address = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from () if address.startswith("api/") else _pages(one, address)
        else:
            yield address, one.callback


def test_every_page_says_what_a_browser_may_do(cast) -> None:
    answer = cast.client("advisor").get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    assert " hx-on" not in page


def test_health_tells_whether_both_databases_answer(client: Client) -> None:
    headers = {"host": "localhost"}
    assert json.loads(client.get("/health/live", headers=headers).content) == {"live": True}
    answer = json.loads(client.get("/health/ready", headers=headers).content)
    assert answer == {"ready": True, "default": True, "vault": True}


def test_metrics_are_for_who_knows_the_token(client: Client, settings) -> None:
    assert client.get("/metrics", headers={"host": "localhost"}).status_code == 404
    settings.METRICS_TOKEN = "a token of the tests"
    wrong = {"host": "localhost", "authorization": "Bearer another"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    right = {"host": "localhost", "authorization": "Bearer a token of the tests"}
    assert b"betterwork_jobs_waiting 0.0" in client.get("/metrics", headers=right).content


def test_the_language_is_remembered_and_turns_the_page(cast) -> None:
    client = cast.client("advisor")
    answer = client.post("/language/", {"language": "ar", "next": "/search/"})
    assert answer["Location"] == "/search/"
    assert 'dir="rtl"' in client.get("/").content.decode()
    person = cast.person("advisor")
    person.refresh_from_db()
    assert person.language == "ar"
    assert client.post("/language/", {"language": "ar", "next": "https://else.example/"})["Location"] == "/"


def test_what_is_not_there_answers_calmly(cast) -> None:
    answer = cast.client("advisor").get("/no/such/page/")
    assert answer.status_code == 404
    assert answer.content.count(b"<h1") == 1


def test_a_home_may_show_a_panel_for_an_audience_one_belongs_to_and_no_other(cast, factories: list[Factory]) -> None:
    from betterwork.foundation.audiences.presentations import Leak
    from betterwork.foundation.contributions.registry import Panel
    from betterwork.foundation.doors.leaks import refuse_leaks
    from betterwork.modules.registry.presentations import FACTORY_FOR_ITSELF

    assert "Garment Works 0001" in cast.client("factory").get("/").content.decode()
    rows = FACTORY_FOR_ITSELF.rows(factories)
    panel = Panel("Factories", "any.html", {"rows": rows}, audience="factory")
    refuse_leaks([panel], audience="own person", belongs=frozenset({"public", "factory"}))
    with pytest.raises(Leak, match="panel for factory"):
        refuse_leaks([panel], audience="own person", belongs=frozenset({"public", "buyer"}))
    with pytest.raises(Leak, match="row made for factory"):
        refuse_leaks([panel, rows], audience="own person", belongs=frozenset({"public", "factory"}))


def _sent(client: Client, size: int) -> int:
    """The status of a form that says it is so large; none of it is there, so that reading it would be seen."""
    answer = client.generic("POST", "/language/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(size))
    return answer.status_code


def test_what_is_too_large_is_refused_before_it_is_read(cast, settings) -> None:
    settings.FILES_LIMIT_MB = 5
    stranger, advisor = cast.client("stranger"), cast.client("advisor")
    assert _sent(stranger, 1_000_000) == 302
    assert _sent(stranger, 1_000_001) == 413
    assert _sent(advisor, 6_000_000) == 302
    assert _sent(advisor, 6_000_001) == 413


def test_a_form_too_large_is_refused_before_the_look_for_its_csrf_token(monkeypatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("something of it was read")

    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest._load_post_and_files", read)
    assert _sent(Client(enforce_csrf_checks=True, headers={"host": "localhost"}), 2_000_000) == 413


def test_a_page_that_is_not_there_for_somebody_is_no_fault_in_the_logs(cast, caplog, monkeypatch) -> None:
    client = cast.client("buyer")
    assert client.get("/people/").status_code == 404

    def fails(*_: object) -> None:
        raise RuntimeError("what it said")

    monkeypatch.setattr("betterwork.entry.web.home.home_tasks", fails)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    assert [one.getMessage() for one in caplog.records if one.name == "betterwork.requests"].count("fault") == 1
