"""The start stops where a field names no audiences, or a presentation carries what its audience may not see."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from betterwork.foundation.audiences.fields import undeclared
from betterwork.foundation.audiences.presentations import presentation_faults


def audiences_check(**_: Any) -> list[CheckMessage]:
    """One error for each fault; Django refuses to serve, migrate or test while there is one."""
    return [
        *(Error(line, id="audiences.E001") for line in undeclared()),
        *(Error(line, id="audiences.E002") for line in presentation_faults()),
    ]
