"""For tests of rooms that declare topics: who is told what, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from unittest import mock

import orjson

from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.webhooks import jobs
from betterwork.foundation.webhooks.calling import Called
from betterwork.foundation.webhooks.services import endpoint_make


class Told:
    """An endpoint for each of ``persons`` (word → opaque id): what has come to it since it was last asked."""

    def __init__(self, persons: Mapping[str, str], topics: Iterable[str], at: datetime, scope: str = WORLD) -> None:
        self._words = {f"https://{word}.example/hook": word for word in persons}
        wanted = list(topics)
        for url, word in self._words.items():
            endpoint_make(actor=persons[word], title=word, url=url, topics=wanted, scope=scope, at=at)

    def until(self, at: datetime) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """Word → (topic, payload) of each message sent by now, in the order of their topics."""
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}

        def called(url: str, body: bytes, headers: Mapping[str, str]) -> Called:
            said = orjson.loads(body)
            found.setdefault(self._words[url], []).append((said["type"], said["data"]))
            return Called(200)

        with mock.patch.object(jobs, "called", called):
            jobs_run_all(at)
        return {word: sorted(said, key=lambda one: one[0]) for word, said in found.items()}
