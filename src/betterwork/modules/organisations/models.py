"""Organisations, their names over time, and in which others they lie."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import BUYER as BUYERS
from betterwork.foundation.audiences.names import COMMITTEE, OWN_PERSON, PROGRAMME, audiences
from betterwork.modules.organisations import rules

STAFF = audiences(PROGRAMME)
ITSELF_TOO = audiences(PROGRAMME, COMMITTEE, BUYERS)
"""The staff, and those who speak for it: which of them for which organisation, the policy says."""
GIVEN_A_ROLE = ITSELF_TOO | {OWN_PERSON}
"""And who was given a role over it: she reads over what, and a donor, who has no audience of her own, what it is."""

KIND_WORDS = (
    (rules.GOVERNMENT, _("Government body")),
    (rules.INSPECTORATE, _("Labour inspectorate")),
    (rules.EMPLOYERS, _("Employers' organisation")),
    (rules.WORKERS, _("Workers' organisation")),
    (rules.GLOBAL_UNION, _("Global union federation")),
    (rules.BUYER, _("Buyer")),
    (rules.DONOR, _("Donor")),
    (rules.ILO, _("ILO")),
    (rules.IFC, _("IFC")),
    (rules.RESEARCH, _("Research partner")),
    (rules.SERVICE, _("Service partner")),
    (rules.OWNER, _("Owner of factories")),
    (rules.GROUP, _("Group of factories")),
)
LEVEL_WORDS = ((rules.NATIONAL, _("National")), (rules.GLOBAL, _("Global")))


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    key=GIVEN_A_ROLE,
    name=GIVEN_A_ROLE,
    kind=GIVEN_A_ROLE,
    level=GIVEN_A_ROLE,
    country=GIVEN_A_ROLE,
    mail=GIVEN_A_ROLE,
    last=GIVEN_A_ROLE,
    entered_by=STAFF,
    entered_at=STAFF,
    changed_at=STAFF,
)
class Organisation(models.Model):
    """An organisation, known by a key that says nothing. ``name`` is the one of today, kept by the services."""

    key = models.CharField(primary_key=True, max_length=40, default=new_id)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    kind = models.CharField(max_length=20, choices=KIND_WORDS)
    level = models.CharField(max_length=10, choices=LEVEL_WORDS)
    country = models.CharField(max_length=2, blank=True)
    mail = models.EmailField(blank=True)
    """An address of the organisation for a task, never a person's."""
    last = models.DateField(null=True, blank=True)
    """The last day on which there was this organisation; empty while there is."""
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    """Grows with every change: who decided on what another changed meanwhile is asked to look again."""

    class Meta:
        indexes = [models.Index(fields=["country", "kind"], name="organisations_of_a_country")]
        constraints = [
            models.CheckConstraint(
                name="a_national_organisation_has_a_country",
                condition=models.Q(level=rules.GLOBAL, country="")
                | (models.Q(level=rules.NATIONAL) & ~models.Q(country="")),
            ),
        ]

    def __str__(self) -> str:
        return self.key


@seen_by(
    id=ITSELF_TOO,
    organisation=ITSELF_TOO,
    name=ITSELF_TOO,
    first=ITSELF_TOO,
    entered_by=STAFF,
    entered_at=STAFF,
    corrected_at=STAFF,
)
class OrganisationName(models.Model):
    """How an organisation is called from a day on, until the next name. A mistaken one is corrected and stays."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=rules.LONGEST_NAME)
    first = models.DateField(null=True, blank=True)
    """Empty: for as long as is known."""
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True, blank=True)
    """When another name took its place from the same day on."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_name_begins_on_a_day",
                fields=["organisation", "first"],
                condition=models.Q(corrected_at__isnull=True, first__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_name_is_the_first_known",
                fields=["organisation"],
                condition=models.Q(corrected_at__isnull=True, first__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"a name of {self.organisation_id}"


@seen_by(
    id=STAFF,
    member=STAFF,
    group=STAFF,
    first=STAFF,
    last=STAFF,
    source=STAFF,
    entered_by=STAFF,
    entered_at=STAFF,
    ended_by=STAFF,
    ended_at=STAFF,
)
class Membership(models.Model):
    """An organisation lies in another on these days: a union in its federation, an owner in a group."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lies_in")
    group = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="holds")
    first = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_organisation_does_not_lie_in_itself", condition=~models.Q(member=models.F("group"))
            ),
            models.CheckConstraint(
                name="lying_in_a_group_ends_after_it_begins",
                condition=models.Q(first__isnull=True)
                | models.Q(last__isnull=True)
                | models.Q(last__gte=models.F("first")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"
