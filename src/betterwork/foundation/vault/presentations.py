"""What of the vault is shown, and to which audience."""

from __future__ import annotations

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.audiences.presentations import Leak, Presentation, Row
from betterwork.foundation.vault.models import INSIDE, VaultItem
from betterwork.foundation.vault.rules import Opened

OUTSIDE_ROWS = Presentation(
    "vault.outside",
    model=VaultItem,
    audience=PROGRAMME,
    fields=("id", "kind", "subject", "made_at", "outside"),
)
"""What the programme knows of items: that they are there, and the facts that their kinds let out."""


class OpenedPresentation(Presentation):
    """An opened item for the audience of its kind. The content comes from :func:`services.vault_open` alone."""

    def __init__(self, kind: str, audience: str) -> None:
        self.kind = kind
        super().__init__(f"vault.opened.{kind}", model=VaultItem, audience=audience, fields=("id", "kind", "subject"))

    def opened_row(self, opened: Opened) -> Row:
        """The item with its content. Raises :class:`Leak` for an item of another kind."""
        if opened.facts.kind != self.kind:
            raise Leak(f"{self.name} was given a {opened.facts.kind}")
        facts = opened.facts
        values = {"id": facts.id, "kind": facts.kind, "subject": facts.subject, "content": opened.content}
        return Row(self, values)

    def faults(self) -> list[str]:
        """Besides what any presentation may not: an audience for which contents never are."""
        wrong = [] if self.audience in INSIDE else [f"presentation {self.name} is for {self.audience}: not contents"]
        return [*wrong, *super().faults()]
