"""What files may hang on. The room of a thing says who reaches it; a kind that no room names has no files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.files.models import READERS, Attachment

Keys = Iterable[str] | None
"""Keys of subjects, or a query for them (as text), or None for none."""


class Every:
    """All subjects of a kind."""


EVERY = Every()


def _nothing_told(actor: Actor, key: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class AttachmentRule:
    """Who reaches the attachments of one kind of subject."""

    kind: str
    keys: Callable[[Actor], Any]
    audience: str
    told: Callable[[Actor, str], bool]
    rows: Presentation


RULES: dict[str, AttachmentRule] = {}


def attachment_rule_add(
    kind: str,
    keys: Callable[[Actor], Any],
    *,
    audience: str,
    told: Callable[[Actor, str], bool] = _nothing_told,
) -> AttachmentRule:
    """Let files hang on subjects of ``kind``. Called in the ``policy.py`` of the subject's room.

    ``keys(actor)`` are the subjects that this actor reaches: an iterable of their keys, a query for them
    (``.values("key")``, as text), ``EVERY``, or None for none at all. ``audience`` is whom the files are made for.
    ``told(actor, key)`` says whether a download must leave an entry in the ledger ("who has seen this").
    Raises ValueError for an audience that may not have attachments.
    """
    if audience not in READERS:
        raise ValueError(f"attachments are not for {audience}: give that audience a release")
    rows = Presentation(
        f"files.attachment.{kind}",
        model=Attachment,
        audience=audience,
        fields=("id", "name", "title", "at", "file__media_type", "file__size"),
        derived={"subject": Derived(("kind", "key"), lambda one: one.subject)},
    )
    RULES[kind] = AttachmentRule(kind, keys, audience, told, rows)
    return RULES[kind]


def rule_of(kind: str) -> AttachmentRule:
    """The rule of a kind. Raises :class:`WrongUse` for one that no room named."""
    if kind not in RULES:
        raise WrongUse(f"nothing is attached to a {kind}: its room has not said who may have its files")
    return RULES[kind]


def reachable(actor: Actor) -> Q | None:
    """The attachments that an actor reaches, as a filter; None where there can be none."""
    found: Q | None = None
    for kind, rule in RULES.items():
        keys = rule.keys(actor)
        if keys is None:
            continue
        of_kind = Q(kind=kind) if isinstance(keys, Every) else Q(kind=kind, key__in=keys)
        found = of_kind if found is None else found | of_kind
    return None if found is None else found & Q(removed_at__isnull=True, file__isnull=False)
