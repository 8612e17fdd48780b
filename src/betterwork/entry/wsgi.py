"""The web server's way in. It does not start while a page, field or presentation lacks what it must declare."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if os.environ.get("BETTERWORK_LOGS"):
    from betterwork.entry.web.logs import logs_begin

    logs_begin()

from betterwork.foundation.doors.checks import doors_required  # noqa: E402

doors_required()

# What is loaded by now stays: left out of each search for garbage, which otherwise takes a tenth of a second.
gc.collect()
gc.freeze()
