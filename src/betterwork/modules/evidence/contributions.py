"""How the room's entries are called in the trail, and why no backup needs its folder."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.backup.folders import backup_folder_leave_out
from betterwork.foundation.ledger.words import action_words_add

action_words_add({"evidence.built": _("Evidence built")})
# Snapshots are sealed documents in the database: their tables are made again from them, to the byte.
backup_folder_leave_out("evidence", why="made again by betterwork evidence build")
