"""What the shell itself adds to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.backup.folders import backup_folder_leave_out
from betterwork.foundation.contributions.registry import MenuItem, menu_add

menu_add(MenuItem("", _("Home"), "home", order=0))
menu_add(MenuItem(_("About"), _("Help"), "help", order=900))
backup_folder_leave_out("exports", why="made again by betterwork demo")
backup_folder_leave_out("reports", why="made again by betterwork report synthesis")
