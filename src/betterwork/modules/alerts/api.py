"""Operations of the API: a concern raised exactly once, also by a device; those that one answers or raised."""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.api.guard import commits_itself
from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, Status, router_add
from betterwork.foundation.api.shapes import ExactSchema, page_of, shape
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.alerts.models import Concern
from betterwork.modules.alerts.policy import CONCERNS_OWN, CONCERNS_RAISE, CONCERNS_WORK, countries_of
from betterwork.modules.alerts.presentations import CONCERN, OWN_CONCERN, RECEIPT
from betterwork.modules.alerts.queries import words_kept
from betterwork.modules.alerts.rules import LONGEST_WHERE, LONGEST_WORDS
from betterwork.modules.alerts.services import concern_raise
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.policy import FACTORIES_READ
from betterwork.modules.registry.queries import factory_called

router = Router(tags=["Concerns"])
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("country_name", "state_word", "state_kind", "kind_title", "certainty_word", "where_words"), str),
    **dict.fromkeys(("factory_key", "factory_name"), str),
    **dict.fromkeys(("answer_due", "follow_up_due"), datetime),
}
ConcernShape = shape("Concern", CONCERN, **_WORDS)
OwnShape = shape("OwnConcern", OWN_CONCERN, **_WORDS)
ReceiptShape = shape("ConcernReceipt", RECEIPT, answer_due=datetime, follow_up_due=datetime)

Key = Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f]*$")]


class Raises(ExactSchema):
    """A concern. What a browser or a device sends again under the same id counts once."""

    id: Annotated[
        str,
        Field(pattern="^[0-9a-f]{32}$", description="Made by whoever raises it.", examples=["0" * 31 + "1"]),
    ]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO alpha-2 code", examples=["VN"])]
    factory: Annotated[Key | None, Field(description="Its key (VN/2014-7) or its number here.")] = None
    visit: Annotated[Key | None, Field(description="During which visit it was noticed.")] = None
    question: Annotated[Key | None, Field(description="At which question.", examples=["CHL-1-01"])] = None
    kind: Annotated[str, Field(max_length=40, examples=["child-below-minimum-age"])]
    certainty: Literal["suspicion", "proof"]
    words: Annotated[str, Field(max_length=LONGEST_WORDS, description="What was seen. It goes into the vault.")]
    made: Annotated[datetime, Field(description="When it was written, by the device's clock.")]


@router.post(
    "",
    response={200: ReceiptShape, 201: ReceiptShape},
    summary="Raise a concern",
    operation_id="concerns_raise",
)
@commits_itself
@operation(CONCERNS_RAISE, audience=PROGRAMME)
def raised(request: HttpRequest, given: Raises) -> Any:
    """Raise a concern, exactly once by its id: 201 the first time, then 200 with the same body.

    Other content under an id that was used is refused with 422. 409 says that it stands and was told, and that its
    words must be sent again, the same ones, a little later.
    """
    actor = actor_of_request(request)
    within = countries_of(actor)
    if within is not None and given.country not in within:
        raise WrongUse(_("You do not work in this country."))
    was_there = Concern.objects.filter(pk=given.id).exists() and bool(words_kept([given.id]))
    factory, strange = _factory(actor, given)
    concern = concern_raise(
        actor=actor.id,
        concern_id=given.id,
        country=given.country,
        factory=factory,
        kind=given.kind,
        certainty=given.certainty,
        words=given.words,
        where=_where(given, strange),
        made_on=given.made.date(),
        at=timezone.now(),
    )
    return Status(200 if was_there else 201, RECEIPT.row(concern))


def _factory(actor: Actor, given: Raises) -> tuple[Factory | None, str]:
    """The factory, or how it was called: a slip in a number must not stop a concern."""
    if not given.factory:
        return None, ""
    try:
        rows = FACTORIES_READ.visible_to(actor).filter(country=given.country)
        return factory_called(given.factory.removeprefix("factory:"), rows), ""
    except WrongUse:
        return None, given.factory


def _where(given: Raises, strange: str) -> str:
    parts = (("visit", given.visit), ("question", given.question), ("factory", strange))
    found = " ".join(f"{name}:{''.join(key.split())}" for name, key in parts if key)
    return found[:LONGEST_WHERE]


@router.get("", response=page_of(ConcernShape), summary="Concerns that you answer", operation_id="concerns_list")
@operation(CONCERNS_WORK, audience=PROGRAMME)
def concerns(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The concerns that you answer now. What they say is read on their pages alone."""
    rows = CONCERNS_WORK.visible_to(actor_of_request(request))
    return listed(request, rows, CONCERN, asked, order=("raised_at", "id"), related=("factory",))


@router.get("/own", response=page_of(OwnShape), summary="Concerns that you raised", operation_id="concerns_own")
@operation(CONCERNS_OWN, audience=PROGRAMME)
def own(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The concerns that you raised, and how they stand."""
    rows = CONCERNS_OWN.visible_to(actor_of_request(request))
    return listed(request, rows, OWN_CONCERN, asked, order=("raised_at", "id"), related=("factory",))


@router.get("/own/{concern}", response=OwnShape, summary="One that you raised", operation_id="concerns_own_read")
@operation(CONCERNS_OWN, audience=PROGRAMME, thing=("concern", "id"))
def own_one(request: HttpRequest, concern: PathKey) -> Any:
    """One concern that you raised."""
    return OWN_CONCERN.row(concern)


@router.get("/{concern}", response=ConcernShape, summary="One concern", operation_id="concerns_read")
@operation(CONCERNS_WORK, audience=PROGRAMME, thing=("concern", "id"))
def one(request: HttpRequest, concern: PathKey) -> Any:
    """One concern that you answer."""
    return CONCERN.row(concern)


router_add("/alerts/concerns", router)
