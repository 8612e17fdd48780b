"""Tool versions: a row to find each by, and the sealed document that is the version."""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, NOBODY, PROGRAMME, audiences
from betterwork.foundation.documents.models import SealedDocument


@seen_by(id=NOBODY, tool=EVERYBODY, version=EVERYBODY, in_force_from=EVERYBODY, approval=EVERYBODY, document=EVERYBODY)
class ToolVersion(models.Model):
    """One sealed version of a tool. The row is sealed too: the database refuses to change it."""

    tool = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    in_force_from = models.DateField()
    approval = models.CharField(max_length=200)
    document = models.OneToOneField(SealedDocument, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_row_per_tool_version", fields=["tool", "version"])]
        ordering = ["tool", "in_force_from", "version"]

    def __str__(self) -> str:
        return f"{self.tool} {self.version}"


@seen_by(
    id=NOBODY,
    tool=audiences(PROGRAMME),
    country=audiences(PROGRAMME),
    name=audiences(PROGRAMME),
    version=audiences(PROGRAMME),
)
class NamedVersion(models.Model):
    """What a country's exports call a version (``TQ.Name``)."""

    tool = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_version_per_name", fields=["tool", "country", "name"])]

    def __str__(self) -> str:
        return f"{self.country} {self.name}"
