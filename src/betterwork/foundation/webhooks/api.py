"""Webhooks for programs: one's endpoints, what was sent to them, a test, a message again. Secrets stay on pages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone

from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, Status, router_add
from betterwork.foundation.api.shapes import page_of, shape
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.foundation.webhooks.models import Delivery, Endpoint
from betterwork.foundation.webhooks.policy import DELIVERIES_OWN, WEBHOOKS_OWN
from betterwork.foundation.webhooks.presentations import DELIVERY_FOR_HERSELF, ENDPOINT_FOR_HERSELF
from betterwork.foundation.webhooks.services import delivery_again, endpoint_test

router = Router(tags=["Webhooks"])
EndpointShape = shape(
    "Webhook",
    ENDPOINT_FOR_HERSELF,
    examples={"url": "https://hooks.example/betterwork", "state": "active", "scope": "country:VN"},
    topics=list[str],
    scope_words=str,
    topic_words=list[str],
    state_word=str,
    state_kind=str,
    why=str,
)
DeliveryShape = shape(
    "WebhookMessage",
    DELIVERY_FOR_HERSELF,
    examples={"state": "received", "topic": "matter.decided", "tries": 1},
    topic_word=str,
    state_word=str,
    state_kind=str,
)


class Messages(Asked):
    """What the list of messages can be asked."""

    endpoint: Annotated[str | None, Field(max_length=32, description="Only what was sent to this one.")] = None
    state: Annotated[
        Literal["waiting", "received", "given up"] | None, Field(description="Only those that stand so.")
    ] = None


@router.get("", response=page_of(EndpointShape), summary="Your webhooks", operation_id="webhooks_list")
@operation(WEBHOOKS_OWN, audience=OWN_PERSON)
def endpoints(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The addresses of yours that are told of something."""
    return listed(
        request, WEBHOOKS_OWN.visible_to(actor_of_request(request)), ENDPOINT_FOR_HERSELF, asked, order=("id",)
    )


@router.get("/messages", response=page_of(DeliveryShape), summary="What was sent", operation_id="webhook_messages_list")
@operation(DELIVERIES_OWN, audience=OWN_PERSON)
def deliveries(request: HttpRequest, asked: Query[Messages]) -> Any:
    """Messages to your webhooks, newest first. What you may have missed stands here."""
    rows = DELIVERIES_OWN.visible_to(actor_of_request(request))
    rows = rows.filter(endpoint=asked.endpoint) if asked.endpoint else rows
    rows = rows.filter(state=asked.state) if asked.state else rows
    return listed(request, rows, DELIVERY_FOR_HERSELF, asked, order=("-made_at", "-id"))


@router.get("/{endpoint}", response=EndpointShape, summary="One webhook", operation_id="webhooks_read")
@operation(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"))
def endpoint(request: HttpRequest, endpoint: PathKey) -> Any:
    """One of your webhooks and how it stands."""
    return ENDPOINT_FOR_HERSELF.row(endpoint)


@router.post("/{endpoint}/test", response={202: EndpointShape}, summary="Send a test", operation_id="webhooks_test")
@operation(WEBHOOKS_OWN, audience=OWN_PERSON, thing=("endpoint", "id"))
def test(request: HttpRequest, endpoint: PathKey) -> Any:
    """Send a message that says nothing; it stands among the messages."""
    found: Endpoint = endpoint_test(actor=actor_of_request(request).id, endpoint=endpoint, at=timezone.now())
    return Status(202, ENDPOINT_FOR_HERSELF.row(found))


@router.post(
    "/messages/{delivery}/again",
    response={202: DeliveryShape},
    summary="Send a message again",
    operation_id="webhook_messages_again",
)
@operation(DELIVERIES_OWN, audience=OWN_PERSON, thing=("delivery", "id"))
def again(request: HttpRequest, delivery: PathKey) -> Any:
    """Send a message again, received or given up."""
    found: Delivery = delivery_again(actor=actor_of_request(request).id, delivery=delivery, at=timezone.now())
    return Status(202, DELIVERY_FOR_HERSELF.row(found))


router_add("/webhooks", router)
