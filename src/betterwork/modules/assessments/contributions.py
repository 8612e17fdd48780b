"""How the room's entries are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.backup.folders import backup_folder_add
from betterwork.foundation.ledger.words import action_words_add

action_words_add({"assessments.imported": _("Assessments imported")})
backup_folder_add("quarantine")
