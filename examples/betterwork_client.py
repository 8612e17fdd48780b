"""A small client of the Better Work API: pages through lists, sends again what was cut off, checks webhooks.

One file, Python 3.11 or later, nothing to install. Copy it and change it.

    client = Client("https://work.example", token="bw_…")
    for factory in client.all("/api/v1/factories", country="VN"):
        print(factory["key"], factory["name"])
"""

from __future__ import annotations

import base64
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

AGAIN = {429, 502, 503, 504}
"""Answers after which the same request is sent again; 409 too, while the first with its key is still being done."""


class Problem(Exception):
    """What the platform refused, in its own words (RFC 9457)."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {said.get('title', '')}: {said.get('detail', '')}")
        self.status, self.said = status, dict(said)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What was wrong in what was sent: (where, what)."""
        return [(one["where"], one["what"]) for one in self.said.get("faults", [])]


class Unreachable(Exception):
    """No answer came, however often it was tried."""


class NotGenuine(Exception):
    """A webhook that does not come from the platform, or comes too late."""


class _NoRedirect(HTTPRedirectHandler):
    """A token goes to the address it was meant for and nowhere else."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow none."""


@dataclass
class Client:
    """Asks one platform in the name of whoever made the token."""

    address: str
    token: str
    tries: int = 5
    seconds: float = 30.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        """Read one thing, or one page of a list."""
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return self._send("GET", f"{path}?{query}" if query else path)

    def all(self, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
        """Everything in a list, page after page."""
        page = self.get(path, **{"limit": 200, **asked})
        yield from page["items"]
        while page["next"]:
            page = self._send("GET", page["next"])
            yield from page["items"]

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        """Change something: once, however often it has to be sent. Give the same ``key`` to go on after a crash."""
        return self._send("POST", path, body, key or str(uuid.uuid4()))

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"], data = "application/json", json.dumps(body).encode()
        elif method == "POST":
            data = b""
        if key:
            headers["Idempotency-Key"] = key
        url = urljoin(self.address, path)
        if not url.startswith(self.address.rstrip("/") + "/"):
            raise ValueError("this address is not on the platform: the token is not sent there")
        reason = ""
        for number in range(self.tries):
            try:
                request = Request(url, data=data, headers=headers, method=method)  # noqa: S310 - the platform's own
                with build_opener(_NoRedirect).open(request, timeout=self.seconds) as answer:
                    found: dict[str, Any] = json.loads(answer.read())
                    return found
            except HTTPError as error:
                said = _said(error)
                if error.code not in AGAIN and not (error.code == 409 and error.headers.get("Retry-After")):
                    raise Problem(error.code, said) from None
                reason, wait = str(Problem(error.code, said)), float(error.headers.get("Retry-After") or 2**number)
            except (URLError, OSError, ValueError) as error:  # cut off: nobody knows whether it was done
                reason, wait = type(error).__name__, float(2**number)
            if number + 1 < self.tries:
                self.sleep(min(wait, 60.0))
        raise Unreachable(f"{method} {url}: {reason}")


def _said(error: HTTPError) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(error.read())
    except ValueError:
        return {"title": error.reason}
    return found


def webhook_verify(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None, tolerance: float = 300.0
) -> dict[str, Any]:
    """What a webhook says, once it is sure that the platform sent it (Standard Webhooks). Raises NotGenuine.

    ``body`` are the bytes as they came. Keep the ``webhook-id`` of what was done: a message may come
    twice, and in any order.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message, moment, signatures = (given[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        late = abs((time.time() if now is None else now) - int(moment)) > tolerance
    except (KeyError, ValueError):
        raise NotGenuine("the headers of a webhook are missing") from None
    if late:
        raise NotGenuine("this was signed too long ago, or our clock is wrong")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, f"{message}.{moment}.".encode() + body, sha256).digest()).decode()
    if not any(hmac.compare_digest(f"v1,{wanted}".encode(), one.encode()) for one in signatures.split(" ")):
        raise NotGenuine("the signature is not ours")
    found: dict[str, Any] = json.loads(body)
    return found
