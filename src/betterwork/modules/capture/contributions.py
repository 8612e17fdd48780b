"""What captures add to shared pages, which settings they read, what they keep of a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.backup.folders import backup_folder_leave_out
from betterwork.foundation.contributions.registry import Keeping, MenuItem, home_add, keeping_add, menu_add, panel_add
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.capture.keeping import person_erase
from betterwork.modules.capture.models import MODELS
from betterwork.modules.capture.panels import panels_of_visit
from betterwork.modules.capture.queries import capture_export
from betterwork.modules.capture.settings_of import settings_declare
from betterwork.modules.capture.tasks import tasks_of_captures
from betterwork.modules.capture.uploading import FOLDER

settings_declare()
menu_add(MenuItem(_("Visits"), _("Captured on visits"), "capture:captures", order=101))
menu_add(MenuItem(_("Visits"), _("Progress of visits"), "capture:progresses", order=102))
home_add("capture", tasks_of_captures)
panel_add("visit", "capture", panels_of_visit)
backup_folder_leave_out(FOLDER, why="pieces of photos on their way: devices send them again")
action_words_add(
    {
        "capture.taken": _("Visit taken onto a device"),
        "capture.synced": _("What a device wrote taken"),
        "capture.file.taken": _("Photo or document of a visit taken"),
        "capture.device.confirmed": _("Device told that everything arrived"),
        "capture.device.forgotten": _("Device said to be lost"),
        "capture.handed-over": _("Visit handed over"),
        "capture.reopened": _("Visit opened again for changes"),
    }
)
keeping_add(
    Keeping(
        room="capture",
        what=_(
            "What you wrote on visits, with the day and the device; which devices you used; what you handed over. "
            "What was said in interviews is in the vault."
        ),
        why=_("So that it can be seen who found what, and a conflict be decided by a person."),
        how_long=_(
            "For good, under an id that says nothing once you are erased. Names of devices and your reasons are "
            "blanked then."
        ),
        models=tuple(one._meta.label for one in MODELS),
        export=capture_export,
        erase=person_erase,
    )
)
