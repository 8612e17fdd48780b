"""How the room's entries are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.documents.rules import SEALED, SEALED_BEFORE
from betterwork.foundation.ledger.words import action_words_add

action_words_add({SEALED: _("Documents sealed"), SEALED_BEFORE: _("Documents sealed before there was a ledger")})
