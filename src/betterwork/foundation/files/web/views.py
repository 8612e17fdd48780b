"""Giving a file back. Whatever is inside, a browser is told to do nothing with it but save or draw it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page
from betterwork.foundation.files.models import Attachment
from betterwork.foundation.files.policy import ATTACHMENTS
from betterwork.foundation.files.queries import attachment_bytes
from betterwork.foundation.files.rules import CSV, PICTURES, TEXT
from betterwork.foundation.files.services import attachment_seen
from betterwork.foundation.files.subjects import rule_of

_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@page(ATTACHMENTS, audience=PROGRAMME, thing=("attachment", "id"))
def download(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The file, to be saved under the name that a person gave it."""
    return _answer(request, attachment, inline=False)


@page(ATTACHMENTS, audience=PROGRAMME, thing=("attachment", "id"))
def picture(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The same where a page shows a picture in place. 404 for what is none."""
    if attachment.file is None or attachment.file.media_type not in PICTURES:
        raise Http404
    return _answer(request, attachment, inline=True)


def _answer(request: HttpRequest, attachment: Attachment, *, inline: bool) -> HttpResponseBase:
    if attachment.file is None:
        raise Http404
    rule, actor = rule_of(attachment.kind), actor_of_request(request)
    if rule.told(actor, attachment.key):
        attachment_seen(actor=actor.id, attachment=attachment, at=timezone.now())
    media_type = attachment.file.media_type
    answer = StreamingHttpResponse(
        attachment_bytes(attachment),
        content_type=f"{media_type}; charset=utf-8" if media_type in {TEXT, CSV} else media_type,
    )
    answer.headers["Content-Length"] = str(attachment.file.size)
    answer.headers["Content-Disposition"] = content_disposition_header(not inline, attachment.name) or "attachment"
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
