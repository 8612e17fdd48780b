"""Operations of the API that the capture app uses: taking a visit, syncing, files, confirming, handing over.

For the visit's team alone. They take no ``Idempotency-Key``: each thing is known by the id that the device made.
"""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.api.guard import commits_itself
from betterwork.foundation.api.pages import PathKey
from betterwork.foundation.api.problems import Problem
from betterwork.foundation.api.routers import Field, Query, Router, Schema, router_add
from betterwork.foundation.api.shapes import ExactSchema
from betterwork.foundation.audiences.names import ASSESSING_TEAM
from betterwork.foundation.doors.operations import entered, operation
from betterwork.foundation.doors.pages import Door, actor_of_request
from betterwork.foundation.files.models import StoredFile
from betterwork.foundation.files.queries import file_bytes
from betterwork.foundation.vault.rules import NothingHere
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.of_visits import Visit, visits_to_take
from betterwork.modules.capture.packing import assignments_packed, package
from betterwork.modules.capture.policy import CAPTURES_OWN, CAPTURES_TAKE
from betterwork.modules.capture.queries import upload_of
from betterwork.modules.capture.rules import MOST_CHUNK, MOST_OPERATIONS, reason_words
from betterwork.modules.capture.services import (
    capture_confirm,
    capture_hand_over,
    capture_reopen,
    capture_take,
    operations_take,
)
from betterwork.modules.capture.uploading import WrongOffset, file_chunk_take, file_state

router = Router(tags=["Capture"])
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_THING = ("capture", "id")
_LARGEST = 2**53

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=["0123456789abcdef0123456789abcdef"])]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0, le=_LARGEST)]
PathDigest = Annotated[str, Field(max_length=100)]


class Assignments(ExactSchema):
    """The visits that may be taken."""

    items: list[dict[str, Any]]


class Takes(ExactSchema):
    """A device takes a visit."""

    device: Hex
    label: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    languages: Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=12)] = []


class Syncs(ExactSchema):
    """What a device wrote, and up to where it knows what others wrote."""

    device: Hex
    after: Number = 0
    interviews_after: Number = 0
    operations: Annotated[list[Any], Field(max_length=MOST_OPERATIONS)] = []


class RefusedShape(ExactSchema):
    """An operation that was not taken, and why."""

    id: str
    reason: str
    words: str


class SyncAnswer(ExactSchema):
    """What became of it, and what others wrote."""

    taken: list[str]
    refused: list[RefusedShape]
    operations: list[dict[str, Any]]
    cursor: int
    interviews_cursor: int
    more: bool
    state: str


class Chunk(Schema):
    """Where a piece of a file begins, and how large the whole file is."""

    offset: Number
    size: Number
    device: Annotated[str, Field(max_length=32)] = ""


class Received(ExactSchema):
    """How much of a file is here for good."""

    received: int
    complete: bool


class Held(ExactSchema):
    """A set of operations: how many, and the SHA-256 of their sorted ids, each followed by a line feed."""

    count: Number
    digest: Digest


class Confirms(ExactSchema):
    """What a device holds."""

    device: Hex
    operations: Held
    files: Annotated[list[Digest], Field(max_length=20_000)] = []


class MissingShape(ExactSchema):
    """What is not here."""

    operations: bool
    files: list[str]


class Confirmed(ExactSchema):
    """Whether a device may forget what it holds."""

    complete: bool
    missing: MissingShape


class Nothing(ExactSchema):
    """Nothing more is said."""


class Reopens(ExactSchema):
    """Why a visit is opened again."""

    reason: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]


class StateShape(ExactSchema):
    """Whether a capture is open for changes."""

    state: str


def _or_nothing_there(function: Callable[..., Any]) -> Callable[..., Any]:
    """Who was taken off the team meanwhile is a stranger."""

    @wraps(function)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return function(request, *args, **kwargs)
        except NothingHere as error:
            raise Http404 from error

    return asked


def _visit(request: HttpRequest, key: str) -> Visit:
    found = visits_to_take(actor_of_request(request).id, timezone.localdate())
    visit = next((one for one in found if one.key == key), None)
    if visit is None:
        raise Http404
    return visit


@router.get(
    "/assignments",
    response=Assignments,
    summary="Visits you may take onto a device",
    operation_id="capture_assignments",
)
@operation(CAPTURES_TAKE, audience=ASSESSING_TEAM)
def assignments(request: HttpRequest) -> Any:
    """The assessments on whose team you are, the next first."""
    visits = visits_to_take(actor_of_request(request).id, timezone.localdate())
    rows = Capture.objects.filter(visit__in=[one.key for one in visits])
    return {"items": assignments_packed(visits, dict(rows.values_list("visit", "pk")))}


@router.post(
    "/assignments/{str:visit}/take",
    response=dict[str, Any],
    summary="Take a visit onto a device",
    operation_id="capture_take",
)
@commits_itself
@operation(CAPTURES_TAKE, audience=ASSESSING_TEAM)
@_or_nothing_there
def take(request: HttpRequest, visit: str, body: Takes) -> Any:
    """Everything a device needs for days without a network. Taken again, the same."""
    actor, at, found = actor_of_request(request), timezone.now(), _visit(request, visit)
    capture = capture_take(actor=actor, visit=found, device=body.device, label=body.label, at=at)
    return package(actor=actor, capture=capture, visit=found, languages=body.languages)


@router.post("/captures/{str:capture}/sync", response=SyncAnswer, summary="Send and fetch", operation_id="capture_sync")
@commits_itself
@operation(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
@_or_nothing_there
def sync(request: HttpRequest, capture: PathKey, body: Syncs) -> Any:
    """Each operation is taken exactly once, in any order, however often it is sent."""
    done = operations_take(
        actor=actor_of_request(request),
        capture=capture,
        device=body.device,
        operations=body.operations,
        after=body.after,
        interviews_after=body.interviews_after,
        at=timezone.now(),
    )
    return {
        "taken": done.taken,
        "refused": [{"id": one.id, "reason": one.reason, "words": reason_words(one.reason)} for one in done.refused],
        "operations": [*done.given.operations, *done.interviews],
        "cursor": done.given.cursor,
        "interviews_cursor": done.interviews_cursor,
        "more": done.given.more,
        "state": done.state,
    }


def _digest_checked(sha256: str) -> None:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Http404


@router.put(
    "/captures/{str:capture}/files/{str:sha256}",
    response=Received,
    summary="A piece of a photo or document",
    operation_id="capture_file_send",
)
@commits_itself
@operation(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
@_or_nothing_there
def file_send(request: HttpRequest, capture: PathKey, sha256: PathDigest, asked: Query[Chunk]) -> Any:
    """Raw bytes from ``offset`` on, at most 256 kB. 409 says in ``received`` where to go on."""
    _digest_checked(sha256)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_CHUNK:
        raise Problem(413, _("A piece of a file holds at most %(most)s bytes.") % {"most": MOST_CHUNK})
    try:
        done = file_chunk_take(
            actor=actor_of_request(request).id,
            capture=capture,
            sha256=sha256,
            offset=asked.offset,
            size=asked.size,
            data=request.body,
            device=asked.device,
            at=timezone.now(),
        )
    except WrongOffset as error:
        raise Problem(409, str(error), more={"received": error.received, "complete": False}) from error
    return {"received": done.received, "complete": done.complete}


@router.get(
    "/captures/{str:capture}/files/{str:sha256}/state",
    response=Received,
    summary="How much of a file is here",
    operation_id="capture_file_state",
)
@operation(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
def file_progress(request: HttpRequest, capture: PathKey, sha256: PathDigest) -> Any:
    """Where to go on sending."""
    _digest_checked(sha256)
    found = file_state(capture=capture, sha256=sha256)
    return {"received": found.received, "complete": found.complete}


def file_read(request: HttpRequest, capture: str, sha256: PathDigest) -> HttpResponseBase:
    """The file as it was cleaned, to be saved."""
    found = entered(request, _FILE_DOOR, {"capture": capture})
    _digest_checked(sha256)
    upload = upload_of(found, sha256)
    if upload is None or upload.file is None:
        raise Http404
    return file_answer(upload.file)


_FILE_DOOR = Door(CAPTURES_OWN, ASSESSING_TEAM, _THING)
file_read.door = _FILE_DOOR  # type: ignore[attr-defined]
router.get(
    "/captures/{str:capture}/files/{str:sha256}",
    summary="A photo or document",
    operation_id="capture_file_read",
    response={200: Any},
)(file_read)


def file_answer(file: StoredFile) -> StreamingHttpResponse:
    """The bytes of a file, with which a browser is told to do nothing but save or draw them."""
    answer = StreamingHttpResponse(file_bytes(file), content_type=file.media_type)
    answer.headers["Content-Length"] = str(file.size)
    answer.headers["Content-Disposition"] = "attachment"
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post(
    "/captures/{str:capture}/confirm",
    response=Confirmed,
    summary="Ask whether everything is here",
    operation_id="capture_confirm",
)
@commits_itself
@operation(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
@_or_nothing_there
def confirm(request: HttpRequest, capture: PathKey, body: Confirms) -> Any:
    """Only where this says complete may a device forget what it holds."""
    operations, missing = capture_confirm(
        actor=actor_of_request(request),
        capture=capture,
        device=body.device,
        count=body.operations.count,
        digest=body.operations.digest,
        files=body.files,
        at=timezone.now(),
    )
    complete = operations and not missing
    return {"complete": complete, "missing": {"operations": not operations, "files": missing}}


@router.post(
    "/captures/{str:capture}/hand-over", response=StateShape, summary="Hand over", operation_id="capture_hand_over"
)
@commits_itself
@operation(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
@_or_nothing_there
def hand_over(request: HttpRequest, capture: PathKey, body: Nothing) -> Any:
    """Close the visit for changes, where nothing conflicts and every file is here."""
    found = capture_hand_over(actor=actor_of_request(request), capture=capture, at=timezone.now())
    return {"state": found.state}


@router.post("/captures/{str:capture}/reopen", response=StateShape, summary="Reopen", operation_id="capture_reopen")
@operation(CAPTURES_OWN, audience=ASSESSING_TEAM, thing=_THING)
def reopen(request: HttpRequest, capture: PathKey, body: Reopens) -> Any:
    """Open the visit again for changes, with the reason."""
    found = capture_reopen(actor=actor_of_request(request).id, capture=capture, reason=body.reason, at=timezone.now())
    return {"state": found.state}


router_add("/capture", router)
