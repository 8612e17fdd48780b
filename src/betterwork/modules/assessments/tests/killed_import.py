"""Run an import that kills its own process, without any chance to tidy up, before or after its n-th statement.

Started by the test as ``python -m betterwork.modules.assessments.tests.killed_import FILE N before|after``; N = 0
lets it run to the end and prints how many statements there were.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "betterwork.entry.settings"
    django.setup()
    from django.db import connection

    from betterwork.modules.assessments import services

    file, last, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    services.ASSESSMENTS_AT_ONCE = 4
    count = 0

    def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count a statement and die at the one that was named."""
        global count
        count += 1
        if count == last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(counted):
        services.assessments_import(paths=[file], at=datetime(2015, 3, 1, tzinfo=UTC))
    print(count)  # noqa: T201
