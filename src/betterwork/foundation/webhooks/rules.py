"""Webhooks as pure decisions: signatures, addresses, when to try again. No clock, no chance, no network."""

from __future__ import annotations

import hmac
import ipaddress
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse

SECRET = "whsec_"  # noqa: S105 - how each begins
SECRET_BYTES = 32
AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Waits before the tries after the first: Standard Webhooks, "deliverability"."""
STOP_AFTER = timedelta(days=5)
"""Failing without one success for so long, and for at least this many tries, stops an endpoint."""
STOP_TRIES = 5
OLD_SECRET_SIGNS = timedelta(days=1)
LONGEST_URL = 500
_TOPIC = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_PLAIN = re.compile(r"[^\s@＠]{0,300}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\]")


def secret_text(key: bytes) -> str:
    """A secret as the receiver is shown it."""
    return SECRET + b64encode(key).decode()


def signature(secret: str, *, message: str, at: int, body: bytes) -> str:
    """The signature of one message: ``v1,`` and HMAC-SHA256 over id, second and body, in base64."""
    key = b64decode(secret.removeprefix(SECRET))
    signed = f"{message}.{at}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, sha256).digest()).decode()


def headers_signed(secrets: Iterable[str], *, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; with several secrets as many signatures, the newest first."""
    second = int(at.timestamp())
    signatures = " ".join(signature(one, message=message, at=second, body=body) for one in secrets)
    return {"webhook-id": message, "webhook-timestamp": str(second), "webhook-signature": signatures}


def again_at(tries: int, at: datetime) -> datetime | None:
    """When a message that failed ``tries`` times is tried again; None when it was tried often enough."""
    return at + AFTER[tries - 1] if 1 <= tries <= len(AFTER) else None


def endpoint_waits(failures: int) -> timedelta:
    """How long nothing is sent to an endpoint after so many failures in a row: one slow receiver delays nobody else."""
    times: int = 2 ** min(max(failures - 1, 0), 12)
    return min(timedelta(seconds=5) * times, timedelta(hours=1))


def is_to_stop(*, failures: int, failing_since: datetime | None, status: int, at: datetime) -> bool:
    """Whether an endpoint is told nothing more: it says that it is gone (410), or failed for days."""
    if status == 410:
        return True
    return failing_since is not None and failures >= STOP_TRIES and at - failing_since >= STOP_AFTER


def topic_check(topic: str) -> None:
    """Refuse a topic that is not like ``matter.decided``. Raises ValueError."""
    if not _TOPIC.fullmatch(topic) or len(topic) > 80:
        raise ValueError(f"a topic is called like matter.decided, at most 80 characters; not {topic!r}")


def payload_check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload that holds more than ids and links: sentences, addresses, nested things. Raises WrongUse."""
    for name, value in payload.items():
        fine = value is None or isinstance(value, bool | int) or (isinstance(value, str) and _PLAIN.fullmatch(value))
        if not fine:
            raise WrongUse(f"a webhook carries ids and links only, and {name} is neither")


def url_refusal(url: str, *, plain_allowed: bool = False) -> str | None:
    """Why an address is none to call, in a sentence; what it leads to is looked at with each call."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _("This is no address.")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return _("Write an address of at most %(most)s plain characters.") % {"most": LONGEST_URL}
    if parts.scheme != "https" and not (plain_allowed and parts.scheme == "http"):
        return _("An address begins with https://: what is sent must not be read on its way.")
    if parts.username or parts.password or parts.fragment or "@" in parts.netloc:
        return _("An address names no user and no password; messages are signed.")
    if not parts.hostname or not _HOST.fullmatch(parts.netloc.lower().removesuffix(f":{port}")):
        return _("This is no address.")
    return None


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def address_is_outside(address: str, inside_allowed: Iterable[str] = ()) -> bool:
    """Whether an IP address lies on the open internet, or in a network that the operator allows.

    Addresses of version 4 in the dress of version 6 (mapped, 6to4, Teredo, NAT64) are judged by what they lead to.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if any(found in ipaddress.ip_network(one) for one in inside_allowed if _same(found, one)):
        return True
    if isinstance(found, ipaddress.IPv6Address):
        within: Any = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if within is not None:
            return address_is_outside(str(within), inside_allowed)
        if found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _same(found: ipaddress.IPv4Address | ipaddress.IPv6Address, network: str) -> bool:
    return ipaddress.ip_network(network).version == found.version
