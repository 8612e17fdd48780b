"""Pages of concerns: raising, the list, one, its words on purpose, the steps, who is named; and strangers to them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from betterwork.foundation.audiences.leak import Leak
from betterwork.foundation.audiences.names import CONCERN_CIRCLE, EVERYBODY
from betterwork.foundation.doors.leaks import refuse_leaks
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.vault.kinds import kind_of
from betterwork.foundation.vault.rules import ItemFacts, Opened
from betterwork.modules.alerts.models import Concern, NamedPerson
from betterwork.modules.alerts.policy import VAULT_KIND
from betterwork.modules.alerts.rules import CLOSED
from betterwork.modules.alerts.services import closing_ask, concern_note, concern_take
from betterwork.modules.alerts.tests.concerns import AT, DONE, ID, WHY, WORDS, name, raised
from betterwork.modules.registry.services import factories_ensure

pytestmark = [pytest.mark.django_db, pytest.mark.capability("H1")]
PAGES = ("", "words/", "take/", "note/", "ask/", "confirm/", "refuse/", "reopen/", "again/")


def hidden(page: Any, field: str = "once") -> str:
    found = re.search(rf'name="{field}" value="([^"]*)"', page.content.decode())
    assert found, field
    return found.group(1)


def given(page: Any, **more: Any) -> dict[str, Any]:
    return {
        "once": hidden(page),
        "kind": "abuse-and-violence",
        "certainty": "proof",
        "factory": "",
        "words": WORDS,
        "made_on": timezone.localdate().isoformat(),
        "set_aside_person": "",
        "where": "",
    } | more


def test_an_advisor_raises_a_concern_from_the_menu_and_a_second_click_counts_once(cast: Any) -> None:
    factories_ensure(actor="operator", wanted={("VN", "1"): "Works 1", ("JO", "1"): "Works Abroad"}, at=AT)
    name(cast, "leader", "partner")
    client = cast.client("advisor")
    assert "/concerns/raise/" in client.get("/").content.decode()
    assert 'action="/concerns/raise/VN/"' in client.get("/concerns/raise/").content.decode()
    page = client.get("/concerns/raise/VN/?factory=VN/1&where=visit:abc")
    text = page.content.decode()
    assert "Leader of the cast" in text and "within 48 hours" in text and "Works Abroad" not in text
    assert '<option value="VN/1" selected>' in text
    sent = given(page, factory="VN/1", where=hidden(page, "where"))
    first = client.post("/concerns/raise/VN/", sent)
    again = client.post("/concerns/raise/VN/", sent)
    assert first.headers["Location"] == again.headers["Location"]
    concern = Concern.objects.get()
    assert (concern.factory.outside_id, concern.where, concern.told) == ("1", "visit:abc", 2)
    shown = client.get(first.headers["Location"]).content.decode()
    assert "2 persons were told" in shown
    assert "cutting-table" not in shown
    assert "Leader of the cast" not in shown, "she sees that it stands, not who does what"


def test_other_words_under_the_same_form_are_refused_on_the_page_and_kept_in_it(cast: Any) -> None:
    client = cast.client("advisor")
    sent = given(client.get("/concerns/raise/VN/"))
    client.post("/concerns/raise/VN/", sent)
    page = client.post("/concerns/raise/VN/", sent | {"words": "SIMULATED another thing"}).content.decode()
    assert "another concern before" in page and "SIMULATED another thing" in page


def test_what_is_missing_is_said_beside_the_form(cast: Any) -> None:
    page = cast.client("advisor").post("/concerns/raise/VN/", {"once": "x"}).content.decode()
    assert "Load the page again" in page
    assert not Concern.objects.exists()


def test_another_country_is_not_there_and_who_works_in_several_chooses_one(cast: Any) -> None:
    assert cast.client("advisor").get("/concerns/raise/JO/").status_code == 404
    assert cast.client("global").get("/concerns/raise/XX/").status_code == 404
    assert "/concerns/raise/JO/" in cast.client("global").get("/concerns/raise/").content.decode()


@pytest.mark.parametrize(
    "word", ["global", "manager", "leader", "abroad", "auditor", "analyst", "inspector", "factory", "buyer", "nobody"]
)
def test_for_everybody_else_there_is_nothing(cast: Any, word: str) -> None:
    name(cast, "partner")
    raised(cast)
    client = cast.client(word)
    for page in PAGES:
        for answer in (client.get(f"/concerns/{ID}/{page}"), client.post(f"/concerns/{ID}/{page}")):
            assert answer.status_code in {404, 405}, (page, answer.status_code)
    listed = client.get("/concerns/")
    assert ID not in listed.content.decode()
    home = client.get("/").content.decode()
    assert ID not in home


def test_she_who_raised_it_opens_her_words_and_has_no_steps(cast: Any) -> None:
    name(cast, "leader", "partner")
    raised(cast)
    client = cast.client("advisor")
    page = client.get(f"/concerns/{ID}/").content.decode()
    assert "Waits for an answer" in page and "Open what you wrote" in page
    assert "What you can do now" not in page
    assert client.get(f"/concerns/{ID}/take/").status_code == 404
    assert client.get(f"/concerns/{ID}/words/").status_code == 405, "a link may not open the vault"
    answer = client.post(f"/concerns/{ID}/words/")
    assert "two-children-at-the-cutting-table" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_who_answers_opens_the_words_on_purpose_and_leaves_a_trace(cast: Any) -> None:
    name(cast, "leader", "partner")
    raised(cast)
    client = cast.client("leader")
    page = client.get(f"/concerns/{ID}/").content.decode()
    assert "cutting" not in page and "Overdue" in page
    assert "Advisor of the cast" in page
    assert not entries_search(action="vault.opened").entries
    assert "cutting" in client.post(f"/concerns/{ID}/words/").content.decode()
    (entry,) = entries_search(action="vault.opened").entries
    assert entry.actor == "p-leader"
    assert "What was written at first was opened" in client.get(f"/concerns/{ID}/").content.decode()
    assert "opened an item of the vault" in cast.client("advisor").get("/notices/").content.decode()


def test_two_persons_take_a_concern_to_its_end_on_the_pages(cast: Any) -> None:
    name(cast, "leader", "partner")
    raised(cast)
    leader, partner = cast.client("leader"), cast.client("partner")

    def does(client: Any, step: str, **words: str) -> Any:
        page = client.get(f"/concerns/{ID}/{step}/")
        return client.post(f"/concerns/{ID}/{step}/", {"once": hidden(page), **words})

    assert does(leader, "take").status_code == 302
    assert does(leader, "note", words=DONE).status_code == 302
    assert does(leader, "ask", words=WHY).status_code == 302
    assert "Not now" in leader.get(f"/concerns/{ID}/confirm/").content.decode()
    refused = leader.post(f"/concerns/{ID}/confirm/", {"once": "a" * 32}).content.decode()
    assert "Nobody closes alone" in refused
    page = partner.get(f"/concerns/{ID}/").content.decode()
    assert "Leader of the cast asks for closing" in page
    thread = partner.post(f"/concerns/{ID}/words/").content.decode()
    assert "went-to-see-the-manager" in thread and "papers-were-looked-at" in thread and "cutting" in thread
    assert does(partner, "confirm").status_code == 302
    assert Concern.objects.get().state == CLOSED
    advisor = cast.client("advisor")
    assert "Closed" in advisor.get("/concerns/").content.decode()
    page = advisor.post(f"/concerns/{ID}/words/").content.decode()
    assert "cutting" in page and "papers" not in page, "words of steps are not for her who raised it"
    assert does(advisor, "reopen", words="they are back at the table").status_code == 302
    assert Concern.objects.get().state == "open"


def test_alone_one_is_told_that_a_second_person_must_be_named(cast: Any) -> None:
    name(cast, "leader")
    concern = concern_take(actor="p-leader", concern=raised(cast), at=AT)
    closing_ask(actor="p-leader", concern=concern, words=WHY, at=AT)
    assert "nobody else is named now" in cast.client("leader").get(f"/concerns/{ID}/").content.decode()


def test_the_home_says_how_long_closing_waits_for_the_second_person(cast: Any) -> None:
    name(cast, "leader", "partner")
    concern = concern_take(actor="p-leader", concern=raised(cast), at=AT)
    concern = concern_note(actor="p-leader", concern=concern, words=DONE, at=AT)
    assert "In hand" in cast.client("leader").get("/").content.decode(), "both times are met: its state is said"
    closing_ask(actor="p-leader", concern=concern, words=WHY, at=timezone.now() - timedelta(hours=3, minutes=5))
    home = cast.client("partner").get("/").content.decode()
    assert "Confirm or refuse that a concern is closed" in home and "Closing asked for" in home
    assert "Closing was asked for 3 hours ago." in home and "No time runs" not in home
    assert ID not in cast.client("leader").get("/").content.decode(), "it is somebody else's turn"


def test_opened_words_are_for_who_raised_and_answers_it_and_for_no_assessing_team() -> None:
    opened = kind_of(VAULT_KIND).opened
    assert opened.audience == CONCERN_CIRCLE
    facts = ItemFacts(ID, VAULT_KIND, "concern x", (), {}, AT, "p-advisor", 1)
    row = opened.opened_row(Opened(facts, {"words": WORDS}))
    refuse_leaks(row, audience=CONCERN_CIRCLE)
    for audience in EVERYBODY - {CONCERN_CIRCLE}:
        with pytest.raises(Leak):
            refuse_leaks(row, audience=audience)


def test_words_that_did_not_arrive_are_sent_again_by_her_who_raised_it(cast: Any, monkeypatch: Any) -> None:
    from betterwork.modules.alerts import words

    name(cast, "leader", "partner")
    with monkeypatch.context() as patch:
        patch.setattr(words, "vault_put", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            raised(cast)
    client = cast.client("advisor")
    assert "did not arrive" in client.get(f"/concerns/{ID}/").content.decode()
    leader = cast.client("leader")
    assert "has not arrived yet" in leader.get(f"/concerns/{ID}/").content.decode()
    assert leader.get(f"/concerns/{ID}/again/").status_code == 404
    assert leader.post(f"/concerns/{ID}/words/").status_code == 404
    assert client.post(f"/concerns/{ID}/again/", {"words": WORDS}).status_code == 302
    assert "cutting" in leader.post(f"/concerns/{ID}/words/").content.decode()
    assert client.get(f"/concerns/{ID}/again/").status_code == 302


def test_the_manager_names_and_ends_and_staff_see_who_is_named(cast: Any) -> None:
    cast.person("leader"), cast.person("buyer")
    client = cast.client("manager")
    page = client.get("/concerns/named/VN/").content.decode()
    assert "Nobody is named now" in page and "Buyer of the cast" not in page
    today = timezone.localdate()
    answer = client.post("/concerns/named/VN/", {"person": "p-leader", "first": today, "last": ""})
    assert answer.status_code == 302
    naming = NamedPerson.objects.get()
    assert "Named, not confirmed yet" in client.get("/concerns/named/VN/").content.decode()
    leader = cast.client("leader")
    assert "You are named" in leader.get("/concerns/named/").content.decode()
    assert leader.post(f"/concerns/named/confirm/{naming.pk}/").status_code == 302
    assert client.post(f"/concerns/named/confirm/{naming.pk}/").status_code == 404
    advisor = cast.client("advisor")
    page = advisor.get("/concerns/named/VN/").content.decode()
    assert "Named, confirmed" in page and "Name this person" not in page
    assert advisor.post("/concerns/named/VN/", {"person": "p-advisor", "first": today}).status_code == 404
    assert advisor.get(f"/concerns/named/end/{naming.pk}/").status_code == 404
    assert advisor.get("/concerns/named/JO/").status_code == 404
    assert "Leader of the cast" in client.get("/countries/VN/").content.decode()
    assert client.post(f"/concerns/named/end/{naming.pk}/", {"last_day": ""}).status_code == 302
    assert NamedPerson.objects.get().ended_at is not None
    assert "already" in client.post(f"/concerns/named/end/{naming.pk}/", {"last_day": ""}).content.decode()


def test_a_factorys_page_leads_staff_to_raising_a_concern_about_it(cast: Any) -> None:
    factories_ensure(actor="operator", wanted={("VN", "1"): "Works 1"}, at=AT)
    from betterwork.modules.registry.models import Factory

    url = f"/factories/{Factory.objects.get().pk}/"
    assert "/concerns/raise/VN/?factory=VN%2F1" in cast.client("advisor").get(url).content.decode()
    assert "/concerns/raise/" not in cast.client("auditor").get(url).content.decode()


def test_the_list_of_a_busy_country_takes_few_questions(cast: Any, django_assert_max_num_queries: Any) -> None:
    name(cast, "leader", "partner")
    concern = raised(cast)
    values = Concern.objects.values().get()
    rows = [Concern(**values | {"id": f"{n:032x}", "clock_from": AT + timedelta(minutes=n)}) for n in range(100, 3100)]
    Concern.objects.bulk_create(rows, batch_size=500)
    client = cast.client("leader")
    client.get("/concerns/")
    with django_assert_max_num_queries(7):
        answer = client.get("/concerns/")
    assert answer.status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(f"/concerns/{concern.pk}/").status_code == 200
