"""Which figures the pages of evidence have: rows that name files. A projection: made again at any time."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import COMMITTEE, NOBODY, OWN_PERSON, PROGRAMME, audiences

_READERS = audiences(PROGRAMME, COMMITTEE)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=_READERS,
    key=_READERS,
    country=_READERS,
    snapshot=_READERS,
    set_digest=_READERS,
    taken_at=_READERS,
    documents=_READERS,
    code_version=_READERS,
    newest=audiences(PROGRAMME),
    digest=_READERS,
    inputs=NOBODY,
    parts=NOBODY,
    minimum_group=_READERS,
    made_at=_READERS,
)
class Figures(models.Model):
    """The figures of a country from one set of documents: the newest build, or a sealed snapshot.

    ``parts`` maps what a page asks for ("latest", "2014", "trend") to the SHA-256 of its file; ``digest`` names all of
    them. ``newest`` is the assessment sealed last when they were made, ``inputs`` what they were made from.
    """

    key = models.CharField(max_length=110, unique=True)
    """``VN``, or ``VN@demonstration`` for a snapshot: what stands in the address of its pages."""
    country = models.CharField(max_length=2)
    snapshot = models.CharField(max_length=100, blank=True)
    set_digest = models.CharField(max_length=64)
    taken_at = models.CharField(max_length=32)
    documents = models.PositiveIntegerField()
    code_version = models.CharField(max_length=40)
    newest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    inputs = models.CharField(max_length=64)
    parts = models.JSONField(default=dict)
    minimum_group = models.PositiveIntegerField(default=0)
    """Under which rule the aggregates for others were made; 0 where there are none."""
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"figures {self.key}"


@seen_by(
    id=audiences(PROGRAMME),
    country=audiences(PROGRAMME),
    starts=audiences(PROGRAMME),
    ends=audiences(PROGRAMME),
    cycle=audiences(PROGRAMME),
    job=audiences(PROGRAMME),
    asked_by=audiences(PROGRAMME, OWN_PERSON),
    asked_at=audiences(PROGRAMME),
    made_at=audiences(PROGRAMME),
    file=NOBODY,
    set_digest=audiences(PROGRAMME),
    taken_at=audiences(PROGRAMME),
    documents=audiences(PROGRAMME),
    code_version=audiences(PROGRAMME),
)
class Asked(models.Model):
    """A window or cycle that somebody asked for, computed by a job. Days are both inside; without them: all time."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    cycle = models.PositiveIntegerField(null=True, blank=True)
    job = models.UUIDField(null=True)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=64, blank=True)
    set_digest = models.CharField(max_length=64, blank=True)
    taken_at = models.CharField(max_length=32, blank=True)
    documents = models.PositiveIntegerField(default=0)
    code_version = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"asked {self.id}"
