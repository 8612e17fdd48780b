"""Factories. Countries and their dated settings are shipped data (see ``data/``), not rows."""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, FACTORY, PROGRAMME, audiences


@seen_by(
    id=audiences(PROGRAMME, FACTORY),
    country=EVERYBODY,
    outside_id=audiences(PROGRAMME, FACTORY),
    name=EVERYBODY,  # name and place are open by the terms of registration (DOMAIN b 1)
    obsolete=audiences(PROGRAMME, FACTORY),
)
class Factory(models.Model):
    """A factory as its country's programme numbers it: known by (country, outside id), never by name."""

    country = models.CharField(max_length=2)
    outside_id = models.CharField(max_length=64)
    name = models.CharField(max_length=500)
    obsolete = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_factory_per_outside_id", fields=["country", "outside_id"])]

    def __str__(self) -> str:
        return f"{self.country}/{self.outside_id}"
