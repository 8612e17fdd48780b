"""One call to an address that a stranger chose: never inside our network, never longer than it may, nothing read.

The name is looked up once; every address it has must lie outside, and the call goes to the one looked at, so that a
second look-up cannot lead elsewhere. The certificate is checked against the name. A redirect is an answer like others.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from betterwork.foundation.webhooks.rules import address_is_outside, url_refusal

SECONDS = 10.0
LOOK_UP_SECONDS = 5.0
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Called:
    """How a call ended: the status, 0 where there was none; a word for why it failed; how long it took."""

    status: int
    problem: str = ""
    milliseconds: int = 0

    @property
    def received(self) -> bool:
        """Whether the receiver said that it has the message."""
        return 200 <= self.status < 300


class Refused(Exception):
    """An address that is not called, or a name that leads nowhere; the message is for people."""


def networks_allowed() -> tuple[str, ...]:
    """Networks of the operator's own in which receivers may stand (the setting WEBHOOKS_INSIDE): none by default."""
    return tuple(getattr(settings, "WEBHOOKS_INSIDE", ()))


def plain_allowed() -> bool:
    """Whether http without encryption is called (the setting WEBHOOKS_PLAIN): for trying out, not for real data."""
    return bool(getattr(settings, "WEBHOOKS_PLAIN", False))


def called(
    url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS, resolver: Resolver | None = None
) -> Called:
    """Call an address with a message and say how it ended; never raises for what lies on the other side."""
    began = time.monotonic()
    try:
        status = _status(url, body, headers, began + seconds, resolver or looked_up)
        problem = "" if 200 <= status < 300 else f"answered {status}"
    except Refused as error:
        status, problem = 0, str(error)
    except ssl.SSLCertVerificationError:
        status, problem = 0, "the certificate does not fit the name, or is of nobody we trust"
    except ssl.SSLError:
        status, problem = 0, "no safe connection could be made"
    except (OSError, http.client.HTTPException, ValueError):
        late = time.monotonic() - began >= seconds - 0.05
        status, problem = 0, f"no answer within {seconds:g} seconds" if late else "the connection failed or was cut off"
    return Called(status, problem, int((time.monotonic() - began) * 1000))


def looked_up(host: str, port: int) -> list[str]:
    """The IP addresses of a name, asked in a thread that is left alone when it takes too long. Raises Refused."""
    found: list[str] = []
    done = threading.Event()

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(str(one[4][0]) for one in answers)
        except (OSError, UnicodeError):
            pass
        finally:
            done.set()

    threading.Thread(target=ask, daemon=True).start()
    done.wait(LOOK_UP_SECONDS)
    if not done.is_set() or not found:
        raise Refused("the name of this address leads nowhere")
    return list(dict.fromkeys(found))


def _status(url: str, body: bytes, headers: Mapping[str, str], until: float, resolver: Resolver) -> int:
    if url_refusal(url, plain_allowed=plain_allowed()) is not None:
        raise Refused("this is no address that is called")
    parts = urlsplit(url)
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    addresses = resolver(host, port)
    allowed = networks_allowed()
    if not addresses or not all(address_is_outside(one, allowed) for one in addresses):
        raise Refused("this address leads inside a network; only addresses on the open internet are called")
    connection = _Connection(host, port, addresses[0], secure=secure, until=until)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Content-Type": "application/json", "User-Agent": "betterwork-webhooks/1", "Connection": "close"}
        connection.request("POST", path, body=body, headers={**sent, **headers})
        status = connection.getresponse().status
        if connection.was_cut:  # what came before looks like the end of an answer that was not over
            raise TimeoutError
        return status
    finally:
        connection.stop()


class _Connection(http.client.HTTPConnection):
    """A connection to one looked-up address, cut when its time is over, whatever the other side is doing."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool, until: float) -> None:
        super().__init__(host, port, timeout=max(0.1, until - time.monotonic()))
        self._address, self._secure, self._until = address, secure, until
        self._raw: socket.socket | None = None
        self.was_cut = False
        self._clock = threading.Timer(max(0.1, until - time.monotonic()), self._cut)
        self._clock.daemon = True

    def connect(self) -> None:
        """Connect to the address that was looked at, under the name that was asked for."""
        self._clock.start()
        left = max(0.1, self._until - time.monotonic())
        self._raw = socket.create_connection((self._address, self.port), timeout=left)
        self.sock: Any = self._raw
        if self._secure:
            self.sock = _tls().wrap_socket(self._raw, server_hostname=self.host)
            self._raw = self.sock

    def stop(self) -> None:
        """Let go of it."""
        self._clock.cancel()
        self.close()

    def _cut(self) -> None:
        self.was_cut = True
        if self._raw is not None:
            with suppress(OSError):
                self._raw.shutdown(socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
