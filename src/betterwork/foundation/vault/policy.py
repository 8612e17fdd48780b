"""Who comes near the vault."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.policy import Policy
from betterwork.foundation.vault.rules import comes_near

VAULT_OPENING = Policy(
    "vault-opening",
    _(
        "Who holds a role that sees confidential data, with a second factor; then the item's own rule decides. "
        "Never the machine's operator."
    ),
    comes_near,
    operator=False,
)
"""For pages of rooms that open items: the door; :func:`services.vault_open` decides on the item."""
