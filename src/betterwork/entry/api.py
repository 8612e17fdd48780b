"""The root of the API. Rooms add their operations in their ``api.py``; each declares its door."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import autodiscover_modules

from betterwork.foundation.api.root import PlatformAPI
from betterwork.foundation.api.routers import ROUTERS, Field, Schema
from betterwork.foundation.audiences.names import OWN_PERSON, PUBLIC
from betterwork.foundation.doors.operations import APIS, operation
from betterwork.foundation.doors.pages import actor_of_request, declare_space
from betterwork.foundation.doors.policy import EVERYBODY_MAY, SIGNED_IN

ABOUT = """\
What the pages of the platform show, for programs, under the same rules: what you do not reach there you do not reach
here. Make a token under “Your account” and send it as `Authorization: Bearer …`. Lists come in pages: follow `next`
until it is null. Errors are problems (RFC 9457). Send an `Idempotency-Key` with what changes something."""

api = PlatformAPI(description=ABOUT)
APIS.append(api)


class HeldShape(Schema):
    """A role over a scope."""

    role: str = Field(examples=["advisor"])
    scope: str = Field(examples=["country:VN"])
    elevated: bool = Field(description="Taken for a while.", examples=[False])


class MeShape(Schema):
    """Who you are for this platform."""

    id: str = Field(examples=["p-0193f2a4"])
    roles: list[HeldShape]
    needs_second_factor: bool = Field(examples=[False])


@api.get(
    "me",
    url_name="me",
    operation_id="me",
    tags=["You"],
    response=MeShape,
    summary="Who you are for this platform, and the roles you hold now",
)
@operation(SIGNED_IN, audience=OWN_PERSON)
def me(request: HttpRequest) -> dict[str, Any]:
    """The id under which the platform knows you and your roles, with what they are over: those a token reaches."""
    actor = actor_of_request(request)
    held = [{"role": one.role, "scope": one.scope, "elevated": one.elevated} for one in sorted(actor.held)]
    return {"id": actor.id, "roles": held, "needs_second_factor": actor.needs_second_factor}


def rooms_operations() -> None:
    """Put the operations of every room under the API; its addresses are made after this."""
    autodiscover_modules("api", register_to=None)
    for prefix, router in sorted(ROUTERS.items()):
        api.add_router(prefix, router)


declare_space("api", EVERYBODY_MAY, audience=PUBLIC, why="Each operation asks its own door.")
rooms_operations()
