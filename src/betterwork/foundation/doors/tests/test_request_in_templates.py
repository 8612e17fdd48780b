"""Templates know the address of a request, and not who asks."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import engines
from django.utils.module_loading import import_string

from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.doors.context import ShownRequest
from betterwork.foundation.doors.leaks import refuse_leaks

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4", "P5")]
PROCESSORS = settings.TEMPLATES[0]["OPTIONS"]["context_processors"]


def asked(cast, rf):
    request = rf.get("/search/?q=soap")
    request.user, request.actor, request.session = cast.person("advisor"), cast.actor("advisor"), {"secret": "SESSION"}
    request.resolver_match = None
    return request


def test_a_template_reaches_no_person_and_no_session_through_the_request(cast, rf):
    tries = ("request.user", "request.user.email", "request.user.name", "request.session.secret", "request.actor.id")
    tries += ("request.META", "request.COOKIES", "request.access", "user", "user.email", "perms", "request.headers")
    template = engines["django"].from_string("".join(f"{{{{ {one} }}}}" for one in tries))
    assert template.render({}, asked(cast, rf)) == ""


def test_a_template_knows_the_address_and_what_was_asked_for(cast, rf):
    template = engines["django"].from_string("{{ request.path }} {{ request.get_full_path }} {{ request.GET.q }}")
    assert template.render({}, asked(cast, rf)) == "/search/ /search/?q=soap soap"


@pytest.mark.parametrize("name", [one for one in PROCESSORS if "messages" not in one])
def test_no_context_processor_hands_a_row_to_every_page(cast, rf, name):
    values = import_string(name)(asked(cast, rf))
    values = {name: value for name, value in values.items() if not isinstance(value, ShownRequest)}
    refuse_leaks(values, audience=OWN_PERSON)


def test_djangos_own_processors_of_request_and_person_are_not_installed():
    assert "django.template.context_processors.request" not in PROCESSORS
    assert "django.contrib.auth.context_processors.auth" not in PROCESSORS
