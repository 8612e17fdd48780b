"""One call to an address that somebody else chose: no receiver harms us, and none leads us inside."""

from __future__ import annotations

import socket
import ssl
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.webhooks import calling
from betterwork.foundation.webhooks.calling import called, looked_up
from betterwork.foundation.webhooks.rules import address_is_outside, url_refusal
from betterwork.foundation.webhooks.tests.receiver import certificate, receiving

pytestmark = pytest.mark.capability("P1")


def inside(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def near(settings):
    """Receivers on this machine are allowed, without encryption."""
    settings.WEBHOOKS_INSIDE, settings.WEBHOOKS_PLAIN = ("127.0.0.0/8",), True


@pytest.mark.parametrize("mode", ["fine", "204", "says 200 and closes", "endless body"])
def test_what_says_200_has_received_whatever_comes_after(near, mode) -> None:
    with receiving(mode) as receiver:
        found = called(receiver.url, b"{}", {"webhook-id": "msg_1"}, resolver=inside, seconds=2)
    assert found.received, found
    head = receiver.got[0]
    assert head.startswith(b"POST /hook?x=1 HTTP/1.1\r\n") and b"Host: receiver.example" in head
    assert b"webhook-id: msg_1" in head


@pytest.mark.parametrize(
    "mode",
    [
        *("hangs", "drips", "drips lines", "closes at once", "endless header", "no http", "redirects inside"),
        *("continues for ever", "500", "404", "410", "301"),
    ],
)
def test_whatever_else_a_receiver_does_is_a_failure_in_time(near, mode) -> None:
    began = time.monotonic()
    with receiving(mode) as receiver:
        found = called(receiver.url, b"{}", {}, resolver=inside, seconds=0.6)
    assert not found.received
    assert found.problem
    assert time.monotonic() - began < 2.5, "a receiver held us up"


def test_nobody_listening_is_a_failure(near) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found = called(f"http://receiver.example:{port}/", b"{}", {}, resolver=inside, seconds=1)
    assert found.status == 0 and "connection failed" in found.problem


def test_a_receiver_without_a_certificate_we_trust_gets_nothing(settings, tmp_path) -> None:
    settings.WEBHOOKS_INSIDE = ("127.0.0.0/8",)
    with receiving("fine", certificate(tmp_path, "receiver.example")) as receiver:
        found = called(receiver.url.replace("http:", "https:"), b"{}", {}, resolver=inside, seconds=2)
    assert found.status == 0 and "certificate" in found.problem
    assert receiver.got == []


def test_a_certificate_must_fit_the_name_that_was_asked_for(settings, tmp_path, monkeypatch) -> None:
    settings.WEBHOOKS_INSIDE = ("127.0.0.0/8",)
    for name, fits in (("receiver.example", True), ("other.example", False)):
        server = certificate(tmp_path, name)
        trusting = ssl.create_default_context(cafile=str(tmp_path / f"{name}.pem"))
        monkeypatch.setattr(calling, "_tls", lambda trusting=trusting: trusting)
        with receiving("fine", server) as receiver:
            found = called(receiver.url.replace("http:", "https:"), b"{}", {}, resolver=inside, seconds=2)
        assert found.received is fits, found


def test_an_address_inside_is_not_called_even_where_its_name_also_leads_outside(settings) -> None:
    settings.WEBHOOKS_PLAIN = True
    for addresses in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["169.254.169.254"], []):
        with receiving() as receiver:
            found = called(receiver.url, b"{}", {}, resolver=lambda host, port, a=addresses: a, seconds=1)
        assert found.status == 0 and "inside a network" in found.problem
        assert receiver.got == []


def test_the_name_is_looked_up_once_and_the_call_goes_there(near) -> None:
    asked: list[str] = []

    def changing(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with receiving() as receiver:
        assert called(receiver.url, b"{}", {}, resolver=changing, seconds=2).received
    assert asked == ["receiver.example"]


def test_numbers_that_mean_an_address_inside_are_known_as_such() -> None:
    for host in ("127.1", "2130706433", "0x7f000001", "localhost"):
        try:
            found = looked_up(host, 80)
        except Exception:  # noqa: BLE001 - not every machine reads such numbers
            continue
        assert not all(address_is_outside(one) for one in found), host


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "255.255.255.255"),
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    ],
)
def test_addresses_inside(address) -> None:
    assert not address_is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_outside(address) -> None:
    assert address_is_outside(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_dress_of_an_address_inside_passes(address) -> None:
    number = int(address)
    for text in (str(address), f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"):
        assert not address_is_outside(text)


@pytest.mark.parametrize(
    "url",
    [
        *("http://a.example/", "ftp://a.example/", "https://", "https:///x", "https://u:p@a.example/", "//a.example"),
        *("https://a.example\\@b.example/", "https://a b.example/", "https://a.example:99999/", "https://a.example/#x"),
        *("https://ä.example/", "https://a.example/" + "x" * 600, "javascript:alert(1)", "https://[::1", ""),
        "https://a.example/\r\nX: y",
    ],
)
def test_what_is_no_address_to_call_is_refused(url) -> None:
    assert url_refusal(url)


def test_addresses_to_call() -> None:
    for url in ("https://a.example", "https://a.example:8443/x?y=z", "https://[2606:4700::1111]/x"):
        assert url_refusal(url) is None, url
