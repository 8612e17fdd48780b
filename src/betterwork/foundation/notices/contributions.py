"""What notices hang on lower rooms, and what they keep of a person."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.telling import NOTICES
from betterwork.foundation.contributions.registry import Keeping, keeping_add
from betterwork.foundation.notices.access_told import access_told, kinds_register
from betterwork.foundation.notices.api_told import told_register
from betterwork.foundation.notices.queries import person_export
from betterwork.foundation.notices.services import notices_of_person_delete


def _erase(person_id: str, at: datetime) -> None:
    notices_of_person_delete(person_id=person_id)


kinds_register()
told_register()
if access_told not in NOTICES:
    NOTICES.append(access_told)

keeping_add(
    Keeping(
        room="notices",
        what=_("What you were told, when you read it, and how you want to be told"),
        why=_("So that you learn of what concerns you, once."),
        how_long=_("Until you are erased."),
        models=("notices.Notice", "notices.Preference", "notices.Mailing"),
        export=person_export,
        erase=_erase,
    )
)
