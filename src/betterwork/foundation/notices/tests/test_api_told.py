"""Who is told of tokens and webhooks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from betterwork.foundation.notices.models import Notice
from betterwork.foundation.tokens.services import token_end, token_make
from betterwork.foundation.webhooks.models import Endpoint
from betterwork.foundation.webhooks.services import GONE, endpoint_stop

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def test_the_owner_is_told_of_a_token_made_and_ended_and_of_a_webhook_stopped(cast) -> None:
    she, at = cast.person("advisor").public_id, timezone.now()
    made = token_make(actor=she, person=she, title="x", scope="world", ends=at + timedelta(days=1), at=at)
    token_end(actor=she, token=made.token, at=at)
    endpoint = Endpoint.objects.create(
        person=she, scope="world", title="x", url="https://a.example/", secret="00", made_at=at
    )
    endpoint_stop(actor="platform", endpoint=endpoint, why=GONE, at=at)
    told = list(Notice.objects.filter(person=she).order_by("id").values_list("kind", flat=True))
    assert sorted(told) == ["tokens.token.ended", "tokens.token.made", "webhooks.endpoint.stopped"]
    page = cast.client("advisor").get("/notices/").content.decode()
    assert "An address of yours is told nothing any more" in page
