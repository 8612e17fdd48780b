"""How the room's entries are called in the trail; what it knows of what a change of law touches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.backup.folders import backup_folder_add
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.assessments.known import assessed_last, determinations_before
from betterwork.modules.assessments.touched import findings_touched
from betterwork.modules.capture.declaring import history_add
from betterwork.modules.instruments.law_touched import touched_add
from betterwork.modules.visits.declaring import visited_add

action_words_add({"assessments.imported": _("Assessments imported")})
backup_folder_add("quarantine")
touched_add("assessments", findings_touched)
history_add("assessments", determinations_before)
visited_add("assessments", assessed_last)
