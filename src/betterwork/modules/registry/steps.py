"""What holds of a factory from a day on, until a later step says otherwise: names, places, owners, whether it is open.

A step is never changed. One that was wrong is withdrawn: the step before it holds again, to the byte.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, FACTORY, PROGRAMME, Audiences, audiences

STAFF = audiences(PROGRAMME)
STAFF_FACTORY = audiences(PROGRAMME, FACTORY)


def written(**own: Audiences) -> dict[str, Audiences]:
    """The audiences of what every row says of its writing, with the row's own."""
    told = dict.fromkeys(("written_by", "withdrawn_by", "withdrawn_at"), STAFF)
    return {"id": STAFF_FACTORY, "written_at": STAFF_FACTORY, **told, **own}


def step(seen: Audiences, *own: str) -> dict[str, Audiences]:
    """The same for a step whose own fields are all seen by ``seen``."""
    return written(factory=seen, since=seen, reason=STAFF, **dict.fromkeys(own, seen))


class Written(models.Model):
    """A row about a factory: who wrote it when, and who withdrew it."""

    factory = models.ForeignKey("registry.Factory", on_delete=models.PROTECT, related_name="+")
    written_by = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk} of factory {self.factory_id}"


class Step(Written):
    """Holds from ``since`` (inside; empty: from before the register knew the factory) to the day before the next."""

    OWN: ClassVar[tuple[str, ...]] = ()
    """The fields that say what holds."""
    since = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True

    def said(self) -> dict[str, Any]:
        """What holds, as plain values."""
        return {name: getattr(self, name) for name in self.OWN}


@seen_by(**step(EVERYBODY, "name"))
class FactoryName(Step):
    """How the factory is called. Names are open."""

    OWN = ("name",)
    name = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(name="names_of_a_factory", fields=["factory", "since"])]


@seen_by(**step(EVERYBODY, "lines", "town", "region", "postcode", "latitude", "longitude"))
class Site(Step):
    """Where the factory works: its first address. Places are open."""

    OWN = ("lines", "town", "region", "postcode", "latitude", "longitude")
    lines = models.CharField(max_length=300, blank=True)
    town = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="sites_of_a_factory", fields=["factory", "since"])]


@seen_by(**step(STAFF_FACTORY, "lines", "town", "region", "postcode", "land"))
class Office(Step):
    """The second address of the form: where letters go."""

    OWN = ("lines", "town", "region", "postcode", "land")
    lines = models.CharField(max_length=300, blank=True)
    town = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    land = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(name="offices_of_a_factory", fields=["factory", "since"])]


@seen_by(**step(STAFF_FACTORY, "organisation", "legal_name", "headquarters"))
class Ownership(Step):
    """Who owns it: an organisation of the register by its key, or a legal name and where its headquarters are."""

    OWN = ("organisation", "legal_name", "headquarters")
    organisation = models.CharField(max_length=64, blank=True)
    legal_name = models.CharField(max_length=300, blank=True)
    headquarters = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(name="owners_of_a_factory", fields=["factory", "since"])]


@seen_by(**step(STAFF_FACTORY, "organisation", "name"))
class Grouping(Step):
    """The group of factories that it belongs to: an organisation's key, or a name; both empty for none."""

    OWN = ("organisation", "name")
    organisation = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(name="groups_of_a_factory", fields=["factory", "since"])]


@seen_by(**step(STAFF_FACTORY, "state"))
class Standing(Step):
    """Whether it works: open or closed. Without a step it is open."""

    OPEN, CLOSED = "open", "closed"
    OWN = ("state",)
    state = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_factory_is_open_or_closed", condition=Q(state__in=("open", "closed")))
        ]
        indexes = [models.Index(name="standings_of_a_factory", fields=["factory", "since"])]


@seen_by(**step(STAFF_FACTORY, "state", "source"))
class Exporting(Step):
    """Whether it exports, where taking part is a condition of export: from which its duty follows."""

    EXPORTS, DOES_NOT, EXEMPT = "exports", "does-not", "exempt"
    OWN = ("state", "source")
    state = models.CharField(max_length=10)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_factory_exports_or_not", condition=Q(state__in=("exports", "does-not", "exempt"))
            )
        ]
        indexes = [models.Index(name="exports_of_a_factory", fields=["factory", "since"])]


_ANSWERS = ("terms_signed_on", "isic_section", "isic_division", "began_year", "product_1", "product_2", "buyers")


@seen_by(**step(STAFF_FACTORY, *_ANSWERS))
class Registration(Step):
    """The rest of the registration form, as answered from a day on. Addresses, owner and contacts have their own rows.

    ``buyers``: up to three of {"name", "organisation", "since_year"}, the largest first.
    """

    OWN = _ANSWERS
    terms_signed_on = models.DateField(null=True, blank=True)
    isic_section = models.CharField(max_length=1, blank=True)
    isic_division = models.CharField(max_length=4, blank=True)
    began_year = models.PositiveSmallIntegerField(null=True, blank=True)
    product_1 = models.CharField(max_length=200, blank=True)
    product_2 = models.CharField(max_length=200, blank=True)
    buyers = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [models.Index(name="forms_of_a_factory", fields=["factory", "since"])]
