"""How the room's entry is called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.ledger.words import action_words_add

action_words_add({"backup.taken": _("Backup taken")})
