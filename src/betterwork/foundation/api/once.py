"""A request with an ``Idempotency-Key`` is done once, however often it is sent.

Its answer is written in the transaction of what it did: killed at any moment, both are there or neither. Only answers
that say it was done are kept; one that was refused did nothing, and may be sent again under the same key.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse

from betterwork.foundation.api.problems import Problem
from betterwork.foundation.api.queries import answer_kept
from betterwork.foundation.api.services import answer_keep

HEADER = "Idempotency-Key"
LONGEST = 255
AGAIN = "Idempotent-Replayed"
"""The header of an answer that was given before."""


class _Undo(Exception):
    """Carries an answer out of a transaction that is rolled back."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


def answered_once(request: HttpRequest, person: str, run: Callable[[], HttpResponse], at: datetime) -> HttpResponse:
    """Run a request that changes something in one transaction; with a key, give again what was answered before.

    Raises :class:`Problem` 409 while the first of them is still being done, 422 where the key came with something else.
    """
    key = _key(request)
    if not key:
        return _together(run)
    name = sha256(f"{person}\0{key}".encode()).hexdigest()
    asked = _digest(request)
    with _alone(name) as mine:
        if not mine:
            raise Problem(409, "The first request with this key is still being done.", headers={"Retry-After": "1"})
        known = answer_kept(person, name, at)
        if known is not None:
            if known.request != asked:
                raise Problem(422, "This key came with another request before.", faults=[("header", HEADER)])
            again = HttpResponse(bytes(known.body), status=known.status, content_type=known.kind)
            again[AGAIN] = "true"
            return again

        def kept() -> HttpResponse:
            answer = run()
            if answer.status_code < 300:
                kind = answer.headers.get("Content-Type", "application/json")
                answer_keep(
                    person=person, key=name, request=asked, status=answer.status_code, kind=kind,
                    body=answer.content, at=at,
                )  # fmt: skip
            return answer

        try:
            return _together(kept)
        except IntegrityError as error:  # of two machines one was first
            if answer_kept(person, name, at) is None:
                raise
            raise Problem(409, "The same request was done meanwhile.", headers={"Retry-After": "1"}) from error


def _together(run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run in one transaction that a refusal or a failure undoes."""
    try:
        with transaction.atomic():
            answer = run()
            if answer.status_code >= 400:
                raise _Undo(answer)
            return answer
    except _Undo as undone:
        return undone.answer


def _key(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "")
    if len(key) > LONGEST or not key.isprintable():
        raise Problem(422, faults=[(f"header.{HEADER}", f"at most {LONGEST} characters that can be printed")])
    return key.strip()


def _digest(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return sha256(asked + request.body).hexdigest()


_HERE: set[int] = set()
_HERE_LOCK = threading.Lock()
_FILES: dict[tuple[int, str], int] = {}


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether nobody else does the request of this name now. What is killed lets go of it."""
    number = int(name[:15], 16)
    with _HERE_LOCK:
        mine = number not in _HERE
        if mine:
            _HERE.add(number)
    if not mine:
        yield False
        return
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
                got = bool(cursor.fetchone()[0])
            try:
                yield got
            finally:
                if got:
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
        else:
            with _byte_locked(number) as got:
                yield got
    finally:
        with _HERE_LOCK:
            _HERE.discard(number)


@contextmanager
def _byte_locked(number: int) -> Iterator[bool]:
    """One byte of a file, locked: SQLite is used by one machine."""
    file = _file()
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, number)


def _file() -> int:
    """The file of the locks, opened once by each process: closing it anywhere would let go of all of them."""
    path = Path(settings.BETTERWORK_HOME) / "cache" / "api-keys.lock"
    with _HERE_LOCK:
        known = (os.getpid(), str(path))
        if known not in _FILES:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _FILES[known] = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        return _FILES[known]
