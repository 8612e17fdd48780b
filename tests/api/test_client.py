"""The client of the examples against a server that really runs, with a line that is cut at bad moments."""

from __future__ import annotations

import importlib.util
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from betterwork.foundation.webhooks.models import Delivery, Endpoint
from betterwork.foundation.webhooks.rules import headers_signed, secret_text

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.capability("P1")


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("betterwork_client", EXAMPLES / "betterwork_client.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


example = _loaded()


@contextmanager
def cutting(port: int, cuts: list[str]) -> Iterator[int]:
    """A line to a server that is cut, as told for each connection: before the request, after it, or not."""
    server = socket.create_server(("127.0.0.1", 0))

    def carry(one: socket.socket) -> None:
        how = cuts.pop(0) if cuts else ""
        with one, suppress(OSError):
            one.settimeout(5)
            request = one.recv(65536)
            if how == "before":
                return
            with socket.create_connection(("127.0.0.1", port), timeout=10) as other:
                other.sendall(request.replace(b"Connection: keep-alive", b"Connection: close"))
                answer = b""
                while more := other.recv(65536):
                    answer += more
            if how != "after":
                one.sendall(answer)

    def serve() -> None:
        with suppress(OSError):
            while True:
                one, _address = server.accept()
                threading.Thread(target=carry, args=(one,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()


@pytest.fixture
def token(transactional_db: None, live_server: Any, settings: Any) -> str:
    from betterwork.foundation.tokens.services import token_make
    from tests.plugins.cast import Cast

    settings.ALLOWED_HOSTS = ["*"]
    person, at = Cast().person("advisor").public_id, timezone.now()
    endpoint = Endpoint.objects.create(
        id="e1", person=person, scope="world", title="x", url="https://a.example/", topics=[], secret="00", made_at=at
    )
    Delivery.objects.bulk_create(
        Delivery(id=f"msg_{n:03}", endpoint=endpoint, topic="a.b", body="{}", made_at=at, next_at=at, state="received")
        for n in range(450)
    )
    return token_make(
        actor=person, person=person, title="example", scope="world", writes=True, ends=at + timedelta(days=2), at=at
    ).secret


def test_the_client_reads_pages_and_changes_something_once_over_a_bad_line(token: str, live_server: Any) -> None:
    waits: list[float] = []
    client = example.Client(live_server.url, token=token, sleep=waits.append)
    assert client.get("/api/v1/me")["id"] == "p-advisor"
    ids = [one["id"] for one in client.all("/api/v1/webhooks/messages")]
    assert len(ids) == len(set(ids)) == 450
    with pytest.raises(example.Problem) as refused:
        client.get("/api/v1/webhooks/messages", limit=1000)
    assert refused.value.status == 422 and refused.value.faults[0][0] == "query.limit"
    with pytest.raises(ValueError, match="not on the platform"):
        client.get("https://elsewhere.example/")
    with cutting(live_server.thread.port, ["after", "before", "after"]) as port:
        poor = example.Client(f"http://127.0.0.1:{port}", token=token, sleep=waits.append)
        assert poor.post("/api/v1/webhooks/e1/test")["id"] == "e1"
    assert Delivery.objects.filter(topic="webhook.test").count() == 1, "sent four times, done once"
    assert waits == [1.0, 2.0, 4.0]


def test_the_client_gives_up_and_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = example.Client(f"http://127.0.0.1:{port}", token="bw_x", tries=2, sleep=lambda seconds: None)
    with pytest.raises(example.Unreachable):
        client.get("/api/v1/me")


def test_the_client_knows_a_genuine_webhook_from_others() -> None:
    at, body = timezone.now(), b'{"type": "a.b", "data": {}}'
    new, old, other = (secret_text(bytes([number]) * 32) for number in (1, 2, 3))
    headers = headers_signed([new, old], message="msg_1", at=at, body=body)
    now = at.timestamp()
    for secret in (new, old):
        assert example.webhook_verify(secret, headers, body, now=now)["type"] == "a.b"
    for secret, given, said, moment in (
        (other, headers, body, now),
        (new, headers, body + b" ", now),
        (new, {**headers, "webhook-id": "msg_2"}, body, now),
        (new, headers, body, now + 301),
        (new, {}, body, now),
        (new, {**headers, "webhook-timestamp": "soon"}, body, now),
        (new, {**headers, "webhook-signature": ""}, body, now),
    ):
        with pytest.raises(example.NotGenuine):
            example.webhook_verify(secret, given, said, now=moment)
